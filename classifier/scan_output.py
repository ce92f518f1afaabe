"""The rows of a scan as JSON lines, CSV or Parquet."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

import orjson

from classifier.errors import FeedError
from classifier.schema import LABELS, Assessment, Posting, Reason

COLUMNS = (
    "id", "risk", "band", "label", *(f"p_{label}" for label in LABELS), "language", "campaign", "title", "source", "url",
    "reasons", "model",
)  # fmt: skip
SUFFIXES = (".jsonl", ".csv", ".parquet")
_ROWS_A_GROUP = 20_000


_EXCERPT = 600
_FOR_THE_REPORT = ("description", "posted_at", "contact", "company", "location", "salary")
_shown = attrgetter(*_FOR_THE_REPORT)


def lines_of(posting: Posting, assessment: Assessment, keep_flagged: bool) -> bytes:
    """Two JSON lines: the row of the output, which stays, and `beside_row`, which serves the report and the queue."""
    return b"%b\n%b\n" % (
        orjson.dumps(output_row(posting, assessment)),
        orjson.dumps(beside_row(posting, assessment, keep_flagged)),
    )


def output_row(posting: Posting, assessment: Assessment) -> dict[str, Any]:
    """One row of a scan's output, as COLUMNS says; its campaign is not known before the end."""
    return {
        "id": assessment.id,
        "risk": assessment.risk,
        "band": assessment.band,
        "label": assessment.label,
        **{f"p_{label}": probability for label, probability in assessment.probabilities.items()},
        "language": assessment.language,
        "campaign": assessment.campaign,
        "title": posting.title,
        "source": posting.source,
        "url": posting.url,
        "reasons": [reason.to_dict() for reason in assessment.reasons],
        "model": assessment.model,
    }


def beside_row(posting: Posting, assessment: Assessment, keep_flagged: bool = False) -> dict[str, Any]:
    """What the report shows of the posting beyond its row. With `keep_flagged` the whole posting too, unless its band is low."""
    beside: dict[str, Any] = dict(zip(_FOR_THE_REPORT, [value[:_EXCERPT] for value in _shown(posting)], strict=True))
    if keep_flagged and assessment.band != "low":
        beside["posting"] = posting.to_record()
    return beside


def flagged_of(row: dict[str, Any]) -> tuple[Posting, Assessment]:
    """The posting and the assessment of a row that kept them."""
    given = {name: row[name] for name in ("id", "risk", "band", "label", "language", "campaign", "model")}
    reasons = tuple(Reason(**reason) for reason in row["reasons"])
    assessment = Assessment(**given, probabilities={label: row[f"p_{label}"] for label in LABELS}, reasons=reasons)
    return Posting.from_record(row["posting"]), assessment


def check_output(path: Path) -> None:
    """Raise FeedError for an output that cannot be written, before any work is done."""
    if path.suffix not in SUFFIXES:
        raise FeedError(str(path), f"the output must end in {', '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise FeedError(str(path), "its folder does not exist")


def write_rows(rows: Iterable[dict[str, Any]], path: Path) -> None:
    """Write rows in the format that the file's name asks for; the file appears when it is complete."""
    draft = path.with_name(f".{path.name}.draft")
    write = {".jsonl": _write_jsonl, ".csv": _write_csv, ".parquet": _write_parquet}[path.suffix]
    write(rows, draft)
    os.replace(draft, path)


def _write_jsonl(rows: Iterable[dict[str, Any]], path: Path) -> None:
    with path.open("wb") as out:
        for row in rows:
            out.write(orjson.dumps(row) + b"\n")


def _write_csv(rows: Iterable[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(_flat(row).values())


def _write_parquet(rows: Iterable[dict[str, Any]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {name: pa.float64() if name == "risk" or name.startswith("p_") else pa.string() for name in COLUMNS}
    schema = pa.schema(list(kinds.items()))
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        rows = iter(rows)
        while group := [_flat(row) for row in islice(rows, _ROWS_A_GROUP)]:
            out.write_table(pa.Table.from_pylist(group, schema))


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Reasons as JSON text, for formats of plain cells."""
    return row | {"reasons": json.dumps(row["reasons"], ensure_ascii=False)}
