"""Contacts in normalised text: whose country a telephone number belongs to, and mail addresses of free providers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from classifier.patterns import pattern
from classifier.reference import read_table

_INTERNATIONAL = pattern(r"(?:\+(?<![\d+]\+) ?|wa\.me/|00(?<!\d00))([1-9]\d{0,2})[ \-.)]{0,2}\(?\d")
_BEFORE = {"+": ("+",), " ": ("+ ",), "/": ("wa.me/",)}
"""What may stand before the digits of a number in international form, by its last character."""
_FREE_MAIL = pattern(
    r"@(?:gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|icloud|proton|protonmail|gmx|mail|aol|qq|163|126|yandex)\."
    r"(?:com|net|co|ru|me)\b"
)


def telephone_countries(text: str, rows: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """Start, end and ISO country of the numbers in international form; `rows`: where rows of digits begin in the text."""
    end = 0
    for row in rows:
        start = row - len(next((sign for sign in _BEFORE.get(text[row - 1 : row], ()) if text.endswith(sign, 0, row)), ""))
        if start == row and not text.startswith("00", row):
            continue
        match = _INTERNATIONAL.match(text, start) if start >= end else None
        if match is None:
            continue
        end = match.end()
        if country := next((c for n in (3, 2, 1) if (c := _calling_codes().get(match[1][:n]))), None):
            yield start, end, country


def free_mail(text: str) -> tuple[int, int] | None:
    """Where the first address of a free mail provider stands, if there is one."""
    match = _FREE_MAIL.search(text)
    return match.span() if match else None


@cache
def _calling_codes() -> dict[str, str]:
    """Calling code -> ISO country."""
    return {row["code"]: row["country"] for row in read_table("calling_codes")}
