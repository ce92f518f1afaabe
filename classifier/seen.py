"""Stable keys of postings that earlier scans of a feed assessed: one a line, 16 hexadecimal digits."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.errors import FeedError


def read_seen(path: Path | None) -> NDArray[np.uint64]:
    """Sorted keys; none when there is no such file yet. Raises FeedError, with the line, for a line that is no key."""
    if path is None or not path.exists():
        return np.empty(0, np.uint64)
    keys = []
    with path.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            try:
                keys.append(int(line, 16))
            except ValueError as e:
                raise FeedError(str(path), f"line {number}: {line.strip()[:40]!r} is no key of a posting") from e
    return np.unique(np.array(keys, np.uint64))


def add_seen(path: Path, keys: NDArray[np.uint64]) -> None:
    """Add the keys of a finished scan; the file is replaced as a whole, so adding twice changes nothing."""
    merged = np.union1d(read_seen(path), keys)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text("".join(f"{key:016x}\n" for key in merged.tolist()), "ascii")
    os.replace(draft, path)
