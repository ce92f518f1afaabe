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
from classifier.indicators import Spans, indicators, strength
from classifier.linear import RISK, LinearModel, Reading
from classifier.ngrams import Hashed
from classifier.schema import TEXT_FIELDS, Language, Posting, Reason
from classifier.text import Folded

MAX_PHRASE_WORDS = 5
_SENTENCE_END = re.compile(r"[.!?;:\n|<။។]|[。！？；：]")
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

    def locate(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> list[tuple[str, int, int]]:
        """Field and offsets in it of characters from each start to each end of the text; cut at the end of the field."""
        at = np.searchsorted(self.starts, starts, side="right") - 1
        first = np.array(self.starts)[at]
        stop = np.array([*(start - 1 for start in self.starts[1:]), len(self.text)])[at]
        places = zip(at.tolist(), (starts - first).tolist(), (np.minimum(ends, stop) - first).tolist(), strict=True)
        return [(self.fields[field], start, end) for field, start, end in places]


def join(posting: Posting) -> JoinedText:
    """`joined_text` with the way back to the fields."""
    present = [(name, value) for name in TEXT_FIELDS if (value := getattr(posting, name))]
    lengths = [len(value) + 1 for _, value in present]
    starts = (0, *np.cumsum(lengths)[:-1].tolist())
    return JoinedText("\n".join(value for _, value in present), tuple(name for name, _ in present), starts)


def reasons_of(model: LinearModel, posting: Posting, reading: Reading, at: int, language: Language = "en") -> list[Reason]:
    """Every indicator and every phrase of a posting, the `at`-th of a batch that was read, with its share of the risk's
    log-odds."""
    joined = join(posting)
    return [
        *_indicator_reasons(model, posting, joined, reading.spans[at], language),
        *_word_reasons(model, posting, joined, reading, at, language),
    ]


def _word_reasons(
    model: LinearModel, posting: Posting, joined: JoinedText, reading: Reading, at: int, language: Language
) -> list[Reason]:
    """Phrases in reading order. Their weights sum to the n-grams' share of the log-odds."""
    starts, stops, weights = _words(model, reading.folded, reading.hashed.document(at, reading.batch.limits))
    origin, first = reading.folded.origin, reading.firsts[at]
    begins, ends = origin[starts] - first, origin[stops - 1] - first + 1
    fields = joined.locate(begins, ends)
    up, down = _MESSAGES[language]
    reasons = []
    for first, last in _phrases(joined.text, begins, ends, weights):
        name, start, _ = fields[first]
        end = fields[last - 1][2]
        quote = getattr(posting, name)[start:end]
        weight = float(weights[first:last].sum())
        reasons.append(Reason("words", None, name, start, end, quote, weight, up if weight > 0 else down))
    return reasons


def _indicator_reasons(
    model: LinearModel, posting: Posting, joined: JoinedText, spans: dict[str, Spans], language: Language
) -> list[Reason]:
    """Indicators in the order of their columns. One that is about something left out has an empty span at the start of the first
    field."""
    present = [(k, indicator) for k, indicator in enumerate(indicators().values()) if indicator.id in spans]
    first = np.array([spans[indicator.id][0] if spans[indicator.id] else (0, 0) for _, indicator in present], np.int64)
    places = joined.locate(*first.reshape(-1, 2).T)
    reasons = []
    for (k, indicator), (field, start, end) in zip(present, places, strict=True):
        weight = float(model.indicators[RISK, k] * strength(spans[indicator.id]))
        quote = getattr(posting, field)[start:end]
        reasons.append(Reason("indicator", indicator.id, field, start, end, quote, weight, indicator.sentence[language]))
    return reasons


def strongest(reasons: Sequence[Reason], limit: int | None) -> tuple[Reason, ...]:
    """The reasons with the largest pull first, at most `limit`; equal ones in reading order."""
    return tuple(sorted(reasons, key=lambda r: -abs(r.weight))[:limit])


def _words(model: LinearModel, folded: Folded, hashed: Hashed) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Starts and stops in `folded.codes` and the share of each word of one document. Texts without a word have no share to
    give."""
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


def _phrases(text: str, starts: NDArray[np.int64], ends: NDArray[np.int64], weights: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Runs of neighbouring words that pull the same way, within one sentence, line and field and MAX_PHRASE_WORDS."""
    marks = np.array([mark.start() for mark in _SENTENCE_END.finditer(text)], np.int64)
    parted = np.searchsorted(marks, ends[:-1]) != np.searchsorted(marks, starts[1:])
    parted |= (weights[1:] > 0) != (weights[:-1] > 0)
    edges = [0, *(np.flatnonzero(parted) + 1).tolist(), len(weights)]
    return [
        (first, min(first + MAX_PHRASE_WORDS, end))
        for begin, end in pairwise(edges)
        for first in range(begin, end, MAX_PHRASE_WORDS)
    ]
