"""From what the user names (a file, a folder, a pattern, `-`) to open streams: decompressed, bounded, one after the other."""

from __future__ import annotations

import glob
import io
import os
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from classifier.errors import FeedError
from classifier.readers._streams import CHUNK, HEAD, MAX_UNPACKED, LimitError, chunks_of, head_of, seekable, stream_of

MAX_RATIO = 2000
RATIO_FROM = 50 * 1024**2
"""The ratio of compression is looked at from this size on: small files may compress very well."""
MAX_MEMBERS = 100_000
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
OnRead = Callable[[int], None]
_ZSTD_STEP = 1024
"""Bytes of zstd that are unpacked at a time: at most 32 MB come out of them."""


def feed_files(source: str) -> list[str]:
    """The files that a name stands for: itself, those of a folder and its folders, or those that match a pattern; sorted.

    In folders hidden files and what scans leave behind (`*.partial`, `*.rejected.jsonl`) are passed over. Raises FeedError
    when there is none.
    """
    if source != "-" and Path(source).is_dir():
        found = _files_in(source)
        if not found:
            raise FeedError(source, "is a folder without feeds")
        return found
    if source != "-" and glob.has_magic(source) and not Path(source).exists():
        matches = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - Path has no pattern with a root
        nested = (_files_in(match) if Path(match).is_dir() else [match] for match in matches)
        given = Path(source).parts
        new = (file for files in nested for file in files if not any(_is_ours(p) for p in Path(file).parts if p not in given))
        found = list(dict.fromkeys(new))
        if not found:
            raise FeedError(source, "matches no file")
        return found
    return [source]


def _files_in(folder: str) -> list[str]:
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and not _is_ours(name)]
        names = (Path(place, name) for name in files if not name.startswith(".") and not _is_ours(name))
        found += [str(path) for path in names if path.is_file()]
    return sorted(found)


def _is_ours(name: str) -> bool:
    return name.endswith((".partial", ".rejected.jsonl"))


def size_of(source: str) -> int | None:
    """Bytes on the disk of all files of a source; None when that cannot be known (standard input, a bucket)."""
    try:
        return sum(Path(file).stat().st_size for file in feed_files(source)) if source != "-" else None
    except (OSError, FeedError):
        return None


class _Counted(io.FileIO):
    """A file that tells how many bytes were read from it."""

    def __init__(self, name: str, tell: OnRead) -> None:
        super().__init__(name, "rb")
        self._tell = tell

    def readinto(self, buffer: Any) -> int | None:
        size = super().readinto(buffer)
        self._tell(size or 0)
        return size


@contextmanager
def opened(name: str, on_read: OnRead = lambda size: None) -> Iterator[BinaryIO]:
    """The file (`-` is standard input), decompressed if it is a gzip or zstd file, as a stream that can be looked into.

    `on_read` is told of each number of bytes that was read from the disk.
    Raises FeedError when it cannot be opened, and while it is read when it breaks off or unpacks to too much (LimitError).
    """
    if name == "-":
        with _unpacked(stream_of(chunks_of(cast(BinaryIO, getattr(sys.stdin, "buffer", sys.stdin)))), name) as stream:
            yield stream
        return
    try:
        raw = io.BufferedReader(_Counted(name, on_read), HEAD)
    except (OSError, ValueError) as e:
        raise FeedError(name, getattr(e, "strerror", None) or str(e)) from e
    with raw, _unpacked(raw if raw.seekable() else stream_of(chunks_of(raw)), name) as stream:
        yield stream


@contextmanager
def _unpacked(stream: BinaryIO, name: str) -> Iterator[BinaryIO]:
    head = head_of(stream)
    unpack = _gunzip if head.startswith(_GZIP) else _unzstd if head.startswith(_ZSTD) else None
    if unpack is None:
        yield stream
        return
    meter = Meter(name)
    with stream_of(meter.watch(_named_errors(unpack(meter.count(chunks_of(stream))), name))) as inner:
        if head_of(inner).startswith((_GZIP, _ZSTD)) or is_archive(inner):
            raise FeedError(name, "is packed twice, which is not opened; unpack it once")
        yield inner


@contextmanager
def zip_members(stream: BinaryIO, name: str) -> Iterator[list[tuple[str, Callable[[], BinaryIO]]]]:
    """The members of an archive in its own order: a name, and what opens it. Both raise FeedError for what cannot be opened."""
    with seekable(stream, name) as file:
        meter = Meter(name, file.seek(0, io.SEEK_END))
        with _zip_file(file, name) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not _is_hidden(m.filename)]
            if not members:
                raise FeedError(name, "is an archive without feeds")
            if len(members) > MAX_MEMBERS:
                raise LimitError(name, f"has more than {MAX_MEMBERS:,} members")
            names = [f"{name}/{member.filename}" for member in members]
            yield [(n, partial(_open_member, archive, m, n, meter)) for n, m in zip(names, members, strict=True)]


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, meter: Meter) -> BinaryIO:
    if member.flag_bits & 1:
        raise FeedError(name, "is encrypted")
    stream = stream_of(meter.watch(_named_errors(_member_chunks(archive, member), name)))
    try:
        nested = head_of(stream).startswith((_GZIP, _ZSTD)) or is_archive(stream)
    except FeedError:
        stream.close()
        raise
    if nested:
        stream.close()
        raise FeedError(name, "is an archive inside an archive, which is not opened")
    return stream


def _member_chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as packed:
        while chunk := packed.read(CHUNK):
            yield chunk


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part.strip(".") for part in name.split("/"))


def is_archive(stream: BinaryIO) -> bool:
    """Whether this is a zip of feeds, and not a document (workbook, text) that is a zip inside."""
    head = head_of(stream)
    return head.startswith(_ZIP) and not head[30:].startswith(
        (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"mimetype")
    )


@contextmanager
def _zip_file(file: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as e:  # the last for packings that zipfile lacks
        raise FeedError(name, f"is a broken archive: {e}") from e
    with archive:
        yield archive


class Meter:
    """Counts what goes into and comes out of a decompressor."""

    def __init__(self, name: str, packed: int = 0) -> None:
        self.name = name
        self.packed = packed
        self.unpacked = 0

    def count(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.packed += len(chunk)
            yield chunk

    def watch(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks; raises LimitError when they have become too many."""
        for chunk in chunks:
            self.unpacked += len(chunk)
            if self.unpacked > MAX_UNPACKED:
                raise LimitError(self.name, f"unpacks to more than {MAX_UNPACKED >> 30} GB")
            if self.unpacked > RATIO_FROM and self.unpacked > MAX_RATIO * self.packed:
                raise LimitError(self.name, f"unpacks to more than {MAX_RATIO:,} times its size")
            yield chunk


def _named_errors(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    try:
        yield from chunks
    # NotImplementedError is zipfile's for packings that it lacks, RuntimeError its for parts with a password.
    except (EOFError, zlib.error, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as e:
        raise FeedError(name, f"cannot be read to its end: {e}") from e


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Raises EOFError when the data breaks off, zlib.error when it is damaged."""
    decoder = None
    for packed in chunks:
        while packed:
            if decoder is None:
                packed = packed.lstrip(b"\0")  # padding between members
                if not packed:
                    break
                decoder = zlib.decompressobj(31)
            yield decoder.decompress(packed, CHUNK * 4)
            packed = decoder.unconsumed_tail
            if decoder.eof:
                packed, decoder = decoder.unused_data, None
    while decoder is not None and not decoder.eof:
        rest = decoder.decompress(decoder.unconsumed_tail, CHUNK * 4)
        if not rest:
            raise EOFError("the compressed data breaks off")
        yield rest


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Raises EOFError when the data breaks off, ValueError when it is damaged."""
    import zstandard

    decoder = None
    for chunk in chunks:
        for start in range(0, len(chunk), _ZSTD_STEP):
            packed = chunk[start : start + _ZSTD_STEP]
            while packed:
                decoder = decoder or zstandard.ZstdDecompressor().decompressobj()
                try:
                    yield decoder.decompress(packed)
                except zstandard.ZstdError as e:
                    raise ValueError(str(e)) from e
                packed = b""
                if decoder.eof:
                    packed, decoder = decoder.unused_data, None
    if decoder is not None:
        raise EOFError("the compressed data breaks off")
