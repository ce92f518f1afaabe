import re

import pytest

from classifier.permits import NEAR, branches, has_permit_number
from classifier.reference import read_table
from classifier.schema import joined_text
from classifier.text import normalise


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("P3MI resmi, SIPPMI No. 115 Tahun 2024", True),
        ("DMW license no. 123-LB-010123-R", True),
        ("POEA-045-LB-010123-R", True),
        ("ใบอนุญาตจัดหางานเลขที่ 1234/2560", True),
        ("giấy phép 123/LĐTBXH-GP", True),
        ("license 12C3456, MOM", True),
        ("x12c3456", False),
        ("P3MI resmi dan terpercaya", False),
        ("agency with many licenses since 2010", False),
        ("giấy phép đầy đủ", False),
    ],
)
def test_numbers_of_permits_are_known_by_their_form(text, known):
    assert has_permit_number(normalise(text).text, len(text) // 2) == known


def test_a_number_far_from_its_mention_does_not_count():
    far = normalise("sippmi no 115 tahun 2024" + " kerja" * NEAR).text
    assert has_permit_number(far, 0) and not has_permit_number(far, len(far) - 1)


def test_the_branches_find_what_the_patterns_find(corpus):
    every = re.compile("|".join(f"(?:{row['pattern']})" for row in read_table("permits")))
    numbers = 0
    for row in corpus[::3]:
        text = normalise(joined_text(row.posting)).text
        for at in range(0, len(text), NEAR):
            known = every.search(text, max(at - NEAR, 0), at + NEAR) is not None
            numbers += known
            assert has_permit_number(text, at) == known, text
    assert numbers > 100


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("abc", [("", "abc")]),
        ("(?:a|b)c", [("", "ac"), ("", "bc")]),
        ("(?:a|b)?c", [("", "(?:a|b)?c")]),
        ("(?<![a-z])(?:a|(?:b[|)]|c))d", [("(?<![a-z])", "ad"), ("(?<![a-z])", "b[|)]d"), ("(?<![a-z])", "cd")]),
        (r"(?:\(|(?<!\d)x(?:y|z))", [("", r"\("), (r"(?<!\d)", "x(?:y|z)")]),
    ],
)
def test_what_a_pattern_begins_with_becomes_branches(pattern, expected):
    assert list(branches(pattern)) == expected
