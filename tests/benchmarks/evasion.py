"""What disguises cost: recall on held-out lures and false alarms on held-out legit postings, plain and disguised.

Run: python -m tests.benchmarks.evasion
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from classifier import Posting, RiskModel, load_model
from classifier.disguises import DISGUISES, Disguise
from classifier.labelled import LabelledPosting, corpus_files, read_labelled, split_of


def disguised(row: LabelledPosting, disguise: Disguise, seed: int = 0) -> Posting:
    """The posting with its title and description disguised."""
    random = Random(f"{seed} {row.posting.id}")
    changed = {name: disguise(getattr(row.posting, name), row.language, random) for name in ("title", "description")}
    return replace(row.posting, **changed) if any(text.strip() for text in changed.values()) else row.posting


def measure(model: RiskModel, rows: list[LabelledPosting]) -> dict[str, tuple[float, float]]:
    """Disguise -> recall of lures and false alarms at the band `review`; "none" for the plain texts."""
    lure = np.array([row.label == "overseas_lure" for row in rows])
    legit = np.array([row.label == "legit" for row in rows])
    result = {}
    for name, disguise in {"none": None, **DISGUISES}.items():
        postings = [disguised(row, disguise) if disguise else row.posting for row in rows]
        flagged = 1 - model.probabilities(postings)[:, 0] >= model.thresholds["review"]
        result[name] = (float(flagged[lure].mean()), float(flagged[legit].mean()))
    return result


def main() -> None:
    rows = [row for row in read_labelled(corpus_files())[0] if split_of(row.group) == "test"]
    result = measure(load_model(), rows)
    recall, alarms = result.pop("none")
    print(f"plain: recall {recall:.3f}, false alarms {alarms:.3f}")
    for name, (r, a) in result.items():
        print(f"{name:26} recall {r:.3f} ({r - recall:+.3f})  false alarms {a:.3f} ({a - alarms:+.3f})")
    print(f"mean over all: recall {np.mean([r for r, _ in result.values()]) - recall:+.3f}")


if __name__ == "__main__":
    main()
