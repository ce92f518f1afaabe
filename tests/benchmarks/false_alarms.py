"""The default model on every unlabelled real feed beside the checkout, all of them taken as honest.

Prints the share in each band by language, and the riskiest for a person to read. Run: python -m tests.benchmarks.false_alarms
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from classifier import Posting, load_model, read_postings
from classifier.labelled import corpus_files, read_labelled, split_of
from classifier.model import RiskModel

FOLDER = Path(__file__).parents[3] / "shared" / "data"
SHOWN = 20


def risk_that_finds(model: RiskModel, share: float) -> float:
    """The risk at and above which the given share of the held-out lures of the corpus lies."""
    rows = [r for r in read_labelled(corpus_files())[0] if r.label == "overseas_lure" and split_of(r.group) == "test"]
    risks = sorted((1 - model.probabilities([r.posting for r in rows])[:, 0]).tolist(), reverse=True)
    return risks[int(share * len(risks)) - 1]


def main() -> None:
    feeds = sorted(FOLDER.glob("feed_*.csv.gz"))
    if not feeds:
        sys.exit(f"missing real postings: {FOLDER}/feed_*.csv.gz")
    model = load_model()
    limit = risk_that_finds(model, 0.95)
    bands: dict[str, Counter[str]] = {}
    for feed in feeds:
        postings = [p for p in read_postings(feed) if isinstance(p, Posting)]
        assessments = model.assess(postings, explain="none")
        for a in assessments:
            bands.setdefault(a.language, Counter())[a.band] += 1
            bands.setdefault("all", Counter())[a.band] += 1
        above = sum(a.risk >= limit for a in assessments) / len(assessments)
        print(f"\n{feed.name}: {len(postings)} postings")
        print(f"  {above:.1%} at or above {limit:.3f}, the risk that finds 95 % of held-out lures")
        riskiest = sorted(zip(assessments, postings, strict=True), key=lambda pair: -pair[0].risk)[:SHOWN]
        for assessment, posting in riskiest:
            print(f"  {assessment.risk:.3f} {assessment.band:6} {assessment.label:13} {posting.title[:70]}")
    print("\nlanguage  postings  review or high    high")
    for language, counts in sorted(bands.items()):
        total = counts.total()
        print(f"{language:8} {total:9} {(counts['review'] + counts['high']) / total:14.2%} {counts['high'] / total:8.2%}")


if __name__ == "__main__":
    main()
