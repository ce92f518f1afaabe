"""EMSCAD's part beside the checkout: trained on its `train` fold, measured on its `test` fold, beside the peers.

Run: python -m tests.benchmarks.emscad
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from classifier.evaluation import average_precision, roc_auc
from classifier.labelled import LabelColumns, LabelledPosting, read_labelled
from classifier.training import train
from tests.benchmarks.peers import PEERS

DATA = Path(__file__).parents[3] / "shared" / "data" / "emscad_subset.csv.gz"


def fold(name: str) -> list[LabelledPosting]:
    """The rows of one fold."""
    columns = LabelColumns("fraudulent", {"0": "legit", "1": "job_scam"}, "group", {"fold": name})
    return read_labelled([DATA], columns)[0]


def main() -> None:
    if not DATA.is_file():
        sys.exit(f"missing real postings: {DATA}")
    training, testing = fold("train"), fold("test")
    postings, risky = [row.posting for row in training], np.array([row.label != "legit" for row in training])
    truth = np.array([row.label != "legit" for row in testing])
    print(f"{len(training)} for training, {len(testing)} for testing, {truth.mean():.0%} fraudulent")
    for name, peer in {"ours": None, **PEERS}.items():
        try:
            if peer is None:
                model = train(training, hold_out=False)
                risk = 1.0 - model.probabilities([row.posting for row in testing])[:, 0]
                called = risk >= 0.5
            else:
                risk = peer(postings, risky)([row.posting for row in testing])
                called = risk >= (0.5 if 0 <= risk.min() <= risk.max() <= 1 else 0.0)
        except ImportError as e:
            print(f"{name:50} not installed: {e.name}")
            continue
        precision, area = average_precision(truth, risk), roc_auc(truth, risk)
        print(f"{name:50} average precision {precision:.3f}  ROC AUC {area:.3f}  F1 {f1_score(truth, called):.3f}", flush=True)


if __name__ == "__main__":
    main()
