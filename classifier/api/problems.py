"""Errors as RFC 9457 problem documents, with nothing of the program's insides in them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from classifier.errors import ModelError, PostingError, StoreError

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS = 100
log = logging.getLogger(__name__)


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def document(status: int, detail: str, errors: Sequence[dict[str, str]] = (), **more: Any) -> dict[str, Any]:
    """What a problem document holds; `errors` lists the fields at fault as {"field", "cause"}."""
    title = HTTPStatus(status).phrase
    content: dict[str, Any] = {"type": "about:blank", "title": title, "status": int(status), "detail": detail, **more}
    if errors:
        content["errors"] = list(errors)
    return content


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, errors: Sequence[dict[str, str]] = ()
) -> ProblemResponse:
    """A problem document as an answer."""
    return ProblemResponse(document(status, detail, errors), status, dict(headers or {}))


def causes(errors: Sequence[Any]) -> list[dict[str, str]]:
    """pydantic's errors as {"field", "cause"}, without the values that were given."""
    return [
        {"field": _clean(".".join(str(part) for part in e["loc"] if part != "body"), 200) or "body", "cause": _clean(e["msg"], 300)}
        for e in errors[:_MOST_ERRORS]
    ]


def _clean(text: str, limit: int) -> str:
    """Without the lone surrogates that a field's name can hold and no answer can."""
    return text[:limit].encode("utf-8", "replace").decode("utf-8")


def install_handlers(app: FastAPI) -> None:
    """Answer every error that the program knows with a problem document; the others are the Observer's."""
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _validation_problem)
    app.add_exception_handler(PostingError, _posting_problem)
    app.add_exception_handler(ModelError, _model_problem)
    app.add_exception_handler(StoreError, _store_problem)


async def _http_problem(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=error.headers)


async def _validation_problem(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    found = causes(error.errors())
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{found[0]['field']}: {found[0]['cause']}", errors=found)


async def _posting_problem(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, PostingError)
    errors = [{"field": error.field or "body", "cause": error.cause}]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), errors=errors)


async def _model_problem(request: Request, error: Exception) -> ProblemResponse:
    return problem(HTTPStatus.CONFLICT, "The new model cannot be used, the one in use stays; the cause was logged.")


async def _store_problem(request: Request, error: Exception) -> ProblemResponse:
    log.error("store: %s", error)
    detail = "The store of reviews does not answer; the cause was logged."
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "5"})
