"""Normalised text that keeps its way back to the original characters.

The n-grams, the salary mentions and the phrases of the indicators are all looked for in the normalised text, so a
disguise is undone once and for all of them: letter case, width and style, accents, invisible characters, letters of
another script that look Latin, digits for letters ("g4ji"), spaced-out words ("K A M B O J A"), drawn-out letters and
emoji used as letters. HTML is read as a browser would show it. Everything works on whole batches of code points in numpy;
only the few postings in which something looks like a disguise are visited one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifier.characters import CODE_POINTS, DIGIT, IDEOGRAPH, LETTER, LOOKALIKES, class_table, fold_table
from classifier.markup import find_markup
from classifier.native import Pointer, native
from classifier.patterns import pattern

BOUNDARY = 1
"""The code that ends each document in a batch; no character is ever read as it."""

_LEET = {ord(a): ord(b) for a, b in zip("43105@$!78", "aeiosasitb", strict=True)}
_LEET_WORD = pattern(r"(?<![a-z0-9@$!])[a-z][a-z0-9@$!]*[a-z0-9]")
_LONGEST_LEET = 4
_LEET_INSIDE = pattern(rf"[a-z][43105@$!78]{{1,{_LONGEST_LEET}}}[a-z]")
_PAY_OR_MODEL = pattern(
    r"(?:rp|rm|usd|idr|php|thb|vnd|sgd|myr|us\$|s\$|[a-z]{0,3}\$)\d|[a-z]\d+[a-z]?$|[a-z]+@[a-z]|(?:sip?)?p?3mi$|sip3mi$"
)
_SPACED = pattern(
    r"(?<![^\W_])[^\W\d_](?:"
    r"(?: [^\W\d_](?![^\W_])){3,}|"
    r"(?:[.\-_*·•|/,~+=] ?[^\W\d_](?![^\W_])){2,}|"
    r"(?:  ?[^\W\d_](?![^\W_])){4,})"
)
_RUN_UP = 8
"""The first two letters of a spaced-out word, which come before its first hint."""
_REACH = 64
"""How far a word is followed from a hint to its ends."""
_DROPPED = 0x200B
"""A character that is read as nothing."""
_FLAG_A = 0x1F1E6
"""The first of the letters that make flags in pairs."""
_REGIONAL = pattern("[\U0001f1e6-\U0001f1ff]+")
_ISO_COUNTRIES = frozenset(  # ISO 3166-1 alpha-2, 2024, with XK, EU and UM
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BR BS BT BW BY BZ CA CC CD CF CG "
    "CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG "
    "GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW "
    "KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF "
    "NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM "
    "SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK "
    "YE YT ZA ZM ZW".split()
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A batch of normalised documents.

    `codes`: uint32, shape (n,), the code points of all documents in order, each document ended by BOUNDARY.
    `origin`: int32, shape (n,), where each stands in the joined original (documents joined by one character).
    `kinds`: uint8, shape (n,), the class of each (see `characters`).
    `ends`: int64, shape (documents,), the index of each document's BOUNDARY in `codes`.
    `disguised`: int64, shape (k,), indices in `codes` that were read as another letter or closed up.
    """

    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    origin: NDArray[np.int32]
    ends: NDArray[np.int64]
    disguised: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Normalised:
    """One normalised text; `origin[i]` is the index in the original of its i-th character, `origin[len]` the original's end."""

    text: str
    origin: NDArray[np.int32]
    disguised: NDArray[np.int64]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that were read as `text[start:end]` (not empty)."""
        return int(self.origin[start]), int(self.origin[end - 1]) + 1


def normalise(text: str) -> Normalised:
    """Normalise one text. See the module's description."""
    folded = fold([text])
    codes = folded.codes[:-1]
    return Normalised(_decode(codes), folded.origin, folded.disguised)


def fold(texts: Sequence[str]) -> Folded:
    """Normalise a batch; the result for a text does not depend on its neighbours."""
    table, longer = fold_table()
    joined = "\n".join([*texts, ""])
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    boundaries = np.cumsum(lengths + 1) - 1
    raw = _without_markup(joined)
    if (helper := native()) is not None and (folded := helper.fold(raw, boundaries, *_pointers())) is not None:
        return _undo_disguises(*folded)
    codes = table.take(raw)  # far faster than table[raw]
    codes[boundaries] = BOUNDARY
    origin = np.arange(len(codes), dtype=np.int32)
    if codes.max(initial=0) >= CODE_POINTS:
        codes, origin = _expand(codes, origin, longer)
    codes, origin = _kept(codes, origin)
    return _undo_disguises(codes, class_table().take(codes), origin, np.flatnonzero(codes == BOUNDARY))


def _without_markup(text: str) -> NDArray[np.uint32]:
    """The code points of a text, those of markup as something that is dropped."""
    raw = _code_points(text)
    for number, (start, end, character) in enumerate(find_markup(text)):
        raw = raw if number else raw.copy()
        raw[start:end] = _DROPPED
        if character:
            raw[start] = ord(character)
    return raw


@cache
def _pointers() -> tuple[Pointer, Pointer]:
    return Pointer(fold_table()[0]), Pointer(class_table())


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _decode(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def _expand(
    codes: NDArray[np.uint32], origin: NDArray[np.int32], longer: list[list[int]]
) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Write out the characters that are read as several."""
    places = np.flatnonzero(codes >= CODE_POINTS)
    readings = [longer[k] for k in codes[places] - CODE_POINTS]
    counts = np.ones(len(codes), np.int64)
    counts[places] = [len(r) for r in readings]
    first = (np.cumsum(counts) - counts)[places]
    codes, origin = np.repeat(codes, counts), np.repeat(origin, counts)
    for start, reading in zip(first, readings, strict=True):
        codes[start : start + len(reading)] = reading
    return codes, origin


def _kept(codes: NDArray[np.uint32], origin: NDArray[np.int32]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Without the characters that are dropped; three and more of one character are read as one."""
    keep = codes != 0
    again = codes[1:] == codes[:-1]
    drawn_out = np.flatnonzero(again[1:] & again[:-1])
    drawn_out = drawn_out[(codes[drawn_out] - ord("0") >= 10) & (codes[drawn_out] != BOUNDARY)]
    keep[drawn_out + 1] = keep[drawn_out + 2] = False
    return (codes, origin) if keep.all() else (codes[keep], origin[keep])


def _undo_disguises(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], origin: NDArray[np.int32], ends: NDArray[np.int64]
) -> Folded:
    """Visit the places at which a cheap look at all characters finds a hint of a disguise."""
    touched: list[int] = []
    drop: list[int] = []
    for start, text in _windows(codes, _hints(codes, kinds)):
        letters = {at: chr(code) for at, code in _letters_for_lookalikes(text)}
        for at, letter in letters.items():
            codes[start + at] = ord(letter)
            touched.append(start + at)
        if letters:
            text = "".join(letters.get(at, c) for at, c in enumerate(text))
        for run in _SPACED.finditer(text):
            places = range(run.start(), run.end())
            touched.extend(start + i for i in places)
            drop.extend(start + i for i in places[1:] if not text[i].isalpha())
    disguised = np.array(sorted(set(touched)), np.int64)
    kinds[disguised] = class_table()[codes[disguised]]
    if drop:
        keep = np.ones(len(codes), np.bool_)
        keep[drop] = False
        disguised = np.searchsorted(np.flatnonzero(keep), disguised[keep[disguised]])
        codes, kinds, origin = codes[keep], kinds[keep], origin[keep]
        ends = np.flatnonzero(codes == BOUNDARY)
    return Folded(codes, kinds, origin, ends, disguised)


def _windows(codes: NDArray[np.uint32], hints: NDArray[np.int64]) -> Iterator[tuple[int, str]]:
    """Where stretches around hints that lie close together begin, widened to whole words, and their texts."""
    if not len(hints):
        return
    far = np.flatnonzero(np.diff(hints) > _REACH // 2)
    firsts, lasts = hints[np.append(0, far + 1)], hints[np.append(far, len(hints) - 1)]
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        base = max(first - _RUN_UP - _REACH, 0)
        text = _decode(codes[base : last + 1 + _REACH])
        start, stop = max(first - _RUN_UP, 0) - base, last + 1 - base
        while start and text[start - 1] > " ":
            start -= 1
        while stop < len(text) and text[stop] > " ":
            stop += 1
        yield base + start, text[start:stop]


def _hints(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where a disguise may be: a digit or sign between Latin letters, a look-alike letter, the third of single letters in a
    row, letters made of emoji. Every disguise that is undone has a hint, whatever stands around it."""
    if (helper := native()) is not None:
        return helper.hints(codes, kinds, _flag_pointer())
    latin = codes - ord("a") < 26
    hint = codes - 0x250 < 0x340
    hint[_spelling_flags(codes)] = True
    hint[_leet_inside(codes, kinds, latin)] = True
    letter = (kinds == LETTER) | (kinds == IDEOGRAPH)
    single = letter.copy()
    single[1:] &= ~letter[:-1]
    single[:-1] &= ~letter[1:]
    hint |= _chained(single, _chained(single, single))
    return np.flatnonzero(hint)


def _spelling_flags(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Where flag letters stand in runs that are no row of flags."""
    letters = np.flatnonzero(codes - _FLAG_A < 26)
    if not len(letters):
        return letters
    begins = np.flatnonzero(np.diff(letters, prepend=-2) > 1)
    lengths = np.diff(begins, append=len(letters))
    second = (np.arange(len(letters)) - np.repeat(begins, lengths)) % 2 == 1
    read = (codes[letters] - _FLAG_A).astype(np.int64)
    flag = np.zeros(len(letters), np.bool_)  # a letter that is the first or the second of a flag
    flag[1:] = second[1:] & _flag_pairs()[read[:-1] * 26 + read[1:]]
    flag[:-1] |= flag[1:]
    spelling: NDArray[np.int64] = letters[~np.repeat(np.logical_and.reduceat(flag, begins), lengths)]
    return spelling


@cache
def _flag_pairs() -> NDArray[np.bool_]:
    """Whether two letters make a flag, at 26 * first + second."""
    pairs = np.zeros(26 * 26, np.bool_)
    pairs[[26 * (ord(c[0]) - ord("A")) + ord(c[1]) - ord("A") for c in _ISO_COUNTRIES]] = True
    return pairs


@cache
def _flag_pointer() -> Pointer:
    return Pointer(_flag_pairs())


def _are_flags(letters: str) -> bool:
    return all(letters[i : i + 2] in _ISO_COUNTRIES for i in range(0, len(letters), 2))


def _leet_inside(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], latin: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where digits or signs that are read as letters begin, with a Latin letter before them and one soon after."""
    sign = (kinds == DIGIT) | (codes == ord("@")) | (codes == ord("$")) | (codes == ord("!"))
    begins = np.flatnonzero(sign[1:] & latin[:-1] & (codes[1:] != ord("@"))) + 1  # "ani@toko" is an address, whatever follows
    inside = np.zeros(len(begins), np.bool_)
    run = np.ones(len(begins), np.bool_)
    for step in range(1, _LONGEST_LEET + 1):
        after = np.minimum(begins + step, len(codes) - 1)
        inside |= run & latin[after]
        run &= sign[after]
    return begins[inside]


def _chained(single: NDArray[np.bool_], before: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Single letters that have one of `before` two or three places ahead of them."""
    ahead = np.zeros(len(single), np.bool_)
    ahead[2:] |= before[:-2]
    ahead[3:] |= before[:-3]
    return single & ahead


def _letters_for_lookalikes(text: str) -> Iterator[tuple[int, int]]:
    """Positions that are to be read as another letter, and its code."""
    for run in _REGIONAL.finditer(text):
        letters = "".join(chr(ord(c) - _FLAG_A + ord("a")) for c in run.group())
        if not _are_flags(letters.upper()):  # real flags stay flags
            yield from ((run.start() + k, ord(c)) for k, c in enumerate(letters))
    for word in re.finditer(r"[^\W\d_]+", text):
        if not word.group().isascii() and re.search("[a-z]", word.group()):
            for at, c in enumerate(word.group(), word.start()):
                if ord(c) in LOOKALIKES:
                    yield at, LOOKALIKES[ord(c)]
    for word in _LEET_WORD.finditer(text):
        count = sum(c.isalpha() for c in word.group())
        if len(word.group()) < 4 or count * 3 < len(word.group()) or not _LEET_INSIDE.search(word.group()):
            continue
        if not _PAY_OR_MODEL.match(word.group()):
            yield from ((at, _LEET[ord(text[at])]) for at in range(word.start(), word.end()) if ord(text[at]) in _LEET)
