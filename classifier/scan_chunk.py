"""One chunk of a feed to assessed rows: the unit of work that is done in any process or on any machine."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np
import orjson
from numpy.typing import NDArray

from classifier.campaign_signatures import Signatures, signatures_of
from classifier.model import DEFAULT_REASONS, Explain, RiskModel
from classifier.readers import OnRead, read_postings
from classifier.scan_output import lines_of
from classifier.schema import Assessment, Language, Posting, Rejected

CHUNK = 2000
"""Records in a chunk; a chunk never holds records of two feeds."""


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What changes the rows of a scan."""

    format: str | None = None
    explain: Explain = "flagged"
    language: Language = "en"
    keep_flagged: bool = False
    """Whether rows in `review` or `high` keep the whole posting, for the reviewers' queue."""


@dataclass(frozen=True, slots=True)
class AssessedChunk:
    """JSON lines of assessed (two a posting) and of rejected records, and the signatures by which campaigns are found."""

    records: int
    assessed: bytes
    rejected: bytes
    signatures: Signatures
    rejected_count: int


def chunks_of(feed: str, format: str | None, on_read: OnRead = lambda size: None) -> Iterator[list[Posting | Rejected]]:
    """The records of a feed in chunks."""
    records = read_postings(feed, format, on_read)
    while chunk := list(islice(records, CHUNK)):
        yield chunk


@contextmanager
def _no_collections() -> Iterator[None]:
    """A chunk makes many objects and no cycles of them: looking for cycles all the while is time for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_no_collections()
def assess_chunk(
    records: Sequence[Posting | Rejected], model: RiskModel, options: ScanOptions, seen: NDArray[np.uint64]
) -> AssessedChunk:
    """Assess the postings of a chunk, but for those whose stable key is in `seen` (sorted)."""
    postings = [record for record in records if isinstance(record, Posting)]
    if len(seen):
        keys = np.array([int(posting.key, 16) for posting in postings], np.uint64)
        at = np.minimum(np.searchsorted(seen, keys), len(seen) - 1)
        postings = [posting for posting, old in zip(postings, seen[at] == keys, strict=True) if not old]
    found: list[Assessment] = []
    signed: list[Signatures] = []
    for some, reading in model.read(postings):
        found += model.assess_read(some, reading, explain=options.explain, limit=DEFAULT_REASONS, language=options.language)
        signed.append(signatures_of(some, reading.batch))
    signatures = Signatures.join(signed)
    signatures.rows["risk"] = [assessment.risk for assessment in found]
    lines = [lines_of(posting, assessment, options.keep_flagged) for posting, assessment in zip(postings, found, strict=True)]
    rejected = [record.to_dict() for record in records if isinstance(record, Rejected)]
    return AssessedChunk(
        len(records),
        b"".join(lines),
        b"".join(orjson.dumps(row) + b"\n" for row in rejected),
        signatures,
        len(rejected),
    )
