"""Binary streams: made of chunks, looked into without reading on, and read from the end."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from classifier.errors import FeedError

CHUNK = 64 * 1024
HEAD = 128 * 1024
"""So much of a feed is looked at to find what it is."""
MAX_UNPACKED = 20 * 1024**3
_IN_MEMORY = 8 * 1024**2


class LimitError(FeedError):
    """A feed unpacks to more than a feed can hold."""


def head_of(stream: BinaryIO) -> bytes:
    """The first bytes of a stream at its beginning, left to be read again."""
    if stream.seekable():
        start = stream.tell()
        head = stream.read(HEAD)
        stream.seek(start)
        return head
    return cast(io.BufferedReader, stream).peek(HEAD)[:HEAD]


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a file. What came before an error is given out before the error is raised."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self._error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        done = 0
        with memoryview(target) as view:
            while done < len(view) and self._fill(done):
                part = self._rest[: len(view) - done]
                view[done : done + len(part)] = part
                self._rest = self._rest[len(part) :]
                done += len(part)
        return done

    def _fill(self, done: int) -> bool:
        """Whether there is more to give out."""
        if len(self._rest):
            return True
        if self._error is None:
            try:
                for chunk in self._chunks:
                    if chunk:
                        self._rest = memoryview(chunk)
                        return True
            except Exception as e:
                self._error = e
        if self._error is not None and not done:
            raise self._error
        return False

    def close(self) -> None:
        close = getattr(self._chunks, "close", None)
        if close is not None and not self.closed:
            close()
        super().close()


def stream_of(chunks: Iterator[bytes]) -> io.BufferedReader:
    """A stream of the chunks, read as they are needed."""
    return io.BufferedReader(_Chunks(chunks), HEAD)


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    read = getattr(stream, "read1", stream.read)
    while chunk := read(CHUNK):
        yield chunk


@contextmanager
def seekable(stream: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """The stream, or a temporary copy of it when it cannot be read from the end. Raises FeedError when it is too large."""
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        while chunk := stream.read(CHUNK):
            copy.write(chunk)
            if copy.tell() > MAX_UNPACKED:
                raise LimitError(name, f"holds more than {MAX_UNPACKED >> 30} GB")
        copy.seek(0)
        yield cast(BinaryIO, copy)
