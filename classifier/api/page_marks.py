"""Which reasons of an assessment the page shows, and the ad's text cut into the pieces that they mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from classifier.indicators import indicators
from classifier.reference import read_table
from classifier.schema import Assessment, Language, Reason

Direction = Literal["against", "for"]
_PULL = 0.05
"""Log-odds below which an indicator did not move the answer."""
_WORDS_PULL = 0.4
_MOST = {"against": 8, "for": 5, "also": 4}
_MOST_WORDS = 4
_QUOTE = 70
_COVERED_BY = {"chat_contact": ("chat_only", "abroad_by_chat_only"), "chat_only": ("abroad_by_chat_only",)}
"""Indicators that say no more than another one that was found too."""
_HAS_WORD = re.compile(r"[^\W\d_]{3}|[\u0900-\u1fff\u3040-\ud7ff]{2}")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing: an ad could show other words than it holds."""
Mark = tuple[str, int, int, int]
"""Field, start, end, number of the sign."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason as the page tells it. Number 0 for what has no mark in the text."""

    number: int
    direction: Direction
    title: str
    sentence: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the ad: plain, marked, or left out (`text` empty)."""

    text: str
    direction: Direction | None = None
    begins: tuple[int, ...] = ()
    """Numbers of the signs whose marked words begin here."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one assessment, strongest first, and where they stand."""

    against: tuple[Sign, ...]
    speaks_for: tuple[Sign, ...]
    also: tuple[Sign, ...]
    """Found, and worth knowing, though the model did not count it against this ad."""
    marks: tuple[Mark, ...]


def visible(text: str) -> str:
    """The text with a replacement character for each one that hides or turns the others; offsets stay."""
    return _HIDDEN.sub("\ufffd", text)


def signs_of(assessment: Assessment, language: Language, titles: dict[Direction, str]) -> Signs:
    """The reasons worth telling: indicators that pull where field workers say they pull, then words beside them. `titles`: how
    the words are headed."""
    named = {r.indicator for r in assessment.reasons}
    found: dict[str, list[Reason]] = {"against": [], "for": [], "also": []}
    for reason in assessment.reasons:
        if reason.kind == "indicator" and not named & set(_COVERED_BY.get(reason.indicator or "", ())):
            stands_for = _directions()[reason.indicator or ""]
            pull = reason.weight if stands_for == "against" else -reason.weight
            if pull > _PULL:
                found[stands_for].append(reason)
            elif stands_for == "against":
                found["also"].append(reason)
    told: dict[str, list[Sign]] = {"against": [], "for": [], "also": []}
    marks: list[Mark] = []
    number = 0
    for group, reasons in found.items():
        for reason in sorted(reasons, key=lambda r: -abs(r.weight))[: _MOST[group]]:
            marked = group != "also" and reason.end > reason.start
            if marked:
                number += 1
                marks.append((reason.field, reason.start, reason.end, number))
            direction: Direction = "for" if group == "for" else "against"
            title = indicators()[reason.indicator or ""].title[language]
            quotes: tuple[str, ...] = (shortened(reason.quote),) if reason.quote else ()
            told[group].append(Sign(number if marked else 0, direction, title, reason.message, quotes))
    for direction in ("against", "for"):
        words = _words(assessment.reasons, direction, marks)
        if words:
            number += 1
            marks += [(r.field, r.start, r.end, number) for r in words]
            quotes = tuple(shortened(r.quote) for r in words)
            told[direction].append(Sign(number, direction, titles[direction], words[0].message, quotes))
    marks.sort(key=lambda mark: mark[1:])
    return Signs(tuple(told["against"]), tuple(told["for"]), tuple(told["also"]), tuple(marks))


def pieces_of(text: str, marks: Iterable[tuple[int, int, int]], against: set[int], room: int) -> list[Piece]:
    """The text in pieces by its marks (start, end, number); far from any mark it is cut to fit in about `room` bytes of HTML."""
    marks = list(marks)
    text = visible(text)
    bounds = sorted({0, len(text), *(at for start, end, _ in marks for at in (start, end))})
    cuts = pairwise(bounds)
    plain = 40 if len(text.encode("utf-8", "replace")) > room else len(text)
    pieces: list[Piece] = []
    for start, end in cuts:
        over = [n for a, b, n in marks if a <= start and end <= b]
        if over:
            direction: Direction = "against" if against & set(over) else "for"
            pieces.append(Piece(text[start:end], direction, tuple(n for a, _, n in marks if a == start and n in over)))
        else:
            pieces += _shorter(text[start:end], plain if start else max(plain, min(room // 8, len(text))))
    return _within(pieces, room)


def _shorter(text: str, keep: int) -> list[Piece]:
    if len(text) <= 2 * keep + 20:
        return [Piece(text)]
    return [Piece(text[:keep]), Piece(""), Piece(text[-keep:])]


def _within(pieces: Sequence[Piece], room: int) -> list[Piece]:
    """As many pieces as fit."""
    kept: list[Piece] = []
    for piece in pieces:
        room -= html_bytes(piece.text) + 60
        if room < 0:
            return [*kept, Piece("")]
        kept.append(piece)
    return kept


def html_bytes(text: str) -> int:
    """Bytes of a text in a page, with its special characters escaped."""
    return len(text.encode("utf-8", "replace")) + sum(4 * text.count(c) for c in "&<>\"'")


def shortened(text: str, width: int = _QUOTE) -> str:
    """A quote in one line, cut to the width."""
    text = " ".join(visible(text).split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _words(reasons: Sequence[Reason], direction: Direction, marks: Sequence[Mark]) -> list[Reason]:
    """The strongest words of one direction that no mark covers yet, in reading order."""
    sign = 1 if direction == "against" else -1
    strong = [r for r in reasons if r.kind == "words" and sign * r.weight >= _WORDS_PULL and _HAS_WORD.search(r.quote)]
    free = [r for r in strong if not any(r.field == f and r.start < b and a < r.end for f, a, b, _ in marks)]
    return sorted(sorted(free, key=lambda r: -abs(r.weight))[:_MOST_WORDS], key=lambda r: r.start)


@cache
def _directions() -> dict[str, Direction]:
    """Indicator -> how field workers read it, from `reference/indicators.csv`."""
    return {row["id"]: "for" if row["direction"] == "for" else "against" for row in read_table("indicators")}
