"""What one posting costs: in process by length beside a plain scikit-learn pipeline, from 300 bytes to 8 MB, and from a cold start.

Run: python -m tests.benchmarks.latency [--rounds 300]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from classifier import Posting, load_model
from tests.benchmarks.scan import feed_of, plain_pipelines, real_feed_of
from tests.conftest import SHARED

LENGTHS = (300, 1500, 8000)
LARGE = (300, 3_000, 30_000, 300_000, 3_000_000, 8_000_000)
_NUMPY = [sys.executable, "-c", "import numpy"]
_ASSESS = [sys.executable, "-m", "classifier", "assess", "Dicari admin kantor, gaji UMK, lamaran ke toko"]


def microseconds(calls: Iterable[Callable[[], object]]) -> tuple[float, float]:
    """Median and 95th percentile of some calls; the first is made once more before."""
    times: list[float] = []
    for call in calls:
        if not times:
            call()
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1e6)
    return median(times), quantiles(times, n=20)[-1]


def one_posting(rounds: int) -> None:
    model = load_model()
    with tempfile.TemporaryDirectory() as folder:
        import joblib

        plain = joblib.load(plain_pipelines(Path(folder))["plain pipeline"])
    print(f"one posting in process, microseconds: median (95th percentile) of {rounds}")
    kinds = {f"{length:6,} characters, mixtures": [*feed_of(rounds, length)] for length in LENGTHS}
    kinds[f"{1500:6,} characters, real ads"] = [*real_feed_of(rounds, 1500)]
    for kind, records in kinds.items():
        if not records:
            print(f"  {kind}: {SHARED} is missing")
            continue
        postings = [Posting.from_record(record) for record in records]
        found = {
            "no reasons": microseconds(partial(model.assess, [posting], explain="none") for posting in postings),
            "with reasons": microseconds(partial(model.assess, [posting]) for posting in postings),
            "plain pipeline": microseconds(partial(plain.predict_proba, [posting.description]) for posting in postings),
        }
        told = "   ".join(f"{name} {middle:7,.0f} ({late:,.0f})" for name, (middle, late) in found.items())
        ratio = found["plain pipeline"][0] / found["with reasons"][0]
        print(f"  {kind:30}{told}   plain / ours with reasons {ratio:.1f}")


def by_size() -> None:
    model = load_model()
    print("one long posting without reasons, nanoseconds a character")
    for length in LARGE:
        description = next(feed_of(1, min(length, 30_000)))["description"]
        posting = Posting(description=(description * (length // len(description) + 1))[:length])
        middle, _ = microseconds([partial(model.assess, [posting], explain="none")] * max(3, 30_000 // length))
        print(f"  {length:10,} characters {middle * 1000 / length:10,.0f}")


def cold_start(rounds: int = 7) -> None:
    found = {}
    for name, command in {"import numpy": _NUMPY, "classifier assess": _ASSESS}.items():
        found[name], _ = microseconds([partial(subprocess.run, command, check=True, capture_output=True)] * rounds)
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
