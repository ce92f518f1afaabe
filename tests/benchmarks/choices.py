"""What each choice of features and training brings: grouped cross-validation inside the training part alone.

For each choice: average precision and recall at 1 % false alarms of postings whose group the model did not see, and mean average
precision over languages that it did not see (those with at least FEW postings). The test part is never looked at, so that its
figures stay honest. Run: python -m tests.benchmarks.choices [NAME...]
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from classifier.evaluation import average_precision, recall_at
from classifier.labelled import LabelledPosting, corpus_files, join_near_duplicates, read_labelled, split_of
from classifier.linear import RISK
from classifier.ngrams import NgramHasher
from classifier.training import TrainingData, TrainingOptions, fit_and_cross_validate, fit_linear, log_odds_of

FEW = 300
DEFAULT = TrainingOptions()
PLAIN = replace(DEFAULT, copy_weight=0)
CHOICES = {
    "n-grams only, no copies": replace(PLAIN, use_indicators=False),
    "indicators only, no copies": replace(PLAIN, use_ngrams=False),
    "both, no copies": PLAIN,
    "both, altered copies (default)": DEFAULT,
    "copies at full weight": replace(DEFAULT, copy_weight=1.0),
    "places learnt as words too": replace(DEFAULT, learn_places=True),
    "C = 0.5": replace(DEFAULT, regularisation=0.5),
    "C = 1": replace(DEFAULT, regularisation=1.0),
    "C = 4": replace(DEFAULT, regularisation=4.0),
    "rarity to the power 1": replace(DEFAULT, rarity_power=1.0),
    "rarity to the power 1.5": replace(DEFAULT, rarity_power=1.5),
    "n-grams of 1 posting and more": replace(DEFAULT, min_postings=1),
    "n-grams of 5 postings and more": replace(DEFAULT, min_postings=5),
    "both labels weigh the same": replace(DEFAULT, balanced=True),
    "2^20 buckets": replace(DEFAULT, hasher=NgramHasher(bits=20)),
    "2^21 buckets": replace(DEFAULT, hasher=NgramHasher(bits=21)),
    "2^23 buckets": replace(DEFAULT, hasher=NgramHasher(bits=23)),
    "words alone": replace(DEFAULT, hasher=NgramHasher((1, 2), ())),
    "words, characters 3": replace(DEFAULT, hasher=NgramHasher((1, 2), (3,))),
    "words, characters 3 and 5": replace(DEFAULT, hasher=NgramHasher((1, 2), (3, 5))),
    "words, characters 3, 4 and 5": replace(DEFAULT, hasher=NgramHasher((1, 2), (3, 4, 5))),
}


def measure(rows: list[LabelledPosting], options: TrainingOptions) -> tuple[float, float, float]:
    """Average precision and recall at 1 % false alarms by cross-validation; mean average precision on unseen languages."""
    data = TrainingData.of(rows, options)
    risky = data.labels != "legit"
    log_odds = fit_and_cross_validate(data, options)[1][RISK]
    names, counts = np.unique([row.language for row in rows], return_counts=True)
    languages = np.array([row.language for row in rows])
    unseen = Parallel(n_jobs=2)(delayed(_unseen)(data, languages == name, options) for name in names[counts >= FEW])
    return average_precision(risky, log_odds) or 0.0, recall_at(0.01)(risky, log_odds) or 0.0, float(np.mean(unseen))


def _unseen(data: TrainingData, left_out: NDArray[np.bool_], options: TrainingOptions) -> float:
    """Average precision of a language on a model of the others."""
    linear = fit_linear(data, np.flatnonzero(~left_out), options)
    at = np.flatnonzero(left_out)
    return average_precision(data.labels[at] != "legit", log_odds_of(linear, data, at)[RISK]) or 0.0


def main() -> None:
    wanted = sys.argv[1:] or list(CHOICES)
    rows = [row for row in join_near_duplicates(read_labelled(corpus_files())[0]) if split_of(row.group) != "test"]
    print(f"{len(rows)} postings\n{'':32} average precision  recall at 1 %  unseen languages")
    for name in wanted:
        precision, recall, unseen = measure(rows, CHOICES[name])
        print(f"{name:32}{precision:18.4f}{recall:15.3f}{unseen:18.4f}", flush=True)


if __name__ == "__main__":
    main()
