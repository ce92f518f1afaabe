"""N-grams that are not learnt, though they stand in the training data.

Names of places are the indicators' business: they know them in every spelling and script, and which are home, abroad or known for
compounds. Learnt as words too, the same place would speak twice and against itself ("Kamboja" for the ad, because honest ads of the
corpus name it, and against it as a destination). Leaving them out costs nothing in detection (`tests/benchmarks/choices.py`).

The marks by which contacts in the corpus are known to be invented ("hrd_contoh", "example.com") stand in no real ad; what they
say of a label is chance.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier import phrases
from classifier.compact import compact
from classifier.ngrams import NgramHasher, chunks
from classifier.prefix_hashes import PrefixHashes
from classifier.text import fold

_MOSTLY = 0.5
"""Share of an n-gram's characters, and of its occurrences, from which it counts as part of what is not learnt."""
_INVENTED = re.compile("(?<![a-z])(?:example|contoh|sample)(?![a-z])")


def unlearnt_ngrams(texts: Sequence[str], hasher: NgramHasher, places: bool = True) -> NDArray[np.bool_]:
    """Buckets of the n-grams that stand mostly in marks of invented contacts or in names of places, shape (2**bits,)."""
    is_place = np.array([places and name.startswith("place:") for name in phrases.concepts()])
    inside, total = np.zeros((2, 1 << hasher.bits))
    for _, chunk in chunks(texts):
        batch = compact(fold(chunk))
        hashes = PrefixHashes.of(batch)
        hits = phrases.find(hashes)
        named = is_place[hits.concepts]
        marks = np.array([mark.span() for mark in _INVENTED.finditer(batch.text)], np.int64).reshape(-1, 2)
        starts, stops = np.append(hits.starts[named], marks[:, 0]), np.append(hits.stops[named], marks[:, 1])
        size = len(batch.codes) + 1
        depth = np.bincount(starts, minlength=size) - np.bincount(stops, minlength=size)
        running = np.concatenate([[0], np.cumsum(np.cumsum(depth) > 0)])
        for block in hasher.hash_batch(hashes).blocks:
            share = (running[block.stops] - running[block.starts]) / (block.stops - block.starts)
            np.add.at(total, block.buckets, 1)
            np.add.at(inside, block.buckets[share >= _MOSTLY], 1)
    return (inside > 0) & (inside > total * _MOSTLY)
