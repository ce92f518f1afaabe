"""The endpoints."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException

from classifier.api.schemas import AssessmentOut, BatchIn, BatchOut, ModelOut, PostingIn, Status
from classifier.errors import PostingError
from classifier.model import RiskModel
from classifier.schema import LABELS, Language
from classifier.settings import Settings

router = APIRouter()
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {"application/problem+json": {}}}
    for status, text in ((413, "Body too large"), (422, "Not a posting"), (503, "Model not ready"))
}


def model_in_use(request: Request) -> RiskModel:
    """The loaded model; 503 while there is none."""
    model: RiskModel | None = getattr(request.app.state, "model", None)
    if model is None:
        raise HTTPException(503, "The model is not loaded yet.", {"Retry-After": "5"})
    return model


ModelDep = Annotated[RiskModel, Depends(model_in_use)]


# Plain functions, not coroutines: assessing is work for the processor and runs in the thread pool.
@router.post("/v1/assess", responses=PROBLEMS, tags=["assess"])
def assess(posting: PostingIn, model: ModelDep, lang: Language = "en") -> AssessmentOut:
    """Assess one posting."""
    return AssessmentOut.of(model.assess([posting.to_posting()], language=lang)[0])


@router.post("/v1/assess/batch", responses=PROBLEMS, tags=["assess"])
def assess_batch(batch: BatchIn, model: ModelDep, request: Request, lang: Language = "en") -> BatchOut:
    """Assess up to 1,000 postings; the answers stand in the same order."""
    settings: Settings = request.app.state.settings
    if len(batch.postings) > settings.max_batch_postings:
        raise HTTPException(413, f"postings: {len(batch.postings)} given, at most {settings.max_batch_postings} are taken.")
    postings = []
    for number, given in enumerate(batch.postings):
        try:
            postings.append(given.to_posting())
        except PostingError as e:
            raise PostingError(e.cause, f"postings.{number}.{e.field}") from e
    return BatchOut(assessments=[AssessmentOut.of(a) for a in model.assess(postings, language=lang)])


@router.get("/v1/model", responses={503: PROBLEMS[503]}, tags=["model"])
def describe_model(model: ModelDep) -> ModelOut:
    """Version, labels, thresholds of the bands, metrics and the model card."""
    metrics = {part: model.metadata.get(part) for part in ("data", "validation", "test")}
    return ModelOut(version=model.version, labels=list(LABELS), bands=dict(model.thresholds), metrics=metrics, card=model.card)


@router.get("/healthz", tags=["status"])
def alive() -> Status:
    """The process answers."""
    return Status(status="ok")


@router.get("/readyz", responses={503: PROBLEMS[503]}, tags=["status"])
def ready(model: ModelDep) -> Status:
    """The model is loaded and answers."""
    return Status(status="ready")
