"""The records that travel through the program: Posting in, Assessment out, Rejected beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Literal, get_args

from classifier.errors import PostingError

Label = Literal["legit", "overseas_lure", "job_scam"]
LABELS: tuple[Label, ...] = get_args(Label)
Band = Literal["low", "review", "high"]
BANDS: tuple[Band, ...] = get_args(Band)
Language = Literal["id", "en"]
"""Languages in which the program speaks to people (it reads many more)."""

TEXT_FIELDS = ("title", "company", "location", "salary", "description", "contact")
"""The fields that are assessed, in the order in which they are joined."""
POSTING_FIELDS = ("id", *TEXT_FIELDS, "url", "posted_at", "source", "language")
LABELLED_FIELDS = ("label", "group", "situation")
MAX_FIELD_CHARACTERS = 10_000_000
"""A longer field is a broken feed, not an ad."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One job ad, or whatever stands in a feed in its place. A missing text is the empty string."""

    id: str = ""
    title: str = ""
    company: str = ""
    location: str = ""
    salary: str = ""
    description: str = ""
    contact: str = ""
    url: str = ""
    posted_at: str = ""
    source: str = ""
    language: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Columns of the feed that are not in the contract, kept aside."""

    def __post_init__(self) -> None:
        if not (self.title.strip() or self.description.strip()):
            raise PostingError("title or description must have content", "description")
        if not self.id:
            object.__setattr__(self, "id", self.key)

    @property
    def key(self) -> str:
        """A stable key made from the content: 16 hexadecimal digits, the same on every machine."""
        return blake2b("\x1f".join((*_fields_of_key(self), "")).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Posting:
        """Build a posting from a JSON object or a table row whose keys are the contract's.

        Raises PostingError, naming the field, when a value is not text (numbers, booleans and dates
        are written out; null and NaN count as missing) or when there is nothing to assess.
        """
        if not isinstance(record, Mapping):
            raise PostingError(f"a posting is an object, not {type(record).__name__}")
        known = {name: _as_text(record[name], name) for name in POSTING_FIELDS if name in record}
        extra = {str(k): v for k, v in record.items() if k not in _POSTING_FIELD_SET} if len(known) < len(record) else {}
        return cls(**known, extra=extra)

    def to_record(self) -> dict[str, str]:
        """The contract's fields that have content."""
        return {name: value for name in POSTING_FIELDS if (value := getattr(self, name))}


_POSTING_FIELD_SET = frozenset(POSTING_FIELDS)
_text_fields = attrgetter(*TEXT_FIELDS)
_fields_of_key = attrgetter(*TEXT_FIELDS, "url")


def _as_text(value: Any, name: str) -> str:
    """Text of a field as a feed gives it; PostingError where that has no meaning."""
    if type(value) is str and len(value) <= MAX_FIELD_CHARACTERS:  # nearly always
        return value
    if value is None or value != value:  # NaN is the one value that differs from itself
        return ""
    if isinstance(value, bool | int | float | date | datetime):
        value = str(value)
    if not isinstance(value, str):
        raise PostingError(f"must be text, not {type(value).__name__}", name)
    if len(value) > MAX_FIELD_CHARACTERS:
        raise PostingError(f"has {len(value):,} characters; at most {MAX_FIELD_CHARACTERS:,} are read", name)
    return value


def joined_text(posting: Posting) -> str:
    """What is assessed of a posting, as one text: its fields with content, a line each."""
    return "\n".join(filter(None, _text_fields(posting)))


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of one field, as that field was given."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a posting got its risk: an indicator or words, where they stand, and how strongly they pull.

    `weight` is in log-odds (natural logarithm) toward risk; a negative one speaks for the ad.
    """

    kind: Literal["indicator", "words"]
    indicator: str | None
    field: str
    start: int
    end: int
    quote: str
    weight: float
    message: str

    def to_dict(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the classifier says of one posting."""

    id: str
    risk: float
    """Calibrated probability that the posting is not legit, 0 to 1."""
    band: Band
    label: Label
    probabilities: Mapping[str, float]
    language: str
    reasons: tuple[Reason, ...] = ()
    campaign: str | None = None
    model: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether a posting is likelier risky than not though it stays below `review`: no case for a reviewer, for that band
        has a budget of false alarms, but a person who asks about this one ad must not read that nothing was found."""
        return self.band == "low" and self.risk >= 0.5

    def to_dict(self) -> dict[str, Any]:
        record = {f.name: getattr(self, f.name) for f in fields(self)}
        record["probabilities"] = dict(self.probabilities)
        record["reasons"] = [reason.to_dict() for reason in self.reasons]
        return record


PUBLIC_REVIEWER = "page"
"""Whose name stands under a correction from the public page: nobody's. It asks for a reviewer's look and labels nothing."""


@dataclass(frozen=True, slots=True)
class Review:
    """A person's verdict on a posting."""

    posting: Posting
    verdict: Label
    reviewer: str
    note: str = ""
    assessment: Mapping[str, Any] | None = None
    """The assessment that it answers, as a record."""
    model: str = ""
    """Version of the model that made the assessment, or was in use."""
    language: str = "und"
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    id: int = 0
    """Given by the store."""

    def to_dict(self) -> dict[str, Any]:
        record = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            **record,
            "posting": self.posting.to_record(),
            "posting_key": self.posting.key,
            "created_at": self.created_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a feed that could not be read, with the place and the cause."""

    file: str
    line: int | None
    cause: str
    raw: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}
