"""Hashed word and character n-grams of a whole batch at once.

The heart of the speed: the batch is one array of normalised code points, and the hash of any n-gram is a difference of two prefix
hashes (see `prefix_hashes`) and a mixing step: a handful of numpy passes instead of a Python call per token. All arithmetic is on
integers, so the same text gives the same buckets on every machine, in every process, however a batch is split.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.prefix_hashes import PrefixHashes

_SECOND = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_PAIR = np.uint64(0xC4CEB9FE1A85EC53)
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
    """The n-grams of a batch. `at`: int64, where each character that was hashed stands in `Folded.codes`. `totals`: int64, shape
    (2, documents), the number of n-grams of each channel in each document."""

    blocks: list[Block]
    at: NDArray[np.int64]
    totals: NDArray[np.int64]

    def documents(self, first: int, last: int, limits: NDArray[np.int64]) -> Hashed:
        """The n-grams of the documents from `first` up to `last`, which is left out, as if they had been hashed alone.
        `limits`: those of the compact batch."""
        begin, end = limits[first], limits[last]
        blocks = []
        for block in self.blocks:
            indptr = block.indptr[first : last + 1]
            part = slice(indptr[0], indptr[-1])
            starts, stops = block.starts[part] - begin, block.stops[part] - begin
            blocks.append(Block(block.channel, block.buckets[part], indptr - indptr[0], starts, stops))
        return Hashed(blocks, self.at[begin:end], self.totals[:, first:last])


@dataclass(frozen=True, slots=True)
class NgramHasher:
    """Says which n-grams are taken and into how many buckets they fall: 2**bits, words in the lower half, characters in the
    upper."""

    words: tuple[int, ...] = (1, 2)
    characters: tuple[int, ...] = (4,)
    bits: int = 22

    @property
    def lengths(self) -> list[tuple[int, int]]:
        """Channel and length of the n-grams that are taken, in the order of the blocks."""
        return [*((0, n) for n in (1, 2) if n in self.words), *((1, n) for n in self.characters)]

    def hash_batch(self, hashes: PrefixHashes) -> Hashed:
        """Hash a batch whose prefixes are hashed already."""
        blocks = [*self._word_blocks(hashes), *(self._character_block(hashes, n) for n in self.characters)]
        totals = np.zeros((2, len(hashes.batch.limits) - 1), np.int64)
        for block in blocks:
            totals[block.channel] += block.indptr[1:] - block.indptr[:-1]
        return Hashed(blocks, hashes.batch.at, totals)

    def _word_blocks(self, h: PrefixHashes) -> Iterator[Block]:
        starts, stops = h.token_starts, h.token_stops
        hashes = h.of_stretches(starts, stops)
        indptr = np.searchsorted(starts, h.batch.limits)
        if 1 in self.words:
            yield Block(0, self._buckets(hashes, 0, 1), indptr, starts, stops)
        if 2 in self.words:
            paired = np.ones(len(starts), np.bool_)
            paired[indptr[1:][indptr[1:] > indptr[:-1]] - 1] = False  # the last token of a document
            first = np.flatnonzero(paired)
            pairs = hashes[first] * _PAIR + (hashes[first + 1] ^ _SECOND)
            starts = starts[first]
            yield Block(0, self._buckets(pairs, 0, 2), np.searchsorted(starts, h.batch.limits), starts, stops[first + 1])

    def _character_block(self, h: PrefixHashes, n: int) -> Block:
        ends = h.batch.limits[1:] - 1
        count = max(len(h.batch.codes) - n + 1, 0)
        inside = np.ones(count + n, np.bool_)
        for k in range(n):  # windows that reach over a document's end
            at = ends - k
            inside[at[at >= 0]] = False
        inside = inside[:count]
        starts = np.flatnonzero(inside)
        buckets = self._buckets(h.of_windows(n)[inside], 1, n)
        return Block(1, buckets, np.searchsorted(starts, h.batch.limits), starts, starts + n)

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
