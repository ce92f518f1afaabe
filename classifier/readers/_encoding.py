"""Which encoding the text of a feed has, and the same text as UTF-8.

Tried in order: byte order marks, the pattern of UTF-16 without one, UTF-8, what a page declares, and then the code pages of the
region by how ordinary the characters are that they give. No library guesses here: the same bytes must read the same everywhere.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import BinaryIO

from classifier.readers._streams import CHUNK, head_of, stream_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, with whose mark it begins
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?([A-Za-z0-9_.:-]{2,30})""")
# What a page may declare (nothing outside this table is believed), and the superset that is used for it.
_KNOWN = {
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("tis-620", "windows-874", "cp874", "iso-8859-11"), "cp874"),
    **dict.fromkeys(("shift_jis", "shift-jis", "windows-31j", "sjis"), "cp932"),
    **dict.fromkeys(("windows-1258", "cp1258"), "cp1258"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    "iso-8859-15": "iso-8859-15",
    "windows-1251": "cp1251",
    "euc-jp": "euc-jp",
}
_PUNCTUATION = frozenset("，。：；、（）！？【】《》〈〉「」『』“”‘’—…·～￥※★●◆■□○◎→％＋－／　") | {
    chr(c) for c in range(0xFF10, 0xFF5B)
}
_WESTERN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜšž")
_TYPOGRAPHIC = frozenset("‘’“”„–—…•€£¥°®™©·×«»\xa0½¼²³§±¿¡")
_VIETNAMESE = frozenset("ăâđêôơưĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323")
_EMOJI_JOINTS = frozenset("\u200d\ufe0f")
_THAI_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_LOST_MARK = re.compile(f"(?<![\u0e01-\u0e2e{_THAI_MARK}])[{_THAI_MARK}]")
_HIGH_RUN = re.compile(r"[^\W\d_\x00-\x7f]{3,}")
NOT_TEXT = "is not valid UTF-8; its bytes are no text in the encoding of the file"
"""The cause with which a row is rejected whose bytes `as_utf8` could not decode."""
_ORDINARY = 0.7
"""The share of ordinary characters that an encoding must give to be believed."""


def encoding_of(head: bytes) -> str | None:
    """The encoding of a feed that begins so; `utf-8` also where single bytes are broken; None when it is no text."""
    for mark, marked in _MARKS:
        if head.startswith(mark):
            return marked
    if wide := _utf16_without_mark(head):
        return wide
    if _is_binary(head):
        return None
    if head.isascii() or _fits(head, "utf-8"):
        return "utf-8"
    if (declared := _declared(head)) and _fits(head, declared):
        return declared
    text = head.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= c <= "\udcff" for c in text)
    whole = sum(c > "\x7f" for c in text) - broken
    if whole >= 2 * broken:
        return "utf-8"
    best, share = max(((name, _share(head, name)) for name in _CODE_PAGES), key=lambda pair: pair[1])
    if share >= _ORDINARY:
        return best
    return "utf-8" if broken <= len(text) * 0.05 else None


def as_utf8(stream: BinaryIO) -> BinaryIO:
    """The stream without its byte order mark, in UTF-8.

    A UTF-8 stream comes back as it is, broken bytes and all; from another encoding, bytes that do not decode come through as
    they were (which is no UTF-8, so that the reader rejects the row) or, in UTF-16, as U+FFFD.
    """
    head = head_of(stream)
    name = encoding_of(head) or "utf-8"
    for mark, marked in _MARKS:
        if marked == name and head.startswith(mark):
            stream.read(len(mark))
    return stream if name == "utf-8" else stream_of(_recoded(stream, name))


def mended(stream: BinaryIO) -> BinaryIO:
    """A UTF-8 stream with U+FFFD in the place of broken bytes, for parsers that would give up the whole document."""
    return stream_of(_recoded(stream, "utf-8", "replace"))


def _recoded(stream: BinaryIO, name: str, errors: str = "surrogateescape") -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(name)("replace" if name.startswith("utf-") else errors)
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk).encode("utf-8", "surrogateescape")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")


def decode_head(head: bytes, name: str) -> str:
    """The beginning of a feed as text, without a byte order mark."""
    return head.decode(name, "replace").removeprefix("\ufeff")


def _utf16_without_mark(head: bytes) -> str | None:
    sample = head[:4096]
    even, odd, half = sample[0::2].count(0), sample[1::2].count(0), len(sample) / 2
    name = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) <= half * 0.2 or min(even, odd) > half * 0.02:
        return None
    return None if _is_binary(sample.decode(name, "replace").encode()) else name


def _is_binary(head: bytes) -> bool:
    control = len(head) - len(head.translate(None, bytes((*range(9), 11, *range(14, 27), *range(28, 32), 127))))
    return control > max(len(head) * 0.02, 2)


def _fits(head: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(head)  # not final: the head may end inside a character
    except UnicodeDecodeError:
        return False
    return True


def _declared(head: bytes) -> str | None:
    if not head.lstrip().startswith(b"<"):
        return None
    match = _DECLARED.search(head, 0, 2048)
    return _KNOWN.get(match[1].decode().lower()) if match else None


def _share(head: bytes, name: str) -> float:
    """The share of ordinary characters among those beyond ASCII, 0 when the bytes do not decode at all."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeDecodeError:
        return 0.0
    beyond = [c for c in text if c > "\x7f"]
    if not beyond:
        return 0.0
    ordinary = _CODE_PAGES[name]()
    good = sum(c in ordinary or c in _EMOJI_JOINTS or "\u2190" <= c < "\u2c00" or c > "\U0001f000" for c in beyond)
    if name == "cp874":
        good -= 3 * len(_LOST_MARK.findall(text))
    if name == "cp1252":
        good -= sum(map(len, _HIGH_RUN.findall(text)))
    return good / len(beyond)


@cache
def _common_hanzi(codec: str, first: int, last: int) -> frozenset[str]:
    """The characters of a double-byte code page from one lead byte to another: they are ordered by how common they are."""
    pairs = (bytes((lead, trail)).decode(codec, "ignore") for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    return frozenset(c for c in pairs if len(c) == 1) | _PUNCTUATION


@cache
def _common_gb() -> frozenset[str]:
    pairs = (bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    return frozenset(c for c in pairs if len(c) == 1) | _PUNCTUATION


@cache
def _common_japanese() -> frozenset[str]:
    return _common_hanzi("cp932", 0x88, 0x97) | {chr(c) for c in range(0x3041, 0x30FD)}


_CODE_PAGES: dict[str, Callable[[], frozenset[str]]] = {
    "cp1252": lambda: _WESTERN | _TYPOGRAPHIC,
    "cp1258": lambda: _WESTERN | _VIETNAMESE | _TYPOGRAPHIC,  # after cp1252, which wins where both fit
    "gb18030": _common_gb,
    "big5hkscs": lambda: _common_hanzi("big5", 0xA4, 0xC6),
    "cp874": lambda: frozenset({chr(c) for c in range(0x0E01, 0x0E5C)} | _TYPOGRAPHIC),
    "cp932": _common_japanese,
}
