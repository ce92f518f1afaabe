"""The endpoints that assess, and those that tell of the model and the service."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from classifier.api.holder import ModelHolder, model_in_use
from classifier.api.limits import BATCH_PATH, LINES_TYPES, media_type
from classifier.api.lines import MEDIA_TYPE as LINES_TYPE
from classifier.api.lines import Line, LineStream, too_long
from classifier.api.metrics import Tally, exposition
from classifier.api.openapi import problems
from classifier.api.problems import causes, document
from classifier.api.schemas import AssessmentOut, BatchIn, BatchOut, ModelOut, ModelVersion, PostingIn, Reasons, Status
from classifier.api.together import Assess, Together
from classifier.errors import PostingError
from classifier.model import DEFAULT_REASONS, RiskModel
from classifier.schema import LABELS, Assessment, Language, Posting
from classifier.settings import Settings

router = APIRouter()
_SHORT = 10_000
ModelDep = Annotated[RiskModel, Depends(model_in_use)]


def _with_top_reasons(model: RiskModel, postings: Sequence[Posting], lang: Language) -> list[Assessment]:
    return model.assess(postings, limit=DEFAULT_REASONS, language=lang)


def _with_all_reasons(model: RiskModel, postings: Sequence[Posting], lang: Language) -> list[Assessment]:
    return model.assess(postings, limit=None, language=lang)


def _without_reasons(model: RiskModel, postings: Sequence[Posting], lang: Language) -> list[Assessment]:
    return model.assess(postings, explain="none", language=lang)


ASSESS: dict[Reasons, Assess] = {"top": _with_top_reasons, "all": _with_all_reasons, "none": _without_reasons}


def assess_all(
    request: Request, model: RiskModel, postings: Sequence[Posting], lang: Language, reasons: Reasons
) -> list[Assessment]:
    """Assess postings for a request, and count them in the metrics and its log line."""
    found = ASSESS[reasons](model, postings, lang)
    tally: Tally = request.scope["tally"]
    tally.add(found)
    return found


def json_answer(content: Any, model: RiskModel, status: int = 200) -> Response:
    """JSON with the model's version; written by orjson, for the records need no second validation."""
    return Response(orjson.dumps(content), status, model_headers(model), "application/json")


def model_headers(model: RiskModel) -> dict[str, str]:
    return {"ETag": f'"{model.version}"', "X-Model-Version": model.version}


@router.post("/v1/assess", response_model=AssessmentOut, responses=problems(400, 413, 422, 503), tags=["assess"])
async def assess(
    request: Request, posting: PostingIn, model: ModelDep, lang: Language = "en", reasons: Reasons = "top"
) -> Response:
    """Assess one posting. `reasons`: the strongest (`top`), `all`, or `none`; `lang`: the language of their sentences."""
    given = posting.to_posting()
    if len(given.description) < _SHORT:  # takes less time than handing it to a thread and taking turns with it
        together: Together = request.app.state.together
        found = await together.assess(model, given, ASSESS[reasons], lang)
        request.scope["tally"].add([found])
    else:
        (found,) = await run_in_threadpool(assess_all, request, model, [given], lang, reasons)
    return json_answer(found.to_dict(), model)


@router.post(BATCH_PATH, response_model=BatchOut, responses=problems(400, 413, 415, 422, 503), tags=["assess"])
async def assess_batch(request: Request, model: ModelDep, lang: Language = "en", reasons: Reasons = "top") -> Response:
    """Assess many postings; the answers stand in the same order.

    Up to 1,000 as `{"postings": [...]}`: one that is no posting refuses the batch. Or any number as `application/x-ndjson`,
    a posting a line: each line is answered by a line, an assessment or a problem document with the number of the line, while
    the rest still comes in. With `Accept: application/x-ndjson` a batch in JSON is answered in lines too.
    """
    kind = media_type(request.headers.get("content-type", ""))
    assessor = partial(assess_all, request, model, lang=lang, reasons=reasons)
    settings: Settings = request.app.state.settings
    if kind in LINES_TYPES:
        limit = settings.max_body_bytes
        answer = partial(_answer_lines, assessor, request.scope["tally"], limit)
        return LineStream(answer, _failure_line, limit, model_headers(model))
    if kind != "application/json" and not kind.endswith("+json"):
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be application/json or {LINES_TYPE}.")
    body = await request.body()
    found = await run_in_threadpool(lambda: assessor(_batch(body, settings.max_batch_postings)))
    if LINES_TYPE in request.headers.get("accept", ""):
        return Response(b"".join(map(_line, found)), headers=model_headers(model), media_type=LINES_TYPE)
    return json_answer({"assessments": [a.to_dict() for a in found]}, model)


def _batch(body: bytes, most: int) -> list[Posting]:
    """The postings of a batch in JSON. Raises RequestValidationError, PostingError or HTTPException (413)."""
    try:
        given = BatchIn.model_validate_json(body).postings
    except ValidationError as e:
        raise RequestValidationError(e.errors(include_url=False, include_input=False, include_context=False)) from None
    if len(given) > most:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"postings: {len(given)} given, at most {most} are taken.")
    postings = []
    for number, item in enumerate(given):
        try:
            postings.append(item.to_posting())
        except PostingError as e:
            raise PostingError(e.cause, f"postings.{number}.{e.field}") from e
    return postings


def _answer_lines(assessor: Any, tally: Tally, limit: int, lines: list[Line]) -> bytes:
    """An assessment for each line, or a problem document with its number."""
    read = [_read_line(number, content, limit) for number, content in lines]
    found = iter(assessor([item for item in read if isinstance(item, Posting)]))
    answers = []
    for item in read:
        if isinstance(item, Posting):
            answers.append(_line(next(found)))
        else:
            tally.refuse_line(item["status"])
            answers.append(orjson.dumps(item) + b"\n")
    return b"".join(answers)


def _read_line(number: int, content: bytes | None, limit: int) -> Posting | dict[str, Any]:
    if content is None:
        status, detail = too_long(limit)
        return document(status, detail, line=number)
    try:
        return PostingIn.model_validate_json(content).to_posting()
    except ValidationError as e:
        errors = causes(e.errors(include_url=False, include_input=False, include_context=False))
        detail = f"{errors[0]['field']}: {errors[0]['cause']}"
    except PostingError as e:
        errors, detail = [{"field": e.field or "body", "cause": e.cause}], str(e)
    return document(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors, line=number)


def _failure_line(status: int, detail: str) -> bytes:
    return orjson.dumps(document(status, detail)) + b"\n"


def _line(assessment: Assessment) -> bytes:
    return orjson.dumps(assessment.to_dict()) + b"\n"


_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Still this model"}}


@router.get("/v1/model", response_model=ModelOut, responses={**_UNCHANGED, **problems(503)}, tags=["model"])
def describe_model(request: Request, model: ModelDep) -> Response:
    """Version, labels, thresholds of the bands, metrics and the model card."""
    headers = model_headers(model)
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    metrics = {part: model.metadata.get(part) for part in ("data", "validation", "test")}
    found = ModelOut(version=model.version, labels=list(LABELS), bands=dict(model.thresholds), metrics=metrics, card=model.card)
    return Response(found.model_dump_json(), headers=headers, media_type="application/json")


@router.post("/v1/model/reload", responses=problems(409), tags=["model"])
def reload_model(request: Request) -> ModelVersion:
    """Load the model folder again. The new model is tried first; a bad one is refused and the one in use stays."""
    holder: ModelHolder = request.app.state.holder
    model = holder.load()
    request.app.state.tell_workers()
    return ModelVersion(version=model.version)


@router.get("/healthz", tags=["status"])
def alive() -> Status:
    """The process answers."""
    return Status(status="ok")


@router.get("/readyz", responses=problems(503), tags=["status"])
def ready(model: ModelDep) -> Status:
    """The model is loaded and has answered a posting."""
    return Status(status="ready")


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}}, tags=["status"])
def metrics() -> Response:
    """For Prometheus."""
    return Response(exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})
