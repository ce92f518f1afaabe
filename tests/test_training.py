import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from classifier import ModelError
from classifier.labelled import group_key, split_of
from classifier.training import TrainingOptions, _one_thread, train

LANGUAGES = ("ms", "tl")


@pytest.fixture(scope="module")
def trained(corpus):
    return train([row for row in corpus if row.language in LANGUAGES])


def test_the_same_data_gives_the_same_model(corpus, trained):
    again = train([row for row in corpus if row.language in LANGUAGES])
    for name in ("ngrams", "units", "indicators", "intercepts"):
        assert np.array_equal(getattr(again.linear, name), getattr(trained.linear, name))
    assert again.thresholds == trained.thresholds
    assert again.card == trained.card


def test_the_number_of_threads_changes_no_digit():
    chance = np.random.default_rng(0)
    odds = chance.normal(size=(60_000, 1)) * 4
    labels = odds[:, 0] + chance.normal(size=len(odds)) * 3 > 0
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            fit = _one_thread(LogisticRegression(C=1e6).fit, odds, labels)
        found.append((fit.coef_.item(), fit.intercept_.item()))
    assert found[0] == found[1]


def test_the_test_part_is_kept_out(corpus, trained):
    known = set(trained.metadata["training_groups"])
    groups = {row.group for row in corpus if row.language in LANGUAGES}
    assert known == {group_key(g) for g in groups if split_of(g) != "test"}


def test_the_bands_keep_to_their_budget_on_unseen_folds(trained):
    metrics = trained.metadata["validation"]["metrics"]
    assert metrics["false_alarms_review"]["value"] <= 0.01
    assert metrics["false_alarms_high"]["value"] <= 0.001
    assert 0.3 < trained.thresholds["review"] <= trained.thresholds["high"] < 1


def test_it_learns_something_it_did_not_see(trained):
    assert trained.metadata["test"]["metrics"]["average_precision"]["low"] > 0.85


def test_too_little_data_is_refused(corpus):
    legit = [row for row in corpus if row.label == "legit"][:100]
    with pytest.raises(ModelError, match="groups of overseas_lure"):
        train(legit)


def test_a_data_set_without_lures_can_be_trained_on(corpus):
    rows = [row for row in corpus if row.label != "overseas_lure" and row.language == "en"]
    model = train(rows, TrainingOptions(folds=3))
    assert model.assess([rows[0].posting])[0].probabilities["overseas_lure"] < 1e-6
