"""Our model and its peers on the same split of the corpus: average precision, recall, time.

Trained on the train and validation parts, measured on the test part. Run: python -m tests.benchmarks.detection
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from classifier.evaluation import average_precision, recall_at
from classifier.labelled import LabelledPosting, corpus_files, read_labelled, split_of
from classifier.training import train
from tests.benchmarks.peers import PEERS, Scorer


def ours(rows: Sequence[LabelledPosting]) -> Scorer:
    """Our model as a scorer of risk."""
    model = train(rows)
    return lambda postings: 1.0 - model.probabilities(postings)[:, 0]


def report(train_rows: list[LabelledPosting], test_rows: list[LabelledPosting], our_rows: list[LabelledPosting]) -> None:
    """One line a model. `our_rows` are what our training gets, which holds out its own test part."""
    postings = [row.posting for row in train_rows]
    risky = np.array([row.label != "legit" for row in train_rows])
    test_postings = [row.posting for row in test_rows]
    truth = np.array([row.label != "legit" for row in test_rows])
    print(f"{len(train_rows)} for training, {len(test_rows)} for testing, {truth.mean():.0%} risky")
    print(f"{'':50} avg. precision  recall at 1 %  recall at 5 %  training  postings/s")
    for name, peer in {"ours": None, **PEERS}.items():
        started = time.perf_counter()
        try:
            scorer = ours(our_rows) if peer is None else peer(postings, risky)
        except ImportError as e:
            print(f"{name:50} not installed: {e.name}")
            continue
        seconds = time.perf_counter() - started
        scorer(test_postings[:50])
        started = time.perf_counter()
        risk = scorer(test_postings)
        rate = len(test_postings) / (time.perf_counter() - started)
        figures = [average_precision(truth, risk), recall_at(0.01)(truth, risk), recall_at(0.05)(truth, risk)]
        cells = "".join(f"{figure:15.3f}" for figure in figures)
        print(f"{name:50}{cells}{seconds:9.1f} s{rate:12,.0f}", flush=True)


def main() -> None:
    rows = read_labelled(corpus_files())[0]
    test_rows = [row for row in rows if split_of(row.group) == "test"]
    train_rows = [row for row in rows if split_of(row.group) != "test"]
    report(train_rows, test_rows, rows)


if __name__ == "__main__":
    main()
