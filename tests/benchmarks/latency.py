"""What one posting costs: in process by length beside a plain scikit-learn pipeline, from 300 bytes to 8 MB, and from a cold start.

Run: python -m tests.benchmarks.latency [--rounds 300]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from classifier import Posting, load_model
from tests.benchmarks.scan import feed_of, plain_pipeline

LENGTHS = (300, 1500, 8000)
LARGE = (300, 3_000, 30_000, 300_000, 3_000_000, 8_000_000)
_NUMPY = [sys.executable, "-c", "import numpy"]
_ASSESS = [sys.executable, "-m", "classifier", "assess", "Dicari admin kantor, gaji UMK, lamaran ke toko"]


def microseconds(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median and 95th percentile of a call."""
    call()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1e6)
    return median(times), quantiles(times, n=20)[-1]


def one_posting(rounds: int) -> None:
    model = load_model()
    with tempfile.TemporaryDirectory() as folder:
        import joblib

        path = Path(folder) / "plain.joblib"
        plain_pipeline(path)
        plain = joblib.load(path)
    print(f"one posting in process, microseconds: median (95th percentile) of {rounds}")
    for length in LENGTHS:
        record = next(feed_of(1, length))
        posting = Posting(title=record["title"], description=record["description"])
        found = {
            "no reasons": microseconds(lambda posting=posting: model.assess([posting], explain="none"), rounds),
            "with reasons": microseconds(lambda posting=posting: model.assess([posting]), rounds),
            "plain pipeline": microseconds(lambda text=record["description"]: plain.predict_proba([text]), rounds),
        }
        told = "   ".join(f"{name} {middle:8,.0f} ({late:,.0f})" for name, (middle, late) in found.items())
        ratio = found["plain pipeline"][0] / found["with reasons"][0]
        print(f"  {length:6,} characters   {told}   plain / ours with reasons {ratio:.1f}")


def by_size() -> None:
    model = load_model()
    print("one long posting without reasons, nanoseconds a character")
    for length in LARGE:
        description = next(feed_of(1, min(length, 30_000)))["description"]
        posting = Posting(description=(description * (length // len(description) + 1))[:length])
        middle, _ = microseconds(lambda posting=posting: model.assess([posting], explain="none"), max(3, 30_000 // length))
        print(f"  {length:10,} characters {middle * 1000 / length:10,.0f}")


def cold_start(rounds: int = 7) -> None:
    found = {}
    for name, command in {"import numpy": _NUMPY, "classifier assess": _ASSESS}.items():
        found[name], _ = microseconds(lambda command=command: subprocess.run(command, check=True, capture_output=True), rounds)
        print(f"  {name:20}{found[name] / 1000:8,.0f} ms")
    print(f"  cold start of assess: {found['classifier assess'] / found['import numpy']:.1f} times importing numpy")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=300)
    given = options.parse_args()
    one_posting(given.rounds)
    by_size()
    cold_start()


if __name__ == "__main__":
    main()
