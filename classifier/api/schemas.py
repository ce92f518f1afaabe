"""Bodies of requests and answers, with their limits, as OpenAPI shows them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from classifier.schema import Assessment, Band, Label, Posting

Line = Annotated[str | None, Field(max_length=2000)]

_EXAMPLE_POSTING: JsonDict = {
    "title": "Customer service online, Kamboja",
    "salary": "Rp 12-16 juta",
    "description": "Butuh cepat CS online penempatan Kamboja. Tanpa pengalaman, ijazah bebas. Tiket, paspor, makan dan mess "
    "ditanggung kantor. Minat? Telegram @hrd_contoh",
}


class PostingIn(BaseModel):
    """A job ad. All fields are optional but one: `title` or `description` must have content. Unknown fields are ignored."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_POSTING]})

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

    postings: Annotated[list[PostingIn], Field(min_length=1)]


class ReasonOut(BaseModel):
    """Why: an indicator or words, where they stand, and their weight in log-odds (negative speaks for the ad)."""

    kind: Literal["indicator", "words"]
    indicator: str | None
    field: str
    start: int
    end: int
    quote: str
    weight: float
    message: str


class AssessmentOut(BaseModel):
    """What the classifier says of one posting."""

    id: str
    risk: Annotated[float, Field(ge=0, le=1, description="Calibrated probability that the posting is not legit.")]
    band: Band
    label: Label
    probabilities: dict[str, float]
    language: str
    reasons: list[ReasonOut]
    campaign: str | None
    model: str

    @classmethod
    def of(cls, assessment: Assessment) -> AssessmentOut:
        return cls.model_validate(assessment.to_dict())


class BatchOut(BaseModel):
    """Assessments in the order of the postings."""

    assessments: list[AssessmentOut]


class ModelOut(BaseModel):
    """The model in use."""

    version: str
    labels: list[str]
    bands: dict[str, float]
    metrics: dict[str, Any]
    card: str


class Status(BaseModel):
    status: str
