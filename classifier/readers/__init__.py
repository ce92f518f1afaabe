"""Feeds in, postings out: finds the format, opens it, and reads record by record."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from classifier.errors import FeedError
from classifier.readers.tabular import read_csv, read_jsonl
from classifier.schema import Posting, Rejected

Reader = Callable[[BinaryIO, str], Iterator[Posting | Rejected]]
READERS: dict[str, Reader] = {"csv": read_csv, "jsonl": read_jsonl}
FORMATS = tuple(READERS)


def read_postings(source: str | Path, format: str | None = None) -> Iterator[Posting | Rejected]:
    """Postings of a feed file, and the rows that could not be read, lazily and in order.

    The format is found from the content unless it is given. Raises FeedError when nothing can be read at all.
    """
    name = str(source)
    try:
        raw = open(name, "rb")
    except OSError as e:
        raise FeedError(name, e.strerror or str(e)) from e
    with raw:
        head = raw.read(4096)
        raw.seek(0)
        stream: BinaryIO = raw
        if head.startswith(b"\x1f\x8b"):
            stream = cast(BinaryIO, gzip.open(raw))
            head = stream.read(4096)
            stream.seek(0)
        if not head.strip():
            raise FeedError(name, "is empty")
        kind = format or ("jsonl" if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") else "csv")
        if kind not in READERS:
            raise FeedError(name, f"unknown format {kind!r}; known are {', '.join(FORMATS)}")
        try:
            yield from READERS[kind](stream, name)
        except (EOFError, gzip.BadGzipFile, OSError) as e:
            raise FeedError(name, f"cannot be read to its end: {e}") from e
