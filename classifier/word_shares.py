"""What each word of a text adds to the risk's log-odds.

Each n-gram spreads its share evenly over its characters; the characters of a word add up to the word's share. The sums are of whole
multiples of a small fraction of the weights' unit, so that a text's shares do not depend on the batch it was read in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifier.characters import IDEOGRAPH, SEPARATOR, SYMBOL
from classifier.linear import RISK, LinearModel, Reading, channel_scales
from classifier.native import native

_LONG_WORD = 18
"""A longer run of letters is a clause of a script without spaces (or no word at all) and is cut at its characters."""
_PARTS = 1 << 26
"""Parts of a weight's unit in which shares are counted."""
_MARKS = (
    (0x0900, 0x0904), (0x093A, 0x0950), (0x0951, 0x0958), (0x0962, 0x0964), (0x0E30, 0x0E3B), (0x0E45, 0x0E4F),
    (0x0EB0, 0x0EBD), (0x0EC8, 0x0ECF), (0x102B, 0x103F), (0x1056, 0x105A), (0x105E, 0x1061), (0x17B4, 0x17D4), (0x17DD, 0x17DE),
)  # fmt: skip
"""Vowel signs, tone marks and viramas of the Brahmic scripts, which belong to the letter before them."""


@dataclass(frozen=True, slots=True)
class WordShares:
    """The words of some documents that follow each other in a batch, in order.

    `starts`, `stops`: int64, shape (words,), in the joined original of these documents. `weights`: float64, shape (words,),
    log-odds toward risk. `documents`: int64, shape (words,), the document of each, the first of these being 0.
    """

    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    weights: NDArray[np.float64]
    documents: NDArray[np.int64]


def word_shares(model: LinearModel, reading: Reading, first: int, last: int) -> WordShares:
    """Shares of the words of the documents from `first` up to `last`, which is left out. A text without a word has no share to
    give."""
    batch, folded = reading.batch.compact, reading.batch.folded
    begin, end = batch.limits[first], batch.limits[last]
    limits, codes, kinds = batch.limits[first : last + 1] - begin, batch.codes[begin:end], batch.kinds[begin:end]
    at = batch.at[begin:end]
    flow, totals = _flow(model, reading, first, last)
    if (helper := native()) is not None:
        begins, ends, documents, sums = helper.words(codes, kinds, limits, flow, _mark_ranges())
    else:
        begins, ends, documents, sums = _words(codes, kinds, limits, flow)
    scales = channel_scales(totals)[:, documents] * (model.units[RISK] / _PARTS)
    origin, offset = folded.origin, reading.firsts[first]
    starts, stops = origin[at[begins]] - offset, origin[at[ends]] + 1 - offset
    return WordShares(starts, stops, sums[0] * scales[0] + sums[1] * scales[1], documents)


def _words(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], limits: NDArray[np.int64], flow: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """First and last character and document of each word, and the sums of what flows through its characters, shape (2, words). A
    separator's share goes to the word before it, that of leading ones to the first word."""
    begins = np.flatnonzero(_word_starts(kinds, codes, limits))
    documents = np.searchsorted(limits, begins, side="right") - 1
    edge = np.zeros(len(codes), np.bool_)
    edge[begins[1:][documents[1:] == documents[:-1]]] = edge[limits[:-1]] = True
    edges = np.flatnonzero(edge)
    has_words = np.zeros(len(limits) - 1, np.bool_)
    has_words[documents] = True
    sums = np.add.reduceat(np.cumsum(flow[:, :-1], axis=1), edges, axis=1)
    if not has_words.all():
        sums = sums[:, has_words[np.searchsorted(limits, edges, side="right") - 1]]
    solid = np.flatnonzero(kinds != SEPARATOR)
    ends = begins.copy()
    ends[:-1] = solid[np.searchsorted(solid, begins[1:]) - 1]
    ends[-1:] = solid[-1:]
    return begins, ends, documents, sums


@cache
def _mark_ranges() -> NDArray[np.int64]:
    return np.array(_MARKS, np.int64)


def _flow(model: LinearModel, reading: Reading, first: int, last: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """By channel, what the n-grams' shares add at each character, where they begin, and take back where they end, shape (2,
    characters + 1); and the number of n-grams of each document, shape (2, documents)."""
    hashes = reading.batch.hashes
    limits = hashes.batch.limits[first : last + 1]
    if (helper := native()) is not None:
        return helper.flow(hashes.arrays, limits, reading.hasher.lengths, model.ngrams, _PARTS)
    flow = np.zeros((2, int(limits[-1] - limits[0]) + 1))
    hashed = reading.hashed.documents(first, last, hashes.batch.limits)
    for block in hashed.blocks:
        shares = np.rint(model.ngrams[block.buckets, RISK] * (_PARTS / (block.stops - block.starts)))
        flow[block.channel] += np.bincount(block.starts, shares, flow.shape[1]) - np.bincount(block.stops, shares, flow.shape[1])
    return flow, hashed.totals


def _word_starts(kinds: NDArray[np.uint8], codes: NDArray[np.uint32], limits: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a word begins: after a separator, at signs and ideographs, and at each base character of a long clause."""
    solid = kinds != SEPARATOR
    alone = (kinds == SYMBOL) | (kinds == IDEOGRAPH)
    start: NDArray[np.bool_] = solid.copy()
    start[1:] &= ~solid[:-1] | alone[1:] | alone[:-1]
    begins = np.flatnonzero(start)
    ends = np.minimum(np.append(begins[1:], len(kinds)), limits[np.searchsorted(limits, begins, side="right")])
    for a, b in zip(begins[ends - begins > _LONG_WORD], ends[ends - begins > _LONG_WORD], strict=True):
        inside = codes[a + 1 : b]
        start[a + 1 : b] = (kinds[a + 1 : b] != SEPARATOR) & ~_is_mark(inside) & ((np.arange(1, b - a) % 6 == 0) | (inside > 0x900))
    return start


def _is_mark(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    marks = np.zeros(len(codes), np.bool_)
    for a, b in _MARKS:
        marks |= (codes >= a) & (codes < b)
    return marks
