"""Beginnings are found where they stand: nothing is missed, and what is found is one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.signs import Beginnings, Signs

TEXT = st.text(st.sampled_from("abrpx12 .-$ก้ล中𝟏"), max_size=30)
WORDS = ("rp", "a", "b2b", "brap", "$", "ล้", "中", "r-x")


def codes_of(text):
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


@given(TEXT)
def test_signs_stand_where_their_groups_begin(text):
    signs = Signs(("12", ("rp",), ("ก้",), ".-"))
    places, bits = signs.find(codes_of(text))
    found = dict(zip(places.tolist(), bits.tolist(), strict=True))
    for at, letter in enumerate(text):
        inside = letter.isascii() and letter.isalpha() and at > 0 and text[at - 1].isascii() and text[at - 1].isalnum()
        rest = text[at:]
        expected = sum(
            1 << bit
            for bit, there in enumerate((letter in "12", rest.startswith("rp"), rest.startswith("ก้"), letter in ".-"))
            if there and not inside
        )
        assert found.get(at, 0) == expected


def begins(word, text, at):
    """Whether a word may begin there: its first three characters stand there, and a shorter one ends there."""
    part = word[:3]
    after = text[at + len(part) : at + len(part) + 1]
    runs_on = len(part) < 3 and part[-1] in "abrpx" and after != "" and after in "abrpx"
    return text.startswith(part, at) and not runs_on


@given(TEXT.filter(bool))
def test_no_beginning_is_missed(text):
    found = Beginnings.of(WORDS).at(codes_of(text), np.arange(len(text)))
    for at in range(len(text)):
        if any(begins(word, text, at) for word in WORDS):
            assert found[at]


@given(TEXT.filter(bool))
def test_no_ending_is_missed(text):
    backwards = text[::-1]
    found = Beginnings.of(word[::-1] for word in WORDS).at(codes_of(text), np.arange(len(text)), -1)
    for at in range(len(text)):
        if any(begins(word[::-1], backwards, len(text) - 1 - at) for word in WORDS):
            assert found[at]


def test_letters_of_ascii_are_never_taken_for_others():
    words = Beginnings.of(("juta", "rp", "k"))
    text = "juxa rq l kz uta p"
    assert not words.at(codes_of(text), np.arange(len(text))).any()
