"""Metrics of a model on labelled postings: what it finds, what it costs, how sure that is.

Undefined figures (no lure in a language, nothing flagged) are None, never 0. Intervals are 95 % percentile bootstrap
intervals over groups (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13), since siblings are not
independent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.schema import LABELS

RESAMPLES = 400
CALIBRATION_BINS = 10
Metric = Callable[[NDArray[np.bool_], NDArray[np.float64]], float | None]


def average_precision(risky: NDArray[np.bool_], risk: NDArray[np.float64]) -> float | None:
    """Area under the precision-recall curve as a step function; ties are one step."""
    if not risky.any():
        return None
    order = np.argsort(-risk, kind="stable")
    hits, last = np.cumsum(risky[order]), np.append(np.diff(risk[order]) != 0, True)
    precision, recall = hits[last] / (np.flatnonzero(last) + 1), hits[last] / risky.sum()
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def roc_auc(risky: NDArray[np.bool_], risk: NDArray[np.float64]) -> float | None:
    """Probability that a risky posting gets a higher risk than a legit one; ties count half."""
    positives, negatives = int(risky.sum()), int((~risky).sum())
    if not positives or not negatives:
        return None
    _values, inverse, counts = np.unique(risk, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return float((ranks[inverse][risky].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def recall_at(false_alarms: float) -> Metric:
    """Share of the risky postings above the risk that at most `false_alarms` of the legit ones exceed."""

    def metric(risky: NDArray[np.bool_], risk: NDArray[np.float64]) -> float | None:
        legit = np.sort(risk[~risky])[::-1]
        if not risky.any() or not len(legit):
            return None
        threshold = legit[min(int(false_alarms * len(legit)), len(legit) - 1)]
        return float((risk[risky] > threshold).mean())

    return metric


def precision_above(threshold: float) -> Metric:
    """Share of risky ones among the postings at or above the threshold."""

    def metric(risky: NDArray[np.bool_], risk: NDArray[np.float64]) -> float | None:
        flagged = risk >= threshold
        return float(risky[flagged].mean()) if flagged.any() else None

    return metric


def recall_above(threshold: float) -> Metric:
    """Share of the risky postings at or above the threshold."""

    def metric(risky: NDArray[np.bool_], risk: NDArray[np.float64]) -> float | None:
        return float((risk[risky] >= threshold).mean()) if risky.any() else None

    return metric


def false_alarms_above(threshold: float) -> Metric:
    """Share of the legit postings at or above the threshold."""

    def metric(risky: NDArray[np.bool_], risk: NDArray[np.float64]) -> float | None:
        return float((risk[~risky] >= threshold).mean()) if not risky.all() else None

    return metric


def calibration_error(risky: NDArray[np.bool_], risk: NDArray[np.float64]) -> float | None:
    """Expected calibration error over equally wide bins (Naeini, Cooper and Hauskrecht, AAAI 2015)."""
    if not len(risk):
        return None
    table = reliability(risky, risk)
    return float(sum(row["postings"] * abs(row["risk"] - row["risky"]) for row in table) / len(risk))


def reliability(risky: NDArray[np.bool_], risk: NDArray[np.float64]) -> list[dict[str, float]]:
    """Mean risk and share of risky postings in each bin that is not empty, for a reliability plot."""
    bins = np.minimum((risk * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return [
        {"risk": float(risk[at].mean()), "risky": float(risky[at].mean()), "postings": int(at.sum())}
        for b in range(CALIBRATION_BINS)
        if (at := bins == b).any()
    ]


def bootstrap(
    metric: Metric, risky: NDArray[np.bool_], risk: NDArray[np.float64], groups: Sequence[str], seed: int = 0
) -> dict[str, float | None]:
    """A metric with its 95 % interval, resampling whole groups."""
    _, member = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(member, kind="stable")
    limits = np.searchsorted(member[order], np.arange(member.max(initial=-1) + 2))
    random = np.random.default_rng(seed)
    values = []
    for _ in range(RESAMPLES):
        drawn = random.integers(0, len(limits) - 1, len(limits) - 1)
        at = order[_ranges(limits[drawn], limits[drawn + 1])]
        value = metric(risky[at], risk[at])
        if value is not None:
            values.append(value)
    low, high = (float(q) for q in np.quantile(values, [0.025, 0.975])) if values else (None, None)
    return {"value": metric(risky, risk), "low": low, "high": high}


def _ranges(starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.int64]:
    """All integers of all ranges start..stop, one after the other."""
    lengths = stops - starts
    first = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    result: NDArray[np.int64] = np.arange(lengths.sum()) + first
    return result


def evaluate_probabilities(
    labels: Sequence[str],
    probabilities: NDArray[np.float64],
    groups: Sequence[str],
    thresholds: Mapping[str, float],
    slices: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """All metrics over a set of postings, and over each value of each slice (`language`, `situation`).

    `probabilities`: shape (postings, 3), columns in the order of LABELS.
    """
    truth = np.asarray(labels)
    risky, risk = truth != "legit", 1.0 - probabilities[:, 0]
    metrics: dict[str, Metric] = {
        "average_precision": average_precision,
        "roc_auc": roc_auc,
        "recall_at_1_percent_false_alarms": recall_at(0.01),
        "calibration_error": calibration_error,
    }
    for band in ("review", "high"):
        metrics[f"precision_{band}"] = precision_above(thresholds[band])
        metrics[f"recall_{band}"] = recall_above(thresholds[band])
        metrics[f"false_alarms_{band}"] = false_alarms_above(thresholds[band])
    result: dict[str, Any] = {
        "postings": len(truth),
        "labels": {label: int((truth == label).sum()) for label in LABELS},
        "metrics": {name: bootstrap(metric, risky, risk, groups) for name, metric in metrics.items()},
        "confusion": confusion(truth, probabilities),
        "reliability": reliability(risky, risk),
    }
    for name, values in (slices or {}).items():
        column = np.asarray(values)
        result[name] = {
            str(value): _slice(metrics, risky[at], risk[at], np.asarray(groups)[at])
            for value in sorted(set(column.tolist()))
            if (at := column == value).any()
        }
    return result


def _slice(
    metrics: Mapping[str, Metric], risky: NDArray[np.bool_], risk: NDArray[np.float64], groups: NDArray[Any]
) -> dict[str, Any]:
    return {
        "postings": len(risk),
        "risky": int(risky.sum()),
        "metrics": {name: bootstrap(metric, risky, risk, groups.tolist()) for name, metric in metrics.items()},
        "reliability": reliability(risky, risk),
    }


def compare(
    labels: Sequence[str],
    groups: Sequence[str],
    first: tuple[NDArray[np.float64], float],
    second: tuple[NDArray[np.float64], float],
) -> dict[str, Any]:
    """Two models on the same postings: each is given as its risks and its threshold of the band `review`.

    Differences (second minus first) with paired 95 % bootstrap intervals over groups, and McNemar's exact test on which
    postings are flagged rightly by one model only (McNemar, "Note on the sampling error of the difference between correlated
    proportions or percentages", Psychometrika 12, 1947).
    """
    risky = np.asarray(labels) != "legit"
    (risk_1, threshold_1), (risk_2, threshold_2) = first, second
    right_1, right_2 = (risk_1 >= threshold_1) == risky, (risk_2 >= threshold_2) == risky
    rows = np.arange(len(risky))

    def difference(metric: Metric, at: NDArray[np.int64], by_threshold: bool) -> float | None:
        a = metric(risky[at], risk_1[at] - (threshold_1 if by_threshold else 0.0))
        b = metric(risky[at], risk_2[at] - (threshold_2 if by_threshold else 0.0))
        return None if a is None or b is None else b - a

    def paired(metric: Metric, by_threshold: bool = False) -> dict[str, float | None]:
        return bootstrap(lambda _, at: difference(metric, at.astype(int), by_threshold), risky, rows.astype(float), groups)

    only_1, only_2 = int((right_1 & ~right_2).sum()), int((right_2 & ~right_1).sum())
    return {
        "average_precision": paired(average_precision),
        "recall_review": paired(recall_above(0.0), by_threshold=True),
        "false_alarms_review": paired(false_alarms_above(0.0), by_threshold=True),
        "right_by_first_only": only_1,
        "right_by_second_only": only_2,
        "p_value": _sign_test(min(only_1, only_2), only_1 + only_2),
    }


def _sign_test(k: int, n: int) -> float:
    """Two-sided probability of a split at least as uneven as k of n when both sides are equally likely."""
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2**n) if n else 1.0


def confusion(truth: NDArray[Any], probabilities: NDArray[np.float64]) -> dict[str, dict[str, int]]:
    """Postings by true label and likeliest label."""
    likeliest = np.asarray(LABELS)[probabilities.argmax(axis=1)]
    return {t: {p: int(((truth == t) & (likeliest == p)).sum()) for p in LABELS} for t in LABELS}
