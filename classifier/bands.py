"""Thresholds of the bands, chosen by what they may cost: the share of legit postings that is flagged.

Each threshold holds its budget with the upper bound of a 95 % interval. For `review` (1 in 100) flagged postings are simply
counted. For `high` (1 in 1,000) that would need some 4,000 legit postings that the model did not see; with fewer, the tail
of their log-odds is fitted (exceedances over a high quantile are close to exponential: Coles, "An Introduction to Statistical
Modeling of Extreme Values", 2001, chapter 4) and the threshold is the upper bound, by bootstrap, of the tail's quantile.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAX_FALSE_ALARMS = {"review": 0.01, "high": 0.001}
"""Share of legit postings that each band may flag."""
_Z = 1.96
_TAIL = 0.1
_RESAMPLES = 500


def choose_thresholds(legit_log_odds: NDArray[np.float64], max_false_alarms: dict[str, float]) -> dict[str, float]:
    """Lowest risk of each band, from the calibrated log-odds of legit postings that the model did not see."""
    thresholds = {}
    for band, share in max_false_alarms.items():
        allowed = most_flagged(len(legit_log_odds), share)
        log_odds = _counted(legit_log_odds, allowed) if allowed is not None else _from_tail(legit_log_odds, share)
        thresholds[band] = float(0.5 * (1.0 + np.tanh(0.5 * log_odds)))
    thresholds["high"] = max(thresholds["high"], thresholds["review"])
    return thresholds


def most_flagged(legit: int, share: float) -> int | None:
    """How many of `legit` postings may be flagged so that the upper bound of the share is at most `share`; None when not even
    none of them would prove that."""
    allowed = [k for k in range(int(share * legit) + 1) if upper_bound(k, legit) <= share]
    return allowed[-1] if allowed else None


def upper_bound(flagged: int, legit: int) -> float:
    """Upper end of the 95 % interval of a share (Wilson, "Probable inference, the law of succession, and statistical
    inference", Journal of the American Statistical Association 22, 1927)."""
    if legit == 0:
        return 1.0
    p, z2 = flagged / legit, _Z * _Z
    return float((p + z2 / (2 * legit) + _Z * np.sqrt(p * (1 - p) / legit + z2 / (4 * legit * legit))) / (1 + z2 / legit))


def _counted(log_odds: NDArray[np.float64], allowed: int) -> float:
    """The lowest log-odds that at most `allowed` postings reach."""
    falling = np.sort(log_odds)[::-1]
    return float(np.nextafter(falling[allowed], np.inf)) if allowed < len(falling) else float(falling[-1])


def _from_tail(log_odds: NDArray[np.float64], share: float) -> float:
    """Upper bound (97.5 %) of the log-odds that a share of legit postings exceeds, and never below the largest seen but one in
    a thousand."""
    random = np.random.default_rng(0)
    quantiles = []
    for _ in range(_RESAMPLES):
        drawn = random.choice(log_odds, len(log_odds))
        start = np.quantile(drawn, 1 - _TAIL)
        scale = float((drawn[drawn > start] - start).mean()) if (drawn > start).any() else 0.0
        quantiles.append(start + scale * np.log(_TAIL / share))
    return max(float(np.quantile(quantiles, 0.975)), _counted(log_odds, int(share * len(log_odds))))
