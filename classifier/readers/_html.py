"""HTML to plain text.

Not `html.parser`: on unclosed comments and declarations that one needs time in the square of the length (CVE-2025-6069), and
what comes here is hostile. Each step below either moves on or ends, so the time is in proportion to the length.
"""

from __future__ import annotations

import html
import re

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--|<br|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:-]*)")
_BLOCKS = frozenset(
    "address article aside blockquote body br dd div dl dt fieldset figcaption footer form h1 h2 h3 h4 h5 h6 header hr li main "
    "nav ol option p pre section table tbody td tfoot th thead title tr ul".split()
)
_UNSEEN = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "noscript", "template", "head")}
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_MANY_BREAKS = re.compile(r" ?\n(?: ?\n)+ ?| ?\n ?")


def plain_text(text: str) -> str:
    """The text as it is, or without its markup when it has some."""
    return html_to_text(text) if _MARKUP.search(text) else text


def html_to_text(markup: str) -> str:
    """The words of an HTML fragment or page; blocks and line breaks become line breaks, list items get a bullet."""
    pieces: list[str] = []
    position = 0
    while (start := markup.find("<", position)) >= 0:
        pieces.append(_words(markup[position:start]))
        position = _after_tag(markup, start, pieces)
    pieces.append(_words(markup[position:]))
    text = "".join(pieces)
    return _MANY_BREAKS.sub(lambda m: "\n\n" if m[0].count("\n") > 2 else "\n", text).strip().replace("\x00", "")


def _words(text: str) -> str:
    return html.unescape(_SPACES.sub(" ", text))


def _after_tag(markup: str, start: int, pieces: list[str]) -> int:
    """Where reading goes on after the `<` at `start`; line breaks and literal signs are added to the pieces."""
    if markup.startswith("<!--", start):
        return _after(markup, "-->", start + 4)
    if markup.startswith("<![CDATA[", start):
        end = markup.find("]]>", start)
        pieces.append(markup[start + 9 : end if end >= 0 else None])
        return _after(markup, "]]>", start)
    name = _NAME.match(markup, start + 1)
    if not name and not markup.startswith(("<!", "<?"), start):
        pieces.append("<")
        return start + 1
    end = _after(markup, ">", start)
    if name:
        tag = name[1].lower()
        if tag in _BLOCKS:
            pieces.append("\n- " if tag == "li" and markup[start + 1] != "/" else "\n")
        if tag in _UNSEEN and markup[start + 1] != "/":
            closing = _UNSEEN[tag].search(markup, end)
            return closing.start() if closing else len(markup)
    return end


def _after(markup: str, sign: str, start: int) -> int:
    end = markup.find(sign, start)
    return end + len(sign) if end >= 0 else len(markup)
