"""A real PostgreSQL for the tests: the one that CLASSIFIER_TEST_POSTGRES names, else a cluster of Debian's binaries."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.service import free_port

VARIABLE = "CLASSIFIER_TEST_POSTGRES"
MISSING = (
    f"no PostgreSQL: set {VARIABLE}=postgresql://user:password@host/name, or install Debian's `postgresql` "
    "(pg_ctl is looked for in PATH and in /usr/lib/postgresql/*/bin)"
)


@contextmanager
def postgres() -> Iterator[str]:
    """URL of a server; the test is skipped, saying what is missing, where there is none."""
    if given := os.environ.get(VARIABLE):
        yield given
        return
    binaries = _binaries()
    if binaries is None:
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="classifier-postgres-"))
    try:
        yield from _cluster(binaries, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cluster(binaries: Path, folder: Path) -> Iterator[str]:
    as_user = [] if os.geteuid() else _as_postgres(folder)
    data, log, port = folder / "data", folder / "log", free_port()
    _run([*as_user, binaries / "initdb", "-D", data, "-U", "classifier", "-A", "trust", "-E", "UTF8", "--no-sync"])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    _run([*as_user, binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start"])
    try:
        yield f"postgresql://classifier@127.0.0.1:{port}/postgres"
    finally:
        _run([*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])


def _as_postgres(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root."""
    shutil.chown(folder, "postgres")
    if runuser := shutil.which("runuser"):
        return [runuser, "-u", "postgres", "--"]
    return ["su", "postgres", "-s", "/bin/sh", "-c", 'exec "$0" "$@"', "--"]


def _run(command: list[str | Path]) -> None:
    """Run a command; its output goes to a file, for the server that pg_ctl starts would keep a pipe open."""
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(part) for part in command], cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=120
        )
        output.seek(0)
        assert done.returncode == 0, (command, output.read().decode("utf-8", "replace"))


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: int(p.parts[-3].partition(".")[0]))
    if found:
        return found[-1].parent
    in_path = shutil.which("pg_ctl")
    return Path(in_path).resolve().parent if in_path else None


def new_database(server: str) -> str:
    """URL of an empty database on the server."""
    import psycopg

    name = f"classifier_test_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.rpartition("/")[0] + "/" + name
