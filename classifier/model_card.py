"""The model card: what a model was trained on, how well it does, and where it must not be trusted.

After Mitchell and others, "Model Cards for Model Reporting", FAT* 2019.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HEAD = """# Model card: job-ad risk classifier

## What it is
A linear model over hashed word and character n-grams and indicators. It gives the probability that a posting is not legit, and of
the two ways to be so: `overseas_lure` (recruitment into trafficking for online crime) and `job_scam` (other fraud on job seekers).

## Intended use
To rank ads for a person to read, to warn a job seeker, to hold an ad back until somebody has checked it. The band `review` asks
for a look; `high` asks for one now.

## Misuse
Do not punish, report or publish anyone on its word alone; do not use it on messages between private people; do not read `low` as
"safe": a careful recruiter can write a lure in the words of an honest agency.
"""
_LABELS = """
## Labels
- `overseas_lure`: recruits people to go abroad, or into a closed site, under the pattern of trafficking for online crime: pay too
  good for the work asked, little asked of the worker, journey paid, vague employer, contact by chat alone; also open offers of it.
- `job_scam`: fees first, paid tasks with deposits, harvesting of identity or bank data, impersonated state firms, rented
  accounts, money mules, pyramids.
- `legit`: everything else, also honest jobs in the places where compounds are, and what is no ad at all (news, warnings).
"""
_LIMITS = """
## Limits
- The training postings were composed for the purpose, not collected; real feeds hold kinds of ads that nobody thought of.
- It reads words, not facts: it does not know whether a permit number exists or an employer is real.
- Languages with few training postings have wide intervals (see the table); in languages without any only the indicators speak.
- Precision in a real feed is lower than in these tables: there most ads are honest. False alarms per 1,000 legit ads are what
  carries over.
"""


def write_card(metadata: Mapping[str, Any], thresholds: Mapping[str, float]) -> str:
    """The card as Markdown, from the metadata that `training.train` puts together."""
    data, part = metadata["data"], metadata["test"] or metadata["validation"]
    name = "held-out test postings" if metadata["test"] else "out-of-fold predictions"
    counts = ", ".join(f"{n} {label}" for label, n in data["labels"].items())
    lines = [
        _HEAD + _LABELS,
        "## Data",
        f"{data['postings']} labelled postings in {data['groups']} groups ({counts}), fingerprint {data['fingerprint']}, "
        f"trained on {metadata['trained_at']}. "
        f"Labels: `legit`, `overseas_lure`, `job_scam`, as the data card's label guide has them.",
        "",
        "## Bands",
        _bands(metadata, thresholds),
        f"Expected calibration error here: {format_interval(part['metrics']['calibration_error'])}.",
        "",
        f"## Figures on {part['postings']} {name}",
        "95 % intervals by bootstrap over groups.",
        "",
        "| | postings | average precision | recall, review | false alarms, review | recall, high | false alarms, high "
        "| calibration error |",
        "|---|---|---|---|---|---|---|---|",
        _row("all", part),
        *(_row(code, figures) for code, figures in part["language"].items()),
    ]
    return "\n".join(lines) + "\n" + _LIMITS


def _bands(metadata: Mapping[str, Any], thresholds: Mapping[str, float]) -> str:
    budget, base_rate = metadata["max_false_alarms"], metadata["base_rate"]
    return (
        f"`review` from a risk of {thresholds['review']:.3f}, `high` from {thresholds['high']:.3f}. Chosen on predictions for "
        "postings that the predicting model did not see (folds that keep groups together), so that at most "
        f"{budget['review']:.1%} and {budget['high']:.1%} of legit postings are flagged, with the upper bound of the 95 % "
        "interval; where too few postings were there to prove that by counting, by the fitted tail. "
        f"The risk is meant for a feed in which {base_rate:.0%} are risky, as in the training data; give the share in yours "
        "with `--prevalence`."
    )


def _row(name: str, figures: Mapping[str, Any]) -> str:
    names = ("average_precision", "recall_review", "false_alarms_review", "recall_high", "false_alarms_high", "calibration_error")
    cells = (format_interval(figures["metrics"][metric]) for metric in names)
    return f"| {name} | {figures['postings']} | " + " | ".join(cells) + " |"


def format_interval(figure: Mapping[str, float | None]) -> str:
    """'0.912 (0.880-0.940)', or a dash where the figure is not defined."""
    if figure["value"] is None:
        return "–"
    if figure["low"] is None:
        return f"{figure['value']:.3f}"
    return f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"
