"""Which language a text is written in: by its script, and for Latin letters by small common words.

Good enough to choose a help line, to tell home from abroad, and to report figures by language.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier.characters import CODE_POINTS
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
_INVISIBLE = "\u00ad\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff"
_LATIN = "a-zA-Z\u00c0-\u024f\u1e00-\u1eff"
_VIETNAMESE = "\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9"
_INVISIBLE_SIGN = re.compile(f"[{_INVISIBLE}]")
_WORD = re.compile(f"[{_LATIN}]+")
_ASCII_WORD = re.compile("[a-z]+")


def detect(text: str) -> str:
    """ISO 639-1 code of the text's language, or UNKNOWN where nothing tells."""
    return _detect(text[:_LOOK_AT])


@lru_cache(maxsize=4096)
def _detect(text: str) -> str:
    if text.isascii():
        return _by_words(text)
    text = unicodedata.normalize("NFKC", text)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = dict(zip(_classes(), np.bincount(_class_table().take(codes), minlength=len(_classes())).tolist(), strict=True))
    latin = letters["latin"] + letters["vi"]
    best = max(_SCRIPTS, key=letters.__getitem__)
    if best == "zh" and letters["ja"] * 5 > letters["zh"]:
        best = "ja"
    if letters[best] and letters[best] * _density(best) > latin:
        return best
    if letters["vi"] * 12 > latin:
        return "vi"
    return _by_words(_INVISIBLE_SIGN.sub("", text) if letters["invisible"] else text)


@cache
def _classes() -> tuple[str, ...]:
    return ("other", *_SCRIPTS, "latin", "vi", "invisible")


@cache
def _class_table() -> NDArray[np.uint8]:
    """The index in `_classes()` of every code point's class."""
    table = np.zeros(CODE_POINTS, np.uint8)
    for code, letters in ({**_SCRIPTS, "latin": _LATIN, "vi": _VIETNAMESE, "invisible": _INVISIBLE}).items():
        for first, last in re.findall(r"(.)(?:-(.))?", letters, re.DOTALL):
            table[ord(first) : ord(last or first) + 1] = _classes().index(code)
    return table


def _density(code: str) -> float:
    """Latin letters that say about as much as one character of the script."""
    return 3.0 if code == "zh" else 1.0


def _by_words(text: str) -> str:
    votes: dict[str, float] = {}
    common = _common_words()
    words = _ASCII_WORD if text.isascii() else _WORD
    for word in filter(common.__contains__, words.findall(text.lower())):
        for code, weight in common[word]:
            votes[code] = votes.get(code, 0.0) + weight
    if not votes:
        return UNKNOWN
    return max(sorted(votes), key=lambda code: votes[code])


@cache
def _common_words() -> dict[str, tuple[tuple[str, float], ...]]:
    """word -> (language, weight); a word that two languages share counts half for each."""
    found: dict[str, list[str]] = {}
    for row in read_table("common_words"):
        for word in row["words"].split():
            found.setdefault(word, []).append(row["language"])
    return {word: tuple((code, 1.0 / len(codes)) for code in codes) for word, codes in found.items()}
