"""Where given beginnings stand in a batch of code points: the few places at which a pattern is worth trying.

Looking for a digit, an @ or the first two letters of a word at every character costs a fraction of a pattern that is tried there.
"""

from __future__ import annotations

from collections.abc import Sequence
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
        return Pointer.to(first), Pointer.to(second)
