"""Hashed n-grams beside scikit-learn's hashing vectorisers: the same texts, one core, in turns.

Run: python -m tests.benchmarks.features
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import statistics
import time
from collections.abc import Callable, Sequence

from sklearn.feature_extraction.text import HashingVectorizer

from classifier.features import HashedNgrams
from classifier.labelled import corpus_files, read_labelled
from classifier.schema import joined_text

ROUNDS = 5
PEERS: dict[str, Callable[[Sequence[str]], object]] = {
    "HashedNgrams (ours)": HashedNgrams().transform,
    "HashingVectorizer char 3-5": HashingVectorizer(analyzer="char", ngram_range=(3, 5)).transform,
    "HashingVectorizer char_wb 3-5": HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5)).transform,
    "HashingVectorizer words 1-2": HashingVectorizer(ngram_range=(1, 2)).transform,
}


def texts_of(characters: int, latin: bool, count: int) -> list[str]:
    """Texts of about the given length, made by joining postings of the corpus."""
    rows = read_labelled(corpus_files())[0]
    pool = [joined_text(row.posting) for row in rows if (row.language in ("id", "en", "ms", "tl", "vi")) == latin]
    stream = "\n".join(pool * (1 + count * characters // sum(map(len, pool))))
    return [stream[i * characters : (i + 1) * characters] for i in range(count)]


def main() -> None:
    for name, characters, latin, count in (
        ("chat ads, 300 characters", 300, True, 3000),
        ("board ads, 1,500 characters", 1500, True, 800),
        ("pages, 8,000 characters", 8000, True, 150),
        ("not Latin, 500 characters", 500, False, 1000),
    ):
        texts = texts_of(characters, latin, count)
        times: dict[str, list[float]] = {peer: [] for peer in PEERS}
        for _ in range(ROUNDS):
            for peer, transform in PEERS.items():
                started = time.perf_counter()
                transform(texts)
                times[peer].append(time.perf_counter() - started)
        ours = statistics.median(times["HashedNgrams (ours)"])
        print(f"\n{name}, {len(texts)} texts")
        for peer, seconds in times.items():
            median = statistics.median(seconds)
            spread = (max(seconds) - min(seconds)) / median
            rate = len(texts) / median
            print(f"  {peer:32} {rate:10,.0f} texts/s  spread {spread:4.0%}  ours is {median / ours:5.1f} times as fast")


if __name__ == "__main__":
    main()
