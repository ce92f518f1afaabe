"""How the model grows with the corpus: on a held-out split, and on languages that it has never seen.

Average precision at 25, 50, 75 and 100 % of the training groups. Run: python -m tests.benchmarks.learning_curve
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from classifier.evaluation import average_precision
from classifier.labelled import LabelledPosting, corpus_files, join_near_duplicates, read_labelled, split_of
from classifier.linear import RISK
from classifier.training import TrainingData, TrainingOptions, fit_linear, log_odds_of

SHARES = (0.25, 0.5, 0.75, 1.0)
FEWEST = 200
"""Languages with fewer postings are not left out one by one: their figures would be noise."""
OPTIONS = TrainingOptions()


def place_of(row: LabelledPosting) -> float:
    """Where a group stands between 0 and 1, so that the smaller shares lie within the larger."""
    return hashlib.sha256(row.group.encode()).digest()[0] / 256


def main() -> None:
    rows = join_near_duplicates(read_labelled(corpus_files())[0])
    data = TrainingData.of(rows, OPTIONS)
    places = np.array([place_of(row) for row in rows])
    held_out = np.array([split_of(row.group) == "test" for row in rows])
    languages = np.array([row.language for row in rows])

    def curve(training: NDArray[np.bool_], testing: NDArray[np.bool_]) -> str:
        at = np.flatnonzero(testing)
        figures = []
        for share in SHARES:
            linear = fit_linear(data, np.flatnonzero(training & (places < share)), OPTIONS)
            figures.append(average_precision(data.labels[at] != "legit", log_odds_of(linear, data, at)[RISK]) or 0.0)
        return "".join(f"{figure:8.3f}" for figure in figures)

    print("share of the training groups:        " + "".join(f"{share:8.0%}" for share in SHARES))
    print(f"held-out split                       {curve(~held_out, held_out)}", flush=True)
    for language in np.unique(languages).tolist():
        left_out = languages == language
        if left_out.sum() >= FEWEST:
            print(f"never seen: {language:25}{curve(~left_out, left_out)}", flush=True)


if __name__ == "__main__":
    main()
