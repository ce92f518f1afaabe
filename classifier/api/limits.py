"""Refuses a body that is too large before it is read into memory."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from classifier.api.problems import problem
from classifier.settings import Settings

LINES_TYPES = ("application/x-ndjson", "application/jsonl", "application/jsonlines", "application/x-jsonlines")
BATCH_PATH = "/v1/assess/batch"


def media_type(header: str) -> str:
    """The type of a Content-Type header, without parameters."""
    return header.partition(";")[0].strip().lower()


class BodyLimit:
    """ASGI middleware: 413 for a body over the limit of its path, whether or not it announces its length."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        limit = self._limit(scope["path"], headers)
        detail = f"The body is larger than {limit:,} bytes."
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and (len(announced) > 18 or int(announced) > limit):
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, headers={"Connection": "close"})(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {"Connection": "close"})
            return message

        await self.app(scope, counted, send)

    def _limit(self, path: str, headers: dict[bytes, bytes]) -> int:
        if not path.endswith(BATCH_PATH):
            return self.settings.max_body_bytes
        lines = media_type(headers.get(b"content-type", b"").decode("latin-1")) in LINES_TYPES
        return self.settings.max_stream_bytes if lines else self.settings.max_batch_bytes
