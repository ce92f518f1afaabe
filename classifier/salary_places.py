"""Where in a batch money may be, so that the patterns of `salary` are tried there alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from classifier.native import Pointer, native
from classifier.salary_patterns import (
    DASHES,
    GLUED,
    HUNDREDS,
    NAMES_AFTER,
    NAMES_BEFORE,
    SPELLED,
    SPELLED_UNITS,
    TENS,
    TO_WORDS,
    UNITS,
    UNITS_BEFORE,
)
from classifier.salary_surroundings import REACH, WORDS_AFTER, WORDS_BEFORE
from classifier.signs import Beginnings, Signs, codes_at
from classifier.text_batch import TextBatch

NOTHING, IF_SAID, PLAIN, ANYTHING = range(4)
_BEGINS = "0123456789一二两兩三四五六七八九十几"
"""With what every number begins."""
_SIGNS = Signs((_BEGINS, *((pair,) for pair in sorted({unit[:2] for unit in SPELLED_UNITS}))))
_NUMBER = np.uint64(1)
_BETWEEN = " .:()="
"""What may stand between a currency and the amount after it, up to three of them."""
_PLANE = 0xFFFF
_DASH, _GAP = 1, 2
_FAR = REACH + 2 * (3 + max(map(len, (*NAMES_BEFORE, *UNITS_BEFORE))))
"""Characters before a number in which a word may belong to it where a currency, and perhaps a unit, stand between."""
_LONG = 9
"""Digits in a row from which a number is a telephone or an account."""


class Where:
    """Where in a text money may be.

    `numbers`: where a number may begin, in order; for digits where their row ends, else 0; what may become of it: ANYTHING, PLAIN
    if no unit, currency or other end of a range follows it, IF_SAID to be pay by something around it, or NOTHING; and the last
    place before it, perhaps a negative one, where a word for pay, a fee or a period may begin. `spelled`: where a unit may stand
    behind a number in words.
    """

    def __init__(self, numbers: list[tuple[int, int, int, int]], spelled: list[int]) -> None:
        self.numbers, self.spelled = numbers, spelled

    @classmethod
    def of(cls, text: str) -> Where:
        """Where in one text."""
        codes = np.frombuffer((text + "\n").encode("utf-32-le", "surrogatepass"), np.uint32)
        return next(_in_documents(codes, np.array([len(text)])))


def places_to_look(batch: TextBatch) -> Iterator[Where]:
    """Where `find_salaries` is to look in each text of a batch."""
    return _in_documents(batch.folded.codes, batch.folded.ends)


def _in_documents(codes: NDArray[np.uint32], ends: NDArray[np.int64]) -> Iterator[Where]:
    places, signs = _SIGNS.find(codes)
    if (helper := native()) is not None:
        (starts, stops, hopes, said), units = helper.numbers(codes, places, signs, _tables())
    else:
        is_number = signs == _NUMBER
        starts, stops, hopes, said = _numbers(codes, places[is_number])
        units = _spelled(codes, places[~is_number])
    if len(ends) == 1:  # as below, in half the time
        yield Where(list(zip(starts.tolist(), stops.tolist(), hopes.tolist(), said.tolist(), strict=True)), units.tolist())
        return
    begins = np.append(0, ends + 1)
    of_numbers, of_units = np.searchsorted(starts, begins), np.searchsorted(units, begins)
    before = np.repeat(begins[:-1], np.diff(of_numbers))
    at = (starts - before).tolist(), np.maximum(stops - before, 0).tolist()
    numbers = list(zip(*at, hopes.tolist(), (said - before).tolist(), strict=True))
    spelled = (units - np.repeat(begins[:-1], np.diff(of_units))).tolist()
    limits = zip(of_numbers.tolist(), of_numbers[1:].tolist(), of_units.tolist(), of_units[1:].tolist(), strict=False)
    for first, last, first_unit, last_unit in limits:
        yield Where(numbers[first:last], spelled[first_unit:last_unit])


def _numbers(
    codes: NDArray[np.uint32], places: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Starts, stops (0 if not of digits) and hopes of the numbers that begin at some of the places, and what is said before (-1 for
    nothing).

    A number is PLAIN if nothing stands after it that could be a unit, a currency or the other end of a range, and bare if it is
    also one row of digits and has no currency before it. A bare number is NOTHING if it is below a hundred, begins with a zero,
    has nine digits or more, or stands behind a hyphen or a slash, before a percent sign, or in a time or a ratio, or if no word is
    near that could make it pay; else IF_SAID. Two bare numbers below a hundred with a hyphen between them are NOTHING too.
    """
    digit = codes[places] - ord("0") < 10
    begins = np.ones(len(places), np.bool_)
    begins[1:] = ~(digit[1:] & digit[:-1] & (np.diff(places) == 1))
    rows = np.flatnonzero(begins)
    digit, start, lengths = digit[rows], places[rows], np.diff(np.append(rows, len(places)))
    end = start + lengths
    stop = _stops(codes, start, end, digit)
    first, second = codes_at(codes, stop), codes_at(codes, stop + 1)
    space = first == ord(" ")
    word = stop + space + (space & (second == ord(" ")))
    goes_on = ((first == ord(".")) | (first == ord(","))) & (second == ord("-"))
    goes_on |= space & (codes_at(codes, word) - ord("0") < 10)
    dash, in_range = _range_goes_on(codes, word)
    named = _before().at(codes, _left_of(codes, start), -1)
    said = _said_before(codes, start, digit & ~named)
    plain = digit & ~goes_on & ~in_range & (dash | ~_after().at(codes, word))
    alone = digit & ~goes_on & ~named & (stop == end)
    bare = plain & alone
    before = codes_at(codes, start - 1)
    nothing = (lengths < 3) | (lengths >= _LONG) | (codes[start] == ord("0")) | (before == ord("-")) | (before == ord("/"))
    nothing |= (np.where(space, second, first) == ord("%")) | (
        ((first == ord(":")) | (first == ord("/"))) & (second - ord("0") < 10)
    )
    nothing |= (said < 0) & ~_said_after(codes, end)
    small = bare & (lengths < 3)
    hopes = np.where(bare, np.where(nothing, NOTHING, IF_SAID), np.where(plain, PLAIN, ANYTHING))
    hopes[:-1][alone[:-1] & (lengths[:-1] < 3) & dash[:-1] & small[1:] & (start[1:] - end[:-1] <= 4)] = NOTHING
    return start, np.where(digit, end, 0), hopes, said


def _stops(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64], digit: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Where numbers end whose first rows of digits are given: rows may follow, each behind a point or a comma."""
    if not len(starts):
        return ends
    sign = codes_at(codes, ends)
    goes_on = digit & ((sign == ord(".")) | (sign == ord(",")))
    goes_on[:-1] &= digit[1:] & (starts[1:] == ends[:-1] + 1)
    goes_on[-1] = False
    last = np.flatnonzero(~goes_on)
    return ends[last[np.searchsorted(last, np.arange(len(ends)))]]


def _spelled(codes: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the places at which a unit stands behind a number in words."""
    units = places[_unit_beginnings().at(codes, places)]
    word = units - 1
    gap = codes_at(codes, word)
    word -= (gap == ord(" ")) | (gap == ord("-"))
    return units[_spelled_endings().at(codes, word, -1)]


def _range_goes_on(codes: NDArray[np.uint32], places: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether a dash stands at each place, and whether something is behind it that another end of a range may begin with."""
    dash = _is(_DASH, codes, places)
    at = places + dash
    at += dash & _is(_DASH, codes, at)
    for _ in range(2):
        at += dash & (codes_at(codes, at) == ord(" "))
    code = codes_at(codes, at)
    return dash, dash & ((code - ord("0") < 10) | (code >= 128) | _names_before().at(codes, at))


def _said_before(codes: NDArray[np.uint32], starts: NDArray[np.int64], near: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The last place before each number where one of the words before amounts may begin, within REACH, or within _FAR where it is
    not `near`; else -1."""
    back = np.arange(1, _FAR + 1)
    places = starts[:, None] - back
    begins = _words_before().at(codes, places.ravel()).reshape(places.shape) & (back <= np.where(near, REACH, _FAR)[:, None])
    return np.where(begins.any(axis=1), starts - 1 - begins.argmax(axis=1), -1)


def _said_after(codes: NDArray[np.uint32], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether one of the words after amounts may begin at each place, perhaps behind a space and a bracket."""
    at = ends + (codes_at(codes, ends) == ord(" "))
    return _words_after().at(codes, at + (codes_at(codes, at) == ord("(")))


def _left_of(codes: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the currency before an amount would end: what may stand between them is passed over."""
    at = places - 1
    for _ in range(3):
        at -= _is(_GAP, codes, at)
    return at


def _is(mark: int, codes: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = _marks().take(np.minimum(codes_at(codes, places), _PLANE)) & np.uint8(mark) != 0
    return found


@cache
def _after() -> Beginnings:
    """Units, currencies after the amount, and middles of ranges."""
    short = [unit for unit in UNITS if unit.isascii() and len(unit) < 3]
    return Beginnings.of([*UNITS, *NAMES_AFTER, *TO_WORDS, *(unit + name for unit, name in product(short, GLUED))])


@cache
def _before() -> Beginnings:
    """Currencies and units before the amount, read backwards."""
    return Beginnings.of(name[::-1] for name in (*NAMES_BEFORE, *UNITS_BEFORE))


@cache
def _names_before() -> Beginnings:
    return Beginnings.of(NAMES_BEFORE)


@cache
def _words_before() -> Beginnings:
    return Beginnings.of(WORDS_BEFORE)


@cache
def _words_after() -> Beginnings:
    return Beginnings.of(WORDS_AFTER)


@cache
def _unit_beginnings() -> Beginnings:
    return Beginnings.of(SPELLED_UNITS)


@cache
def _spelled_endings() -> Beginnings:
    """Numbers in words, read backwards."""
    return Beginnings.of(word[::-1] for word in (*SPELLED, *TENS, *HUNDREDS))


@cache
def _marks() -> NDArray[np.uint8]:
    """What each character is among the signs around a number, a bit for each kind."""
    table = np.zeros(_PLANE + 1, np.uint8)
    table[[ord(c) for c in DASHES]] = _DASH
    table[[ord(c) for c in _BETWEEN]] = _GAP
    return table


@cache
def _tables() -> tuple[Pointer | int, ...]:
    """All of these as the compiled helper takes them."""
    words = (_after(), _before(), _names_before(), _words_before(), _words_after(), _unit_beginnings(), _spelled_endings())
    return *(beginnings.pointer for beginnings in words), Pointer(_marks()), REACH, _FAR
