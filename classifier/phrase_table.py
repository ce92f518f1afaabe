"""The parts of phrases as a table of hashes, and where they stand in a batch.

Each part is looked for by its hash. In scripts with spaces a part is a row of whole tokens, so only rows of tokens are looked
up, and only those whose first two tokens begin some part; in scripts without spaces it may begin at any character, and those
are tried whose next four, eight and sixteen characters begin some part. The time grows with the text, not with the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import phrase_parts
from classifier.cached import cached_arrays
from classifier.native import Pointer
from classifier.phrase_parts import HEADS, LOWEST_UNSPACED, UNSPACED, is_unspaced
from classifier.prefix_hashes import PrefixHashes

_SIEVE_BITS, _SLOT_BITS = 20, 16
_FIELDS = 28
"""Of `PhraseTable` in `native.c`."""
_MADE_BY = ("phrase_parts", "text", "characters", "markup", "compact", "prefix_hashes")
"""The modules that parts and their hashes come from."""


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
        # Where those begin whose highest bits are at least 0, 1, and so on.
        slots = np.searchsorted(keys >> np.uint64(64 - _SLOT_BITS), np.arange((1 << _SLOT_BITS) + 1, dtype=np.uint64)).astype(
            np.int32
        )
        row = (Pointer(keys), Pointer(slots), _halved(first), _halved(ids), sieve.pointer)
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
class _Spaced:
    """The parts that are rows of whole tokens. `one_token`, `two_tokens`: sieves of the first token and of the first two."""

    lookup: _Lookup
    most_tokens: int
    one_token: _Sieve
    two_tokens: _Sieve


@dataclass(frozen=True, slots=True)
class _Unspaced:
    """The parts that may begin at any character. `lengths`: in characters, those below the first of `HEADS`, from there to the
    second, and so on. `heads`: sieves of their first characters, one for each of `HEADS`. `levels`: `lengths` one after the
    other, how many there are of each, and `HEADS`, for the compiled helper."""

    lookup: _Lookup
    lengths: tuple[NDArray[np.int64], ...]
    heads: tuple[_Sieve, ...]
    levels: tuple[Pointer, Pointer, Pointer]


@dataclass(frozen=True)
class PhraseTable:
    """`parts`: as `read_parts` says. What is made of them is made when a text first asks for it."""

    parts: Mapping[str, NDArray[Any]]

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        return tuple(self.parts["concepts"].tolist())

    @property
    def pointer(self) -> Pointer:
        """As the compiled helper takes it: without `unspaced` until they were added."""
        return self._with_unspaced if "unspaced" in self.__dict__ else self._without_unspaced

    def add_unspaced(self) -> None:
        """Make the unspaced parts, which a text in Latin letters never asks for."""
        _ = self.unspaced

    @cached_property
    def _without_unspaced(self) -> Pointer:
        return _Fields(self._fields)

    @cached_property
    def _with_unspaced(self) -> Pointer:
        unspaced = self.unspaced
        sieves = (head.pointer for head in unspaced.heads)
        return _Fields([*self._fields, *unspaced.lookup.row, *unspaced.levels, *sieves])

    @cached_property
    def _fields(self) -> list[Pointer | int]:
        """The fields of `PhraseTable` in `native.c`, those of the unspaced parts left out."""
        spaced, written = self.spaced, self.parts["written"]
        uses = [_halved(self.parts[name]) for name in ("first_use", "uses", "concept_of")]
        return [
            *(*spaced.lookup.row, spaced.one_token.pointer, spaced.two_tokens.pointer, spaced.most_tokens),
            *(_halved(self.parts["numbered"]), Pointer(written), written.shape[1]),
            *(*uses, len(self.parts["concept_of"])),
            *(Pointer(np.array(UNSPACED, np.int64)), len(UNSPACED)),
        ]

    @cached_property
    def spaced(self) -> _Spaced:
        parts = self.parts
        spaced = np.flatnonzero(~parts["unspaced"])
        several = spaced[parts["tokens"][spaced] > 1]
        sieves = _Sieve.of(parts["one_token"][spaced]), _Sieve.of(parts["two_tokens"][several])
        return _Spaced(_Lookup.of(parts["hashes"][spaced], spaced), int(parts["tokens"][spaced].max()), *sieves)

    @cached_property
    def unspaced(self) -> _Unspaced:
        parts = self.parts
        unspaced = np.flatnonzero(parts["unspaced"])
        sizes = parts["sizes"][unspaced]
        lengths = tuple(
            np.array(sorted({*sizes[(sizes >= low) & (sizes < high)].tolist()}), np.int64)
            for low, high in pairwise((1, *HEADS, 1 << 30))
        )
        heads = tuple(_Sieve.of(parts[f"head_{head}"][unspaced[sizes >= head]]) for head in HEADS)
        levels = np.concatenate(lengths), np.array([len(some) for some in lengths]), np.array(HEADS)
        first, second, third = map(Pointer, levels)
        return _Unspaced(_Lookup.of(parts["hashes"][unspaced], unspaced), lengths, heads, (first, second, third))

    def find(self, hashes: PrefixHashes) -> Parts:
        """All parts that stand in a batch, those with spaces as whole words."""
        found = [self._in_spaced(hashes), *self._in_unspaced(hashes)]
        parts = Parts(*(np.concatenate([getattr(part, name) for part in found]) for name in ("ids", "starts", "stops")))
        doubtful = np.flatnonzero(self.parts["numbered"][parts.ids] >= 0)
        if not len(doubtful):
            return parts
        written = self.parts["written"][self.parts["numbered"][parts.ids[doubtful]]]
        at = np.minimum(parts.starts[doubtful, None] + np.arange(written.shape[1]), len(hashes.batch.codes) - 1)
        right = np.ones(len(parts.ids), np.bool_)
        right[doubtful] = ((written == 0) | (written == hashes.batch.codes[at])).all(axis=1)
        return Parts(parts.ids[right], parts.starts[right], parts.stops[right])

    def _in_spaced(self, hashes: PrefixHashes) -> Parts:
        starts, stops = hashes.token_starts, hashes.token_stops
        far = np.full(
            self.spaced.most_tokens, len(hashes.batch.codes)
        )  # reaches over the end of the last document: no phrase has that
        stops = np.append(stops, far)
        single = hashes.of_stretches(starts, stops[: len(starts)])
        first = np.flatnonzero(self.spaced.one_token.passes(single))
        double = hashes.of_stretches(starts[first], stops[first + 1])
        at = first[self.spaced.two_tokens.passes(double)]
        ends = stops[at[:, None] + np.arange(2, self.spaced.most_tokens)]
        begins = np.broadcast_to(starts[at, None], ends.shape)
        rows = hashes.of_stretches(begins, ends)
        return self.spaced.lookup.find(
            np.concatenate([single[first], double, rows.ravel()]),
            np.concatenate([starts[first], starts[first], begins.ravel()]),
            np.concatenate([stops[first], stops[first + 1], ends.ravel()]),
        )

    def _in_unspaced(self, hashes: PrefixHashes) -> Iterator[Parts]:
        if not _any_unspaced(hashes.batch.codes):
            return
        for length in self.unspaced.lengths[0].tolist():
            windows = hashes.of_windows(length)
            starts = np.flatnonzero(self.unspaced.lookup.sieve.passes(windows))
            yield self.unspaced.lookup.find(windows[starts], starts, starts + length)
        at = np.flatnonzero(self.unspaced.heads[0].passes(hashes.of_windows(HEADS[0])))
        for level, lengths in enumerate(self.unspaced.lengths[1:]):
            if level:
                at = at[at + HEADS[level] < len(hashes.prefix)]
                at = at[self.unspaced.heads[level].passes(hashes.of_stretches(at, at + HEADS[level]))]
            ends = at[:, None] + lengths
            begins = np.broadcast_to(at[:, None], ends.shape)
            inside = ends < len(hashes.prefix)
            begins, ends = begins[inside], ends[inside]
            yield self.unspaced.lookup.find(hashes.of_stretches(begins, ends), begins, ends)


@cache
def phrase_table() -> PhraseTable:
    """The table of all phrases in all languages, and of the names of places."""
    made_of = [Path(__file__).with_name(f"{name}.py") for name in _MADE_BY]
    return PhraseTable(cached_arrays("phrases", [*phrase_parts.TABLES, *made_of], phrase_parts.read_parts))


def _halved(numbers: NDArray[np.int64]) -> Pointer:
    """Numbers in 32 bits: the less the helper's tables take, the more of them stays in the cache."""
    return Pointer(numbers.astype(np.int32))


class _Fields(Pointer):
    """Addresses and numbers as one array, zeros for what is left out. It keeps what it points to."""

    __slots__ = ("fields",)

    def __init__(self, fields: Sequence[Pointer | int]) -> None:
        numbers = np.zeros(_FIELDS, np.int64)
        numbers[: len(fields)] = [field if isinstance(field, int) else field.address for field in fields]
        super().__init__(numbers)
        self.fields = fields


def _any_unspaced(codes: NDArray[np.uint32]) -> bool:
    return bool(codes.max(initial=0) >= LOWEST_UNSPACED and is_unspaced(codes[codes >= LOWEST_UNSPACED]).any())
