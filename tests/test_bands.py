import numpy as np
import pytest

from classifier.bands import choose_thresholds, most_flagged, upper_bound


def test_the_budget_is_held_by_the_upper_bound():
    allowed = most_flagged(2000, 0.01)
    assert upper_bound(allowed, 2000) <= 0.01 < upper_bound(allowed + 1, 2000)
    assert allowed < 20


def test_a_budget_that_so_few_postings_cannot_prove():
    assert most_flagged(1000, 0.001) is None
    assert most_flagged(10_000, 0.001) is not None
    assert upper_bound(0, 0) == 1.0


def test_thresholds_hold_on_new_postings_of_the_same_kind():
    random = np.random.default_rng(1)
    broken = {"review": 0, "high": 0}
    for _ in range(30):
        thresholds = choose_thresholds(random.normal(-4, 2, 1500), {"review": 0.01, "high": 0.001})
        fresh = 1 / (1 + np.exp(-random.normal(-4, 2, 200_000)))
        for band, share in (("review", 0.01), ("high", 0.001)):
            broken[band] += (fresh >= thresholds[band]).mean() > share
    assert broken["review"] <= 4
    assert broken["high"] <= 4


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_a_looser_budget_lowers_the_threshold(share):
    log_odds = np.random.default_rng(2).normal(-4, 2, 3000)
    tight = choose_thresholds(log_odds, {"review": 0.01, "high": 0.001})
    loose = choose_thresholds(log_odds, {"review": share, "high": 0.01})
    assert loose["review"] < tight["review"] <= tight["high"]
    assert loose["high"] < tight["high"]
