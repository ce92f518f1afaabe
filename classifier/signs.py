"""Where given beginnings stand in a batch of code points: the few places at which a pattern is worth trying.

Looking for a digit, an @ or the first two letters of a word at every character costs a fraction of a pattern that is tried there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifier.native import Pointer, native

_CODES = 0x10000
"""Characters beyond the basic plane begin nothing that is looked for."""


@dataclass(frozen=True)
class Signs:
    """Groups of beginnings, one bit each: characters, any of which begins the group, or two letters in a row.

    A Latin letter begins nothing where a Latin letter or a digit stands before it. Groups of several pairs also find mixtures of
    them: whoever asks tries the whole pattern there.
    """

    groups: tuple[Sequence[str], ...]

    def find(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Where a group begins, in order, and the bits of the groups that begin there. Both of shape (places,)."""
        if (helper := native()) is not None:
            return helper.signs(codes, *self._pointers)
        first, second = self._tables
        low = np.minimum(codes, _CODES - 1)
        found = first.take(low)
        found[:-1] &= second.take(low[1:])
        found[-1:] &= second[0]
        latin = codes - ord("a") < 26
        found[1:][latin[1:] & (latin[:-1] | (codes[:-1] - ord("0") < 10))] = 0
        places = np.flatnonzero(found)
        return places, found[places]

    @cached_property
    def _tables(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """For every code point, which groups it begins, and in which it may come second."""
        first, second = np.zeros(_CODES, np.uint64), np.zeros(_CODES, np.uint64)
        for bit, group in enumerate(self.groups):
            for beginning in group:
                first[ord(beginning[0])] |= np.uint64(1 << bit)
                after = ord(beginning[1]) if len(beginning) > 1 else slice(None)
                second[after] |= np.uint64(1 << bit)
        return first, second

    @cached_property
    def _pointers(self) -> tuple[Pointer, Pointer]:
        first, second = self._tables
        return Pointer(first), Pointer(second)


def codes_at(codes: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The characters at places, some of which may be beyond the edges: there 0, which is no character of a text."""
    found = codes.take(places, mode="clip") if len(codes) else np.zeros(len(places), np.uint32)
    found[(places < 0) | (places >= len(codes))] = 0
    return found


_BITS = 21
_ONE, _TWO, _THREE = np.uint8(1), np.uint8(2), np.uint8(4)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Beginnings of words: `table` says by their hash whether one, two or three characters begin one, a bit for each; a word of
    fewer than three ends where no Latin letter goes on after a Latin letter. Endings are beginnings read backwards."""

    table: NDArray[np.uint8]
    pointer: Pointer

    @classmethod
    def of(cls, words: Iterable[str]) -> Beginnings:
        table, parts = np.zeros(1 << _BITS, np.uint8), {word[:3] for word in words}
        for length, bit in enumerate((_ONE, _TWO, _THREE), 1):
            codes = np.array([[ord(c) for c in part] for part in parts if len(part) == length], np.uint32).reshape(-1, length)
            table[_hashed(*codes.T)] |= bit
        return cls(table, Pointer(table))

    def at(self, codes: NDArray[np.uint32], places: NDArray[np.int64], step: int = 1) -> NDArray[np.bool_]:
        """Whether a word may begin at each place, read forwards, or backwards by a step of -1."""
        a, b, c = (codes_at(codes, places + step * k) for k in range(3))
        latin = b - ord("a") < 26
        found: NDArray[np.bool_] = (self.table.take(_hashed(a)) & _ONE != 0) & ~((a - ord("a") < 26) & latin)
        found |= (self.table.take(_hashed(a, b)) & _TWO != 0) & ~(latin & (c - ord("a") < 26))
        found |= self.table.take(_hashed(a, b, c)) & _THREE != 0
        return found


def _hashed(*characters: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Twenty-one bits of one to three characters, of their own for those of ASCII."""
    total = characters[0]
    for code in characters[1:]:
        total = (total << np.uint32(7)) ^ code
    return total & np.uint32((1 << _BITS) - 1)
