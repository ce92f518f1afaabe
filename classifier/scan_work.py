"""The work folder of a scan, `FILE.partial`: what is done so far, and the checkpoint that makes it safe to stop.

Files only grow. The checkpoint says how many records were read and how long each file was then; a resumed scan cuts the
files back to it, so what a crash left half written is gone, and nothing is lost or doubled.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from classifier.campaign_signatures import Signatures, SignatureWriter
from classifier.errors import FeedError
from classifier.scan_chunk import AssessedChunk

ASSESSED, REJECTED, SIGNATURES, _CHECKPOINT = "assessed.jsonl", "rejected.jsonl", "signatures", "checkpoint.json"
LAYOUT = 2
"""Of the files; to be raised when what they hold changes, so that no older work is gone on with."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a scan got. `job` says of which scan."""

    job: dict[str, Any]
    records: int = 0
    postings: int = 0
    assessed_bytes: int = 0
    rejected_bytes: int = 0
    complete: bool = False


@dataclass(slots=True)
class Work:
    """A scan's work folder, open for writing."""

    folder: Path
    state: Checkpoint
    _files: tuple[Any, Any] = field(repr=False)
    _signatures: SignatureWriter = field(repr=False)

    @classmethod
    def open(cls, folder: Path, job: dict[str, Any], resume: bool) -> Self:
        """Start a scan, or go on with one. Raises FeedError when the folder belongs to another scan."""
        state = _resume_point(folder, job) if resume else None
        if state is None:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            state = Checkpoint(job)
        files = (_cut(folder / ASSESSED, state.assessed_bytes), _cut(folder / REJECTED, state.rejected_bytes))
        return cls(folder, state, files, SignatureWriter(folder / SIGNATURES, state.postings))

    def append(self, chunk: AssessedChunk) -> None:
        """Write a chunk; it is safe on the disk when this returns."""
        for file, content in zip(self._files, (chunk.assessed, chunk.rejected), strict=True):
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._signatures.append(chunk.signatures)
        self._move_on(self.state.records + chunk.records, complete=False)

    def finish_reading(self) -> None:
        """Every feed was read to its end."""
        self._move_on(self.state.records, complete=True)

    def close(self) -> None:
        for file in self._files:
            file.close()
        self._signatures.close()

    def signatures(self) -> Signatures:
        """Signatures of all postings so far, in feed order."""
        return Signatures.read(self.folder / SIGNATURES, self.state.postings)

    def retire(self) -> None:
        """From here on there is nothing to resume; one step, so that a crash leaves the work whole or gone."""
        old = self.folder.with_name(f".{self.folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        os.replace(self.folder, old)
        self.folder = old

    def remove(self) -> None:
        shutil.rmtree(self.folder)

    def _move_on(self, records: int, complete: bool) -> None:
        sizes = [file.tell() for file in self._files]
        self.state = Checkpoint(self.state.job, records, self._signatures.count, sizes[0], sizes[1], complete)
        draft = self.folder / f"{_CHECKPOINT}.draft"
        draft.write_text(json.dumps(asdict(self.state)), "utf-8")
        os.replace(draft, self.folder / _CHECKPOINT)


def _cut(path: Path, size: int) -> Any:
    """The file, cut back to `size` bytes and open for writing at its end."""
    file = open(path, "r+b" if path.exists() else "w+b")
    file.truncate(size)
    file.seek(size)
    return file


def _resume_point(folder: Path, job: dict[str, Any]) -> Checkpoint | None:
    """The checkpoint in a folder; None when it never got to one."""
    try:
        state = Checkpoint(**json.loads((folder / _CHECKPOINT).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as e:
        raise FeedError(str(folder), "its checkpoint is broken; start again without --resume") from e
    for name, value in job.items():
        if state.complete and name == "seen":  # everything was read; the keys may have been added already
            continue
        if state.job.get(name) != value:
            raise FeedError(str(folder), f"belongs to a scan with another {name}; start again without --resume")
    return state
