"""What the pages need of the service: the model in use, the counting of assessments, and a place to keep a person's verdict."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI, Request

from classifier.model import RiskModel
from classifier.schema import Assessment, Label, Posting, Review
from classifier.store import Store


def page_model(request: Request) -> RiskModel | None:
    """The model in use, or None while there is none."""
    state = request.app.state
    holder = getattr(state, "holder", None)
    model: RiskModel | None = holder.model if holder is not None else getattr(state, "model", None)
    return model


def count_assessments(request: Request, assessments: Sequence[Assessment]) -> None:
    """Tell the request's tally, where the service keeps one, so that the page shows in the metrics."""
    if tally := request.scope.get("tally"):
        tally.add(assessments)


def store_of(app: FastAPI) -> Store | None:
    """The store of reviews, or None where the service has none."""
    store: Store | None = getattr(app.state, "store", None)
    return store


def keep_review(store: Store, posting: Posting, verdict: Label, reviewer: str, found: Assessment | None, note: str = "") -> int:
    """Keep a verdict beside the assessment that it answers; returns its id. Raises StoreError when it cannot be kept."""
    if found is None:
        return store.add_review(Review(posting, verdict, reviewer, note))
    return store.add_review(Review(posting, verdict, reviewer, note, found.to_dict(), found.model, found.language))
