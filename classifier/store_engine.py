"""Opens the database behind the store."""

from __future__ import annotations

import random
import sqlite3
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from classifier.errors import StoreError

_BUSY_SECONDS = 30


def make_engine(url: str) -> Engine:
    """An engine for a file, `sqlite:///FILE` or `postgresql://…`. Raises StoreError when it names neither."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        if find_spec("psycopg") is None:
            raise StoreError(safe_url(url), "PostgreSQL needs psycopg: pip install 'job-ad-risk-classifier[postgres]'")
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
    raise StoreError(safe_url(url), "is neither a file, sqlite:///FILE nor postgresql://…")


def safe_url(url: str) -> str:
    """The URL without its password, for messages."""
    if "://" not in url:
        return url
    try:
        parsed = make_url(url)
    except ArgumentError:
        return f"{url.partition('://')[0]}://…"
    query = {key: "***" if "pass" in key.lower() else value for key, value in parsed.query.items()}
    return parsed.set(query=query).render_as_string(hide_password=True)


def cause_of(error: Exception) -> str:
    """The database's own words, in one line."""
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines()
    return lines[0][:300] if lines else type(original).__name__


def _parse(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=url)
    try:
        parsed = make_url(url)
        parsed.get_backend_name()
    except ArgumentError as e:
        raise StoreError(safe_url(url), "is no database URL") from e
    return parsed.set(drivername="postgresql") if parsed.drivername == "postgres" else parsed


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError("sqlite", "name a file; a database in memory would be lost")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # The driver's own transactions are off: it would begin them late, and two writers could then block each other.
    arguments = {"timeout": _BUSY_SECONDS, "isolation_level": None}
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), connect_args=arguments, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    _switch_to_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _switch_to_wal(connection: Any) -> None:
    """The only statement for which SQLite does not itself wait while another process opens or closes the same file."""
    give_up_at = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as e:
            if e.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
            time.sleep(random.uniform(0.001, 0.02))


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("to_write") else "BEGIN")
