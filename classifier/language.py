"""Which language a text is written in: by its script, and for Latin letters by small common words.

Good enough to choose a help line, to tell home from abroad, and to report figures by language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from classifier.characters import CODE_POINTS, LETTER
from classifier.native import Pointer, native
from classifier.prefix_hashes import BASE, token_hashes
from classifier.reference import read_table

UNKNOWN = "und"
"""The ISO 639 code for an undetermined language."""
_LOOK_AT = 600
_SCRIPTS = {
    "th": "\u0e00-\u0e7f", "lo": "\u0e80-\u0eff", "my": "\u1000-\u109f\uaa60-\uaa7f", "km": "\u1780-\u17ff",
    "hi": "\u0900-\u097f", "ja": "\u3041-\u30ff", "ko": "\uac00-\ud7af\u1100-\u11ff", "zh": "\u3400-\u9fff",
    "bn": "\u0980-\u09ff", "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f", "ar": "\u0600-\u06ff",
    "ru": "\u0400-\u04ff", "si": "\u0d80-\u0dff", "am": "\u1200-\u137f", "ka": "\u10a0-\u10ff",
}  # fmt: skip
_INVISIBLE_LETTERS = "\u00ad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff"
_LATIN_LETTERS = "a-zA-Z\u00c0-\u024f\u1e00-\u1eff"
_VIETNAMESE_LETTERS = "\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9"
_WRITTEN_OUT = [(c, unicodedata.normalize("NFKD", c)) for c in "，：（）；！？～…‼\u3000\u202f\u0e33\u0eb3\u0edc\u0edd"]
"""Full-width signs, and the Thai and Lao letters that are two."""
_MARKS = (
    ("\u093c", (("\u0928\u093c", "\u0929"), ("\u0930\u093c", "\u0931"), ("\u0933\u093c", "\u0934"), ("\u093c", "\u093e"))),
    ("\u09be", (("\u09c7\u09be", "\u09cb"), ("\u09be", "\u09c0"))),
    ("\u102e", (("\u1025\u102e", "\u1026"), ("\u102e", "\u102d"))),
)  # fmt: skip
"""Signs that make one character with some before them, by which alone a text seems not to be normal: those pairs as one character,
and another sign of the script for the rest, for only the number of characters counts."""
_CLASSES = ("other", *_SCRIPTS, "invisible", "latin", "vi")
_JA, _INVISIBLE, _LATIN, _VI = (_CLASSES.index(name) for name in ("ja", "invisible", "latin", "vi"))


def detect(text: str) -> str:
    """ISO 639-1 code of the text's language, or UNKNOWN where nothing tells."""
    return languages_of([text])[0]


def languages_of(texts: Sequence[str]) -> list[str]:
    """`detect` for many texts at once."""
    looked_at = [text[:_LOOK_AT] for text in texts]
    looked_at = [(text if text.isascii() else _normal(text)).lower() for text in looked_at]
    codes = np.frombuffer("\n".join([*looked_at, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum([len(text) + 1 for text in looked_at])
    letters, votes = _counted(codes, ends)
    found = zip(looked_at, letters.tolist(), votes.argmax(axis=1).tolist(), votes.max(axis=1).tolist(), strict=True)
    names = _common_words().languages
    return [
        (None if text.isascii() else _by_script(counts)) or (names[best] if vote else UNKNOWN) for text, counts, best, vote in found
    ]


def _normal(text: str) -> str:
    """A text with as many letters of each script as its normal form NFKC has (Unicode Standard Annex 15), and the same Latin ones.

    Normalising goes through all characters when a single one asks for it, so those that often do are written out first.
    """
    for mark, readings in _MARKS:
        if mark in text:
            for written, read in readings:
                text = text.replace(written, read)
    if unicodedata.is_normalized("NFKC", text):
        return text
    for character, written_out in _WRITTEN_OUT:
        text = text.replace(character, written_out)
    return unicodedata.normalize("NFKC", text)


def _by_script(letters: list[int]) -> str | None:
    """The language of a text that a script tells, from its letters of each class."""
    latin = letters[_LATIN] + letters[_VI]
    counts = letters[1 : len(_SCRIPTS) + 1]
    most = max(counts)
    best = _CLASSES[counts.index(most) + 1]
    if best == "zh" and letters[_JA] * 5 > most:
        best, most = "ja", letters[_JA]
    if most and most * _density(best) > latin:
        return best
    return "vi" if letters[_VI] * 12 > latin else None


@cache
def _class_table() -> NDArray[np.uint8]:
    """The index in `_CLASSES` of every code point's class."""
    table = np.zeros(CODE_POINTS, np.uint8)
    others = (_INVISIBLE_LETTERS, _LATIN_LETTERS, _VIETNAMESE_LETTERS)
    for number, letters in enumerate((*_SCRIPTS.values(), *others), 1):
        for first, last in re.findall(r"(.)(?:-(.))?", letters, re.DOTALL):
            table[ord(first) : ord(last or first) + 1] = number
    return table


@cache
def _class_pointer() -> Pointer:
    return Pointer(_class_table())


def _density(code: str) -> float:
    """Latin letters that say about as much as one character of the script."""
    return 3.0 if code == "zh" else 1.0


def _counted(codes: NDArray[np.uint32], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each text its letters of each class, shape (texts, classes), and what common words say for each language, shape (texts,
    languages)."""
    common = _common_words()
    if (helper := native()) is not None:
        classes = _class_pointer(), len(_CLASSES), _INVISIBLE, _LATIN
        return helper.languages(codes, ends, classes, BASE, common.row, len(common.languages))
    classes_of = _class_table().take(codes)
    texts = np.searchsorted(ends, np.arange(len(codes)), side="right")
    letters = np.bincount(texts * len(_CLASSES) + classes_of, minlength=len(ends) * len(_CLASSES))
    return letters.reshape(len(ends), len(_CLASSES)), _votes(codes, classes_of, ends)


def _votes(codes: NDArray[np.uint32], classes: NDArray[np.uint8], ends: NDArray[np.int64]) -> NDArray[np.float64]:
    seen = classes != _INVISIBLE
    if not seen.all():
        codes, classes, ends = codes[seen], classes[seen], np.cumsum(seen)[ends - 1]
    common, count = _common_words(), len(ends)
    starts, hashes = token_hashes(codes, (classes >= _LATIN).astype(np.uint8) * np.uint8(LETTER))
    some = np.flatnonzero(common.sieve.take((hashes >> np.uint64(48)).view(np.int64)))
    starts, hashes = starts[some], hashes[some]
    word = np.minimum(np.searchsorted(common.hashes, hashes), len(common.hashes) - 1)
    known = common.hashes[word] == hashes
    texts, word = np.searchsorted(ends, starts[known], side="right"), word[known]
    bins = texts[:, None] * len(common.languages) + common.spoken_in[word]
    weights = common.weights[word]
    votes = np.bincount(bins.ravel(), weights.ravel(), minlength=count * len(common.languages))
    return votes.reshape(count, len(common.languages)).astype(np.float64)  # whole numbers where no word is known


@dataclass(frozen=True)
class _CommonWords:
    """`hashes`: in order, shape (words,). `spoken_in`, `weights`: indices into `languages`, and what the word counts for each: one
    over the number of languages that share it. Both of shape (words, most languages of a word), filled up with zeros. `sieve`:
    whether any hash has these highest 16 bits."""

    languages: tuple[str, ...]
    hashes: NDArray[np.uint64]
    sieve: NDArray[np.bool_]
    spoken_in: NDArray[np.int64]
    weights: NDArray[np.float64]

    @cached_property
    def row(self) -> tuple[Pointer | int, ...]:
        """All but the names as the compiled helper takes it."""
        hashes, sieve, spoken_in, weights = map(Pointer, (self.hashes, self.sieve, self.spoken_in, self.weights))
        return hashes, len(self.hashes), sieve, spoken_in, weights, self.weights.shape[1]


@cache
def _common_words() -> _CommonWords:
    speakers: dict[str, list[str]] = {}
    for row in read_table("common_words"):
        for word in row["words"].split():
            speakers.setdefault(word, []).append(row["language"])
    languages = tuple(sorted({code for codes in speakers.values() for code in codes}))
    codes = np.frombuffer("\n".join([*speakers, ""]).encode("utf-32-le"), np.uint32)
    _, hashes = token_hashes(codes, (codes != ord("\n")).astype(np.uint8) * np.uint8(LETTER))
    most = max(map(len, speakers.values()))
    spoken_in, weights = np.zeros((len(speakers), most), np.int64), np.zeros((len(speakers), most))
    for at, codes_of_word in enumerate(speakers.values()):
        spoken_in[at, : len(codes_of_word)] = [languages.index(code) for code in codes_of_word]
        weights[at, : len(codes_of_word)] = 1.0 / len(codes_of_word)
    order, sieve = np.argsort(hashes), np.zeros(1 << 16, np.bool_)
    sieve[hashes >> np.uint64(48)] = True
    return _CommonWords(languages, hashes[order], sieve, spoken_in[order], weights[order])
