"""A JSONL or Parquet scan beside a plain scikit-learn pipeline on the same feed and core, and beside only reading the feed.

Prints postings a second, peak memory, and ratios: first on real ads from beside the checkout, about as long as asked, then on
mixtures of sentences of the corpus, in all its languages at once, one in fifty of lures: far more signs than any real feed has.
Run: python -m tests.benchmarks.scan [--size 20000] [--characters 1500] [--memory]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from classifier.labelled import corpus_files, read_labelled
from classifier.readers import read_postings
from classifier.schema import Posting, joined_text
from tests.conftest import SHARED

_OURS = """
import sys
from classifier import load_model
from classifier.scan import How, scan
from classifier.scan_chunk import ScanOptions
scan([sys.argv[1]], sys.argv[2], load_model(), ScanOptions(explain=sys.argv[4]), How(jobs=int(sys.argv[3])))
"""
_PLAIN = """
import sys
import joblib
import pandas as pd
pipeline = joblib.load(sys.argv[3])
if sys.argv[1].endswith(".parquet"):
    import pyarrow.parquet as pq
    chunks = (batch.to_pandas() for batch in pq.ParquetFile(sys.argv[1]).iter_batches(2000))
else:
    chunks = pd.read_json(sys.argv[1], lines=True, chunksize=2000)
with open(sys.argv[2], "w") as out:
    for chunk in chunks:
        risk = pipeline.predict_proba(chunk["description"])[:, 1]
        chunk.assign(risk=risk)[["id", "risk"]].to_json(out, orient="records", lines=True)
"""
_READING = """
import sys
import orjson
if sys.argv[1].endswith(".parquet"):
    import pyarrow.parquet as pq
    records = (row for batch in pq.ParquetFile(sys.argv[1]).iter_batches(2000) for row in batch.to_pylist())
else:
    records = map(orjson.loads, open(sys.argv[1], "rb"))
with open(sys.argv[2], "wb") as out:
    for record in records:
        out.write(orjson.dumps(record) + b"\\n")
"""
_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def feed_of(size: int, characters: int) -> Iterator[dict[str, str]]:
    """Postings of about the given length, made of sentences of the corpus in new mixtures."""
    rows = read_labelled(corpus_files())[0]
    random = Random(0)
    pools: dict[bool, list[str]] = {True: [], False: []}
    for row in rows:
        pools[row.label == "legit"] += [line for line in joined_text(row.posting).splitlines() if len(line) > 20]
    for number in range(size):
        pool = pools[number % 50 != 0]
        lines: list[str] = []
        while sum(map(len, lines)) < characters:
            lines.append(random.choice(pool))
        yield {"id": f"p{number}", "title": random.choice(pool)[:60], "description": "\n".join(lines)[:characters]}


def real_feed_of(size: int, characters: int) -> Iterator[dict[str, object]]:
    """Real postings of about the given length, each as often as it takes, with a number of its own before it; none where there
    are no real feeds."""
    found: list[Posting] = []
    for feed in sorted(SHARED.glob("feed_*")):
        found += [record for record in read_postings(str(feed)) if isinstance(record, Posting)]
    found = [posting for posting in found if 2 / 3 <= len(joined_text(posting)) / characters <= 3 / 2]
    for number in range(size if found else 0):
        posting = found[number % len(found)]
        yield {"id": f"p{number}", "description": f"{number} {joined_text(posting)}", "url": posting.url, "source": posting.source}


ANALYZERS = {"plain pipeline": "char", "plain pipeline, characters within words": "char_wb"}
"""Two ways of scikit-learn to take characters 3-5: over the whole text, and within words, of which there are fewer."""


def plain_pipelines(folder: Path) -> dict[str, Path]:
    """By name, pipelines of TF-IDF of words 1-2 and characters 3-5 and logistic regression, fitted on the corpus."""
    for analyzer in ANALYZERS.values():
        _plain_pipeline(folder / analyzer, analyzer)
    return {name: folder / analyzer for name, analyzer in ANALYZERS.items()}


def _plain_pipeline(path: Path, analyzer: str) -> None:
    import joblib
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    rows = read_labelled(corpus_files())[0]
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2), TfidfVectorizer(analyzer=analyzer, ngram_range=(3, 5), min_df=2)
    )
    model = make_pipeline(features, LogisticRegression(max_iter=200))
    model.fit([joined_text(row.posting) for row in rows], np.array([row.label != "legit" for row in rows]))
    joblib.dump(model, path)


def timed(code: str, *arguments: str) -> tuple[float, float]:
    """Seconds of processor and wall time that a process took beyond its start, and its peak memory in MB."""
    script = f"import time as _t; _began = _t.perf_counter()\n{code}\n_status = open('/proc/self/status').read(); " \
        "print(_t.perf_counter() - _began, int(_status.partition('VmHWM:')[2].split()[0]) / 1024)"  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, env={**os.environ, **_ONE_CORE}
    )
    seconds, memory = done.stdout.split()[-2:]
    return float(seconds), float(memory)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--size", type=int, default=20_000)
    options.add_argument("--characters", type=int, default=1500)
    options.add_argument("--memory", action="store_true", help="only our own scan, without reasons")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = {} if given.memory else plain_pipelines(folder)
        for title, records in (("real ads", real_feed_of), ("mixtures", feed_of)):
            feed, small = str(folder / "feed.jsonl"), str(folder / "small.jsonl")
            with open(feed, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records(given.size, given.characters))
            if not Path(feed).stat().st_size:
                print(f"no {title}: {SHARED} is missing")
                continue
            with open(feed, encoding="utf-8") as file, open(small, "w", encoding="utf-8") as few:
                few.writelines(line for line, _ in zip(file, range(2000), strict=False))
            about = f"{given.size:,} postings of some {given.characters} characters"
            print(f"{title}, JSONL: {about}")
            compare(folder, feed, small, given.size, plain)
            if title == "real ads" and plain:
                print(f"{title}, Parquet: {about}")
                compare(folder, as_parquet(feed), as_parquet(small), given.size, plain)


def as_parquet(feed: str) -> str:
    """A JSONL feed written once more, as Parquet."""
    from pyarrow import json as arrow
    from pyarrow import parquet

    parquet.write_table(arrow.read_json(feed), path := str(Path(feed).with_suffix(".parquet")), row_group_size=2000)
    return path


def compare(folder: Path, feed: str, small: str, size: int, plain: dict[str, Path]) -> None:
    """Print the rates on one feed beside plain pipelines, unless there are none; `small` holds its first 2,000 postings."""
    runs: dict[str, tuple[str, tuple[str, ...]]] = {
        "ours, no reasons": (_OURS, ("1", "none")),
        "ours, reasons of flagged": (_OURS, ("1", "flagged")),
        "ours, two processes": (_OURS, ("2", "flagged")),
    }
    if plain:
        runs |= {name: (_PLAIN, (str(path),)) for name, path in plain.items()} | {"only reading and writing": (_READING, ())}
    rates = {}
    for label, (code, arguments) in runs.items():
        whole, memory = timed(code, feed, str(folder / "out.jsonl"), *arguments)
        start, _ = timed(code, small, str(folder / "out.jsonl"), *arguments)  # what starting costs, with 2,000 postings
        rates[label] = (size - 2000) / (whole - start)
        print(f"  {label:42}{rates[label]:12,.0f} postings/s{memory:8,.0f} MB", flush=True)
    ours = rates["ours, reasons of flagged"]
    for name in plain:
        print(f"  ours is {ours / rates[name]:.1f} times the {name}")
    if plain:
        print(f"  ours takes {rates['only reading and writing'] / ours:.1f} times as long as only reading and writing")
    print(f"  two processes: {rates['ours, two processes'] / ours:.2f} times one")


if __name__ == "__main__":
    main()
