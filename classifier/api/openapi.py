"""What OpenAPI says beyond what FastAPI finds out: problem documents, keys, and the two forms of a batch."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from classifier.api.doors import role_for
from classifier.api.examples import POSTING, problem_example
from classifier.api.limits import BATCH_PATH
from classifier.api.lines import MEDIA_TYPE as LINES_TYPE
from classifier.api.problems import MEDIA_TYPE
from classifier.api.schemas import BatchIn, Problem
from classifier.settings import Settings

Responses = dict[int | str, dict[str, Any]]
_REFERENCE = "#/components/schemas/{model}"
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "Authorization: Bearer KEY"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}


def problems(*statuses: int) -> Responses:
    """Problem documents of these statuses, with an example each, as `responses` of a route."""
    return {status: _problem_response(status) for status in statuses}


def _problem_response(status: int) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    content = {"schema": {"$ref": _REFERENCE.format(model="Problem")}, "example": problem_example(status, title)}
    return {"description": title, "content": {MEDIA_TYPE: content}}


def install_openapi(app: FastAPI, settings: Settings) -> None:
    """Let `app.openapi` return the complete document."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            app.openapi_schema = _completed(found, settings)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _completed(found: dict[str, Any], settings: Settings) -> dict[str, Any]:
    schemas = found["components"]["schemas"]
    for model in (BatchIn, Problem):
        schema = model.model_json_schema(ref_template=_REFERENCE)
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path, operations in found["paths"].items():
        for operation in operations.values():
            _guard(operation, path, settings)
            _replace_validation_error(operation)
    _describe_batch(found["paths"][BATCH_PATH]["post"])
    if settings.keys:
        found["components"]["securitySchemes"] = _SCHEMES
    return found


def _guard(operation: dict[str, Any], path: str, settings: Settings) -> None:
    role = role_for(path, settings)
    if settings.keys and role:
        operation["security"] = [{name: []} for name in _SCHEMES]
        operation["description"] = f"{operation.get('description', '')}\n\nNeeds a key with the role `{role}`.".strip()
        for status in (401, 429):
            operation["responses"][str(status)] = _problem_response(status)
    operation["responses"].setdefault("403", _problem_response(403))


def _replace_validation_error(operation: dict[str, Any]) -> None:
    if "application/json" in operation["responses"].get("422", {}).get("content", {}):
        operation["responses"]["422"] = _problem_response(422)


def _describe_batch(operation: dict[str, Any]) -> None:
    example = json.dumps(POSTING, ensure_ascii=False) + '\n{"title": "Kasir"}\n'
    lines = {"schema": {"type": "string"}, "example": example}
    batch = {"schema": {"$ref": _REFERENCE.format(model="BatchIn")}}
    operation["requestBody"] = {"required": True, "content": {"application/json": batch, LINES_TYPE: lines}}
    operation["responses"]["200"]["content"][LINES_TYPE] = {"schema": {"type": "string"}}
