"""The endpoints for people's verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse

from classifier.api.lines import MEDIA_TYPE as LINES_TYPE
from classifier.api.openapi import problems
from classifier.api.schemas import ReviewIn, ReviewOut, ReviewsOut
from classifier.api.stores import keep_review, store_of
from classifier.schema import Label, Posting, Review
from classifier.store import ReviewFilter

router = APIRouter(tags=["reviews"])
_LARGEST_ID = 2**31 - 1


@router.post("/v1/reviews", status_code=201, response_model=ReviewOut, responses=problems(400, 413, 422, 503))
def add_review(request: Request, given: ReviewIn) -> Response:
    """Keep a person's verdict on a posting, with the assessment that it answers if there was one."""
    assessment = given.assessment.to_assessment().to_dict() if given.assessment else None
    posting: Posting = given.posting.to_posting()
    review = keep_review(request.app, Review(posting, given.verdict, given.reviewer, given.note, assessment))
    return Response(orjson.dumps(review.to_dict()), 201, media_type="application/json")


@router.get("/v1/reviews", response_model=ReviewsOut, responses=problems(422, 503))
def list_reviews(
    request: Request,
    verdict: Label | None = None,
    reviewer: Annotated[str | None, Query(max_length=200)] = None,
    since: Annotated[datetime | None, Query(description="From this time on; UTC when it names no zone.")] = None,
    language: Annotated[str | None, Query(max_length=35)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[int, Query(ge=0, le=_LARGEST_ID, description="`next` of the page before.")] = 0,
) -> Response:
    """Reviews in the order in which they came, a page at a time."""
    filters = ReviewFilter(verdict, reviewer, since, language)
    found = store_of(request.app).reviews(filters, limit + 1, after)
    page = found[:limit]
    following = page[-1].id if len(found) > limit else None
    content = {"reviews": [review.to_dict() for review in page], "next": following}
    return Response(orjson.dumps(content), media_type="application/json")


@router.get(
    "/v1/reviews/export",
    response_class=StreamingResponse,
    responses={200: {"content": {LINES_TYPE: {"schema": {"type": "string"}}}}, **problems(503)},
)
def export_reviews(request: Request) -> StreamingResponse:
    """Each reviewed posting with its last verdict, a line each, ready for `classifier train`."""
    store = store_of(request.app)  # here, so that a store that does not open is a problem document

    def lines() -> Iterator[bytes]:
        for row in store.labelled():
            yield orjson.dumps({**row.posting.to_record(), "label": row.label, "group": row.group}) + b"\n"

    return StreamingResponse(lines(), media_type=LINES_TYPE)
