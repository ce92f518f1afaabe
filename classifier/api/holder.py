"""The model in use, and how it is changed while requests come in."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException

from classifier.api.metrics import RELOADS, count_model
from classifier.errors import ModelError
from classifier.model import RiskModel
from classifier.schema import LABELS, Posting

log = logging.getLogger(__name__)
_PROBE = Posting(title="Kasir", description="Toko bangunan di Klaten mencari kasir, gaji UMK. Lamaran diantar langsung ke toko.")


class ModelHolder:
    """Holds a model that has answered once; a new one replaces it only after it has answered too."""

    def __init__(self, load: Callable[[], RiskModel]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self.model: RiskModel | None = None

    def load(self) -> RiskModel:
        """Load the model and put it to use. Raises ModelError, and keeps the one in use, when the new one is bad."""
        with self._lock:
            before = self.model.version if self.model else None
            try:
                model = tried(self._load())
            except ModelError as e:
                RELOADS.labels("refused").inc()
                log.error("model refused, %s stays", before or "none", extra={"data": {"cause": str(e)}})
                raise
            self.model = model
            RELOADS.labels("done").inc()
            count_model(model.version, before)
            log.info("model %s in use", model.version)
            return model

    def reload(self) -> None:
        """As `load`, for a signal: a bad model is logged, not raised."""
        try:
            self.load()
        except ModelError:
            pass  # logged by load
        except Exception as e:
            log.error("model not loaded", exc_info=e)


def tried(model: RiskModel) -> RiskModel:
    """The model, after it has assessed a fixed posting. Raises ModelError when the answer makes no sense."""
    try:
        found = model.assess([_PROBE])[0]
        sound = set(found.probabilities) == set(LABELS) and math.isclose(sum(found.probabilities.values()), 1.0, abs_tol=1e-6)
    except Exception as e:
        raise ModelError(model.version, f"does not answer ({type(e).__name__})") from e
    if not sound or not 0.0 <= found.risk <= 1.0:
        raise ModelError(model.version, "answers nonsense: its probabilities do not sum to 1")
    return model


def model_or_none(app: FastAPI) -> RiskModel | None:
    """The model in use, or None while there is none."""
    holder: ModelHolder = app.state.holder
    return holder.model


async def model_in_use(request: Request) -> RiskModel:
    """The model as a dependency of a route; 503 while there is none. A coroutine, for a function would cost a thread."""
    model = model_or_none(request.app)
    if model is None:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "The model is not loaded yet.", {"Retry-After": "5"})
    return model
