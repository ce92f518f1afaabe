import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Posting
from classifier.explain import JoinedText
from classifier.linear import RISK
from classifier.schema import TEXT_FIELDS, joined_text


def assert_exact(model, posting):
    reasons = model.reasons(posting)
    total = sum(reason.weight for reason in reasons) + model.linear.intercepts[RISK]
    assert total == pytest.approx(model.log_odds([posting])[RISK, 0], abs=1e-9)
    for reason in reasons:
        text = getattr(posting, reason.field)
        assert reason.quote == text[reason.start : reason.end]
        assert reason.quote or reason.kind == "indicator"


def test_reasons_sum_to_the_log_odds_over_the_corpus(model, corpus):
    for row in corpus[::4]:
        assert_exact(model, row.posting)


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=120).filter(str.strip), st.text(max_size=40), st.text(max_size=20))
def test_reasons_are_exact_for_any_text(model, description, title, salary):
    assert_exact(model, Posting(description=description, title=title, salary=salary))


def test_the_strongest_reasons_come_first_with_both_directions(model, lure):
    (assessment,) = model.assess([lure], limit=10)
    pulls = [abs(reason.weight) for reason in assessment.reasons]
    assert pulls == sorted(pulls, reverse=True)
    assert len(pulls) == 10
    assert assessment.reasons[0].weight > 0


def test_joined_text_knows_its_fields():
    posting = Posting(title="Admin", company="PT Maju", description="Kerja ringan")
    joined, text = JoinedText.of(posting), joined_text(posting)
    assert text == "Admin\nPT Maju\nKerja ringan"
    assert joined.length == len(text)
    for name in ("title", "company", "description"):
        value = getattr(posting, name)
        at = text.index(value)
        assert joined.locate(at, at + len(value)) == (name, 0, len(value))
        assert joined.locate(at, at + 100) == (name, 0, len(value))
    assert set(joined.fields) <= set(TEXT_FIELDS)


def test_messages_come_in_the_language_asked(model, lure):
    english = model.assess([lure], language="en")[0].reasons[0].message
    indonesian = model.assess([lure], language="id")[0].reasons[0].message
    assert english != indonesian
