"""Tables of characters: what each one is read as, and to which class it belongs.

Contains no business logic. The tables are built once per process, in a few milliseconds, from Python's own Unicode data.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

CODE_POINTS = 0x110000
SEPARATOR, LETTER, DIGIT, IDEOGRAPH, SYMBOL = range(5)
"""Classes: what stands between tokens · letters and their marks · digits · characters that are a word each ·
emoji and currency signs, a token each."""

# Blocks in which a character is not read as itself: Latin, Greek and Cyrillic with their accents and cases, enclosed and
# full-width forms, ligatures, styled letters of mathematics and of emoji; letters of Indic scripts with a dot below, which are
# written in one piece or in two.
_FOLDED_BLOCKS = (
    (0x0000, 0x0590), (0x1D00, 0x2000), (0x2070, 0x2190), (0x2460, 0x2500), (0x249C, 0x24EB), (0x2C60, 0x2C80),
    (0x3200, 0x3400), (0xA720, 0xA800), (0xFB00, 0xFB07), (0xFE50, 0xFE70), (0xFF00, 0xFFF0), (0x1D400, 0x1D800),
    (0x1F100, 0x1F190), (0x0958, 0x0960), (0x09DC, 0x09E0), (0x0A33, 0x0A37), (0x0A59, 0x0A5F),
)  # fmt: skip
_ONE_LETTER = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ۂ": "ه", "ۃ": "ه"}
"""Letters of the Arabic script that are written one for the other, within a language or from one keyboard to the next."""
_INVISIBLE = (
    (0x00AD, 0x00AE), (0x034F, 0x0350), (0x061C, 0x061D), (0x115F, 0x1161), (0x17B4, 0x17B6), (0x180B, 0x1810),
    (0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070), (0x20E3, 0x20E4), (0x3164, 0x3165), (0xFE00, 0xFE10),
    (0xFEFF, 0xFF00), (0xFFA0, 0xFFA1), (0x1F3FB, 0x1F400), (0xE0000, 0xE0200), (0x0300, 0x0370),
    (0x0640, 0x0641), (0x064B, 0x0653),
)  # fmt: skip
_DIGIT_ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040,
                0x1090, 0x17E0, 0x1810, 0x19D0)  # fmt: skip
_IDEOGRAPHS = ((0x3041, 0x3100), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32000))
_SYMBOLS = ((0x20A0, 0x20D0), (0x2190, 0x2460), (0x2500, 0x2C00), (0x1F000, 0x20000))
_CURRENCY_AND_CO = "$€£¥%@+#¢฿៛"
_SEPARATORS = (
    (0x0000, 0x0030), (0x003A, 0x0041), (0x005B, 0x0061), (0x007B, 0x00AA), (0x00AB, 0x00B5), (0x00B6, 0x00BA),
    (0x00BB, 0x00C0), (0x00D7, 0x00D8), (0x00F7, 0x00F8), (0x02C2, 0x02E0), (0x037E, 0x037F), (0x0387, 0x0388),
    (0x055A, 0x0560), (0x0589, 0x058B), (0x05BE, 0x05BF), (0x060C, 0x060E), (0x061B, 0x0620), (0x066A, 0x066E),
    (0x06D4, 0x06D5), (0x0964, 0x0966), (0x0E4F, 0x0E50), (0x0E5A, 0x0E5C), (0x104A, 0x1050), (0x17D4, 0x17D7),
    (0x17D8, 0x17DB), (0x2000, 0x2070), (0x3000, 0x3005), (0x3008, 0x3012), (0x3014, 0x3020), (0x30FB, 0x30FC),
    (0xD800, 0xF900), (0xFE10, 0xFE70), (0xFF00, 0xFF10), (0xFFE0, 0x10000),
)  # fmt: skip


@cache
def class_table() -> NDArray[np.uint8]:
    """The class of every code point, shape (CODE_POINTS,). Letters are what is nothing else."""
    table = np.full(CODE_POINTS, LETTER, np.uint8)
    for kind, ranges in ((SEPARATOR, _SEPARATORS), (IDEOGRAPH, _IDEOGRAPHS), (SYMBOL, _SYMBOLS)):
        for start, stop in ranges:
            table[start:stop] = kind
    table[[ord(c) for c in _CURRENCY_AND_CO]] = SYMBOL
    table[ord("0") : ord("9") + 1] = DIGIT
    return table


@cache
def fold_table() -> tuple[NDArray[np.uint32], list[list[int]]]:
    """What every code point is read as, and the longer readings.

    Shape (CODE_POINTS,). 0 means that the character is dropped; CODE_POINTS + k that it is read as the k-th of the longer
    readings (a ligature or an enclosed number). Case, width, style and Latin, Greek and Cyrillic accents are folded; the
    digits of all scripts become 0-9; control characters become spaces.
    """
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    longer: list[list[int]] = []
    for start, stop in _FOLDED_BLOCKS:
        for code in range(start, stop):
            reading = _reading(chr(code))
            if len(reading) == 1:
                table[code] = ord(reading)
            elif reading:
                table[code] = CODE_POINTS + len(longer)
                longer.append([ord(c) for c in reading])
    for start, stop in _INVISIBLE:
        table[start:stop] = 0
    for zero in _DIGIT_ZEROS:
        table[zero : zero + 10] = np.arange(ord("0"), ord("9") + 1)
    for start, stop in ((0x0000, 0x0020), (0x007F, 0x00A1), (0x2028, 0x202A)):
        table[start:stop] = ord(" ")
    table[ord("\n")] = ord("\n")
    for block in (0x1F150, 0x1F170):  # white letters in a black circle or square, which NFKC leaves alone
        table[block : block + 26] = np.arange(ord("a"), ord("z") + 1)
    table[ord("ı")] = ord("i")
    for letter, reading in _ONE_LETTER.items():
        table[ord(letter)] = ord(reading)
    return table, longer


def _reading(character: str) -> str:
    """Compatibility form, lower case, without accents on Latin, Greek or Cyrillic letters."""
    if character in "đĐ":
        return "d"
    if character in "øØ":
        return "o"
    if character in "łŁ":
        return "l"
    decomposed = unicodedata.normalize("NFKD", character).lower()
    return "".join(c for c in unicodedata.normalize("NFKD", decomposed) if not 0x300 <= ord(c) < 0x370)


# Cyrillic, Greek, Armenian and IPA letters that look like a Latin one, each followed by it, for words in which scripts are
# mixed. After Unicode's confusables table (Unicode Technical Standard 39, version 16, 2024), its lower-case Latin look-alikes.
LOOKALIKES = {
    ord(pair[0]): ord(pair[1])
    for pair in (
        "аa вb гr дd еe зz иu кk мm нh оo пn рp сc тt уy хx ѕs іi јj ԁd ԛq ԝw һh ӏl ьb "
        "αa βb γy εe ηn ιi κk μu νv οo ρp τt υu χx ωw ɑa ɡg ɩi ʏy օo սu ոn հh ցg զq"
    ).split()
}
