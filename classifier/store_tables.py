"""The tables of the store as they are now, and columns that mean the same in SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Float, Index, Integer, MetaData, String, Table, Text, TypeDecorator

METADATA = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """A point in time, in UTC; SQLite keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """JSON as ASCII text: PostgreSQL's own JSON refuses characters that ads do hold (NUL, half a surrogate pair)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, separators=(",", ":"), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class CleanText(TypeDecorator[str]):
    """Text in which what no database can hold is replaced by U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


VERSIONS = Table(
    "schema_versions",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(100), nullable=False),
    Column("applied_at", UtcTime, nullable=False),
)
REVIEWS = Table(
    "reviews",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("created_at", UtcTime, nullable=False),
    Column("posting", JsonText, nullable=False),
    Column("posting_key", String(16), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("reviewer", CleanText, nullable=False),
    Column("note", CleanText, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("assessment", JsonText),
    Column("model", CleanText, nullable=False),
    Index("reviews_by_posting", "posting_key", "created_at"),
    Index("reviews_by_time", "created_at"),
    sqlite_autoincrement=True,
)
ASSESSMENTS = Table(
    "assessments",
    METADATA,
    Column("posting_key", String(16), primary_key=True),
    Column("posting", JsonText, nullable=False),
    Column("assessment", JsonText, nullable=False),
    Column("risk", Float, nullable=False),
    Column("source", CleanText, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index("assessments_by_risk", "risk"),
)
