"""The compiled helper (`native.c`), where it was built: whole-batch loops over every character.

Each function here does the same as a numpy passage of another module, to the last bit. Where the helper is missing, or the
environment sets CLASSIFIER_NATIVE=0, `native()` is None and numpy does it all.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.compiled import VARIABLE

_VERSION = 20
_NEEDS_UNSPACED, _TOO_MANY = -1, -2
_LIBRARY = Path(__file__).with_name("_native.so")

Parts = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Ids, starts and stops."""


class Pointer:
    """An array as the helper takes it. For tables that serve many calls: finding an address takes longer than a short loop."""

    __slots__ = ("address", "array")

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = np.ascontiguousarray(array)
        self.address = _address(self.array)


Table = NDArray[Any] | Pointer
Hashes = tuple[NDArray[np.uint64], Table, NDArray[np.int64], NDArray[np.int64]]
"""Hashes of all prefixes, powers of the base's inverse, starts and stops of the tokens (see `PrefixHashes.arrays`)."""


@cache
def native() -> Native | None:
    """The helper, or None where there is none."""
    if os.environ.get(VARIABLE) == "0":
        return None
    try:
        library = ctypes.CDLL(str(_LIBRARY))
    except OSError:
        return None
    library.native_version.restype = ctypes.c_int64
    return Native(library) if library.native_version() == _VERSION else None


class UnspacedNeededError(LookupError):
    """A batch has characters of scripts without spaces, and the table of phrases does not have their parts yet."""


class Native:
    """The functions of the helper. Arrays that are given must have the kinds that the types say; they are not changed."""

    def __init__(self, library: ctypes.CDLL) -> None:
        names = (
            "fold",
            "hints",
            "compact",
            "prefixes",
            "phrases",
            "rows",
            "signs",
            "numbers",
            "words",
            "phrase_starts",
        )
        self._functions = {
            name: getattr(library, f"native_{name}") for name in (*names, "ngram_sums", "flow", "minima", "languages")
        }
        for name, function in self._functions.items():
            function.restype = ctypes.c_int64 if name in names else None

    def fold(
        self, raw: NDArray[np.uint32], boundaries: NDArray[np.int64], table: Table, classes: Table
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int32], NDArray[np.int64]] | None:
        """Codes and kinds of what is read and stays, the place of each, and where the boundaries are; None if a character is read
        as several."""
        n = len(raw)
        read, codes, kinds = np.empty(n, np.uint32), np.empty(n, np.uint32), np.empty(n, np.uint8)
        places, ends = np.empty(n, np.int32), np.empty(len(boundaries), np.int64)
        given = (raw, n, boundaries, len(boundaries), table, classes)
        count = self._call("fold", *given, read, codes, kinds, places, ends)
        return None if count < 0 else (codes[:count], kinds[:count], places[:count], ends)

    def hints(self, codes: NDArray[np.uint32], kinds: NDArray[np.uint8], flags: Table) -> NDArray[np.int64]:
        """Where a disguise may be, in order."""
        found = np.empty(len(codes), np.int64)
        return found[: self._call("hints", codes, kinds, len(codes), flags, found)].copy()

    def compact(
        self, codes: NDArray[np.uint32], kinds: NDArray[np.uint8], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
        """Codes, kinds and places of what stays, and the documents' limits."""
        n = len(codes)
        kept, kept_kinds, at = np.empty(n, np.uint32), np.empty(n, np.uint8), np.empty(n, np.int64)
        limits = np.empty(len(ends) + 1, np.int64)
        count = self._call("compact", codes, kinds, n, ends, len(ends), kept, kept_kinds, at, limits)
        return kept[:count], kept_kinds[:count], at[:count], limits

    def prefixes(
        self, codes: NDArray[np.uint32], kinds: NDArray[np.uint8], powers: Table
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
        """Hashes of all prefixes, starts and stops of the tokens. There must be a power for each code."""
        n = len(codes)
        prefix, starts, stops = np.empty(n + 1, np.uint64), np.empty(n, np.int64), np.empty(n, np.int64)
        count = self._call("prefixes", codes, kinds, n, powers, prefix, starts, stops)
        return prefix, starts[:count].copy(), stops[:count].copy()

    def languages(
        self,
        codes: NDArray[np.uint32],
        ends: NDArray[np.int64],
        classes: tuple[Table, int, int, int],
        base: int,
        words: Sequence[Table | int],
        languages: int,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Letters of each class and votes for each language, shapes (documents, classes) and (documents, languages). `classes`:
        that of each code, how many, which is invisible, the first of words. `words`: hashes, how many, sieve, languages of each,
        their weights, how many a word has."""
        letters, votes = np.empty((len(ends), classes[1]), np.int64), np.empty((len(ends), languages))
        self._call("languages", codes, ends, len(ends), *classes, base, *words, languages, letters, votes)
        return letters, votes

    def signs(self, codes: NDArray[np.uint32], first: Table, second: Table) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Where two characters in a row have a bit in common in the tables, in order, and the bits."""
        places, signs = np.empty(len(codes), np.int64), np.empty(len(codes), np.uint64)
        count = self._call("signs", codes, len(codes), first, second, places, signs)
        return places[:count], signs[:count]

    def numbers(
        self, codes: NDArray[np.uint32], places: NDArray[np.int64], signs: NDArray[np.uint64], tables: Sequence[Table | int]
    ) -> tuple[tuple[NDArray[np.int64], ...], NDArray[np.int64]]:
        """Starts, stops and hopes of numbers and what is said before them, and where units stand behind numbers in words."""
        count, spelled_count = len(places), np.empty(1, np.int64)
        starts, stops, hopes, said, spelled = (np.empty(count, np.int64) for _ in range(5))
        found = (starts, stops, hopes, said, spelled, spelled_count)
        m = self._call("numbers", codes, len(codes), places, signs, count, *tables, *found)
        return (starts[:m], stops[:m], hopes[:m], said[:m]), spelled[: spelled_count[0]]

    def ngram_sums(
        self,
        hashes: Hashes,
        limits: NDArray[np.int64],
        ngrams: Sequence[tuple[int, int]],
        weights: NDArray[np.int16],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sums of the weights, shape (2, 2, documents), by channel and head, and the number of n-grams of each channel, shape (2,
        documents); n-grams are given as channel and length."""
        documents, bits = len(limits) - 1, len(weights).bit_length() - 1
        sums, totals = np.empty((2, 2, documents), np.int64), np.empty((2, documents), np.int64)
        given = (*hashes, len(hashes[2]), limits, documents, np.array(ngrams, np.int64), len(ngrams))
        self._call("ngram_sums", *given, weights, bits, sums, totals)
        return sums, totals

    def flow(
        self,
        hashes: Hashes,
        limits: NDArray[np.int64],
        ngrams: Sequence[tuple[int, int]],
        weights: NDArray[np.int16],
        parts: int,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """What n-grams (channel and length) add where they begin and take back where they end, shape (2, characters + 1), and how
        many each document has, shape (2, documents), by channel."""
        documents, bits, size = len(limits) - 1, len(weights).bit_length() - 1, int(limits[-1] - limits[0]) + 1
        flow, totals = np.zeros((2, size)), np.zeros((2, documents), np.int64)
        given = (*hashes, len(hashes[2]), limits, documents, np.array(ngrams, np.int64), len(ngrams), weights, bits, parts)
        self._call("flow", *given, flow, size, totals)
        return flow, totals

    def words(
        self,
        codes: NDArray[np.uint32],
        kinds: NDArray[np.uint8],
        limits: NDArray[np.int64],
        flow: NDArray[np.float64],
        marks: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """First and last character and document of each word; sums of what flows through its characters, shape (2, words)."""
        size = len(codes)
        first, last, document = (np.empty(size, np.int64) for _ in range(3))
        sums = np.empty((2, size))
        given = (codes, kinds, size, limits, len(limits) - 1, flow, marks, len(marks))
        count = self._call("words", *given, first, last, document, sums)
        return first[:count], last[:count], document[:count], sums[:, :count]

    def phrase_starts(
        self, words: Sequence[NDArray[Any]], original: NDArray[np.uint32], ends: Table, most: int
    ) -> NDArray[np.int64]:
        """The words at which a phrase begins. `words`: starts, stops, weights and documents."""
        begins = np.empty(len(words[0]), np.int64)
        return begins[: self._call("phrase_starts", *words, len(words[0]), original, ends, most, begins)]

    def rows(
        self,
        hashes: Hashes,
        limits: NDArray[np.int64],
        ngrams: Sequence[tuple[int, int]],
        bits: int,
    ) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int64]]:
        """Values, columns and the length of each row of the matrix of n-grams, given as channel and length."""
        documents, count = len(limits) - 1, len(hashes[2])
        room = sum(len(hashes[0]) if channel else count for channel, _ in ngrams)
        columns, values, lengths = np.empty(room, np.int32), np.empty(room), np.empty(documents, np.int64)
        work = np.empty(room, np.uint32), np.empty(room, np.uint32)
        given = (*hashes, count, limits, documents, np.array(ngrams, np.int64), len(ngrams), bits)
        written = self._call("rows", *given, columns, values, lengths, *work)
        return values[:written], columns[:written], lengths

    def phrases(
        self,
        table: Table,
        hashes: Hashes,
        codes: NDArray[np.uint32],
        limits: NDArray[np.int64],
        near: int,
        most: int,
        patterns: int,
    ) -> NDArray[np.int64] | None:
        """Documents, concepts, starts and stops of the hits, shape (4, hits), by start, stop and pattern; None if there are more
        than `most` parts. Raises UnspacedNeededError."""
        room, needed = len(hashes[2]) // 2 + 256, np.empty(1, np.int64)
        given = (*hashes, len(hashes[2]), codes, len(codes), limits, len(limits) - 1, near, most, np.empty(patterns, np.int32))
        while True:
            hits = np.empty((4, room), np.int64)
            count = self._call(
                "phrases", table, *given, room, np.empty((3, room), np.int64), np.empty(room, np.uint64), hits, needed
            )
            if count >= 0:
                return hits[:, :count]
            if count == _NEEDS_UNSPACED:
                raise UnspacedNeededError
            if count == _TOO_MANY:
                return None
            room = int(needed[0])

    def minima(
        self,
        codes: NDArray[np.uint32],
        kinds: NDArray[np.uint8],
        prefix: NDArray[np.uint64],
        inverses: Table,
        limits: NDArray[np.int64],
        bins: int,
        lenders: Table,
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint32]]:
        """The minima of each document, shape (documents, bins), and its number of shingles."""
        documents = len(limits) - 1
        found, shingles = np.empty((documents, bins), np.uint16), np.empty(documents, np.uint32)
        self._call("minima", codes, kinds, prefix, inverses, limits, documents, lenders, found, shingles)
        return found, shingles

    def _call(self, name: str, *arguments: Any) -> int:
        function = self._functions[name]
        if function.argtypes is None:  # numbers have 64 bits, as addresses have: they are passed the same way
            function.argtypes = [ctypes.c_void_p] * len(arguments)
        result: int | None = function(*map(_address, arguments))
        return result or 0


def _address(argument: Any) -> int:
    """The address of an array, which the caller keeps; a number as it is."""
    if isinstance(argument, int):
        return argument
    if isinstance(argument, Pointer):
        return argument.address
    if not isinstance(argument, np.ndarray):
        return int(argument)
    try:
        buffer: Any = argument  # which numpy does not say of its arrays
        return ctypes.addressof(ctypes.c_char.from_buffer(buffer))  # four times as fast as the other way
    except (TypeError, ValueError):  # it must not be written to, or is empty
        if not argument.flags.c_contiguous:
            raise
        return argument.ctypes.data
