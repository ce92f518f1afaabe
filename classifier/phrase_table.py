"""The parts of phrases as a table of hashes, and where they stand in a batch.

Each part is looked for by its hash. In scripts with spaces a part is a row of whole tokens, so only rows of tokens are looked
up, and only those whose first two tokens begin some part; in scripts without spaces it may begin at any character, and those
are tried whose next four, eight and sixteen characters begin some part. The time grows with the text, not with the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier import characters, compact, markup, phrase_parts, prefix_hashes, text
from classifier.cached import cached_arrays
from classifier.native import Pointer, native
from classifier.phrase_parts import HEADS, LOWEST_UNSPACED, is_unspaced
from classifier.prefix_hashes import PrefixHashes

_SIEVE_BITS = 20


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of phrases that stand in a batch. `ids`, `starts`, `stops`: int64, shape (parts,)."""

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Sieve:
    """A set of hashes by their highest bits: what it does not hold is not among them. `pointer`: `held`, eight to a byte."""

    held: NDArray[np.bool_]
    pointer: Pointer

    @classmethod
    def of(cls, hashes: NDArray[np.uint64]) -> _Sieve:
        held = np.zeros(1 << _SIEVE_BITS, np.bool_)
        held[hashes >> np.uint64(64 - _SIEVE_BITS)] = True
        return cls(held, Pointer(np.packbits(held, bitorder="little")))

    def passes(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        return self.held.take((hashes >> np.uint64(64 - _SIEVE_BITS)).view(np.int64))


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Parts by their hash. Several that differ only in their digits share one: those of key k are `ids[first[k]:first[k + 1]]`."""

    keys: NDArray[np.uint64]
    first: NDArray[np.int64]
    ids: NDArray[np.int64]
    sieve: _Sieve
    row: tuple[Pointer, ...]
    """As the compiled helper takes it."""

    @classmethod
    def of(cls, hashes: NDArray[np.uint64], ids: NDArray[np.int64]) -> _Lookup:
        order = np.argsort(hashes, kind="stable")
        ordered, ids, sieve = hashes[order], ids[order], _Sieve.of(hashes)
        first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]) if len(ordered) else [])
        keys, first = ordered[first], np.append(first, len(ids))
        # Where those begin whose highest 16 bits are at least 0, 1, and so on to 65,536.
        slots = np.searchsorted(keys >> np.uint64(48), np.arange((1 << 16) + 1, dtype=np.uint64))
        row = (Pointer(keys), Pointer(slots), Pointer(first), Pointer(ids), sieve.pointer)
        return cls(keys, first, ids, sieve, row)

    def find(self, hashes: NDArray[np.uint64], starts: NDArray[np.int64], stops: NDArray[np.int64]) -> Parts:
        some = np.flatnonzero(self.sieve.passes(hashes))
        key = np.searchsorted(self.keys, hashes[some])
        key[key == len(self.keys)] = 0
        known = self.keys[key] == hashes[some]
        some, key = some[known], key[known]
        first = self.first[key]
        counts = self.first[key + 1] - first
        if len(some) and counts.max() > 1:
            some, begin = np.repeat(some, counts), np.cumsum(counts) - counts
            first = np.repeat(first - begin, counts) + np.arange(len(some))
        return Parts(self.ids[first], starts[some], stops[some])


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """`uses`: pattern and side (0: alone, 1 and 2: first and second part) of each use of a part, 4 * pattern + side; those of
    part p are at `first_use[p]:first_use[p + 1]`. `concept_of`: the concept of each pattern, an index into `concepts`."""

    concepts: tuple[str, ...]
    concept_of: NDArray[np.int64]
    uses: NDArray[np.int64]
    first_use: NDArray[np.int64]
    numbered: NDArray[np.int64]
    """Row in `written` of a part with digits, which its hash does not tell apart; -1 for others."""
    written: NDArray[np.uint32]
    """Those parts as they are written, shape (parts with digits, the longest's characters), filled up with zeros."""
    spaced: _Lookup
    most_tokens: int
    one_token: _Sieve
    two_tokens: _Sieve
    """Sieves of the first token and of the first two of a part."""
    unspaced: _Lookup
    lengths: tuple[NDArray[np.int64], ...]
    """Lengths in characters of parts without spaces: below the first of `HEADS`, from there to the second, and so on."""
    heads: tuple[_Sieve, ...]
    """Sieves of their first characters, one for each of `HEADS`."""
    levels: tuple[Pointer, Pointer, Pointer]
    """`lengths` one after the other, how many there are of each, and `HEADS`, for the compiled helper."""
    all_uses: tuple[Pointer, Pointer]
    """`first_use` and `uses`."""

    def find(self, hashes: PrefixHashes) -> Parts:
        """All parts that stand in a batch, those with spaces as whole words."""
        found = self._in_batch(hashes)
        parts = found[0]
        if len(found) > 1:
            parts = Parts(*(np.concatenate([getattr(part, name) for part in found]) for name in ("ids", "starts", "stops")))
        doubtful = np.flatnonzero(self.numbered[parts.ids] >= 0)
        if not len(doubtful):
            return parts
        written = self.written[self.numbered[parts.ids[doubtful]]]
        at = np.minimum(parts.starts[doubtful, None] + np.arange(written.shape[1]), len(hashes.batch.codes) - 1)
        right = np.ones(len(parts.ids), np.bool_)
        right[doubtful] = ((written == 0) | (written == hashes.batch.codes[at])).all(axis=1)
        return Parts(parts.ids[right], parts.starts[right], parts.stops[right])

    def _in_batch(self, hashes: PrefixHashes) -> list[Parts]:
        helper = native()
        if helper is None:
            return [self._in_spaced(hashes), *self._in_unspaced(hashes)]
        prefix, inverses, tokens = hashes.prefix, hashes.inverses, (hashes.token_starts, hashes.token_stops)
        sieves = (self.one_token.pointer, self.two_tokens.pointer)
        found = [Parts(*helper.spaced_parts(prefix, inverses, tokens, self.spaced.row, sieves, self.most_tokens))]
        if _any_unspaced(hashes.batch.codes):
            heads = [head.pointer for head in self.heads]
            found.append(Parts(*helper.unspaced_parts(prefix, inverses, self.unspaced.row, *self.levels, heads)))
        return found

    def _in_spaced(self, hashes: PrefixHashes) -> Parts:
        starts, stops = hashes.token_starts, hashes.token_stops
        far = np.full(self.most_tokens, len(hashes.batch.codes))  # reaches over the end of the last document: no phrase has that
        stops = np.append(stops, far)
        single = hashes.of_stretches(starts, stops[: len(starts)])
        first = np.flatnonzero(self.one_token.passes(single))
        double = hashes.of_stretches(starts[first], stops[first + 1])
        at = first[self.two_tokens.passes(double)]
        ends = stops[at[:, None] + np.arange(2, self.most_tokens)]
        begins = np.broadcast_to(starts[at, None], ends.shape)
        rows = hashes.of_stretches(begins, ends)
        return self.spaced.find(
            np.concatenate([single[first], double, rows.ravel()]),
            np.concatenate([starts[first], starts[first], begins.ravel()]),
            np.concatenate([stops[first], stops[first + 1], ends.ravel()]),
        )

    def _in_unspaced(self, hashes: PrefixHashes) -> Iterator[Parts]:
        if not _any_unspaced(hashes.batch.codes):
            return
        for length in self.lengths[0].tolist():
            windows = hashes.of_windows(length)
            starts = np.flatnonzero(self.unspaced.sieve.passes(windows))
            yield self.unspaced.find(windows[starts], starts, starts + length)
        at = np.flatnonzero(self.heads[0].passes(hashes.of_windows(HEADS[0])))
        for level, lengths in enumerate(self.lengths[1:]):
            if level:
                at = at[at + HEADS[level] < len(hashes.prefix)]
                at = at[self.heads[level].passes(hashes.of_stretches(at, at + HEADS[level]))]
            ends = at[:, None] + lengths
            begins = np.broadcast_to(at[:, None], ends.shape)
            inside = ends < len(hashes.prefix)
            begins, ends = begins[inside], ends[inside]
            yield self.unspaced.find(hashes.of_stretches(begins, ends), begins, ends)


@cache
def phrase_table() -> PhraseTable:
    """The table of all phrases in all languages, and of the names of places."""
    made_of = [Path(module.__file__ or "") for module in (phrase_parts, text, characters, markup, compact, prefix_hashes)]
    parts = cached_arrays("phrases", [*phrase_parts.TABLES, *made_of], phrase_parts.read_parts)
    hashes, sizes = parts["hashes"], parts["sizes"]
    spaced, unspaced = np.flatnonzero(~parts["unspaced"]), np.flatnonzero(parts["unspaced"])
    several = spaced[parts["tokens"][spaced] > 1]
    shape = sizes[unspaced]
    lengths = tuple(
        np.array(sorted({*shape[(shape >= low) & (shape < high)].tolist()}), np.int64)
        for low, high in pairwise((1, *HEADS, 1 << 30))
    )
    heads = tuple(_Sieve.of(parts[f"head_{head}"][unspaced[shape >= head]]) for head in HEADS)
    return PhraseTable(
        tuple(parts["concepts"].tolist()),
        parts["concept_of"],
        parts["uses"],
        parts["first_use"],
        parts["numbered"],
        parts["written"],
        _Lookup.of(hashes[spaced], spaced),
        int(parts["tokens"][spaced].max()),
        _Sieve.of(parts["one_token"][spaced]),
        _Sieve.of(parts["two_tokens"][several]),
        _Lookup.of(hashes[unspaced], unspaced),
        lengths,
        heads,
        (Pointer(np.concatenate(lengths)), Pointer(np.array([len(some) for some in lengths])), Pointer(np.array(HEADS))),
        (Pointer(parts["first_use"]), Pointer(parts["uses"])),
    )


def _any_unspaced(codes: NDArray[np.uint32]) -> bool:
    return bool(codes.max(initial=0) >= LOWEST_UNSPACED and is_unspaced(codes[codes >= LOWEST_UNSPACED]).any())
