"""The service: `create_app(settings)`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from classifier.api.limits import BodyLimit
from classifier.api.problems import install_handlers
from classifier.api.routes import router
from classifier.default_model import load_model
from classifier.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service as an ASGI app; the model is loaded once, when it starts."""
    settings = settings or Settings.from_env()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.model = load_model(settings.model or None)
        yield

    app = FastAPI(
        title="Job-ad risk classifier",
        summary="Says of a job ad how much it looks like the bait of an online-scam compound, or another job scam, and why.",
        version="1",
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.add_middleware(BodyLimit, settings=settings)
    install_handlers(app)
    app.include_router(router)
    return app
