"""Reasons: which words pull a posting's risk up or down, and by how much, exactly.

The log-odds of the risk are a sum over n-grams and indicators. Each n-gram spreads its share evenly over its characters; the
characters of a word add up to the word's share, neighbouring words that pull the same way make a phrase. Nothing is
left out: the weights of all reasons and the intercept sum to the posting's log-odds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from classifier.characters import IDEOGRAPH, SEPARATOR, SYMBOL, class_table
from classifier.compact import compact
from classifier.indicators import columns, find, indicators
from classifier.linear import RISK, LinearModel
from classifier.schema import TEXT_FIELDS, Language, Posting, Reason
from classifier.text import Folded, fold

MAX_PHRASE_WORDS = 5
_SENTENCE_END = re.compile(r"[.!?;:\n|။។]|[。！？；：]")
_LONG_WORD = 18
"""A longer run of letters is a clause of a script without spaces (or no word at all) and is cut at its characters."""
_MESSAGES: dict[Language, tuple[str, str]] = {
    "en": ("Wording that stands more often in lures and job scams.", "Wording that stands more often in honest postings."),
    "id": (
        "Kata-kata ini lebih sering muncul di umpan dan penipuan lowongan.",
        "Kata-kata ini lebih sering muncul di lowongan jujur.",
    ),
}


@dataclass(frozen=True, slots=True)
class JoinedText:
    """The fields of a posting that are assessed, joined by line ends, and the way back to each field."""

    text: str
    fields: tuple[str, ...]
    starts: tuple[int, ...]

    def locate(self, start: int, end: int) -> tuple[str, int, int]:
        """Field and offsets in it of characters `start` to `end` of the text; cut at the end of the field."""
        at = int(np.searchsorted(self.starts, start, side="right")) - 1
        first = self.starts[at]
        stop = self.starts[at + 1] - 1 if at + 1 < len(self.starts) else len(self.text)
        return self.fields[at], start - first, min(end, stop) - first


def join(posting: Posting) -> JoinedText:
    """`joined_text` with the way back to the fields."""
    present = [(name, value) for name in TEXT_FIELDS if (value := getattr(posting, name))]
    lengths = [len(value) + 1 for _, value in present]
    starts = (0, *np.cumsum(lengths)[:-1].tolist())
    return JoinedText("\n".join(value for _, value in present), tuple(name for name, _ in present), starts)


def word_reasons(model: LinearModel, posting: Posting, language: Language = "en") -> list[Reason]:
    """Every phrase of the posting with its share of the risk's log-odds, in reading order. Their weights sum to the n-grams'
    share of the log-odds."""
    joined = join(posting)
    folded = fold([joined.text])
    starts, stops, weights = _words(model, folded)
    fields = [joined.locate(int(folded.origin[a]), int(folded.origin[b - 1]) + 1) for a, b in zip(starts, stops, strict=True)]
    up, down = _MESSAGES[language]
    reasons = []
    for first, last in _phrases(weights, [_goes_on(posting, *pair) for pair in pairwise(fields)]):
        name, start, _ = fields[first]
        end = fields[last - 1][2]
        quote = getattr(posting, name)[start:end]
        weight = float(weights[first:last].sum())
        reasons.append(Reason("words", None, name, start, end, quote, weight, up if weight > 0 else down))
    return reasons


def indicator_reasons(model: LinearModel, posting: Posting, language: Language = "en") -> list[Reason]:
    """Every indicator of the posting with its share of the risk's log-odds. One that is about something left out has an empty
    span at the start of the first field."""
    joined = join(posting)
    (values,) = columns([joined.text], [bool(posting.company)])
    spans = find(joined.text, bool(posting.company))
    reasons = []
    for k, (name, indicator) in enumerate(indicators().items()):
        weight = float(model.indicators[RISK, k] * values[k])
        if values[k]:
            places = spans[name]
            field, start, end = joined.locate(*places[0]) if places else (joined.fields[0], 0, 0)
            quote = getattr(posting, field)[start:end]
            reasons.append(Reason("indicator", name, field, start, end, quote, weight, indicator.sentence[language]))
    return reasons


def strongest(reasons: Sequence[Reason], limit: int | None) -> tuple[Reason, ...]:
    """The reasons with the largest pull first, at most `limit`; equal ones in reading order."""
    return tuple(sorted(reasons, key=lambda r: -abs(r.weight))[:limit])


def _words(model: LinearModel, folded: Folded) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Starts and stops in `folded.codes` and the share of each word. Texts without a word have no share to give."""
    hashed = model.hasher.hash_compact(compact(folded))
    size = len(hashed.at)
    flow = np.zeros(size + 1)
    for starts, stops, weights in model.contributions(hashed):
        share = weights / (stops - starts)
        flow += np.bincount(starts, share, size + 1) - np.bincount(stops, share, size + 1)
    share = np.cumsum(flow[:-1])
    codes = folded.codes[hashed.at]
    kinds = class_table()[codes]
    starts = np.flatnonzero(_word_starts(kinds, codes))
    if not len(starts):
        return starts, starts, np.empty(0)
    # a separator's share goes to the word before it, that of leading ones to the first word
    totals = np.add.reduceat(share, np.append(0, starts[1:]))
    solid = np.flatnonzero(kinds != SEPARATOR)
    last = solid[np.searchsorted(solid, np.append(starts[1:], size)) - 1]
    return hashed.at[starts], hashed.at[last] + 1, totals


def _word_starts(kinds: NDArray[np.uint8], codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Where a word begins: after a separator, at signs and ideographs, and at each base character of a long clause."""
    solid = kinds != SEPARATOR
    start: NDArray[np.bool_] = solid.copy()
    start[1:] &= ~solid[:-1] | (kinds[1:] == SYMBOL) | (kinds[:-1] == SYMBOL) | (kinds[1:] == IDEOGRAPH) | (kinds[:-1] == IDEOGRAPH)
    begins = np.flatnonzero(start)
    ends = np.append(begins[1:], len(kinds))
    for a, b in zip(begins[ends - begins > _LONG_WORD], ends[ends - begins > _LONG_WORD], strict=True):
        inside = codes[a + 1 : b]
        start[a + 1 : b] = (kinds[a + 1 : b] != SEPARATOR) & ~_is_mark(inside) & ((np.arange(1, b - a) % 6 == 0) | (inside > 0x900))
    return start


def _is_mark(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Vowel signs, tone marks and viramas of the Brahmic scripts, which belong to the letter before them."""
    marks = np.zeros(len(codes), np.bool_)
    for a, b in _MARKS:
        marks |= (codes >= a) & (codes < b)
    return marks


_MARKS = (
    (0x0900, 0x0904), (0x093A, 0x0950), (0x0951, 0x0958), (0x0962, 0x0964), (0x0E30, 0x0E3B), (0x0E45, 0x0E4F),
    (0x0EB0, 0x0EBD), (0x0EC8, 0x0ECF), (0x102B, 0x103F), (0x1056, 0x105A), (0x105E, 0x1061), (0x17B4, 0x17D4), (0x17DD, 0x17DE),
)  # fmt: skip


def _goes_on(posting: Posting, before: tuple[str, int, int], after: tuple[str, int, int]) -> bool:
    """Whether two neighbouring words stand in one field with no end of a sentence or line between them."""
    return before[0] == after[0] and not _SENTENCE_END.search(getattr(posting, before[0]), before[2], after[1])


def _phrases(weights: NDArray[np.float64], goes_on: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of neighbouring words that pull the same way, within one sentence and MAX_PHRASE_WORDS."""
    runs: list[tuple[int, int]] = []
    first = 0
    for i in range(1, len(weights) + 1):
        if i == len(weights) or i - first >= MAX_PHRASE_WORDS or (weights[i] > 0) != (weights[first] > 0) or not goes_on[i - 1]:
            runs.append((first, i))
            first = i
    return runs
