"""The store of a service, and how a person's verdict gets into it."""

from __future__ import annotations

import threading

from fastapi import FastAPI

from classifier.api import metrics
from classifier.api.holder import model_or_none
from classifier.language import detect
from classifier.schema import Review, joined_text
from classifier.settings import Settings
from classifier.store import Store


class StoreKeeper:
    """Opens the store when it is first needed: who only assesses needs no database."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._store: Store | None = None

    def get(self) -> Store:
        """The store. Raises StoreError while it cannot be opened."""
        with self._lock:
            if self._store is None:
                self._store = Store.open(self._settings.store_url)
            return self._store

    def close(self) -> None:
        if self._store is not None:
            self._store.close()


def store_of(app: FastAPI) -> Store:
    """The store of a service. Raises StoreError while it cannot be opened."""
    keeper: StoreKeeper = app.state.stores
    return keeper.get()


def keep_review(app: FastAPI, review: Review) -> Review:
    """Write a review, with the language of its posting and the version of the model in use filled in; returns it with its id."""
    model = model_or_none(app)
    version = str((review.assessment or {}).get("model") or (model.version if model else ""))
    language = review.posting.language or detect(joined_text(review.posting))
    given = {name: getattr(review, name) for name in ("posting", "verdict", "reviewer", "note", "assessment", "created_at")}
    kept = Review(**given, model=version, language=language)
    number = store_of(app).add_review(kept)
    metrics.REVIEWS.labels(kept.verdict).inc()
    return Review(**given, model=version, language=language, id=number)
