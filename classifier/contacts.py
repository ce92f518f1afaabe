"""Contacts in normalised text: whose country a telephone number belongs to, and mail addresses of free providers."""

from __future__ import annotations

import re
from functools import cache

from classifier.reference import read_table

_NATIONAL = r"([1-9]\d{0,2})[ \-.)]{0,2}\(?\d"
_INTERNATIONAL = {
    sign: re.compile(before + _NATIONAL)
    for sign, before in {"+": r"\+(?<![\d+]\+) ?", "wa.me/": r"wa\.me/", "00": r"00(?<!\d00)"}.items()
}
"""What a number in international form begins with: few texts have it, and looking for that alone is fast."""
_FREE_MAIL = re.compile(
    r"@(?:gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|icloud|proton|protonmail|gmx|mail|aol|qq|163|126|yandex)\."
    r"(?:com|net|co|ru|me)\b"
)


def telephone_countries(text: str) -> list[tuple[int, int, str]]:
    """Start, end and ISO country of the numbers in international form."""
    matches = [match for sign, pattern in _INTERNATIONAL.items() if sign in text for match in pattern.finditer(text)]
    found, end = [], 0
    for match in sorted(matches, key=re.Match.start):
        if match.start() < end:
            continue
        end = match.end()
        country = next((c for n in (3, 2, 1) if (c := _calling_codes().get(match[1][:n]))), None)
        if country:
            found.append((match.start(), end, country))
    return found


def free_mail(text: str) -> tuple[int, int] | None:
    """Where the first address of a free mail provider stands, if there is one."""
    match = _FREE_MAIL.search(text)
    return match.span() if match else None


@cache
def _calling_codes() -> dict[str, str]:
    """Calling code -> ISO country."""
    return {row["code"]: row["country"] for row in read_table("calling_codes")}
