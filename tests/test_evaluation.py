import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from classifier.evaluation import (
    average_precision,
    bootstrap,
    calibration_error,
    evaluate_probabilities,
    false_alarms_above,
    precision_above,
    recall_above,
    recall_at,
    roc_auc,
)

cases = st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=60)


@given(cases)
def test_the_metrics_agree_with_scikit_learn(rows):
    risky = np.array([r for r, _ in rows])
    risk = np.array([s / 20 for _, s in rows])
    if risky.any():
        assert average_precision(risky, risk) == pytest.approx(average_precision_score(risky, risk))
    if risky.any() and not risky.all():
        assert roc_auc(risky, risk) == pytest.approx(roc_auc_score(risky, risk))


def test_figures_without_meaning_are_none():
    none, some = np.array([False, False]), np.array([0.1, 0.2])
    assert average_precision(none, some) is None
    assert roc_auc(none, some) is None
    assert recall_above(0.5)(none, some) is None
    assert precision_above(0.5)(none, some) is None
    assert false_alarms_above(0.5)(~none, some) is None
    assert calibration_error(none[:0], some[:0]) is None


def test_recall_at_a_false_alarm_rate_counts_strictly_above():
    risky = np.array([True] * 4 + [False] * 100)
    risk = np.array([0.9, 0.8, 0.5, 0.1, *np.linspace(0.001, 0.6, 100)])
    assert recall_at(0.01)(risky, risk) == 0.5
    assert recall_at(0.5)(risky, risk) == 0.75


def test_a_calibrated_risk_has_no_error_and_a_wrong_one_has():
    risk = np.full(1000, 0.25)
    risky = np.arange(1000) % 4 == 0
    assert calibration_error(risky, risk) == pytest.approx(0)
    assert calibration_error(risky, risk + 0.5) == pytest.approx(0.5)


def test_intervals_widen_when_siblings_are_one_group():
    random = np.random.default_rng(0)
    risky = np.repeat(random.random(40) < 0.5, 10)
    risk = np.clip(np.repeat(random.random(40), 10) + risky * 0.2, 0, 1)
    single = bootstrap(recall_above(0.5), risky, risk, [str(i) for i in range(400)])
    grouped = bootstrap(recall_above(0.5), risky, risk, [str(i // 10) for i in range(400)])
    assert grouped["high"] - grouped["low"] > 2 * (single["high"] - single["low"])
    assert grouped["low"] <= grouped["value"] <= grouped["high"]


def test_the_report_covers_labels_slices_and_confusion():
    labels = ["legit", "overseas_lure", "job_scam", "legit"]
    probabilities = np.array([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.2, 0.5, 0.3], [0.3, 0.6, 0.1]])
    result = evaluate_probabilities(
        labels, probabilities, list("abcd"), {"review": 0.5, "high": 0.85}, {"language": ["id", "id", "en", "en"]}
    )
    assert result["labels"] == {"legit": 2, "overseas_lure": 1, "job_scam": 1}
    assert result["confusion"]["job_scam"] == {"legit": 0, "overseas_lure": 1, "job_scam": 0}
    assert result["metrics"]["false_alarms_review"]["value"] == 0.5
    assert result["metrics"]["recall_high"]["value"] == 0.5
    assert set(result["language"]) == {"id", "en"}
