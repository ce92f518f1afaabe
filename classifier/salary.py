"""Salary mentions in normalised text, as a monthly amount in US dollars.

One regex finds every number with the unit and the currency after it, and the second end of a range; what stands before the
number is looked up backwards in tables. A number counts as money when a currency stands beside it, when its unit is one
that only money has ("juta", "trieu", "หมื่น"), or when a word for pay or a period makes it pay. Fees and bonuses are
money too: they come as mentions whose period is "once", which a caller that asks for wages leaves out.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from classifier.salary_patterns import (
    AMBIGUOUS,
    AMOUNT,
    CJK_DIGITS,
    CJK_POWERS,
    COUNTED,
    CURRENCY_AFTER,
    FEE,
    HUNDREDS,
    LONE_UNITS,
    LONGEST_BEFORE,
    MONTHS,
    NAMES_AFTER,
    NAMES_BEFORE,
    PAY,
    PAY_AFTER,
    PERCENT,
    PERIOD_AFTER,
    PERIOD_BEFORE,
    SAME_UNITS,
    SMALL_UNITS,
    SPELLED,
    SPELLED_AFTER,
    SPELLED_BEFORE,
    SPELLED_UNITS,
    SPELLED_WORD,
    TENS,
    TIMED,
    UNITS,
    UNITS_BEFORE,
    WEAK_UNITS,
    currency_rates,
    read_reference,
)  # fmt: skip

_LANGUAGES = {
    "id": "IDR", "th": "THB", "vi": "VND", "zh": "CNY", "ms": "MYR", "tl": "PHP", "my": "MMK", "km": "USD", "lo": "LAK", "hi": "INR",
}  # fmt: skip
_REACH = 28
"""Characters before an amount in which a word for pay or for a fee belongs to it."""
_MOST_DIGITS = 15
_OTHER_DOLLAR = re.compile(r"(?<![a-z])[a-z]{1,3}\$$")
""" "tt$" is the dollar of somewhere else."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class _Money:
    """A mention that may still lack its currency."""

    start: int
    end: int
    currency: str | None
    sure: bool
    low: float
    high: float
    period: str
    stated: bool


def default_currency_of(language: str) -> str | None:
    """The currency that ads in a language mean when they name none."""
    return _LANGUAGES.get(language)


@cache
def _wages() -> dict[str, float]:
    return {row["country"]: float(row["monthly_usd"]) for row in read_reference("wages.csv")}


def typical_wage(country: str) -> float | None:
    """What ordinary work pays a month in a country (ISO 3166-1 alpha-2), in US dollars."""
    return _wages().get(country.upper())


def find_salaries(text: str, default_currency: str | None = None) -> list[SalaryMention]:
    """All amounts of money in a normalised text; amounts without a currency are read in `default_currency`.

    Without a default they take the currency that the text names elsewhere, and are left out if it names none.
    """
    found = [*_amounts(text, default_currency)]
    spelled = [*_spelled(text, default_currency, found)]
    if spelled:
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


def _amounts(text: str, default: str | None) -> Iterator[_Money]:
    floor, at = 0, 0
    while match := AMOUNT.search(text, at):
        money, at = _read(text, match, floor, default)
        floor = at
        if money is not None:
            floor = max(at, money.end)
            at = floor
            yield money


def _read(text: str, match: re.Match[str], floor: int, default: str | None) -> tuple[_Money | None, int]:
    """The money in a match, and where to look on."""
    first, second = _end(match, 1), _end(match, 2)
    n1, u1, more1, less1, rest1, glued1, money1, prefix2, n2, u2, more2, less2, rest2, glued2, money2 = match.groups()
    end = match.end()
    if less1 and UNITS[less1][0] >= UNITS[u1][0]:  # "350k 280k": not one sum
        end = first = match.start("more1")
        more1 = less1 = n2 = glued1 = money1 = None
    low = _value(n1, u1, more1, less1, rest1)
    if low is None:
        return None, match.end("number1")
    high = None
    if n2:
        high = _value(n2, u2, more2, less2, rest2)
        if high is not None:
            low, high = _as_range(low, u1, high, u2)
        if (
            high is None
            or high < low
            or (not (u2 or glued2 or money2) and (COUNTED.match(text, second) or TIMED.match(text, second)))
        ):
            end, n2, u2, high, prefix2, glued2, money2 = first, None, None, None, None, None, None
    written = glued1 or money1 or glued2 or money2
    start, prefix = _before(text, match.start(), floor)
    if prefix == "":
        return None, end
    unit = u2 or u1
    if prefix in UNITS_BEFORE:
        if unit is None:
            unit, low, high = prefix, low * UNITS[prefix][0], high and high * UNITS[prefix][0]
        start, prefix = (start if unit == prefix else match.start()), None
        if unit in UNITS_BEFORE and start < match.start():
            start, prefix = _before(text, start, floor)
    name = (
        written
        if written and (prefix in (None, "$") or prefix not in NAMES_BEFORE)
        else prefix or (prefix2 or "").strip(" .") or None
    )
    return _judge(text, (start, match.start(), end, floor), (low, high or low), unit, name, default), end


def _end(match: re.Match[str], side: int) -> int:
    """Where a side of a range ends with its unit and currency."""
    return max(match.end(f"{group}{side}") for group in ("number", "unit", "less", "rest", "glued", "money"))


def _judge(
    text: str,
    place: tuple[int, int, int, int],
    amounts: tuple[float, float],
    unit: str | None,
    name: str | None,
    default: str | None,
) -> _Money | None:
    """Whether an amount is money; its currency and period."""
    start, number, end, floor = place
    low, high = amounts
    if high <= 0 or PERCENT.match(text, end):
        return None
    codes = NAMES_AFTER.get(name) or NAMES_BEFORE[name] if name else ()
    if name in AMBIGUOUS and high < 100:
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
    period, stated, end_of_period = _period(text, start, end, floor)
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
    start, number, end, floor = place
    if COUNTED.match(text, end):
        return False
    if unit and unit not in WEAK_UNITS and UNITS[unit][1]:
        return True
    if unit in LONE_UNITS:
        return False
    before = text[number - 1] if number else " "
    if "a" <= before <= "z" or before in "#@_" or (number > 1 and before in "-/.:," and text[number - 2].isdigit()):
        return False
    if unit:
        return default is not None or stated or _after_pay(text, start, end, floor)
    if high < 100 or TIMED.match(text, end) or before in "-/" or text[number] == "0" or _is_long(text, number):
        return False
    return stated or _after_pay(text, start, end, floor)


def _is_long(text: str, number: int) -> bool:
    """Nine digits in a row: a phone or an account."""
    digits = text[number : number + 9]
    return len(digits) == 9 and digits.isdigit()


def _after_pay(text: str, start: int, end: int, floor: int) -> bool:
    near = max(floor, start - _REACH)
    return PAY.search(text, near, start) is not None or PAY_AFTER.match(text, end) is not None


def _period(text: str, start: int, end: int, floor: int) -> tuple[str, bool, int]:
    """The period, whether it is stated, and where the mention ends with it."""
    after = PERIOD_AFTER.match(text, end)
    if after and after.lastgroup:
        period = after.lastgroup.lstrip("x")
        return period, True, end if period == "once" else after.end()
    near = max(floor, start - _REACH)
    last = None
    for last in PERIOD_BEFORE.finditer(text, near, start):
        pass
    if last is not None and last.lastgroup and start - last.end() < 16 and not _breaks(text, last.end(), start):
        return last.lastgroup, True, end
    if FEE.search(text, near, start) and not PAY.search(text, near, start):
        return "once", False, end
    return "month", False, end


def _breaks(text: str, start: int, end: int) -> bool:
    return any(c in ",;|\n!?" for c in text[start:end])


def _before(text: str, start: int, floor: int) -> tuple[int, str | None]:
    """A currency, or a Burmese unit, that ends just before `start`, and where it begins; "" for a currency not known."""
    at = start
    while at > floor and start - at < 3 and text[at - 1] in " .:()=":
        at -= 1
    for length in range(min(LONGEST_BEFORE, at - floor), 0, -1):
        name = text[at - length : at]
        if name in NAMES_BEFORE or name in UNITS_BEFORE:
            ahead = text[at - length - 1] if at > length else " "
            if "a" <= name[0] <= "z" and "a" <= ahead <= "z":
                continue
            if name == "$" and _OTHER_DOLLAR.search(text, max(0, at - 5), at):
                return start, ""
            return at - length, name
    return start, None


def _value(number: str, unit: str | None, more: str | None, less: str | None, rest: str | None) -> float | None:
    """The amount that a number and its units write; None if it is no amount."""
    scale = UNITS[unit][0] if unit else 1.0
    value = _number(number, scale)
    if value is None:
        return None
    value *= scale
    if more and less:
        return value + float(more) * UNITS[less][0]
    if rest:
        if rest[0].isascii() and rest.isdigit():
            return value + float(rest) * scale / 10 ** len(rest)
        return value + scale * (CJK_DIGITS.get(rest, 5.0) / 10)
    return value


def _number(number: str, scale: float) -> float | None:
    """ "1.200,50", "7,5", "1,20,000", "80 000" or "两万五"; None for dates, versions and codes."""
    if not number[0].isdigit() or number[0] in CJK_DIGITS:
        return _cjk(number)
    number = number.replace(" ", "")
    if len(number) > _MOST_DIGITS + 5:
        return None
    if number.isdigit():
        return float(number) if len(number) <= _MOST_DIGITS else None
    groups = re.split("[.,]", number)
    signs = [c for c in number if c in ".,"]
    if signs[0] != signs[-1] and signs.count(signs[-1]) == 1:  # the last sign is the decimal one
        return float("".join(groups[:-1]) + "." + groups[-1])
    if len(set(signs)) > 1 or len(groups[0]) > 3:
        return float(f"{groups[0]}.{groups[1]}") if len(groups) == 2 else None
    thousands = len(groups[-1]) == 3 and all(len(g) in (2, 3) for g in groups[1:]) and groups[0] != "0"
    if thousands and not (scale >= 1e6 and len(groups) == 2):
        return float("".join(groups))
    return float(f"{groups[0]}.{groups[1]}") if len(groups) == 2 else None


def _cjk(number: str) -> float:
    total = current = last = 0.0
    for c in number:
        if c in CJK_DIGITS:
            current = CJK_DIGITS[c]
        elif CJK_POWERS[c] == 1e4:
            total, current, last = (total + current) * 1e4, 0.0, 1e4
        else:
            last = CJK_POWERS[c]
            total, current = total + (current or 1.0) * last, 0.0
    return total + current * (last / 10 if number[-1] in CJK_DIGITS and last >= 100 and number[-2] != "零" else 1.0)


def _as_range(low: float, low_unit: str | None, high: float, high_unit: str | None) -> tuple[float, float]:
    """Both ends in full: "7-16 juta", "500-1 juta", "5jt-7", "2-3k" share a unit."""
    if high_unit and not low_unit:
        scale = UNITS[high_unit][0]
        if low <= high / scale:
            low *= scale
        elif scale >= 1e6 and 100 <= low < 10_000:
            low *= 1e3
    elif low_unit and not high_unit and high < 1000 and high * UNITS[low_unit][0] >= low:
        high *= UNITS[low_unit][0]
    return low, high


def _spelled(text: str, default: str | None, found: list[_Money]) -> Iterator[_Money]:
    """Amounts in words: "lima juta", "two thousand dollars", "ငါးသိန်း"."""
    starts = [money.start for money in found]
    for unit in SPELLED_UNITS:
        at = text.find(unit)
        while at >= 0:
            end = at + len(unit)
            words = None if text[at - 2 : at].strip(" .")[-1:].isdigit() else SPELLED_BEFORE.search(text, max(0, at - 40), at)
            if words:
                before = bisect(starts, words.start())
                if not (before and found[before - 1].end > words.start()):
                    yield from _judge_spelled(text, words.start(), end, unit, default)
            at = text.find(unit, end)


def _judge_spelled(text: str, start: int, end: int, unit: str, default: str | None) -> Iterator[_Money]:
    if start and "a" <= text[start] <= "z" and "a" <= text[start - 1] <= "z":
        return
    value = (_in_words(text[start : end - len(unit)]) or 1.0) * UNITS[unit][0]
    tail = SPELLED_AFTER.match(text, end)
    if tail:
        less = UNITS[tail["unit"]][0] if tail["unit"] else 1.0
        if less < UNITS[unit][0]:
            value += _in_words(tail["hundreds"] or tail["words"]) * less
            end = tail.end()
    after = CURRENCY_AFTER.match(text, end)
    _, prefix = _before(text, start, 0)
    name = after[1] if after else prefix or None
    money = _judge(text, (start, start, after.end() if after else end, 0), (value, value), unit, name, default)
    if money is not None:
        yield money


def _in_words(words: str) -> float:
    total = 0.0
    for word in SPELLED_WORD.findall(words):
        scale = TENS.get(word) or HUNDREDS.get(word)
        if word == "belas":
            total += 10
        elif scale:
            ones = total % 10 or 1.0
            total += ones * scale - total % 10
        else:
            total += SPELLED[word]
    return total
