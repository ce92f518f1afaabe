"""The phrases of the reference tables, read into arrays.

A phrase `A … B` stands for A and B near each other; a slash lists alternatives of one part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.characters import DIGIT
from classifier.compact import compact
from classifier.prefix_hashes import PrefixHashes
from classifier.reference import path_of, read_table
from classifier.text import fold

UNSPACED = (  # the first is the lowest
    (0x0B80, 0x0C80), (0x0D80, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3041, 0xA000), (0xA9E0, 0xAA80), (0xAC00, 0xD7B0),
    (0xF900, 0xFB00),
)  # fmt: skip
"""Scripts without spaces between words, and those whose words carry so many endings that a phrase may stand inside one: Tamil,
Telugu, Sinhala, Thai, Lao, Burmese, Khmer, Japanese, Chinese, Hangul."""
LOWEST_UNSPACED = UNSPACED[0][0]
HEADS = (4, 8, 16)
"""Characters by which parts of scripts without spaces are sieved, one after the other."""
TABLES = (path_of("phrases"), path_of("places"))


def read_parts() -> dict[str, NDArray[Any]]:
    """All phrases in all languages, and the names of places.

    Of each part, shape (parts,): `hashes`, those of its first token and of its first two (`one_token`, `two_tokens`), those of its
    first characters (`head_4` and so on, 0 where it is shorter), its number of `tokens`, its `sizes` in characters, whether its
    script is `unspaced`; `numbered`: its row in `written` if it has digits, which its hash does not tell apart, or -1. `written`:
    those parts as they are written, shape (parts with digits, the longest's characters), filled up with zeros.
    `uses`: pattern and side (0: alone, 1 and 2: first and second part) of each use of a part, 4 * pattern + side; those of part p
    are at `first_use[p]:first_use[p + 1]`. `concept_of`: the concept of each pattern, an index into `concepts`. Parts are in the
    order of their hashes, the unspaced ones last.
    """
    rows = list(_rows())
    concepts = list(dict.fromkeys(concept for concept, _ in rows))
    number = {name: i for i, name in enumerate(concepts)}
    sides = [[part.split("/") for part in phrase.split("…")] for _, phrase in rows]
    normal = iter(_normalised([part for phrase in sides for alternatives in phrase for part in alternatives]))
    uses: dict[str, list[int]] = {}
    for pattern, phrase in enumerate(sides):
        for side, alternatives in enumerate(phrase, start=len(phrase) - 1):
            for _ in alternatives:
                if part := next(normal):
                    uses.setdefault(part, []).append(4 * pattern + side)
    parts = _hashed(list(uses))
    order = np.lexsort((parts["hashes"], parts["unspaced"]))
    uses_of = list(uses.values())
    ordered = [uses_of[part] for part in order.tolist()]
    return {
        "concepts": np.array(concepts),
        "concept_of": np.array([number[concept] for concept, _ in rows]),
        "uses": np.array([use for found in ordered for use in found]),
        "first_use": np.cumsum([0, *map(len, ordered)]),
        "written": parts.pop("written"),
        **{name: values[order] for name, values in parts.items()},
    }


def _hashed(parts: Sequence[str]) -> dict[str, NDArray[Any]]:
    hashes = PrefixHashes.of(compact(fold(parts)))
    codes = hashes.batch.codes
    starts, ends = hashes.batch.limits[:-1], hashes.batch.limits[1:] - 1
    sizes = ends - starts
    first = np.searchsorted(hashes.token_starts, starts)
    tokens = np.searchsorted(hashes.token_starts, ends) - first
    numbered = np.flatnonzero(np.logical_or.reduceat(hashes.batch.kinds == DIGIT, starts))
    at = starts[numbered, None] + np.arange(sizes[numbered].max())
    rows = np.full(len(parts), -1)
    rows[numbered] = np.arange(len(numbered))
    second = np.where(tokens > 1, first + 1, first)
    return {
        "hashes": hashes.of_stretches(starts, ends),
        "one_token": hashes.of_stretches(starts, hashes.token_stops[first]),
        "two_tokens": hashes.of_stretches(starts, hashes.token_stops[second]),
        **{f"head_{n}": np.where(sizes >= n, hashes.of_stretches(starts, np.minimum(starts + n, ends)), 0) for n in HEADS},
        "tokens": tokens,
        "sizes": sizes,
        "unspaced": np.logical_or.reduceat(is_unspaced(codes), starts),
        "numbered": rows,
        "written": np.where(at < ends[numbered, None], codes[np.minimum(at, len(codes) - 1)], np.uint32(0)),
    }


def _rows() -> Iterable[tuple[str, str]]:
    """Concept and phrase, from the phrases of all languages and the names of places."""
    yield from ((row["concept"], row["phrase"]) for row in read_table("phrases"))
    for row in read_table("places"):
        yield from ((f"place:{row['place']}", name.replace("/", " ")) for name in row["names"].split("|"))


def _normalised(phrases: Sequence[str]) -> list[str]:
    """Phrases as they look in a compact batch, without spaces at their ends."""
    batch = compact(fold(phrases))
    text = batch.text
    return [text[a:b].strip() for a, b in pairwise(batch.limits.tolist())]


def is_unspaced(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each character is of such a script."""
    found = np.zeros(len(codes), np.bool_)
    for start, stop in UNSPACED:
        found |= codes - np.uint32(start) < stop - start
    return found
