"""Numbers as ads write them: separators of many locales, units, Chinese numerals, words. Contains no business logic."""

from __future__ import annotations

from classifier.salary_amount import Side
from classifier.salary_patterns import CJK_DIGITS, CJK_POWERS, HUNDREDS, SPELLED, SPELLED_WORD, TENS, UNITS

_MOST_DIGITS = 15


def value_of(side: Side) -> float | None:
    """The amount that a number and its units write; None if it is no amount."""
    scale = UNITS[side.unit][0] if side.unit else 1.0
    value = _number(side.number, scale)
    if value is None:
        return None
    value *= scale
    if side.more and side.less:
        return value + float(side.more) * UNITS[side.less][0]
    if rest := side.rest:
        if rest[0].isascii() and rest.isdigit():
            return value + float(rest) * scale / 10.0 ** len(rest)
        return value + scale * (CJK_DIGITS.get(rest, 5.0) / 10)
    return value


def _number(number: str, scale: float) -> float | None:
    """ "1.200,50", "7,5", "1,20,000", "80 000" or "两万五"; None for dates, versions and codes."""
    if not number[0].isdigit():
        return _cjk(number)
    number = number.replace(" ", "")
    if len(number) > _MOST_DIGITS + 5:
        return None
    if number.isdigit():
        return float(number) if len(number) <= _MOST_DIGITS else None
    commas, points = number.count(","), number.count(".")
    if commas and points:
        decimal = "," if number.rfind(",") > number.rfind(".") else "."
        if number.count(decimal) > 1 or number.find(decimal) < number.find("." if decimal == "," else ","):
            return None
        whole, _, part = number.rpartition(decimal)
        return float(whole.replace(",", "").replace(".", "") + "." + part)
    groups = number.split("," if commas else ".")
    thousands = groups[0] != "0" and len(groups[0]) <= 3 and len(groups[-1]) == 3
    if thousands and all(len(group) in (2, 3) for group in groups[1:-1]) and not (scale >= 1e6 and len(groups) == 2):
        return float("".join(groups))
    return float(f"{groups[0]}.{groups[1]}") if len(groups) == 2 else None


def _cjk(number: str) -> float:
    """A number in Chinese numerals."""
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


def as_range(low: float, low_unit: str | None, high: float, high_unit: str | None) -> tuple[float, float]:
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


def in_words(words: str) -> float:
    """The number that words write, zero for none: "dua puluh lima"."""
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
