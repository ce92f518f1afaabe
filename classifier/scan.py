"""The batch scan: feeds in, a ranked file of assessments out, rejected rows beside it.

While it runs, everything that is done lies in the work folder `FILE.partial`: assessed rows in feed order, rejected rows, and
a checkpoint that says how far the feeds were read and how long both files were then. A scan that was stopped at any
moment goes on from the checkpoint and ends with the very bytes of an undisturbed one: what was written after the last
checkpoint is cut off and done again. Only at the end the rows are ranked and the output appears, whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from classifier.errors import FeedError
from classifier.model import Explain, RiskModel
from classifier.readers import read_postings
from classifier.scan_output import check_output, output_row, read_rows, write_rows
from classifier.schema import Language, Posting, Rejected

CHUNK = 2000
TOP = 10


@dataclass(frozen=True, slots=True)
class ScanOptions:
    format: str | None = None
    explain: Explain = "flagged"
    language: Language = "en"


@dataclass(slots=True)
class Summary:
    """What a scan found. Counters map a band, label, language or source to its number of postings."""

    postings: int = 0
    rejected: int = 0
    bands: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    top: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: dict[str, Any]) -> None:
        self.postings += 1
        self.bands[row["band"]] += 1
        self.labels[row["label"]] += 1
        self.languages[row["language"]] += 1
        self.sources[row["source"] or "(none)"] += 1

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    """How far a scan got: records read from the feeds, and the sizes of the work files at that point."""

    job: dict[str, Any]
    records: int = 0
    assessed_bytes: int = 0
    rejected_bytes: int = 0
    complete: bool = False


def scan(
    feeds: Sequence[str | Path],
    output: str | Path,
    model: RiskModel,
    options: ScanOptions = ScanOptions(),
    *,
    resume: bool = False,
    progress: Callable[[int, int], None] = lambda postings, rejected: None,
) -> Summary:
    """Assess every posting of the feeds and write the ranked output, with `OUTPUT.rejected.jsonl` when rows were rejected.

    `progress` is called with the numbers done so far after each chunk. Raises FeedError when a feed cannot be read, when the
    output cannot be written, or when `resume` is asked for a scan of other feeds, options or another model.
    """
    output = Path(output)
    check_output(output)
    work = output.with_name(output.name + ".partial")
    job = {"feeds": [str(f) for f in feeds], "model": model.version, "thresholds": dict(model.thresholds), **asdict(options)}
    state = _resume_point(work, job) if resume else _Checkpoint(job)
    if not resume or not work.is_dir():
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
    if not state.complete:
        state = _assess_feeds(feeds, model, options, work, state, progress)
    return _finish(work, output)


def rejected_path(output: Path) -> Path:
    """Where a scan puts the rows that it could not read."""
    return output.with_name(output.name + ".rejected.jsonl")


def _assess_feeds(
    feeds: Sequence[str | Path],
    model: RiskModel,
    options: ScanOptions,
    work: Path,
    state: _Checkpoint,
    progress: Callable[[int, int], None],
) -> _Checkpoint:
    records = _records(feeds, options.format)
    done = sum(1 for _ in islice(records, state.records))
    with (
        _appending(work / "assessed.jsonl", state.assessed_bytes) as assessed,
        _appending(work / "rejected.jsonl", state.rejected_bytes) as rejected,
    ):
        good = bad = 0
        while chunk := list(islice(records, CHUNK)):
            postings = [r for r in chunk if isinstance(r, Posting)]
            found = model.assess(postings, explain=options.explain, language=options.language)
            assessed.writelines(orjson.dumps(output_row(p, a)) + b"\n" for p, a in zip(postings, found, strict=True))
            rejected.writelines(orjson.dumps(r.to_dict()) + b"\n" for r in chunk if isinstance(r, Rejected))
            for file in (assessed, rejected):
                file.flush()
                os.fsync(file.fileno())
            done += len(chunk)
            state = _Checkpoint(state.job, done, assessed.tell(), rejected.tell())
            _write_checkpoint(work, state)
            good, bad = good + len(postings), bad + len(chunk) - len(postings)
            progress(good, bad)
        state = _Checkpoint(state.job, done, assessed.tell(), rejected.tell(), complete=True)
    _write_checkpoint(work, state)
    return state


def _records(feeds: Sequence[str | Path], format: str | None) -> Iterator[Posting | Rejected]:
    for feed in feeds:
        yield from read_postings(feed, format)


def _appending(path: Path, size: int) -> Any:
    """The file, cut back to `size` bytes and open for writing at its end."""
    file = open(path, "r+b" if path.exists() else "w+b")
    file.truncate(size)
    file.seek(size)
    return file


def _write_checkpoint(work: Path, state: _Checkpoint) -> None:
    draft = work / "checkpoint.draft"
    draft.write_text(json.dumps(asdict(state)), "utf-8")
    os.replace(draft, work / "checkpoint.json")


def _resume_point(work: Path, job: dict[str, Any]) -> _Checkpoint:
    try:
        state = _Checkpoint(**json.loads((work / "checkpoint.json").read_text("utf-8")))
    except FileNotFoundError:
        return _Checkpoint(job)
    except (OSError, ValueError, TypeError) as e:
        raise FeedError(str(work), "its checkpoint is broken; start again without --resume") from e
    for name, value in job.items():
        if state.job.get(name) != value:
            raise FeedError(str(work), f"belongs to a scan with another {name}; start again without --resume")
    return state


def _finish(work: Path, output: Path) -> Summary:
    """Rank the rows, write the output and the rejected rows, and remove the work folder."""
    summary = Summary()
    risks: list[float] = []
    for row in read_rows(work / "assessed.jsonl"):
        summary.add(row)
        risks.append(row["risk"])
    order = np.argsort(-np.asarray(risks), kind="stable")
    write_rows(_ranked(work / "assessed.jsonl", order), output)
    summary.top = list(islice(_ranked(work / "assessed.jsonl", order), TOP))
    with (work / "rejected.jsonl").open("rb") as lines:
        summary.rejected = sum(1 for _ in lines)
    if summary.rejected:
        os.replace(work / "rejected.jsonl", rejected_path(output))
    else:
        rejected_path(output).unlink(missing_ok=True)
    shutil.rmtree(work)
    return summary


def _ranked(path: Path, order: np.ndarray[Any, np.dtype[np.int64]]) -> Iterator[dict[str, Any]]:
    """The rows of the work file in the given order, one at a time."""
    with path.open("rb") as lines:
        starts = np.cumsum([0, *map(len, lines)])
        for at in order:
            lines.seek(starts[at])
            yield orjson.loads(lines.readline())
