"""Logs as one JSON object a line. They never hold an ad's text or contact, and so no message of an unexpected error either."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson

ACCESS = logging.getLogger("classifier.access")


class JsonFormatter(logging.Formatter):
    """Time, level, logger and message; the mapping in `extra={"data": …}` beside them; of an exception its type and places."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line.update(describe(record.exc_info[1]))
        return orjson.dumps(line, default=str).decode()


def describe(error: BaseException) -> dict[str, Any]:
    """Type and places of an error and its causes; messages are left out, for they may quote an ad."""
    causes: list[dict[str, Any]] = []
    seen: BaseException | None = error
    while seen is not None and len(causes) < 5:
        frames = traceback.extract_tb(seen.__traceback__)
        causes.append({"type": type(seen).__name__, "at": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]})
        seen = seen.__cause__ or seen.__context__
    return {"error": causes}


def log_config() -> dict[str, Any]:
    """For `logging.config.dictConfig`, and for uvicorn, whose own access log (with paths as the client sent them) is off."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "classifier.api.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "classifier": {"level": "INFO"},
            "uvicorn": {"level": "INFO"},
            "uvicorn.access": {"level": "CRITICAL"},
        },
    }
