"""Hashed word and character n-grams of a whole batch at once.

The heart of the speed: the batch is one array of normalised code points (`text.fold`), a polynomial hash of every prefix of
it is one cumulative sum, and the hash of any stretch, be it a token or n characters, is a difference of two prefix hashes
times a power of the base: a handful of numpy passes instead of a Python call per token. (Karp and Rabin, "Efficient
randomized pattern-matching algorithms", IBM Journal of Research and Development 31(2), 1987; here modulo 2^64 with mixed
letters and a mixing step at the end.) All arithmetic is on integers, so the same text gives the same buckets on every
machine, in every process, however a batch is split.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier.characters import DIGIT, IDEOGRAPH, SEPARATOR
from classifier.compact import Compact, compact
from classifier.text import fold

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 2**64)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_PAIR = np.uint64(0xC4CEB9FE1A85EC53)
_ZERO = ord("0")
CHUNK_CHARACTERS = 1 << 16
"""Characters hashed at a time: the working arrays of a chunk stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Block:
    """The n-grams of one length in a batch, document by document.

    `channel`: 0 for words, 1 for characters. `buckets`: int64, shape (n,). `indptr`: int64, shape (documents + 1,): those of
    document d are at `indptr[d]:indptr[d + 1]`. `starts`, `stops`: int64, shape (n,): indices into `Hashed.at`.
    """

    channel: int
    buckets: NDArray[np.int64]
    indptr: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hashed:
    """The n-grams of a batch. `at`: int64, where each character that was hashed stands in `Folded.codes`."""

    blocks: list[Block]
    at: NDArray[np.int64]

    def document(self, at: int, limits: NDArray[np.int64]) -> Hashed:
        """The n-grams of one document, as if it had been hashed alone. `limits`: those of the compact batch."""
        begin, end = limits[at], limits[at + 1]
        blocks = []
        for block in self.blocks:
            part = slice(block.indptr[at], block.indptr[at + 1])
            indptr = np.array([0, part.stop - part.start])
            blocks.append(Block(block.channel, block.buckets[part], indptr, block.starts[part] - begin, block.stops[part] - begin))
        return Hashed(blocks, self.at[begin:end])

    def totals(self, channel: int) -> NDArray[np.int64]:
        """Number of n-grams of a channel in each document, shape (documents,)."""
        counts = [np.diff(block.indptr) for block in self.blocks if block.channel == channel]
        total: NDArray[np.int64] = np.sum(counts or [np.zeros(len(self.blocks[0].indptr) - 1)], axis=0, dtype=np.int64)
        return total


@dataclass(frozen=True, slots=True)
class NgramHasher:
    """Says which n-grams are taken and into how many buckets they fall: 2**bits, words in the lower half, characters in the
    upper."""

    words: tuple[int, ...] = (1, 2)
    characters: tuple[int, ...] = (4,)
    bits: int = 22

    def hash(self, texts: Sequence[str]) -> Iterator[tuple[int, Hashed]]:
        """Hash in chunks: the index of each chunk's first text, and the chunk."""
        for first, chunk in chunks(texts):
            yield first, self.hash_compact(compact(fold(chunk)))

    def hash_compact(self, batch: Compact) -> Hashed:
        """Hash a batch that is normalised already."""
        prefixes = _Prefixes.of(batch)
        return Hashed([*self._word_blocks(prefixes), *(self._character_block(prefixes, n) for n in self.characters)], batch.at)

    def _word_blocks(self, c: _Prefixes) -> Iterator[Block]:
        edge = np.empty(len(c.kinds), np.bool_)
        edge[:1] = True
        np.not_equal(c.kinds[1:], c.kinds[:-1], out=edge[1:])
        edge |= c.kinds >= IDEOGRAPH
        edges = np.flatnonzero(edge)
        token = c.kinds[edges] != SEPARATOR
        starts, stops = edges[token], np.append(edges[1:], len(c.kinds))[token]
        hashes = c.hashes(starts, stops)
        indptr = np.searchsorted(starts, c.limits)
        if 1 in self.words:
            yield Block(0, self._buckets(hashes, 0, 1), indptr, starts, stops)
        if 2 in self.words:
            paired = np.ones(len(starts), np.bool_)
            paired[indptr[1:][indptr[1:] > indptr[:-1]] - 1] = False  # the last token of a document
            first = np.flatnonzero(paired)
            pairs = hashes[first] * _PAIR + (hashes[first + 1] ^ np.uint64(_BASE))
            starts = starts[first]
            yield Block(0, self._buckets(pairs, 0, 2), np.searchsorted(starts, c.limits), starts, stops[first + 1])

    def _character_block(self, c: _Prefixes, n: int) -> Block:
        ends = c.limits[1:] - 1
        count = max(len(c.kinds) - n + 1, 0)
        inside = np.ones(count + n, np.bool_)
        for k in range(n):  # windows that reach over a document's end
            at = ends - k
            inside[at[at >= 0]] = False
        inside = inside[:count]
        starts = np.flatnonzero(inside)
        buckets = self._buckets(c.windows(n)[inside], 1, n)
        return Block(1, buckets, np.searchsorted(starts, c.limits), starts, starts + n)

    def _buckets(self, hashes: NDArray[np.uint64], channel: int, salt: int) -> NDArray[np.int64]:
        mixed = hashes ^ (hashes >> np.uint64(32))
        mixed *= _MIX
        mixed ^= mixed >> np.uint64(29)
        mixed += np.uint64(salt)
        mixed *= _PAIR
        mixed >>= np.uint64(65 - self.bits)
        if channel:
            mixed += np.uint64(1 << (self.bits - 1))
        return mixed.view(np.int64)


@dataclass(frozen=True, slots=True)
class _Prefixes:
    """Hashes of every prefix of a compact batch in which every digit is read as 0, so that numbers count by their shape."""

    kinds: NDArray[np.uint8]
    limits: NDArray[np.int64]
    prefix: NDArray[np.uint64]

    @classmethod
    def of(cls, c: Compact) -> _Prefixes:
        letters = np.where(c.kinds == DIGIT, np.uint32(_ZERO), c.codes).astype(np.uint64)
        letters += np.uint64(0x1000)
        letters *= _MIX
        letters ^= letters >> np.uint64(31)
        letters *= _powers(len(letters) + 1)[0][: len(letters)]
        prefix = np.zeros(len(letters) + 1, np.uint64)
        np.cumsum(letters, out=prefix[1:])
        return cls(c.kinds, c.limits, prefix)

    def hashes(self, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Hash of the characters from each start to each stop, the same wherever they stand."""
        return (self.prefix[stops] - self.prefix[starts]) * _powers(len(self.kinds) + 1)[1][starts]

    def windows(self, n: int) -> NDArray[np.uint64]:
        """Hash of every n characters in a row, as `hashes` gives it, without looking up their places one by one."""
        hashes = self.prefix[n:] - self.prefix[:-n]
        hashes *= _powers(len(self.kinds) + 1)[1][: len(hashes)]
        return hashes


def _powers(length: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers of the base and of its inverse, modulo 2^64, at least `length` of each."""
    return _power_tables(max(1 << (length - 1).bit_length(), CHUNK_CHARACTERS))


@lru_cache(maxsize=4)
def _power_tables(length: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    tables = []
    for base in (_BASE, _INVERSE):
        table = np.full(length, base, np.uint64)
        table[0] = 1
        tables.append(np.cumprod(table))
    return tables[0], tables[1]


def chunks(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Runs of texts of about CHUNK_CHARACTERS; a longer text is a chunk of its own."""
    first = size = 0
    for i, text in enumerate(texts):
        if size and size + len(text) > CHUNK_CHARACTERS:
            yield first, texts[first:i]
            first, size = i, 0
        size += len(text) + 1
    if first < len(texts):
        yield first, texts[first:]
