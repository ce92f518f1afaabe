"""Hashes of any stretch of a batch, from the hashes of its prefixes.

A polynomial hash of every prefix is one cumulative sum, and the hash of any stretch, be it a token, a phrase or n characters,
is a difference of two prefix hashes times a power of the base: a handful of numpy passes instead of a Python call per token.
(Karp and Rabin, "Efficient randomized pattern-matching algorithms", IBM Journal of Research and Development 31(2), 1987; here
modulo 2^64 with mixed letters.) All arithmetic is on integers, so the same stretch gives the same hash on every machine,
wherever it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier.characters import DIGIT, IDEOGRAPH, SEPARATOR
from classifier.compact import Compact
from classifier.native import Hashes, Pointer, native

BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(BASE, -1, 2**64)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_ZERO = ord("0")
_SHORTEST_TABLE = 1 << 16


@dataclass(frozen=True, slots=True)
class PrefixHashes:
    """Hashes of every prefix of a compact batch in which every digit is read as 0, so that numbers count by their shape.

    `prefix`: uint64, shape (n + 1,). `token_starts`, `token_stops`: int64, shape (tokens,), where in the batch each token is: a
    run of letters or of digits, an ideograph, a sign.
    """

    batch: Compact
    prefix: NDArray[np.uint64]
    token_starts: NDArray[np.int64]
    token_stops: NDArray[np.int64]

    @classmethod
    def of(cls, batch: Compact) -> PrefixHashes:
        return cls(batch, *_hashed(batch.codes, batch.kinds))

    @property
    def inverses(self) -> Pointer:
        """Powers of the base's inverse, one for each prefix at least, for the compiled helper."""
        return _power_pointers(_table_length(len(self.prefix)))[1]

    @property
    def arrays(self) -> Hashes:
        """All of it as the compiled helper takes it."""
        return self.prefix, self.inverses, self.token_starts, self.token_stops

    def of_stretches(self, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Hash of the characters from each start to each stop, of any shape that numpy can bring together."""
        hashes: NDArray[np.uint64] = (self.prefix[stops] - self.prefix[starts]) * _powers(len(self.prefix))[1][starts]
        return hashes

    def of_windows(self, n: int) -> NDArray[np.uint64]:
        """Hash of every n characters in a row, without looking up their places one by one."""
        hashes = self.prefix[n:] - self.prefix[:-n]
        hashes *= _powers(len(self.prefix))[1][: len(hashes)]
        return hashes


def token_hashes(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Where each token of a text begins, and its hash."""
    prefix, starts, stops = _hashed(codes, kinds)
    return starts, (prefix[stops] - prefix[starts]) * _powers(len(prefix))[1][starts]


def _hashed(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Hashes of all prefixes, starts and stops of the tokens."""
    if (helper := native()) is not None:
        return helper.prefixes(codes, kinds, _power_pointers(_table_length(len(kinds) + 1))[0])
    letters = codes.astype(np.uint64)
    np.copyto(letters, _ZERO, where=kinds == DIGIT)
    letters += np.uint64(0x1000)
    letters *= _MIX
    letters ^= letters >> np.uint64(31)
    letters *= _powers(len(letters) + 1)[0][: len(letters)]
    prefix = np.zeros(len(letters) + 1, np.uint64)
    np.cumsum(letters, out=prefix[1:])
    edge = kinds >= IDEOGRAPH
    edge[:1] = True
    edge[1:] |= kinds[1:] != kinds[:-1]
    edges = np.flatnonzero(np.append(edge, True))
    tokens = np.flatnonzero(kinds[edges[:-1]] != SEPARATOR)
    return prefix, edges[tokens], edges[tokens + 1]


def _powers(length: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers of the base and of its inverse, modulo 2^64, at least `length` of each."""
    return _power_tables(_table_length(length))


def _table_length(length: int) -> int:
    return max(1 << (length - 1).bit_length(), _SHORTEST_TABLE)


@lru_cache(maxsize=4)
def _power_tables(length: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    tables = []
    for base in (BASE, _INVERSE):
        table = np.full(length, base, np.uint64)
        table[0] = 1
        tables.append(np.cumprod(table))
    return tables[0], tables[1]


@lru_cache(maxsize=4)
def _power_pointers(length: int) -> tuple[Pointer, Pointer]:
    powers, inverses = _power_tables(length)
    return Pointer(powers), Pointer(inverses)
