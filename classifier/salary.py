"""Salary mentions in normalised text, as a monthly amount in US dollars.

One regex finds every number with the unit and the currency after it, and the second end of a range; what stands before the
number is looked up backwards in tables. A number counts as money when a currency stands beside it, when its unit is one
that only money has ("juta", "trieu", "หมื่น"), or when a word for pay or a period makes it pay. Fees and bonuses are
money too: they come as mentions whose period is "once", which a caller that asks for wages leaves out.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from classifier.reference import read_table
from classifier.salary_amount import Amount, amount_at, currency_after, plain_amount
from classifier.salary_context import after_pay, currency_before, is_long, may_be_said_to_be_pay, period_of
from classifier.salary_numbers import as_range, in_words, value_of
from classifier.salary_patterns import (
    AMBIGUOUS,
    LONE_UNITS,
    MONTHS,
    NAMES_AFTER,
    NAMES_BEFORE,
    SAME_UNITS,
    SMALL_UNITS,
    SPELLED_AFTER,
    SPELLED_BEFORE,
    SPELLED_UNIT,
    UNITS,
    UNITS_BEFORE,
    WEAK_UNITS,
    currency_rates,
)  # fmt: skip
from classifier.salary_places import ANYTHING, IF_SAID, NOTHING, PLAIN, Where
from classifier.salary_surroundings import COUNTED, PERCENT, REACH, TIMED

_LANGUAGES = {
    "id": "IDR", "th": "THB", "vi": "VND", "zh": "CNY", "ms": "MYR", "tl": "PHP", "my": "MMK", "km": "USD", "lo": "LAK",
    "hi": "INR",
}  # fmt: skip


@dataclass(slots=True)
class SalaryMention:
    """An amount of money; `low` and `high` are per `period`, as stated, `start` and `end` are in the text that was given.

    `period` is "once" for fees, bonuses and pay by the piece; the monthly amounts are then the sum itself.
    """

    start: int
    end: int
    currency: str
    low: float
    high: float
    period: str
    stated_period: bool
    monthly_usd_low: float
    monthly_usd_high: float


class _Money:
    """A mention that may still lack its currency."""

    def __init__(
        self, start: int, end: int, currency: str | None, sure: bool, low: float, high: float, period: str, stated: bool
    ) -> None:
        self.start, self.end, self.currency, self.sure = start, end, currency, sure
        self.low, self.high, self.period, self.stated = low, high, period, stated


def default_currency_of(language: str) -> str | None:
    """The currency that ads in a language mean when they name none."""
    return _LANGUAGES.get(language)


@cache
def _wages() -> dict[str, float]:
    return {row["country"]: float(row["monthly_usd"]) for row in read_table("wages")}


def typical_wage(country: str) -> float | None:
    """What ordinary work pays a month in a country (ISO 3166-1 alpha-2), in US dollars."""
    return _wages().get(country.upper())


def find_salaries(text: str, default_currency: str | None = None, where: Where | None = None) -> list[SalaryMention]:
    """All amounts of money in a normalised text; amounts without a currency are read in `default_currency`.

    Without a default they take the currency that the text names elsewhere, and are left out if it names none. `where` is what
    `places_to_look` says of the text, for a caller that asked it for a whole batch.
    """
    where = where or Where.of(text)
    found = [*_amounts(text, where.numbers, default_currency)]
    if where.spelled and (spelled := [*_spelled(text, where.spelled, default_currency, found)]):
        found = sorted([*found, *spelled], key=lambda money: money.start)
    named = next((money.currency for money in found if money.sure), None)
    mentions = []
    for money in found:
        code = money.currency or named
        if code is not None:
            mentions.append(_mention(money, code))
    return mentions


def _mention(money: _Money, code: str) -> SalaryMention:
    rates = currency_rates()
    factor = MONTHS[money.period]
    if not money.sure and code in SMALL_UNITS and money.high <= 20_000 and money.high * factor / rates[code] < 10 <= money.high:
        code = "USD" if money.period != "once" else code
    factor /= rates[code]
    low, high = money.low, money.high
    return SalaryMention(
        money.start, money.end, code, low, high, money.period, money.stated, low * factor, high * factor
    )  # fmt: skip


def _amounts(text: str, numbers: list[tuple[int, int, int, int]], default: str | None) -> Iterator[_Money]:
    floor = at = 0
    for place, end, hope, said in numbers:
        if place < at:
            if end <= at:
                continue
            place, hope = at, ANYTHING  # something else ended within this number
        elif hope == NOTHING or (hope == IF_SAID and not may_be_said_to_be_pay(text, _near(place, floor, said), place, end)):
            floor = at = end
            continue
        amount = plain_amount(text, place) if hope == PLAIN else amount_at(text, place)
        if amount is None:
            continue
        if amount.is_bare and not currency_before(text, place, floor)[1]:
            end = amount.end
            if amount.is_small or not may_be_said_to_be_pay(text, _near(place, floor, said), place, end):
                floor = at = end
                continue
        money, at = _read(text, amount, floor, said, default)
        floor = at
        if money is not None:
            floor = max(at, money.end)
            at = floor
            yield money


def _near(start: int, floor: int, said: int) -> int:
    """From where the words before an amount belong to it: from its start if none may begin there, for the last is at `said`."""
    near = max(floor, start - REACH)
    return near if near <= said else start


def _read(text: str, amount: Amount, floor: int, said: int, default: str | None) -> tuple[_Money | None, int]:
    """The money in an amount, and where to look on."""
    one, before, two = amount.low, amount.before, amount.high
    less, end = one.less, amount.end
    if less and one.unit and UNITS[less][0] >= UNITS[one.unit][0]:  # "350k 280k": not one sum
        one, two, end = one.without_more(), None, one.more_start
    low = value_of(one)
    if low is None:
        return None, one.number_end
    high = None
    if two:
        high = value_of(two)
        if high is not None:
            low, high = as_range(low, one.unit, high, two.unit)
        counted = not (two.unit or two.currency) and (COUNTED.match(text, two.end) or TIMED.match(text, two.end))
        if high is None or high < low or counted:
            two, high, before, end = None, None, None, one.end
    written = one.currency or (two.currency if two else None)
    start, prefix = currency_before(text, one.start, floor)
    if prefix == "":
        return None, end
    unit = (two.unit if two else None) or one.unit
    if prefix in UNITS_BEFORE:
        if unit is None:
            unit, low, high = prefix, low * UNITS[prefix][0], high and high * UNITS[prefix][0]
        start, prefix = (start if unit == prefix else one.start), None
        if unit in UNITS_BEFORE and start < one.start:
            start, prefix = currency_before(text, start, floor)
    name = (
        written
        if written and (prefix in (None, "$") or prefix not in NAMES_BEFORE)
        else prefix or (before or "").strip(" .") or None
    )
    return _judge(text, (_near(start, floor, said), start, one.start, end), (low, high or low), unit, name, default), end


def _judge(
    text: str,
    place: tuple[int, int, int, int],
    amounts: tuple[float, float],
    unit: str | None,
    name: str | None,
    default: str | None,
) -> _Money | None:
    """Whether an amount is money; its currency and period. `place`: from where words before it belong to it, where it begins with
    its currency, where its number begins, and where it ends."""
    near, start, _, end = place
    low, high = amounts
    if high <= 0 or PERCENT.match(text, end):
        return None
    codes = NAMES_AFTER.get(name) or NAMES_BEFORE[name] if name else ()
    if name in AMBIGUOUS and high < 100:
        return None
    if not name and not unit and not _may_be_pay(text, place, high):
        return None
    implied = UNITS[unit][1] if unit else ""
    if implied == "IDR" and codes == ("VND",):  # "7 juta dong": Indonesian slang
        codes = ()
    code: str | None = None
    if codes:
        code = default if default in codes else codes[0]
    elif implied:
        code = default if default in SAME_UNITS.get(implied, ()) else implied
    sure = code is not None
    period, stated, end_of_period = period_of(text, near, start, end)
    if unit == "lpa":  # lakhs per annum
        period, stated = "year", True
    if not codes and not _is_pay(text, place, high, unit, default, stated and period != "once"):
        return None
    if not sure:
        code = default
    return _Money(start, end_of_period, code, sure, low, high, period, stated)


def _is_pay(
    text: str, place: tuple[int, int, int, int], high: float, unit: str | None, default: str | None, stated: bool
) -> bool:  # fmt: skip
    """Whether an amount without a currency is money all the same."""
    near, start, number, end = place
    if unit and COUNTED.match(text, end):
        return False
    if unit and unit not in WEAK_UNITS and UNITS[unit][1]:
        return True
    if unit in LONE_UNITS:
        return False
    before = text[number - 1] if number else " "
    if "a" <= before <= "z" or before in "#@_" or (number > 1 and before in "-/.:," and text[number - 2].isdigit()):
        return False
    if unit:
        return default is not None or stated or after_pay(text, near, start, end)
    return stated or after_pay(text, near, start, end)


def _may_be_pay(text: str, place: tuple[int, int, int, int], high: float) -> bool:
    """Whether a bare number, with no unit or currency, can be pay at all: not a count, an age, a date, a telephone."""
    _, _, number, end = place
    if high < 100 or text[number] == "0" or (number and text[number - 1] in "-/") or is_long(text, number):
        return False
    return not (TIMED.match(text, end) or COUNTED.match(text, end))


def _spelled(text: str, places: list[int], default: str | None, found: list[_Money]) -> Iterator[_Money]:
    """Amounts in words: "lima juta", "two thousand dollars", "ငါးသိန်း"; their units stand at the places."""
    starts = [money.start for money in found]
    for at in places:
        unit = SPELLED_UNIT.match(text, at)
        words = SPELLED_BEFORE.search(text, max(0, at - 40), at) if unit else None
        if unit and words:
            before = bisect(starts, words.start())
            if not (before and found[before - 1].end > words.start()):
                yield from _judge_spelled(text, words.start(), unit.end(), unit[0], default)


def _judge_spelled(text: str, start: int, end: int, unit: str, default: str | None) -> Iterator[_Money]:
    if start and "a" <= text[start] <= "z" and "a" <= text[start - 1] <= "z":
        return
    value = (in_words(text[start : end - len(unit)]) or 1.0) * UNITS[unit][0]
    tail = SPELLED_AFTER.match(text, end)
    if tail:
        less = UNITS[tail["unit"]][0] if tail["unit"] else 1.0
        if less < UNITS[unit][0]:
            value += in_words(tail["hundreds"] or tail["words"]) * less
            end = tail.end()
    _, prefix = currency_before(text, start, 0)
    name, after = currency_after(text, end) or (prefix or None, end)
    money = _judge(text, (max(0, start - REACH), start, start, after), (value, value), unit, name, default)
    if money is not None:
        yield money
