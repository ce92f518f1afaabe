"""Reasons: which words pull a posting's risk up or down, and by how much, exactly.

The log-odds of the risk are a sum over n-grams and indicators. The n-grams' share is told word by word (see `word_shares`);
neighbouring words that pull the same way make a phrase. Nothing is left out: the weights of all reasons and the intercept sum
to the posting's log-odds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from classifier.characters import CODE_POINTS
from classifier.indicators import Spans, indicators, strength
from classifier.linear import RISK, LinearModel, Reading
from classifier.native import Pointer, native
from classifier.schema import TEXT_FIELDS, Language, Posting, Reason
from classifier.word_shares import WordShares, word_shares

MAX_PHRASE_WORDS = 5
_SENTENCE_ENDS = ".!?;:\n|<။។。！？；："
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

    fields: tuple[str, ...]
    starts: tuple[int, ...]
    length: int

    @classmethod
    def of(cls, posting: Posting) -> JoinedText:
        """`joined_text` of a posting with the way back to its fields."""
        present = [(name, len(value) + 1) for name in TEXT_FIELDS if (value := getattr(posting, name))]
        starts = [0, *accumulate(length for _, length in present)]
        return cls(tuple(name for name, _ in present), tuple(starts[:-1]), starts[-1] - 1)

    def locate(self, start: int, end: int) -> tuple[str, int, int]:
        """Field and offsets in it of the characters from `start` to `end` of the text, cut at the end of the field."""
        at = bisect_right(self.starts, start) - 1
        first = self.starts[at]
        stop = self.starts[at + 1] - 1 if at + 1 < len(self.starts) else self.length
        return self.fields[at], start - first, min(end, stop) - first


def reasons_of(
    model: LinearModel,
    postings: Sequence[Posting],
    reading: Reading,
    wanted: Sequence[int],
    limit: int | None = None,
    language: Language = "en",
) -> Iterator[tuple[Reason, ...]]:
    """Reasons of those postings of a batch whose numbers are `wanted`, at most `limit` of each: the strongest first; equal ones in
    the order of the indicators' columns, then of reading."""
    several = len(wanted) * 2 > len(postings)  # then it is cheaper to look at all at once
    shared = _Phrases.of(model, reading, 0, len(postings)) if several else None
    for at in wanted:
        phrases, number = (shared, at) if shared else (_Phrases.of(model, reading, at, at + 1), 0)
        yield _reasons(model, postings[at], reading.spans[at], phrases, number, limit, language)


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Runs of neighbouring words of some documents that pull the same way, within one sentence, line and field and
    MAX_PHRASE_WORDS.

    `starts`, `stops`: in the document's own text. `weights`: log-odds toward risk. Those of document d are at
    `limits[d]:limits[d + 1]`.
    """

    starts: list[int]
    stops: list[int]
    weights: list[float]
    limits: list[int]

    @classmethod
    def of(cls, model: LinearModel, reading: Reading, first: int, last: int) -> _Phrases:
        """Phrases of the documents from `first` up to `last`, which is left out."""
        words = word_shares(model, reading, first, last)
        documents = last - first
        if not len(words.starts):
            return cls([], [], [], [0] * (documents + 1))
        offsets = reading.firsts[first:last] - reading.firsts[first]
        begins = _phrase_starts(words, "\n".join(reading.batch.texts[first:last]))
        ends = np.append(begins[1:], len(words.starts)) - 1
        of = words.documents[begins]
        return cls(
            (words.starts[begins] - offsets[of]).tolist(),
            (words.stops[ends] - offsets[of]).tolist(),
            np.add.reduceat(words.weights, begins).tolist(),
            np.searchsorted(of, np.arange(documents + 1)).tolist(),
        )


def _phrase_starts(words: WordShares, original: str) -> NDArray[np.int64]:
    """The words at which a phrase begins."""
    codes = np.frombuffer(original.encode("utf-32-le", "surrogatepass"), np.uint32)
    if (helper := native()) is not None:
        each = words.starts, words.stops, words.weights, words.documents
        return helper.phrase_starts(each, codes, _sentence_end_pointer(), MAX_PHRASE_WORDS)
    marks = np.flatnonzero(_is_sentence_end().take(codes))
    parted = np.ones(len(words.starts), np.bool_)
    parted[1:] = np.searchsorted(marks, words.stops[:-1]) != np.searchsorted(marks, words.starts[1:])
    parted[1:] |= (words.weights[1:] > 0) != (words.weights[:-1] > 0)
    parted[1:] |= words.documents[1:] != words.documents[:-1]
    number = np.arange(len(parted))
    since = number - np.maximum.accumulate(np.where(parted, number, 0))
    return np.flatnonzero(since % MAX_PHRASE_WORDS == 0)


@cache
def _is_sentence_end() -> NDArray[np.bool_]:
    table = np.zeros(CODE_POINTS, np.bool_)
    table[[ord(c) for c in _SENTENCE_ENDS]] = True
    return table


@cache
def _sentence_end_pointer() -> Pointer:
    return Pointer(_is_sentence_end())


def _reasons(
    model: LinearModel,
    posting: Posting,
    spans: dict[str, Spans],
    phrases: _Phrases,
    number: int,
    limit: int | None,
    language: Language,
) -> tuple[Reason, ...]:
    """Reasons of one posting. An indicator that is about something left out has an empty span at the start of the first field."""
    present = [(k, indicator) for k, indicator in enumerate(indicators().values()) if indicator.id in spans]
    first, last = phrases.limits[number : number + 2]
    weights = [float(model.indicators[RISK, k] * strength(spans[indicator.id])) for k, indicator in present]
    weights += phrases.weights[first:last]
    order = sorted(range(len(weights)), key=lambda at: -abs(weights[at]))[:limit]
    joined, name = JoinedText.of(posting), None
    up, down = _MESSAGES[language]
    reasons = []
    for at in order:
        weight = weights[at]
        if at < len(present):
            indicator = present[at][1]
            place = joined.locate(*(spans[indicator.id][0] if spans[indicator.id] else (0, 0)))
            name, message = indicator.id, indicator.sentence[language]
        else:
            phrase = first + at - len(present)
            place = joined.locate(phrases.starts[phrase], phrases.stops[phrase])
            name, message = None, up if weight > 0 else down
        field, start, end = place
        kind: Literal["indicator", "words"] = "indicator" if name else "words"
        reasons.append(Reason(kind, name, field, start, end, getattr(posting, field)[start:end], weight, message))
    return tuple(reasons)
