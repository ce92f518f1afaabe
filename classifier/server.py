"""Starts the service: one process, or a supervisor with workers that share the loaded model's memory.

The supervisor loads the model, opens the socket, and forks; pages of memory that nobody writes stay shared. It starts a
worker again that died, passes SIGHUP (load the model again) on to all, and on SIGTERM waits until all have answered what
they had begun.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING

from classifier.settings import Settings

if TYPE_CHECKING:
    import uvicorn

_STOP = {signal.SIGTERM, signal.SIGINT}
_SECONDS_TO_STOP = 30
_MOST_CONNECTIONS = 1000


def run(settings: Settings, host: str, port: int, workers: int = 1) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError or ModelError when the service cannot start."""
    settings = replace(settings, host=host)
    settings.check_doors()
    if workers > 1 and hasattr(os, "fork"):
        folder = tempfile.mkdtemp(prefix="classifier-metrics-")
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # read when the metrics are imported
        try:
            Supervisor(settings, port, workers).run()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    else:
        _server(settings, port).run()


def _server(settings: Settings, port: int) -> uvicorn.Server:
    import uvicorn

    from classifier.api import create_app
    from classifier.api.logs import log_config

    app = create_app(settings)
    app.state.holder.load()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=port,
        log_config=log_config(),
        access_log=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_SECONDS_TO_STOP,
    )
    return uvicorn.Server(config)


class Supervisor:
    """A few processes that answer on one socket."""

    def __init__(self, settings: Settings, port: int, workers: int) -> None:
        self._server = _server(settings, port)
        self._count = workers
        self._workers: set[int] = set()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        from classifier.api import SUPERVISOR_VARIABLE

        os.environ[SUPERVISOR_VARIABLE] = str(os.getpid())
        watched = {*_STOP, signal.SIGHUP, signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, watched)
        self._socket = self._server.config.bind_socket()
        stopping = False
        while self._workers or not stopping:
            while len(self._workers) < self._count and not stopping:
                self._workers.add(self._fork(watched))
            got = signal.sigwait(watched)
            if got == signal.SIGCHLD:
                self._bury()
            elif got == signal.SIGHUP:
                self._tell(signal.SIGHUP)
            else:
                stopping = True
                self._tell(signal.SIGTERM)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, watched)

    def _fork(self, watched: set[signal.Signals]) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the worker has its own handler
            signal.pthread_sigmask(signal.SIG_UNBLOCK, watched)
            self._server.run(sockets=[self._socket])
            code = 0
        finally:
            os._exit(code)

    def _tell(self, what: signal.Signals) -> None:
        for pid in self._workers:
            os.kill(pid, what)

    def _bury(self) -> None:
        from prometheus_client.multiprocess import mark_process_dead

        while self._workers:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._workers.discard(pid)
            mark_process_dead(pid)  # type: ignore[no-untyped-call]  # the library has no types
