"""Bodies of requests and answers, with their limits, as OpenAPI shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from classifier.api.examples import ASSESSMENT, POSTING, REVIEW
from classifier.schema import Assessment, Band, Label, Posting, Reason

Line = Annotated[str | None, Field(max_length=2000)]
Reasons = Literal["none", "top", "all"]


def _content(name: str) -> JsonDict:
    return {"required": [name], "properties": {name: {"type": "string", "pattern": r"\S"}}}


class PostingIn(BaseModel):
    """A job ad. All fields are optional but one: `title` or `description` must have content. Unknown fields are ignored."""

    model_config = ConfigDict(json_schema_extra={"examples": [POSTING], "anyOf": [_content("title"), _content("description")]})

    id: Annotated[str | None, Field(max_length=200, description="Your key; made from the content when missing.")] = None
    title: Line = None
    company: Line = None
    location: Line = None
    salary: Line = None
    description: Annotated[str | None, Field(max_length=200_000)] = None
    contact: Line = None
    url: Line = None
    posted_at: Annotated[str | None, Field(max_length=100)] = None
    source: Line = None
    language: Annotated[str | None, Field(max_length=35, description="ISO 639 code; found from the text when missing.")] = None

    def to_posting(self) -> Posting:
        """The record that the classifier assesses. Raises PostingError when there is nothing to assess."""
        return Posting(**{name: value for name, value in self if value is not None})


class BatchIn(BaseModel):
    """Up to 1,000 postings."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"postings": [POSTING]}]})

    postings: Annotated[list[PostingIn], Field(min_length=1)]


class ReasonOut(BaseModel):
    """Why: an indicator or words, where they stand, and their weight in log-odds (negative speaks for the ad)."""

    kind: Literal["indicator", "words"]
    indicator: Annotated[str | None, Field(max_length=100)]
    field: Annotated[str, Field(max_length=20)]
    start: Annotated[int, Field(ge=0, le=10_000_000)]
    end: Annotated[int, Field(ge=0, le=10_000_000)]
    quote: Annotated[str, Field(max_length=200_000)]
    weight: Annotated[float, Field(allow_inf_nan=False)]
    message: Annotated[str, Field(max_length=2000)]


class AssessmentOut(BaseModel):
    """What the classifier says of one posting."""

    model_config = ConfigDict(json_schema_extra={"examples": [ASSESSMENT]})

    id: Annotated[str, Field(max_length=200)]
    risk: Annotated[float, Field(ge=0, le=1, description="Calibrated probability that the posting is not legit.")]
    band: Band
    label: Label
    probabilities: dict[Label, Annotated[float, Field(ge=0, le=1)]]
    language: Annotated[str, Field(max_length=35)]
    reasons: list[ReasonOut]
    campaign: Annotated[str | None, Field(max_length=200)]
    model: Annotated[str, Field(max_length=100)]

    def to_assessment(self) -> Assessment:
        """The record, as the classifier made it."""
        reasons = tuple(Reason(**dict(reason)) for reason in self.reasons)
        return Assessment(**{**dict(self), "reasons": reasons})


class BatchOut(BaseModel):
    """Assessments in the order of the postings."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"assessments": [ASSESSMENT]}]})

    assessments: list[AssessmentOut]


class ModelOut(BaseModel):
    """The model in use."""

    version: str
    labels: list[str]
    bands: Annotated[dict[str, float], Field(description="Lowest risk of the bands `review` and `high`.")]
    metrics: dict[str, Any]
    card: Annotated[str, Field(description="The model card, in Markdown.")]


class ModelVersion(BaseModel):
    """The model in use after a reload."""

    version: str


class ReviewIn(BaseModel):
    """A person's verdict on a posting."""

    model_config = ConfigDict(json_schema_extra={"examples": [REVIEW]})

    posting: PostingIn
    verdict: Label
    reviewer: Annotated[str, Field(min_length=1, max_length=200, description="Who says so: a name or a code of your own.")]
    note: Annotated[str, Field(max_length=5000)] = ""
    assessment: Annotated[AssessmentOut | None, Field(description="The answer that this verdict is about.")] = None


class ReviewOut(BaseModel):
    """A review as it is kept."""

    id: int
    created_at: datetime
    posting: dict[str, str]
    posting_key: Annotated[str, Field(description="The same for postings of the same content.")]
    verdict: Label
    reviewer: str
    note: str
    language: str
    assessment: AssessmentOut | None
    model: Annotated[str, Field(description="Version of the model whose assessment was reviewed, or that was in use.")]


class ReviewsOut(BaseModel):
    """A page of reviews, the oldest first."""

    reviews: list[ReviewOut]
    next: Annotated[int | None, Field(description="Give it as `after` to get the next page; null on the last one.")]


class Status(BaseModel):
    status: str


class FieldProblem(BaseModel):
    field: str
    cause: str


class Problem(BaseModel):
    """An error as RFC 9457 describes it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []
    line: Annotated[int | None, Field(description="In streams: the line at fault, from 1.")] = None
