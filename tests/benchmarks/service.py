"""Load on a real server on loopback: python -m tests.benchmarks.service [--seconds 20] [--minutes 30] [--workers 1]

Compares the service with the same app whose model answers a constant: throughput, and p50 and p99 at the same rate. With
--minutes, a soak instead: mixed load with bad input, errors that are not the client's, and memory over time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import HONEST, LURE
from tests.service import free_port

_SERVER = """
import os, sys
from dataclasses import replace
from classifier.settings import Settings
port, workers, constant = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "constant"
if constant:
    from classifier.model import RiskModel
    real, kept = RiskModel.assess, {}
    def assess(self, postings, **options):
        if "answer" not in kept:
            kept["answer"] = real(self, postings[:1], **options)
        return kept["answer"] * len(postings)
    RiskModel.assess = assess
from classifier.server import run
run(Settings.from_env(), "127.0.0.1", port, workers)
"""
CONNECTIONS = 8


def request(path: str, body: bytes, kind: str = "application/json") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def good(number: int) -> bytes:
    text = (LURE, HONEST)[number % 2]
    return request("/v1/assess", json.dumps({"title": f"Lowongan {number}", "description": text}).encode())


def mixed(number: int) -> bytes:
    """Mostly good requests; some in batches and lines, some broken in one of many ways."""
    choice = number % 20
    if choice == 0:
        return request("/v1/assess", b'{"title": ')
    if choice == 1:
        return request("/v1/assess", json.dumps({"title": ["x"], "description": "\0\u202e" * 50}).encode())
    if choice == 2:
        return request("/v1/assess", random.Random(number).randbytes(400))
    if choice == 3:
        lines = b"\n".join([json.dumps({"description": HONEST}).encode(), b"nonsense", b"[]", json.dumps({"title": LURE}).encode()])
        return request("/v1/assess/batch", lines, "application/x-ndjson")
    if choice == 4:
        return request("/v1/assess/batch", json.dumps({"postings": [{"description": LURE}] * 20}).encode())
    if choice == 5:
        return request("/v1/nothing", b"{}")
    if choice == 6 and number % 400 == 6:
        return request("/v1/assess", json.dumps({"description": "x" * 1_200_000}).encode())
    if choice == 7 and number % 200 == 7:
        return request("/v1/assess", json.dumps({"description": (HONEST + "\n") * 500}).encode())
    return good(number)


@dataclass
class Load:
    """What one run of load found."""

    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    broken: int = 0

    @property
    def rate(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    def quantile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("nan")

    def errors(self) -> int:
        return self.broken + sum(n for status, n in self.statuses.items() if status.startswith("5"))


async def answer_of(reader: asyncio.StreamReader) -> tuple[str, bool]:
    """Status of an answer, and whether the connection stays open; the body is read."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if "transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(int(head.partition("content-length:")[2].split()[0]))
    return head.split(" ", 2)[1], "connection: close" not in head


async def load(port: int, seconds: float, make: Callable[[int], bytes], rate: float | None = None) -> Load:
    """Send requests on a few connections for some seconds: as fast as they are answered, or at a fixed rate.

    At a fixed rate the latency counts from the moment at which the request was due, so that waiting is not forgotten.
    """
    found, began, numbers = Load(), time.perf_counter(), iter(range(10**9))
    end = began + seconds

    async def connection() -> None:
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while time.perf_counter() < end:
            number = next(numbers)
            due = time.perf_counter()
            if rate:
                due = began + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                streams = streams or await asyncio.open_connection("127.0.0.1", port)
                streams[1].write(make(number))
                status, stays = await answer_of(streams[0])
            except (OSError, asyncio.IncompleteReadError, ValueError):
                found.broken += 1
                streams = None
                continue
            found.statuses[status] += 1
            if len(found.latencies) < 2_000_000:
                found.latencies.append(time.perf_counter() - due)
            if not stays:
                streams[1].close()
                streams = None
        if streams:
            streams[1].close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    found.seconds = time.perf_counter() - began
    return found


def memory(pid: int) -> float:
    """Proportional set size of a process and its children, in MB: memory that they share counts once."""
    total = 0.0
    for each in [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]:
        rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        total += int(rollup.partition("\nPss:")[2].split()[0]) / 1024
    return total


class Server:
    """`classifier serve` in a process of its own, for `with`."""

    def __init__(self, kind: str, workers: int) -> None:
        self.port = free_port()
        self._log = tempfile.TemporaryFile()
        environment = {**os.environ, "CLASSIFIER_STORE": str(Path(tempfile.gettempdir()) / "classifier-benchmark.sqlite3")}
        command = [sys.executable, "-c", _SERVER, str(self.port), str(workers), kind]
        self.process = subprocess.Popen(command, stdout=self._log, stderr=self._log, env=environment)

    def __enter__(self) -> Server:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                asyncio.run(load(self.port, 0.3, good))
                if asyncio.run(load(self.port, 0.3, good)).statuses["200"]:
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)
        self._log.close()


def compare(seconds: float, workers: int) -> bool:
    """The service beside the app with a constant answer; whether throughput is at least half and p99 under five times as long."""
    rates = {}
    for kind in ("constant", "model"):
        with Server(kind, workers) as server:
            asyncio.run(load(server.port, 2, good))  # warm
            before = memory(server.process.pid)
            found = asyncio.run(load(server.port, seconds, good))
            after = memory(server.process.pid)
        rates[kind] = found.rate
        print(
            f"{kind:9} {found.rate:8.0f} requests/s, p50 {found.quantile(0.5):.2f} ms, p99 {found.quantile(0.99):.2f} ms", end="; "
        )
        print(f"{found.errors()} errors; memory {before:.0f} -> {after:.0f} MB")
    rate = rates["model"] / 2
    print(f"at the same rate, {rate:.0f} requests/s:")
    p99 = {}
    for kind in ("constant", "model"):
        with Server(kind, workers) as server:
            asyncio.run(load(server.port, 2, good))
            found = asyncio.run(load(server.port, seconds, good, rate))
        p99[kind] = found.quantile(0.99)
        print(f"{kind:9} p50 {found.quantile(0.5):.2f} ms, p99 {p99[kind]:.2f} ms, {found.errors()} errors")
    share, times = rates["model"] / rates["constant"], p99["model"] / p99["constant"]
    print(f"throughput {share:.2f} of the constant's (bound: at least 0.5); p99 {times:.1f} times the constant's (bound: under 5)")
    return share >= 0.5 and times < 5


def soak(minutes: float, workers: int) -> bool:
    """Mixed load with bad input; whether all errors were the client's and memory stayed flat."""
    errors, sizes = 0, []
    with Server("model", workers) as server:
        asyncio.run(load(server.port, 10, mixed))
        end = time.monotonic() + minutes * 60
        while time.monotonic() < end:
            found = asyncio.run(load(server.port, min(60.0, max(1.0, end - time.monotonic())), mixed))
            sizes.append(memory(server.process.pid))
            errors += found.errors()
            statuses = " ".join(f"{status}:{n}" for status, n in sorted(found.statuses.items()))
            print(f"{found.rate:6.0f} requests/s  {statuses}  broken {found.broken}  memory {sizes[-1]:.0f} MB", flush=True)
    grown = sizes[-1] - sizes[len(sizes) // 4]
    print(f"{errors} errors that are not the client's; memory grew by {grown:.1f} MB after the first quarter")
    return errors == 0 and grown < 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each measurement")
    parser.add_argument("--minutes", type=float, help="soak for so long instead")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    done = soak(given.minutes, given.workers) if given.minutes else compare(given.seconds, given.workers)
    raise SystemExit(0 if done else 1)


if __name__ == "__main__":
    main()
