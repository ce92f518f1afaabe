import re

import pytest

from classifier.patterns import pattern


def test_a_pattern_behaves_like_a_compiled_one():
    lazy, eager = pattern(r"(?P<n>\d+) ?x", re.IGNORECASE), re.compile(r"(?P<n>\d+) ?x", re.IGNORECASE)
    text = "12 X, 7x, y"
    assert [m["n"] for m in lazy.finditer(text)] == [m["n"] for m in eager.finditer(text)]
    assert lazy.match(text, 1).span() == eager.match(text, 1).span()
    assert lazy.search(text, 5).span() == eager.search(text, 5).span()
    assert lazy.sub("-", text) == eager.sub("-", text)
    assert lazy.pattern == eager.pattern


def test_it_is_compiled_when_first_used():
    broken = pattern("(")
    with pytest.raises(re.error):
        broken.match("")


def test_it_has_no_other_attributes():
    with pytest.raises(AttributeError, match="fulmatch"):
        _ = pattern("a").fulmatch
