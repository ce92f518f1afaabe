"""Feeds in, postings out: finds the files and their format, opens them, and reads record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from classifier.errors import FeedError
from classifier.readers._open import OnRead, feed_files, is_archive, opened, size_of, zip_members
from classifier.readers._sniff import sniff
from classifier.readers._streams import LimitError, head_of
from classifier.readers.chats import read_telegram, read_whatsapp
from classifier.readers.feeds import read_feed
from classifier.readers.jsonld import read_jsonld
from classifier.readers.plain import read_text
from classifier.readers.sheets import read_parquet, read_xlsx
from classifier.readers.tabular import read_csv, read_json, read_jsonl
from classifier.schema import Posting, Rejected

Records = Iterator[Posting | Rejected]
Reader = Callable[[BinaryIO, str], Records]
READERS: dict[str, Reader] = {
    "csv": read_csv,
    "tsv": read_csv,
    "jsonl": read_jsonl,
    "json": read_json,
    "parquet": read_parquet,
    "xlsx": read_xlsx,
    "rss": read_feed,
    "atom": read_feed,
    "xml": read_feed,
    "jsonld": read_jsonld,
    "telegram": read_telegram,
    "whatsapp": read_whatsapp,
    "text": read_text,
}
FORMATS = tuple(READERS)
__all__ = ["FORMATS", "READERS", "OnRead", "Reader", "Records", "read_postings", "size_of"]


def read_postings(source: str | Path, format: str | None = None, on_read: OnRead = lambda size: None) -> Records:
    """Postings of a feed, and the rows that could not be read, lazily and in order.

    The source is a file (of any format, also in gzip, zstd or a zip), a folder, a pattern such as `groups/*.csv`, or `-` for
    standard input. The format is found from the content unless it is given. Raises FeedError when nothing can be read at all
    and when a file breaks off or unpacks to too much; among several files (of a folder, pattern or archive) one that cannot be
    read, or not to its end, is rejected instead, with no line, and the others are read. `on_read` is told of each number of bytes
    that was read from the disk.
    """
    name = str(source)
    if format is not None and format not in READERS:
        raise FeedError(name, f"unknown format {format!r}; known are {', '.join(FORMATS)}")
    files = feed_files(name)
    if files == [name]:
        return _file(name, format, on_read)
    return _together(name, [partial(_file, file, format, on_read) for file in files])


def _file(name: str, format: str | None, on_read: OnRead) -> Records:
    with opened(name, on_read) as stream:
        if format == "xlsx" or not is_archive(stream):
            yield from _stream(stream, name, format)
            return
        with zip_members(stream, name) as members:
            feeds = [partial(_member, inner, open_member, format) for inner, open_member in members]
            yield from feeds[0]() if len(feeds) == 1 else _together(name, feeds)


def _member(name: str, open_member: Callable[[], BinaryIO], format: str | None) -> Records:
    with open_member() as stream:
        yield from _stream(stream, name, format)


def _together(name: str, feeds: Iterable[Callable[[], Records]]) -> Records:
    """The records of several feeds. Raises FeedError when none of them can be read, and when the whole unpacks to too much."""
    broken: list[Rejected] = []
    readable = False
    for feed in feeds:
        try:
            for record in feed():
                yield from broken
                broken.clear()
                readable = True
                yield record
            readable = True
        except FeedError as e:
            if isinstance(e, LimitError) and e.source == name:
                raise
            broken.append(Rejected(e.source, None, e.cause))
    if not readable:
        raise FeedError(name, f"holds no feed that can be read; the first, {broken[0].file}, {broken[0].cause}")
    yield from broken


def _stream(stream: BinaryIO, name: str, format: str | None) -> Records:
    head = head_of(stream)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FeedError(name, "is empty")
    kind = format or sniff(head)
    if kind is None:
        raise FeedError(name, f"is not in a format that can be read; known are {', '.join(FORMATS)}")
    try:
        yield from READERS[kind](stream, name)
    except OSError as e:
        raise FeedError(name, f"cannot be read to its end: {e.strerror or e}") from e
