"""Examples that OpenAPI shows."""

from __future__ import annotations

from typing import Final

from pydantic.config import JsonDict

_DESCRIPTION = (
    "Butuh cepat CS online penempatan Kamboja. Tanpa pengalaman, ijazah bebas. Tiket, paspor, makan dan mess ditanggung kantor. "
    "Minat? Telegram @hrd_contoh"
)
POSTING: Final[JsonDict] = {"title": "Customer service online, Kamboja", "salary": "Rp 12-16 juta", "description": _DESCRIPTION}
ASSESSMENT: Final[JsonDict] = {
    "id": "5d0c7e41a9b3f628",
    "risk": 0.994,
    "band": "high",
    "label": "overseas_lure",
    "probabilities": {"legit": 0.006, "overseas_lure": 0.981, "job_scam": 0.013},
    "language": "id",
    "reasons": [
        {
            "kind": "words",
            "indicator": None,
            "field": "description",
            "start": _DESCRIPTION.index("mess"),
            "end": _DESCRIPTION.index(". Minat"),
            "quote": "mess ditanggung kantor",
            "weight": 2.31,
            "message": "These words speak against the ad.",
        }
    ],
    "campaign": None,
    "model": "3f9d2a61c0be",
}
REVIEW: Final[JsonDict] = {
    "posting": POSTING,
    "verdict": "overseas_lure",
    "reviewer": "post-07",
    "note": "Confirmed by two returnees.",
}
_DETAILS: Final = {
    400: "There was an error parsing the body",
    401: "A valid key is needed.",
    403: "This needs a key with the role admin.",
    409: "The new model cannot be used, the one in use stays; the cause was logged.",
    413: "The body is larger than 1,000,000 bytes.",
    415: "The body must be application/json or application/x-ndjson.",
    422: "description: title or description must have content",
    429: "Too many requests.",
    503: "The model is not loaded yet.",
}


def problem_example(status: int, title: str) -> JsonDict:
    """A problem document as this status has it."""
    example: JsonDict = {"type": "about:blank", "title": title, "status": status, "detail": _DETAILS[status]}
    if status == 422:
        example["errors"] = [{"field": "description", "cause": "title or description must have content"}]
    return example
