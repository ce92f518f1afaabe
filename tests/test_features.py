import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from classifier.features import HashedNgrams


@parametrize_with_checks([HashedNgrams(), HashedNgrams(words=(1,), characters=(4,), bits=12)])
def test_scikit_learn_conventions(estimator, check):
    check(estimator)


def test_values_are_counts_over_the_root_of_the_total():
    row = HashedNgrams(words=(1,), characters=()).transform(["kerja kerja ringan"])
    assert sorted(row.data) == pytest.approx([1 / np.sqrt(3), 2 / np.sqrt(3)])


@pytest.mark.parametrize("given", ["one text", [b"bytes"], [1.0], [None]])
def test_what_is_no_list_of_texts_is_refused(given):
    with pytest.raises(ValueError, match="expected"):
        HashedNgrams().transform(given)


@pytest.mark.parametrize("wrong", [{"words": (3,)}, {"characters": (0,)}, {"bits": 31}, {"words": (), "characters": ()}])
def test_a_wrong_parameter_is_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong)) if len(wrong) == 1 else "characters"):
        HashedNgrams(**wrong).fit(["text"])


def test_it_can_be_cloned_and_takes_no_texts():
    assert clone(HashedNgrams(bits=9)).bits == 9
    assert HashedNgrams().transform([]).shape == (0, 1 << 22)
