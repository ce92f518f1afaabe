"""The outermost layer: request id, security headers, metrics, one log line a request, and the last word on unexpected errors."""

from __future__ import annotations

import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from classifier.api.headers import secure
from classifier.api.logs import ACCESS, describe
from classifier.api.metrics import Tally, count_request
from classifier.api.problems import problem

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_GONE = 499
"""What the log says of a client that left before its answer."""


class Observer:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        scope["tally"] = Tally()
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given.decode("ascii") if _GIVEN_ID.fullmatch(given) else uuid4().hex
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                secure(headers)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except (ClientDisconnect, OSError):
            status = _GONE
        except Exception as e:
            # Not passed on: the server would log the message, which may quote an ad. A started answer breaks off here.
            logging.getLogger(__name__).error("unexpected error", extra={"data": {"request_id": request_id, **describe(e)}})
            if not status:
                await problem(500, "The request could not be answered; the error was logged.")(scope, receive, watched)
            status = 500
        finally:
            _record(scope, status, request_id, perf_counter() - began)


def _record(scope: Scope, status: int, request_id: str, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unmatched")
    count_request(route, status, seconds)
    if not ACCESS.isEnabledFor(logging.INFO):
        return
    tally: Tally = scope["tally"]
    data = {"request_id": request_id, "route": route, "status": status, "ms": round(seconds * 1000, 2), "bands": dict(tally.bands)}
    if tally.refused_lines:
        data["refused_lines"] = tally.refused_lines
    ACCESS.info("request", extra={"data": data})
