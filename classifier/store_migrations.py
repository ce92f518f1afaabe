"""Numbered steps from an empty database to today's tables. A step that was released is never changed; a new one is added.

Each step runs in a transaction together with its line in `schema_versions`, so it is done or it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Float, Index, Integer, MetaData, String, Table, Text, func, insert, select, text

from classifier.errors import StoreError
from classifier.store_tables import VERSIONS, UtcTime

_LOCK = 0x6A6F6261  # PostgreSQL: workers that start together wait for each other


def m001_reviews(connection: Connection) -> None:
    """People's verdicts."""
    Table(
        "reviews",
        metadata := MetaData(),
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("created_at", UtcTime, nullable=False),
        Column("posting", Text, nullable=False),
        Column("posting_key", String(16), nullable=False),
        Column("verdict", String(20), nullable=False),
        Column("reviewer", Text, nullable=False),
        Column("note", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("assessment", Text),
        Column("model", Text, nullable=False),
        Index("reviews_by_posting", "posting_key", "created_at"),
        Index("reviews_by_time", "created_at"),
        sqlite_autoincrement=True,
    )
    metadata.create_all(connection, checkfirst=False)


def m002_assessments(connection: Connection) -> None:
    """The last assessment of each posting, for the reviewers' queue."""
    Table(
        "assessments",
        metadata := MetaData(),
        Column("posting_key", String(16), primary_key=True),
        Column("posting", Text, nullable=False),
        Column("assessment", Text, nullable=False),
        Column("risk", Float, nullable=False),
        Column("source", Text, nullable=False),
        Column("seen_at", UtcTime, nullable=False),
        Index("assessments_by_risk", "risk"),
    )
    metadata.create_all(connection, checkfirst=False)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (m001_reviews, m002_assessments)


def migrate(begin: Callable[[], Connection], url: str) -> None:
    """Bring the database up to date. `begin` opens a connection whose first statement takes the lock to write.

    Raises StoreError for a database that a newer program made.
    """
    for number in range(len(MIGRATIONS) + 1):
        with begin() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            if number == 0:
                VERSIONS.create(connection, checkfirst=True)
                continue
            done = connection.execute(select(func.coalesce(func.max(VERSIONS.c.number), 0))).scalar_one()
            if done > len(MIGRATIONS):
                known = len(MIGRATIONS)
                raise StoreError(url, f"was made by a newer version of this program (schema {done}, this one knows {known})")
            if done < number:
                step = MIGRATIONS[number - 1]
                step(connection)
                connection.execute(insert(VERSIONS).values(number=number, name=step.__name__, applied_at=datetime.now(UTC)))
