"""Numbers of licences and permits, in the forms of any country, from `reference/permits.csv`.

At each place the engine looks at the first letter of every branch, and at more only where it fits: so the alternatives that a
pattern begins with become branches of their own, and branches with one first letter become one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from classifier.reference import read_table

NEAR = 150
"""Characters around a mention of a permit in which its number is looked for."""
_NOT_BEFORE = re.compile(r"\(\?<!(?:\[[^]]*\]|\\d)\)")
_PLAIN_LETTER = re.compile(r"[^\\\[(.]")
_TOKEN = re.compile(r"\\.|\[[^]]*\]|.", re.DOTALL)


def has_permit_number(text: str, at: int) -> bool:
    """Whether a known kind of permit number stands around a place in a normalised text."""
    first, last = max(at - NEAR, 0), at + NEAR
    only_ascii = text[first:last].isascii()
    return any(pattern.search(text, first, last) for pattern, in_ascii in _patterns() if in_ascii or not only_ascii)


@cache
def _patterns() -> list[tuple[re.Pattern[str], bool]]:
    """One for each kind of character that must not stand before, in each the branches by the letter that they begin with; and
    whether ASCII may hold what it looks for."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in read_table("permits"):
        for before, branch in branches(row["pattern"]):
            letter = branch[0] if _PLAIN_LETTER.match(branch) else ""
            found.setdefault(before, {}).setdefault(letter, []).append(branch[len(letter) :])
    return [
        (
            re.compile(
                before + "(?:" + "|".join(f"{re.escape(letter)}(?:{'|'.join(rests)})" for letter, rests in by_letter.items()) + ")"
            ),
            any(letter.isascii() for letter in by_letter),
        )
        for before, by_letter in found.items()
    ]


def branches(pattern: str, before: str = "") -> Iterator[tuple[str, str]]:
    """The alternatives that a pattern begins with, each with all that follows them, and what must not stand before."""
    if ahead := _NOT_BEFORE.match(pattern):
        yield from branches(pattern[ahead.end() :], ahead[0])
    elif (parts := _leading_group(pattern)) is None:
        yield before, pattern
    else:
        for part in parts:
            yield from branches(part, before)


def _leading_group(pattern: str) -> list[str] | None:
    """The pattern once for each alternative of the group that it begins with; None if it begins with none that must be there."""
    if not pattern.startswith("(?:"):
        return None
    depth, start, alternatives = 0, 3, []
    for token in _TOKEN.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if (token[0] == "|" and depth == 1) or (token[0] == ")" and depth == 0):
            alternatives.append(pattern[start : token.start()])
            start = token.end()
        if depth == 0:
            break
    rest = pattern[start:]
    return None if rest[:1] in {"?", "*", "{"} else [alternative + rest for alternative in alternatives]
