"""An amount, or a range of two, as it is written: number, units, and the currency after it. Contains no business logic."""

from __future__ import annotations

import re
from typing import NamedTuple

from classifier.salary_patterns import BETWEEN, CURRENCY, SIDE


class Side(NamedTuple):
    """One end of a range, or an amount alone: "3 juta 500 ribu rupiah" has the number 3, more of 500, less of "ribu"."""

    number: str
    unit: str | None
    more: str | None
    less: str | None
    rest: str | None
    """What follows the unit as its tenths: "2jt5", "两万五"."""
    currency: str | None
    start: int
    number_end: int
    more_start: int
    end: int


class Amount(NamedTuple):
    """An amount or a range; `before` is a currency before the second end."""

    low: Side
    before: str | None
    high: Side | None

    @property
    def end(self) -> int:
        return self.high.end if self.high else self.low.end

    @property
    def is_small(self) -> bool:
        """A bare number below a hundred, as most are: no pay, unless a currency stands before it."""
        low = self.low
        return low.end - low.start < 3 and low.end == low.number_end and self.high is None and low.number.isascii()


def amount_at(text: str, at: int) -> Amount | None:
    """The amount whose number begins at a place."""
    match = SIDE.match(text, at)
    if match is None:
        return None
    low = _side(text, match)
    between = BETWEEN.match(text, low.end)
    second = SIDE.match(text, between.end()) if between else None
    return Amount(low, between["before"], _side(text, second)) if between and second else Amount(low, None, None)


def _side(text: str, match: re.Match[str]) -> Side:
    currency, end = CURRENCY.match(text, match.end()), match.end()
    name, end = (currency["name"], currency.end()) if currency else (None, end)
    number, unit, more, less, rest = match.groups()
    return Side(number, unit, more, less, rest, name, match.start(), match.end("number"), match.start("more"), end)
