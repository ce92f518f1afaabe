"""What stands around an amount: its currency before it, its period, words that make it pay or a fee."""

from __future__ import annotations

from classifier.patterns import pattern
from classifier.salary_patterns import NAMES_BEFORE, UNITS_BEFORE
from classifier.salary_surroundings import FEE, PAY, PAY_AFTER, PERIOD_AFTER, PERIOD_BEFORE, PERIODS_BEFORE, WORDS_AFTER

_OTHER_DOLLAR = pattern(r"(?<![a-z])[a-z]{1,3}\$$")
""" "tt$" is the dollar of somewhere else."""


def _lengths_before() -> dict[str, tuple[int, ...]]:
    """Last character of a currency or unit that stands before amounts -> lengths of those that end with it, the longest first."""
    lengths: dict[str, set[int]] = {}
    for name in (*NAMES_BEFORE, *UNITS_BEFORE):
        lengths.setdefault(name[-1], set()).add(len(name))
    return {last: tuple(sorted(found, reverse=True)) for last, found in lengths.items()}


_LENGTHS_BEFORE = _lengths_before()
_ENDS_BEFORE = frozenset(name[-2:] for name in (*NAMES_BEFORE, *UNITS_BEFORE))
"""How those end: most letters end one of them, but few pairs of letters do."""
_ONES_AFTER = frozenset(word for word in WORDS_AFTER if len(word) == 1)
_TWOS_AFTER = frozenset(word[:2] for word in WORDS_AFTER if len(word) > 1)


def is_long(text: str, number: int) -> bool:
    """Nine digits in a row: a phone or an account."""
    digits = text[number : number + 9]
    return len(digits) == 9 and digits.isdigit()


def after_pay(text: str, near: int, start: int, end: int) -> bool:
    """Whether a word for pay stands before the amount, from `near` on, or right after it."""
    return (near < start and PAY.search(text, near, start) is not None) or PAY_AFTER.match(text, end) is not None


def may_be_said_to_be_pay(text: str, near: int, start: int, end: int) -> bool:
    """Whether anything around a bare number could make it pay: `after_pay` or a stated period."""
    if _may_be_followed(text, end) and (PERIOD_AFTER.match(text, end) or PAY_AFTER.match(text, end)):
        return True
    return near < start and (PAY.search(text, near, start) is not None or PERIOD_BEFORE.search(text, near, start) is not None)


def period_of(text: str, near: int, start: int, end: int) -> tuple[str, bool, int]:
    """The period, whether it is stated, and where the mention ends with it; words before it count from `near` on."""
    after = PERIOD_AFTER.match(text, end) if _may_be_followed(text, end) else None
    if after and after.lastgroup:
        period = after.lastgroup.lstrip("x")
        return period, True, end if period == "once" else after.end()
    if near == start:
        return "month", False, end
    last = next(reversed([*PERIOD_BEFORE.finditer(text, near, start)]), None)
    if last is not None and start - last.end() < 16 and not _breaks(text, last.end(), start):
        return PERIODS_BEFORE[last[0]], True, end
    if FEE.search(text, near, start) and not PAY.search(text, near, start):
        return "once", False, end
    return "month", False, end


def _may_be_followed(text: str, at: int) -> bool:
    """Whether what PERIOD_AFTER and PAY_AFTER begin with stands right after an amount: a look that spares most of their tries."""
    at += text[at : at + 1] == " "
    at += text[at : at + 1] == "("
    return text[at : at + 1] in _ONES_AFTER or text[at : at + 2] in _TWOS_AFTER


def _breaks(text: str, start: int, end: int) -> bool:
    return any(c in ",;|\n!?" for c in text[start:end])


def currency_before(text: str, start: int, floor: int) -> tuple[int, str | None]:
    """A currency, or a Burmese unit, that ends just before `start`, and where it begins; "" for a currency not known."""
    at = start
    while at > floor and start - at < 3 and text[at - 1] in " .:()=":
        at -= 1
    if at <= floor:
        return start, None
    if text[at - 2 : at] not in _ENDS_BEFORE and text[at - 1] not in _ENDS_BEFORE:
        return start, None
    for length in _LENGTHS_BEFORE[text[at - 1]]:
        name = text[at - length : at]
        if length <= at - floor and (name in NAMES_BEFORE or name in UNITS_BEFORE):
            ahead = text[at - length - 1] if at > length else " "
            if "a" <= name[0] <= "z" and "a" <= ahead <= "z":
                continue
            if name == "$" and _OTHER_DOLLAR.search(text, max(0, at - 5), at):
                return start, ""
            return at - length, name
    return start, None
