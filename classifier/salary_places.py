"""Where in a batch money may be, so that the patterns of `salary` are tried there alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifier.characters import CODE_POINTS
from classifier.salary_patterns import SPELLED_UNITS
from classifier.text_batch import TextBatch

_BEGINS = "0123456789一二两兩三四五六七八九十几"
"""With what every number begins: looking for it first is far faster than trying the whole pattern everywhere."""
_FIRST = re.compile(f"[{_BEGINS}]")
_LATIN_UNITS = tuple(unit for unit in SPELLED_UNITS if unit.isascii())
_LEAST_LETTERS = min(map(len, _LATIN_UNITS))
_UNITS_FROM, _UNITS_TO = 0x0900, 0x1800
"""The scripts of all other units, from Devanagari to Khmer."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where in a text money may be. `digits`: places at which a number may begin, in order; `spelled`: whether a unit may stand
    in words."""

    digits: list[int]
    spelled: bool

    @classmethod
    def of(cls, text: str) -> Where:
        """Everywhere in a text."""
        return cls([match.start() for match in _FIRST.finditer(text)], True)


def places_to_look(batch: TextBatch) -> Iterator[Where]:
    """Where `find_salaries` is to look in each text of a batch."""
    codes, ends, hashes = batch.folded.codes, batch.folded.ends, batch.hashes
    places = np.flatnonzero(_begins_number().take(codes))
    limits = np.searchsorted(places, np.append(-1, ends)).tolist()
    starts = np.append(0, ends + 1)[:-1]
    spelled = np.zeros(len(ends), np.bool_)
    spelled[np.searchsorted(ends, np.flatnonzero(codes - _UNITS_FROM < _UNITS_TO - _UNITS_FROM))] = True
    tokens = hashes.token_starts[hashes.token_starts + _LEAST_LETTERS < len(hashes.prefix)]
    read = hashes.of_stretches(tokens, tokens + _LEAST_LETTERS)
    for beginning in _unit_beginnings():  # a unit in Latin letters begins a token
        spelled[np.searchsorted(batch.compact.limits, tokens[read == beginning], side="right") - 1] = True
    places -= np.repeat(starts, np.diff(limits))
    every = places.tolist()
    for i, may_be_spelled in enumerate(spelled.tolist()):
        yield Where(every[limits[i] : limits[i + 1]], may_be_spelled)


@cache
def _begins_number() -> NDArray[np.bool_]:
    table = np.zeros(CODE_POINTS, np.bool_)
    table[[ord(c) for c in _BEGINS]] = True
    return table


@cache
def _unit_beginnings() -> NDArray[np.uint64]:
    """Hashes of the first letters of the units in Latin letters."""
    hashes = TextBatch.of(_LATIN_UNITS).hashes
    starts = hashes.batch.limits[:-1]
    return np.unique(hashes.of_stretches(starts, starts + _LEAST_LETTERS))
