"""Ways in which recruiters hide what an ad says, done to a text: to train against them, and to measure what they cost.

A disguise takes a text, its language and a source of chance, and gives the text back changed. It touches only what
matters: the phrases of the indicators, places and pay, or a share of all words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

from classifier import phrases
from classifier.characters import LOOKALIKES
from classifier.compact import compact
from classifier.prefix_hashes import PrefixHashes
from classifier.reference import read_table
from classifier.salary import default_currency_of, find_salaries
from classifier.text import fold, normalise

Disguise = Callable[[str, str, Random], str]
_WORD = re.compile(r"[^\W\d_]{4,}")
_LEET = str.maketrans({"a": "4", "e": "3", "i": "1", "o": "0", "s": "5"})
_HIDDEN_PAY = {
    "id": "gaji via DM", "ms": "gaji PM saya", "en": "pay in DM", "tl": "sahod PM ko", "vi": "lương ib", "zh": "薪资私聊",
    "th": "เงินเดือนทักแชท",
    "lo": "ເງິນເດືອນທັກແຊັດ", "km": "ប្រាក់ខែឆាត", "my": "လစာ DM", "hi": "सैलरी DM",
}  # fmt: skip
_HIDDEN_PLACE = {
    "id": "luar negeri", "ms": "luar negara", "en": "overseas", "tl": "abroad", "vi": "nước ngoài", "zh": "国外",
    "th": "ต่างประเทศ",
    "lo": "ຕ່າງປະເທດ", "km": "ក្រៅប្រទេស", "my": "နိုင်ငံခြား", "hi": "विदेश",
}  # fmt: skip


def _each_word(change: Callable[[str, Random], str], share: float) -> Disguise:
    """Change a share of the Latin words of four letters and more."""

    def disguise(text: str, language: str, random: Random) -> str:
        return _WORD.sub(
            lambda m: change(m.group(), random) if m.group().isascii() and random.random() < share else m.group(), text
        )

    return disguise


def _lookalike(word: str, random: Random) -> str:
    twins = _twins()
    return "".join(random.choice(twins[c]) if c in twins and random.random() < 0.6 else c for c in word)


@cache
def _twins() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for twin, letter in LOOKALIKES.items():
        if chr(twin) in "аеорсухіѕјԁһοαι":
            found.setdefault(chr(letter), []).append(chr(twin))
    return found


def _leet(word: str, random: Random) -> str:
    return word[0] + word[1:-1].translate(_LEET) + word[-1]


def _drawn_out(word: str, random: Random) -> str:
    at = random.randrange(len(word))
    return word[:at] + word[at] * random.randint(3, 6) + word[at:]


def _shifted(base: int) -> Callable[[str, Random], str]:
    """Lower-case letters moved to a block of look-alike letters."""
    return lambda word, random: "".join(chr(base + ord(c) - ord("a")) if "a" <= c <= "z" else c for c in word.lower())


def _spelled_with(separator: str) -> Callable[[str, Random], str]:
    return lambda word, random: separator.join(word)


def _invisible(text: str, language: str, random: Random) -> str:
    """Zero-width characters between letters, in all scripts."""
    return "".join(c + random.choice("\u200b\u200c\u2060\ufeff") if c.isalpha() and random.random() < 0.25 else c for c in text)


def _soft_hyphens(text: str, language: str, random: Random) -> str:
    return re.sub(r"(?<=[^\W\d_])(?=[^\W\d_]{2})", lambda m: "\u00ad" if random.random() < 0.3 else "", text)


def _full_width(text: str, language: str, random: Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and random.random() < 0.8 else c for c in text)


def _capitals(text: str, language: str, random: Random) -> str:
    return "".join(c.upper() if random.random() < 0.5 else c.lower() for c in text)


def _spans(text: str, wanted: Callable[[str], bool]) -> list[tuple[int, int, str]]:
    """Places in the text of the concepts that are wanted, not overlapping, the longest first found."""
    folded = fold([text])
    batch = compact(folded)
    hits = phrases.find(PrefixHashes.of(batch))
    names = phrases.concepts()
    found: list[tuple[int, int, str]] = []
    for concept, a, b in zip(hits.concepts.tolist(), hits.starts.tolist(), hits.stops.tolist(), strict=True):
        start, end = int(folded.origin[batch.at[a]]), int(folded.origin[batch.at[b - 1]]) + 1
        if wanted(names[concept]) and (not found or start >= found[-1][1]):
            found.append((start, end, names[concept]))
    return found


def _replaced(text: str, spans: list[tuple[int, int, str]], by: Callable[[str], str]) -> str:
    for start, end, what in reversed(spans):
        text = text[:start] + by(what) + text[end:]
    return text


@cache
def _wordings() -> dict[tuple[str, str], list[str]]:
    """(concept, language) -> plain phrases of it."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in read_table("phrases"):
        if "…" not in row["phrase"] and "/" not in row["phrase"]:
            found.setdefault((row["concept"], row["language"]), []).append(row["phrase"])
    return found


def _synonyms(text: str, language: str, random: Random) -> str:
    """Other words of the same language for what the indicators know."""

    def other(concept: str) -> str:
        return random.choice(_wordings().get((concept, language), [""]))

    return _replaced(text, _spans(text, lambda c: (c, language) in _wordings()), other)


def _other_language(text: str, language: str, random: Random) -> str:
    """Half of those words in English, or in Indonesian within an English ad."""
    foreign = "id" if language == "en" else "en"
    spans = [s for s in _spans(text, lambda c: (c, foreign) in _wordings()) if random.random() < 0.5]
    return _replaced(text, spans, lambda concept: random.choice(_wordings()[concept, foreign]))


def _hidden_pay(text: str, language: str, random: Random) -> str:
    normal = normalise(text)
    spans = [(*normal.span(m.start, m.end), "") for m in find_salaries(normal.text, default_currency_of(language))]
    return _replaced(text, spans, lambda _: _HIDDEN_PAY.get(language, _HIDDEN_PAY["en"]))


def _hidden_place(text: str, language: str, random: Random) -> str:
    spans = _spans(text, lambda concept: concept.startswith("place:"))
    return _replaced(text, spans, lambda _: _HIDDEN_PLACE.get(language, _HIDDEN_PLACE["en"]))


def _other_place(text: str, language: str, random: Random) -> str:
    """Each place swapped for another of the same role; used in training, so that no single place is learnt by heart."""
    roles = {f"place:{row['place']}": row["role"] for row in read_table("places")}
    names: dict[str, list[str]] = {}
    for row in read_table("places"):
        names.setdefault(row["role"], []).append(row["place"])
    return _replaced(text, _spans(text, lambda c: c in roles), lambda c: random.choice(names[roles[c]]))


DISGUISES: dict[str, Disguise] = {
    "look-alike letters": _each_word(_lookalike, 0.5),
    "zero-width characters": _invisible,
    "soft hyphens": _soft_hyphens,
    "full-width letters": _full_width,
    "styled letters": _each_word(_shifted(0x1D41A), 0.5),
    "emoji letters": _each_word(_shifted(0x1F170), 0.3),
    "digits for letters": _each_word(_leet, 0.4),
    "spaced-out words": _each_word(_spelled_with(" "), 0.15),
    "dotted words": _each_word(_spelled_with("."), 0.25),
    "drawn-out letters": _each_word(_drawn_out, 0.4),
    "mixed capitals": _capitals,
    "synonyms": _synonyms,
    "half in another language": _other_language,
    "pay hidden": _hidden_pay,
    "destination hidden": _hidden_place,
}
SWAPS: dict[str, Disguise] = {"other place": _other_place}
