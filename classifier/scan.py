"""The batch scan: feeds in, a ranked file of assessments out, rejected rows beside it.

While it runs, everything that is done lies in the work folder `FILE.partial` (see `scan_work`). A scan that was stopped at any
moment goes on from its checkpoint and ends with the very bytes of an undisturbed one. Only at the end the campaigns are
found, the rows are ranked, and the output appears, whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import orjson
from numpy.typing import NDArray

from classifier.campaigns import Campaigns, find_campaigns
from classifier.errors import FeedError
from classifier.model import RiskModel
from classifier.readers import OnRead, size_of
from classifier.scan_chunk import AssessedChunk, ScanOptions
from classifier.scan_engines import run_dask, run_local
from classifier.scan_output import check_output, flagged_of, write_rows
from classifier.scan_work import ASSESSED, LAYOUT, REJECTED, Work
from classifier.seen import add_seen, read_seen

TOP = 10
_QUEUED_AT_ONCE = 5000
_AT_ONCE = 10_000
"""Rows whose places are at hand as Python's numbers, which take ten times numpy's room."""
Engine = Literal["local", "dask"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan got: postings and rejected rows so far, and the share of the feeds' bytes that was read (None when their
    size is not known)."""

    postings: int
    rejected: int
    share: float | None


OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class Summary:
    """What a scan found. Counters map a band, label, language or source to its number of postings."""

    postings: int = 0
    rejected: int = 0
    campaigns: int = 0
    bands: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    top: list[dict[str, Any]] = field(default_factory=list)

    def counted(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The rows, each counted when it passes."""
        for row in rows:
            self.postings += 1
            self.bands[row["band"]] += 1
            self.labels[row["label"]] += 1
            self.languages[row["language"]] += 1
            self.sources[row["source"] or "(none)"] += 1
            yield row


@dataclass(frozen=True, slots=True)
class How:
    """How a scan is done; changes nothing in what comes out."""

    jobs: int = 1
    engine: Engine = "local"
    scheduler: str | None = None
    resume: bool = False


def scan(
    feeds: Sequence[str | Path],
    output: str | Path,
    model: RiskModel,
    options: ScanOptions = ScanOptions(),
    how: How = How(),
    *,
    seen: Path | None = None,
    report: Path | None = None,
    queue: str | None = None,
    on_progress: OnProgress = lambda progress: None,
) -> Summary:
    """Assess every posting of the feeds and write the ranked output, with `OUTPUT.rejected.jsonl` when rows were rejected.

    `seen` names a file of keys: postings in it are passed over, the others are added when the scan is done. `report` names a
    page to write, `queue` a database into whose reviewers' queue the flagged postings go. `on_progress` is called after each
    chunk. Raises FeedError when a feed cannot be read, when the output cannot be written, or when a resumed scan was one of other
    feeds or options; StoreError when the database cannot be used.
    """
    output = Path(output)
    check_output(output)
    folder = output.with_name(output.name + ".partial")
    if how.resume and output.exists() and not folder.exists():
        raise FeedError(str(output), "nothing to resume, this scan was finished")
    names = [str(feed) for feed in feeds]
    options = replace(options, keep_flagged=queue is not None)
    old = read_seen(seen)
    job = {
        "layout": LAYOUT,
        "feeds": names,
        "model": model.version,
        "thresholds": dict(model.thresholds),
        "options": asdict(options),
        "seen": hashlib.sha256(old.tobytes()).hexdigest(),
    }
    work = Work.open(folder, job, how.resume)
    try:
        if not work.state.complete:
            meter = _Meter(names)
            _read(work, _chunks(names, model, options, how, old, work.state.records, meter.add), meter, on_progress)
    finally:
        work.close()
    return _finish(work, output, seen, report, queue)


def rejected_path(output: Path) -> Path:
    """Where a scan puts the rows that it could not read."""
    return output.with_name(output.name + ".rejected.jsonl")


def _chunks(
    feeds: Sequence[str],
    model: RiskModel,
    options: ScanOptions,
    how: How,
    seen: NDArray[np.uint64],
    skip: int,
    on_read: OnRead,
) -> Iterator[AssessedChunk]:
    if how.engine == "dask":
        return run_dask(feeds, model, options, seen, how.scheduler, skip)
    return run_local(feeds, model, options, seen, how.jobs, skip, on_read)


class _Meter:
    """Bytes read of all bytes of the feeds."""

    def __init__(self, feeds: Sequence[str]) -> None:
        sizes = [size_of(feed) for feed in feeds]
        self._total = sum(size for size in sizes if size) if None not in sizes else 0
        self._read = 0

    def add(self, size: int) -> None:
        self._read += size

    def share(self) -> float | None:
        return min(self._read / self._total, 1.0) if self._total and self._read else None


def _read(work: Work, chunks: Iterator[AssessedChunk], meter: _Meter, on_progress: OnProgress) -> None:
    rejected = 0
    for chunk in chunks:
        work.append(chunk)
        rejected += chunk.rejected_count
        on_progress(Progress(work.state.postings, rejected, meter.share()))
    work.finish_reading()


def _finish(work: Work, output: Path, seen: Path | None, report: Path | None, queue: str | None) -> Summary:
    """Find campaigns, rank the rows, write everything, and remove the work folder."""
    found = work.signatures()
    risks = found.rows["risk"]
    campaigns = find_campaigns(found, risks=risks)
    summary = Summary(campaigns=len(campaigns))
    ranked = _Ranked.of(work, np.argsort(-risks, kind="stable"), campaigns)
    write_rows(summary.counted(ranked.rows()), output)
    summary.top = list(islice(ranked.rows(), TOP))
    with (work.folder / REJECTED).open("rb") as lines:
        summary.rejected = sum(1 for _ in lines)
    if report is not None:
        _write_report(report, ranked, summary, output.name)
    if queue is not None:
        _fill_queue(queue, ranked.whole_rows())
    _write_rejected(work.folder / REJECTED, rejected_path(output), bool(summary.rejected))
    work.retire()
    if seen is not None:
        add_seen(seen, found.rows["key"])
    work.remove()
    return summary


@dataclass(frozen=True, slots=True)
class _Ranked:
    """The rows of a work folder in the order of their risk. `lines`: int64, shape (postings, 3), where in the work file the two
    lines of each posting begin and where they end."""

    file: Path
    lines: NDArray[np.int64]
    order: NDArray[np.int64]
    campaigns: Campaigns

    @classmethod
    def of(cls, work: Work, order: NDArray[np.int64], campaigns: Campaigns) -> Self:
        file = work.folder / ASSESSED
        with file.open("rb") as lines:
            ends = np.cumsum(np.fromiter(map(len, lines), np.int64, 2 * len(order)))
        starts = np.append(0, ends)
        return cls(file, np.stack([starts[:-1:2], ends[::2], ends[1::2]], axis=1), order, campaigns)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows of the output, one at a time, each with its campaign."""
        for at, row, _ in self._read(whole=False):
            found: dict[str, Any] = orjson.loads(row)
            found["campaign"] = self.campaigns.id_of(at)
            yield found

    def whole_rows(self) -> Iterator[dict[str, Any]]:
        """The same with their stable keys and all that was kept beside them."""
        keys = self.campaigns.signatures.rows["key"]
        for at, row, beside in self._read(whole=True):
            yield {**orjson.loads(row), **orjson.loads(beside), "campaign": self.campaigns.id_of(at), "key": f"{keys[at]:016x}"}

    def _read(self, whole: bool) -> Iterator[tuple[int, bytes, bytes]]:
        """The number of each posting and its lines, the second one empty unless the whole is asked for."""
        with self.file.open("rb", buffering=0) as lines:  # they are far apart: what a buffer reads ahead is read for nothing
            for first in range(0, len(self.order), _AT_ONCE):
                some = self.order[first : first + _AT_ONCE]
                for at, (start, middle, end) in zip(some.tolist(), self.lines[some].tolist(), strict=True):
                    lines.seek(start)
                    content = lines.read((end if whole else middle) - start)
                    yield at, content[: middle - start], content[middle - start :]


def _write_report(path: Path, ranked: _Ranked, summary: Summary, title: str) -> None:
    from classifier.report import CAMPAIGNS, write_report

    write_report(
        ranked.whole_rows(),
        path,
        title=title,
        campaigns=ranked.campaigns.ranked(CAMPAIGNS),
        summary=asdict(summary),
        generated=datetime.now(UTC),
    )


def _fill_queue(url: str, ranked: Iterator[dict[str, Any]]) -> None:
    """Put the flagged postings before the reviewers; doing it again changes nothing. Raises StoreError."""
    from classifier.store import Store

    flagged = (flagged_of(row) for row in takewhile(lambda row: row["band"] != "low", ranked))
    with Store.open(url) as store:
        while some := list(islice(flagged, _QUEUED_AT_ONCE)):
            store.add_assessments(some)


def _write_rejected(found: Path, path: Path, any_rejected: bool) -> None:
    if not any_rejected:
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(f".{path.name}.draft")
    shutil.copyfile(found, draft)
    os.replace(draft, path)
