import math

import pytest

from classifier import Posting, PostingError
from classifier.schema import MAX_FIELD_CHARACTERS


def test_key_is_stable_and_depends_on_the_content_alone():
    one = Posting(title="Staff", description="Work")
    assert one.id == one.key == "7850c0024c3e2dc4"
    assert Posting(id="7", title="Staff", description="Work").key == one.key
    assert Posting(title="StaffWork").key != Posting(title="Staff", description="Work").key


@pytest.mark.parametrize("record", [{}, {"title": " ", "description": "\n"}, {"company": "PT A"}, {"description": None}])
def test_a_posting_without_content_is_refused_naming_the_field(record):
    with pytest.raises(PostingError, match="title or description") as error:
        Posting.from_record(record)
    assert error.value.field == "description"


@pytest.mark.parametrize("value", [["a"], {"a": 1}, b"bytes"])
def test_a_field_that_is_no_text_is_named(value):
    with pytest.raises(PostingError, match=r"^salary: must be text"):
        Posting.from_record({"title": "x", "salary": value})


def test_numbers_and_missing_values_are_understood():
    posting = Posting.from_record({"title": "x", "salary": 5000000, "company": math.nan, "url": None})
    assert (posting.salary, posting.company, posting.url) == ("5000000", "", "")


def test_unknown_columns_are_kept_aside():
    posting = Posting.from_record({"title": "x", "likes": 4})
    assert posting.extra == {"likes": 4}
    assert "likes" not in posting.to_record()


def test_an_endless_field_is_refused():
    with pytest.raises(PostingError, match="description: has"):
        Posting.from_record({"description": "x" * (MAX_FIELD_CHARACTERS + 1)})
