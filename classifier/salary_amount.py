"""An amount, or a range of two, as it is written: number, units, and the currency after it. Contains no business logic.

Its classes are plain ones: compiled, they are made in a thirtieth of a dataclass' time.
"""

from __future__ import annotations

import re
from functools import cache

from classifier.patterns import pattern
from classifier.salary_patterns import BETWEEN, NAMES_AFTER, NAMES_BEFORE, SIDE, UNMARKED

_DIGIT = pattern("[0-9]")
_OTHER = pattern(" ?[0-9][0-9.,]{2}")
"""The amount to which a currency behind a space belongs instead."""


class Side:
    """One end of a range, or an amount alone: "3 juta 500 ribu rupiah" has the number 3, more of 500, less of "ribu".

    `rest` is what follows the unit as its tenths: "2jt5", "两万五".
    """

    def __init__(
        self,
        number: str,
        unit: str | None,
        more: str | None,
        less: str | None,
        rest: str | None,
        currency: str | None,
        start: int,
        number_end: int,
        more_start: int,
        end: int,
    ) -> None:
        self.number, self.unit, self.more, self.less, self.rest, self.currency = number, unit, more, less, rest, currency
        self.start, self.number_end, self.more_start, self.end = start, number_end, more_start, end

    def without_more(self) -> Side:
        """The amount without what follows its unit, and without a currency."""
        return Side(self.number, self.unit, None, None, self.rest, None, self.start, self.number_end, self.more_start, self.end)


class Amount:
    """An amount or a range; `before` is a currency before the second end."""

    def __init__(self, low: Side, before: str | None, high: Side | None) -> None:
        self.low, self.before, self.high = low, before, high

    @property
    def end(self) -> int:
        return self.high.end if self.high else self.low.end

    @property
    def is_bare(self) -> bool:
        """A number alone, without unit and currency."""
        return self.low.end == self.low.number_end and self.high is None

    @property
    def is_small(self) -> bool:
        """A number below a hundred, in digits."""
        return self.low.number_end - self.low.start < 3 and self.low.number.isascii()


def amount_at(text: str, at: int) -> Amount | None:
    """The amount whose number begins at a place."""
    match = SIDE.match(text, at)
    if match is None:
        return None
    low = _side(text, match)
    between = BETWEEN.match(text, low.end)
    before = between[1].rstrip(" .") if between else ""
    second = SIDE.match(text, between.end()) if between and (not between[1] or before in NAMES_BEFORE) else None
    return Amount(low, before or None, _side(text, second)) if second else Amount(low, None, None)


def plain_amount(text: str, at: int) -> Amount:
    """`amount_at` of digits that no unit, currency or range follows: of a PLAIN place (see `salary_places`)."""
    end, last = at + 1, len(text) - 1
    while end <= last and (_is_digit(text[end]) or (end < last and text[end] in ".," and _is_digit(text[end + 1]))):
        end += 1
    return Amount(Side(text[at:end], None, None, None, None, None, at, end, -1, end), None, None)


def _is_digit(character: str) -> bool:
    return "0" <= character <= "9"


def currency_after(text: str, at: int) -> tuple[str, int] | None:
    """The currency right after an amount, perhaps behind a space, and where it ends."""
    space = text[at : at + 1] == " "
    start = at + space
    for length in _lengths_after().get(text[start : start + 1], ()):
        name = text[start : start + length]
        end = start + len(name)
        if name in NAMES_AFTER and not _runs_on(name, text[end : end + 1]) and not (_OTHER if space else _DIGIT).match(text, end):
            return name, end
    return None


def _runs_on(name: str, after: str) -> bool:
    """Whether a character makes a name part of a longer word."""
    if name in UNMARKED:
        return "\u0e01" <= after <= "\u0eff"
    return "a" <= name[-1] <= "z" and "a" <= after <= "z"


def _side(text: str, match: re.Match[str]) -> Side:
    number, unit, more, less, rest = match.groups()
    currency, end = currency_after(text, match.end()) or (None, match.end())
    return Side(number, unit, more, less, rest, currency, match.start(), match.end("number"), match.start("more"), end)


@cache
def _lengths_after() -> dict[str, tuple[int, ...]]:
    """First character of a currency after amounts -> lengths of those that begin with it, the longest first."""
    lengths: dict[str, set[int]] = {}
    for name in NAMES_AFTER:
        lengths.setdefault(name[0], set()).add(len(name))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
