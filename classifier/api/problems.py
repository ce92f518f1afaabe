"""Errors as RFC 9457 problem documents, with nothing of the program's insides in them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from classifier.errors import PostingError

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, errors: list[dict[str, str]] | None = None
) -> ProblemResponse:
    """A problem document; `errors` lists the fields at fault as {"field", "cause"}."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = errors
    return ProblemResponse(content, status, dict(headers or {}))


def install_handlers(app: FastAPI) -> None:
    """Answer every error of the app with a problem document."""
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _validation_problem)
    app.add_exception_handler(PostingError, _posting_problem)
    app.add_exception_handler(Exception, _unexpected_problem)


async def _http_problem(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=error.headers)


async def _validation_problem(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    causes = [
        {"field": ".".join(str(part) for part in e["loc"] if part != "body") or "body", "cause": str(e["msg"])}
        for e in error.errors()
    ]
    first = causes[0]
    return problem(422, f"{first['field']}: {first['cause']}", errors=causes)


async def _posting_problem(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, PostingError)
    return problem(422, str(error), errors=[{"field": error.field or "body", "cause": error.cause}])


async def _unexpected_problem(request: Request, error: Exception) -> ProblemResponse:
    log.error("unexpected %s while answering %s", type(error).__name__, request.url.path, exc_info=error)
    return problem(500, "The request could not be answered; the error was logged.")
