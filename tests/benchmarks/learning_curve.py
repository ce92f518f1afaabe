"""How the model grows with the corpus: on a held-out split, and on languages that it has never seen.

Average precision at 25, 50, 75 and 100 % of the training groups. Run: python -m tests.benchmarks.learning_curve
"""

from __future__ import annotations

import hashlib

import numpy as np

from classifier.evaluation import average_precision
from classifier.labelled import LabelledPosting, corpus_files, read_labelled, split_of
from classifier.training import train

SHARES = (0.25, 0.5, 0.75, 1.0)


def part(rows: list[LabelledPosting], share: float) -> list[LabelledPosting]:
    """The rows of a share of the groups, the smaller shares within the larger."""
    return [r for r in rows if hashlib.sha256(r.group.encode()).digest()[0] < share * 256]


def precision_on(training: list[LabelledPosting], testing: list[LabelledPosting]) -> float:
    model = train(training, hold_out=False)
    risky = np.array([row.label != "legit" for row in testing])
    return average_precision(risky, 1 - model.probabilities([row.posting for row in testing])[:, 0]) or 0.0


def main() -> None:
    rows = read_labelled(corpus_files())[0]
    testing = [row for row in rows if split_of(row.group) == "test"]
    training = [row for row in rows if split_of(row.group) != "test"]
    print("share of the training groups:        " + "".join(f"{share:8.0%}" for share in SHARES))
    print("held-out split                       " + "".join(f"{precision_on(part(training, s), testing):8.3f}" for s in SHARES))
    for language in sorted({row.language for row in rows}):
        unseen = [row for row in rows if row.language == language]
        others = [row for row in rows if row.language != language]
        figures = "".join(f"{precision_on(part(others, s), unseen):8.3f}" for s in SHARES)
        print(f"never seen: {language:25}{figures}", flush=True)


if __name__ == "__main__":
    main()
