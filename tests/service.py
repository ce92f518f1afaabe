"""Helpers of the tests of the service: keys, and a real server in a process of its own."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START = "import sys; from classifier.settings import Settings; from classifier.server import run; "
START += "run(Settings.from_env(), '127.0.0.1', int(sys.argv[1]), int(sys.argv[2]))"
KEYS = {"score": "s-key", "review": "r-key", "admin": "a-key"}


def hashed(keys: Mapping[str, str] = KEYS) -> str:
    return ",".join(f"{role}:{hashlib.sha256(key.encode()).hexdigest()}" for role, key in keys.items())


@dataclass
class Served:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def signal(self, what: signal.Signals) -> None:
        self.process.send_signal(what)

    def wait_for_log(self, text: str, seconds: float = 20, times: int = 1) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if (found := self.log.read_text()).count(text) >= times:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{text!r} is not in the log: {self.log.read_text()[-2000:]}")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def serving(folder: Path, workers: int = 1, **settings: str) -> Iterator[Served]:
    """`classifier serve`, ready, with these settings (names without CLASSIFIER_); stopped in the end."""
    port, log = free_port(), folder / "server.log"
    environment = {**os.environ, **{f"CLASSIFIER_{name.upper()}": value for name, value in settings.items()}}
    with log.open("wb") as out:
        command = [sys.executable, "-c", START, str(port), str(workers)]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, start_new_session=True)
    served = Served(port, process, log)
    try:
        _until_ready(served)
        yield served
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _until_ready(served: Served) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and served.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{served.url}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the service did not start: {served.log.read_text()[-2000:]}")
