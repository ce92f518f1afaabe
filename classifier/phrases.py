"""Finds the phrases of the reference tables in a whole batch, in one pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.native import UnspacedNeededError, native
from classifier.phrase_table import Parts, PhraseTable, phrase_table
from classifier.prefix_hashes import PrefixHashes

NEAR = 45
"""Characters that may stand between the two parts of a phrase `A … B`, in either order."""
_MOST_PARTS = 200_000
_PATTERN_BITS = 20
"""Bits that the number of a pattern takes at most; the others of a sort key are for places and lengths."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Where concepts were found in a batch; one row a hit, ordered by document, then place.

    All int64, shape (hits,): `documents`, `concepts` (indices into `concepts()`), `starts` and `stops` (in `Compact.codes`).
    """

    documents: NDArray[np.int64]
    concepts: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]


def concepts() -> tuple[str, ...]:
    """Names of all concepts: those of `reference/phrases.csv`, and `place:NAME` for each of `reference/places.csv`."""
    return phrase_table().concepts


def find(hashes: PrefixHashes) -> Hits:
    """All hits in a batch. A place in the text can be a hit of several concepts."""
    table, limits = phrase_table(), hashes.batch.limits
    if (found := _compiled(table, hashes)) is not None:
        return Hits(*found)
    patterns, starts, stops = _hits(table, _fewer(table.find(hashes)), limits)
    order = np.argsort((starts << 32) | ((stops - starts) << _PATTERN_BITS) | patterns)  # a part has fewer than 2^12 characters
    starts, stops, concepts = starts[order], stops[order], table.parts["concept_of"][patterns[order]]
    return Hits(np.searchsorted(limits, starts, side="right") - 1, concepts, starts, stops)


def _compiled(table: PhraseTable, hashes: PrefixHashes) -> NDArray[np.int64] | None:
    """Documents, concepts, starts and stops of all hits by the helper; None if it is not there, or there are too many."""
    if (helper := native()) is None:
        return None
    batch, patterns = hashes.batch, len(table.parts["concept_of"])
    given = hashes.arrays, batch.codes, batch.limits, NEAR, _MOST_PARTS, patterns
    try:
        return helper.phrases(table.pointer, *given)
    except UnspacedNeededError:
        table.add_unspaced()
        return helper.phrases(table.pointer, *given)


def _hits(
    table: PhraseTable, parts: Parts, limits: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Patterns, starts and stops: of parts that are a phrase alone, and of pairs that are one together."""
    counts = table.parts["first_use"][parts.ids + 1] - table.parts["first_use"][parts.ids]
    which = np.repeat(np.arange(len(counts)), counts)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    uses = table.parts["uses"][table.parts["first_use"][parts.ids[which]] + offset]
    patterns, sides = uses >> 2, uses & 3
    starts, stops = parts.starts[which], parts.stops[which]
    alone = np.flatnonzero(sides == 0)
    first, second = _near_pairs(patterns, sides, starts, stops, np.searchsorted(limits, starts, side="right"))
    return (
        np.concatenate([patterns[alone], patterns[first]]),
        np.concatenate([starts[alone], np.minimum(starts[first], starts[second])]),
        np.concatenate([stops[alone], np.maximum(stops[first], stops[second])]),
    )


def _fewer(parts: Parts) -> Parts:
    """Of a hostile text that is all phrases, the first of each part in each stretch, which is as good as all."""
    if len(parts.ids) <= _MOST_PARTS:
        return parts
    order = np.argsort(parts.starts, kind="stable")
    stretch = parts.ids[order] * (1 << 32) + parts.starts[order] // NEAR
    kept = order[np.unique(stretch, return_index=True)[1]]
    return Parts(parts.ids[kept], parts.starts[kept], parts.stops[kept])


def _near_pairs(
    patterns: NDArray[np.int64],
    sides: NDArray[np.int64],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    documents: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of neighbouring first and second parts of one pattern in one document with at most NEAR characters between."""
    paired = np.flatnonzero(sides)
    starts_of, lengths = starts[paired], (stops - starts)[paired]
    order = paired[np.argsort((patterns[paired] << (63 - _PATTERN_BITS)) | (starts_of << 12) | lengths)]
    a, b = order[:-1], order[1:]
    near = (patterns[a] == patterns[b]) & (sides[a] != sides[b]) & (documents[a] == documents[b])
    near &= (starts[b] - stops[a] <= NEAR) & (starts[b] >= stops[a])
    return a[near], b[near]
