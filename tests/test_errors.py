import pytest

from classifier import errors
from classifier.errors import ClassifierError, PostingError

WITH_SUBJECT = [errors.FeedError, errors.ModelError, errors.StoreError, errors.SettingsError]


@pytest.mark.parametrize("kind", WITH_SUBJECT)
def test_every_error_names_its_subject_on_one_line(kind):
    error = kind("the-subject", "the cause")
    assert str(error) == "the-subject: the cause"
    assert isinstance(error, ClassifierError)


def test_a_posting_error_names_its_field():
    assert str(PostingError("must be text", "title")) == "title: must be text"
    assert str(PostingError("no object")) == "no object"


def test_the_tree_is_complete():
    kinds = {v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, ClassifierError)}
    assert kinds == {*WITH_SUBJECT, PostingError, ClassifierError}
