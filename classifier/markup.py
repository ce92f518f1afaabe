"""Marks what is HTML in a text that feeds and boards deliver with its tags, so that it is read as a browser would show it.

Only tags that browsers know count, so that "<Kamboja>" stays a word. A tag with attributes of its own words stays as well, unless
they look like attributes; a link keeps its address, for where an ad leads to is a sign.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from classifier.patterns import pattern

_BLOCKS = frozenset(
    "br p div li ul ol tr td th table tbody thead section article header footer h1 h2 h3 h4 h5 h6 hr dl dt dd".split()
)
_INLINE = ("b", "i", "u", "s", "a", "em", "strong", "span", "font", "small", "big", "sub", "sup", "mark", "img", "center")
_MARKUP = pattern(
    rf"<(?P<closing>/)?(?P<name>{'|'.join(sorted({*_BLOCKS, *_INLINE}, key=len, reverse=True))})"
    r"(?P<attributes>[ \t][^<>\n=]{0,80}=[^<>\n]{0,400})?[ \t]*/?>"
    r"|&(?P<entity>#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,10}\d?);",
    re.IGNORECASE,
)


def find_markup(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each tag and entity, and the one character as which it is read: a line end, nothing, or the entity's."""
    end = 0
    for at in sorted([*_places(text, "<"), *_places(text, "&")]):
        match = _MARKUP.match(text, at) if at >= end else None
        if match is None:
            continue
        end = match.end()
        if entity := match["entity"]:
            character = html.unescape(f"&{entity};")
            if len(character) == 1:
                yield *match.span(), character
        elif match["name"].lower() in _BLOCKS:
            yield *match.span(), "\n"
        elif match["closing"] or match["name"].lower() != "a":
            yield *match.span(), ""


def _places(text: str, sign: str) -> Iterator[int]:
    """Where a sign stands: far faster than looking at each character."""
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)
