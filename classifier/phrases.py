"""Finds the phrases of the reference tables in a whole batch, in one pass.

All words of all phrases in all languages, and the names of places, go into one automaton (Aho and Corasick, "Efficient string
matching: an aid to bibliographic search", Communications of the ACM 18(6), 1975), so the time grows with the text, not with
the tables. A phrase `A … B` stands for A and B near each other, in either order; a slash lists alternatives of one part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

import ahocorasick
import numpy as np
from numpy.typing import NDArray

from classifier.characters import DIGIT
from classifier.compact import Compact, compact
from classifier.reference import read_table
from classifier.text import fold

NEAR = 45
"""Characters that may stand between the two parts of a phrase."""
_MOST_PARTS = 200_000
_UNSPACED = ((0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0xA9E0, 0xAA80), (0x3041, 0xA000), (0xF900, 0xFB00))


@dataclass(frozen=True, slots=True)
class Hits:
    """Where concepts were found in a batch; one row a hit, ordered by document, then place.

    All int64, shape (hits,): `documents`, `concepts` (indices into `concepts()`), `starts` and `stops` (in `Compact.codes`).
    """

    documents: NDArray[np.int64]
    concepts: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Automaton:
    machine: ahocorasick.Automaton
    lengths: NDArray[np.int64]
    """Characters of each part."""
    spaced: NDArray[np.bool_]
    """Whether a part is of a script with spaces and must be whole words."""
    uses: NDArray[np.int64]
    """Pattern and side (0: alone, 1 and 2: first and second part) of each use of a part: 4 * pattern + side."""
    first_use: NDArray[np.int64]
    concept_of: NDArray[np.int64]
    concepts: tuple[str, ...]


def concepts() -> tuple[str, ...]:
    """Names of all concepts: those of `reference/phrases.csv`, and `place:NAME` for each of `reference/places.csv`."""
    return _automaton().concepts


def find(batch: Compact) -> Hits:
    """All hits in a batch. A place in the text can be a hit of several concepts."""
    table = _automaton()
    parts = _parts(batch, table)
    counts = table.first_use[parts.ids + 1] - table.first_use[parts.ids]
    which = np.repeat(np.arange(len(counts)), counts)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    uses = table.uses[table.first_use[parts.ids[which]] + offset]
    patterns, sides = uses >> 2, uses & 3
    starts, stops = parts.starts[which], parts.stops[which]
    alone = np.flatnonzero(sides == 0)
    first, second = _near_pairs(patterns, sides, starts, stops, np.searchsorted(batch.limits, starts, side="right"))
    starts, stops, patterns = (
        np.concatenate([starts[alone], np.minimum(starts[first], starts[second])]),
        np.concatenate([stops[alone], np.maximum(stops[first], stops[second])]),
        np.concatenate([patterns[alone], patterns[first]]),
    )
    order = np.lexsort((stops, starts))
    starts, stops, found = starts[order], stops[order], table.concept_of[patterns[order]]
    return Hits(np.searchsorted(batch.limits, starts, side="right") - 1, found, starts, stops)


@dataclass(frozen=True, slots=True)
class _Parts:
    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]


def _parts(batch: Compact, table: _Automaton) -> _Parts:
    """Parts of phrases that stand in the batch as whole words."""
    matches = np.fromiter(chain.from_iterable(table.machine.iter(batch.text)), np.int64).reshape(-1, 2)
    ids, stops = matches[:, 1], matches[:, 0] + 1
    starts = stops - table.lengths[ids]
    whole = ~table.spaced[ids]
    whole |= _border(batch, starts) & _border(batch, stops)
    if whole.sum() > _MOST_PARTS:  # a hostile text; the first of each part in each stretch is as good as all
        stretch = ids[whole] * (1 << 32) + starts[whole] // NEAR
        whole[np.flatnonzero(whole)[np.setdiff1d(np.arange(len(stretch)), np.unique(stretch, return_index=True)[1])]] = False
    return _Parts(ids[whole], starts[whole], stops[whole])


def _border(batch: Compact, at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a word begins or ends at each place."""
    before, after = batch.kinds[np.maximum(at - 1, 0)], batch.kinds[np.minimum(at, len(batch.kinds) - 1)]
    border: NDArray[np.bool_] = (at == 0) | (at == len(batch.kinds)) | (before != after) | (before > DIGIT)
    return border


def _near_pairs(
    patterns: NDArray[np.int64],
    sides: NDArray[np.int64],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    documents: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of neighbouring first and second parts of one pattern in one document with at most NEAR characters between."""
    paired = np.flatnonzero(sides)
    order = paired[np.lexsort((stops[paired], starts[paired], patterns[paired]))]
    a, b = order[:-1], order[1:]
    near = (patterns[a] == patterns[b]) & (sides[a] != sides[b]) & (documents[a] == documents[b])
    near &= (starts[b] - stops[a] <= NEAR) & (starts[b] >= stops[a])
    return a[near], b[near]


@cache
def _automaton() -> _Automaton:
    rows = list(_rows())
    names = tuple(dict.fromkeys(concept for concept, _ in rows))
    number = {name: i for i, name in enumerate(names)}
    sides = [[part.split("/") for part in phrase.split("…")] for _, phrase in rows]
    flat = [part for phrase in sides for alternatives in phrase for part in alternatives]
    normal = iter(_normalised(flat))
    uses: dict[str, list[int]] = {}
    for pattern, phrase in enumerate(sides):
        for side, alternatives in enumerate(phrase, start=len(phrase) - 1):
            for _ in alternatives:
                if part := next(normal):
                    uses.setdefault(part, []).append(4 * pattern + side)
    machine = ahocorasick.Automaton()
    for i, part in enumerate(uses):
        machine.add_word(part, i)
    machine.make_automaton()
    return _Automaton(
        machine,
        np.array([len(part) for part in uses]),
        np.array([not _is_unspaced(part) for part in uses]),
        np.array([use for found in uses.values() for use in found]),
        np.cumsum([0, *map(len, uses.values())]),
        np.array([number[concept] for concept, _ in rows]),
        names,
    )


def _rows() -> Iterable[tuple[str, str]]:
    """Concept and phrase, from the phrases of all languages and the names of places."""
    yield from ((row["concept"], row["phrase"]) for row in read_table("phrases"))
    for row in read_table("places"):
        yield from ((f"place:{row['place']}", name.replace("/", " ")) for name in row["names"].split("|"))


def _normalised(phrases: list[str]) -> list[str]:
    """Phrases as they look in a compact batch, without spaces at their ends."""
    batch = compact(fold(phrases))
    text = batch.text
    return [text[a:b].strip() for a, b in pairwise(batch.limits.tolist())]


def _is_unspaced(part: str) -> bool:
    return any(a <= ord(c) < b for c in part for a, b in _UNSPACED)
