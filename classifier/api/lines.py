"""Postings in and assessments out, one JSON object a line, in constant memory however long the stream is.

Reading goes on while answers wait for a client that sends everything before it reads anything: what waits is kept in a
file beyond a megabyte, so that neither side ever waits for the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

MEDIA_TYPE = "application/x-ndjson"
Line = tuple[int, bytes | None]
"""Number from 1, and content; None for a line over the limit."""
_IN_MEMORY = 1_000_000
_MOST_LINES = 64
_IN_FILE = 256_000_000
_PIECE = 65_536


async def split_lines(receive: Receive, limit: int) -> AsyncIterator[list[Line]]:
    """The lines of a body with content, as many at a time as have arrived (at most _MOST_LINES)."""
    rest, skipping, number, more = bytearray(), False, 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body, more = message.get("body", b""), message.get("more_body", False)
        if b"\n" not in body and more:
            rest += body
        else:
            pieces = (bytes(rest) + body).split(b"\n")
            rest = bytearray(pieces.pop() if more else b"")
            batch: list[Line] = []
            for piece in pieces:
                number += 1
                if skipping or len(piece) > limit:
                    batch.append((number, None))
                    skipping = False
                elif piece.strip():
                    batch.append((number, piece))
            for start in range(0, len(batch), _MOST_LINES):
                yield batch[start : start + _MOST_LINES]
        if len(rest) > limit:
            rest, skipping = bytearray(), True


class Spool:
    """Bytes on their way from the worker to the client: in memory while they are few, in a file when the client is slow."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # closed by `close`
        self._read = self._written = 0
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._ended = False

    async def write(self, data: bytes) -> None:
        """Keep bytes for the client; waits for it only when the file has grown large."""
        while self._written > _IN_FILE:
            self._room.clear()
            await self._room.wait()
        self._file.seek(self._written)
        self._file.write(data)
        self._written += len(data)
        self._news.set()

    def end(self) -> None:
        self._ended = True
        self._news.set()

    async def pieces(self) -> AsyncIterator[bytes]:
        """What was written, in order, until the end."""
        while True:
            while self._read < self._written:
                self._file.seek(self._read)
                piece = self._file.read(_PIECE)
                self._read += len(piece)
                yield piece
            if self._ended:
                return
            self._file.seek(0)
            self._file.truncate()
            self._read = self._written = 0
            self._room.set()
            self._news.clear()
            await self._news.wait()

    def close(self) -> None:
        self._file.close()


class LineStream(Response):
    """Answers each batch of lines with what `answer` makes of it, in order; an error ends the stream with `failure`'s line."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        answer: Callable[[list[Line]], bytes],
        failure: Callable[[int, str], bytes],
        line_limit: int,
        headers: dict[str, str],
    ) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._answer, self._failure, self._limit = answer, failure, line_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spool = Spool()
        reading = asyncio.create_task(self._work(receive, spool))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for piece in spool.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await reading
            await send({"type": "http.response.body", "body": b""})
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            spool.close()

    async def _work(self, receive: Receive, spool: Spool) -> None:
        try:
            async for batch in split_lines(receive, self._limit):
                await spool.write(await run_in_threadpool(self._answer, batch))
        except HTTPException as e:  # the body grew over its limit
            await spool.write(self._failure(e.status_code, str(e.detail)))
        finally:
            spool.end()


def too_long(limit: int) -> tuple[HTTPStatus, str]:
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The line is longer than {limit:,} bytes."
