"""The service: `create_app(settings)`."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import APIRouter, FastAPI

from classifier.api import docs, page, queue, reviews
from classifier.api.doors import Doors
from classifier.api.holder import ModelHolder
from classifier.api.limits import BodyLimit
from classifier.api.observe import Observer
from classifier.api.openapi import install_openapi
from classifier.api.problems import install_handlers
from classifier.api.routes import router
from classifier.api.stores import StoreKeeper
from classifier.api.together import Together
from classifier.default_model import load_model
from classifier.settings import Settings

ROUTERS: tuple[APIRouter, ...] = (router, reviews.router, docs.router, page.router, queue.router)
SUPERVISOR_VARIABLE = "CLASSIFIER_SUPERVISOR"
THREADS = 4
"""Threads for what takes long. They take turns at the interpreter anyway, and each keeps the memory of the longest ad it read."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service as an ASGI app; the model is loaded once, when it starts.

    Raises SettingsError when others can reach the address and no keys are set.
    """
    settings = settings or Settings.from_env()
    settings.check_doors()
    app = FastAPI(
        title="Job-ad risk classifier",
        summary="Says of a job ad how much it looks like the bait of an online-scam compound, or another job scam, and why.",
        version="1",
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.holder = ModelHolder(lambda: load_model(settings.model or None))
    app.state.together = Together()
    app.state.stores = StoreKeeper(settings)
    app.state.tell_workers = _tell_supervisor
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(Doors, settings=settings)
    app.add_middleware(Observer)  # the last one added is the outermost
    install_handlers(app)
    for each in ROUTERS:
        app.include_router(each)
    install_openapi(app, settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    holder: ModelHolder = app.state.holder
    if holder.model is None:  # a supervisor loads it before it starts its workers
        await asyncio.to_thread(holder.load)
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGHUP"):
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, loop.run_in_executor, None, holder.reload)
    yield
    app.state.stores.close()


def _tell_supervisor() -> None:
    """Have the other workers reload too: their supervisor passes SIGHUP on to all of them."""
    if os.environ.get(SUPERVISOR_VARIABLE) == str(os.getppid()):
        os.kill(os.getppid(), signal.SIGHUP)
