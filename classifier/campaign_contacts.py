"""Contacts of postings as identities that compare: telephone numbers, chat handles, mail addresses and links.

They are looked for in the normalised text, so full-width digits, emoji digits and look-alike letters are read already;
only digits and signs that stand for letters are read as themselves.
Numbers are compared by their national part, without country code and leading zero, by rules that cost a hundredth of a full
parse by a library of numbering plans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import numpy as np
from numpy.typing import NDArray

from classifier.reference import read_table
from classifier.signs import Beginnings, Signs
from classifier.text import Folded
from classifier.text_batch import TextBatch

_FEWEST_DIGITS, _APART = 8, 4
_NUMBER = re.compile(rf"[0-9](?:[ ().\-]{{0,{_APART - 1}}}[0-9]){{{_FEWEST_DIGITS - 1},40}}")
_NUMBER_CUE = re.compile(
    r"(?:\b(?:wa|whats ?app|wapp|telp?|telepon|tlp|phone|mobile|call|hp|hub|hubungi|zalo|viber|sms|contact|kontak|nomor|hotline)"
    r"|โทร|电话|手机|📞|☎|📱|📲)[^\d\n]{0,12}\Z"
)
_NEXT_NUMBER = re.compile(r" +(?=0)")
_MONEY = re.compile(r"\d{1,3}(?:[.]\d{3})+(?!\d)|\A\d{2,5}00 ?- ?\d{2,5}00\Z")
"""Thousands with points, and a range of two round sums: pay."""
_NO_NUMBER = re.compile(  # dates, years from and to, hours from and to
    r"(?:19|20)\d\d[ .\-]*[01]?\d[ .\-]+[0-3]?\d(?!\d{3})|[0-3]?\d[ .\-]+[01]?\d[ .\-]+(?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d ?- ?(?:19|20)\d\d|[0-2]?\d[.]?[0-5]\d *- *[0-2]?\d[.]?[0-5]\d\Z|(?:19|20)\d\d[01]\d[0-3]\d\Z"
)
_BEFORE_AT = re.compile(r"[a-z0-9][a-z0-9._%+\-]{0,63}\Z")
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![a-z0-9_])")
_HANDLE = re.compile(r"[a-z0-9_][a-z0-9_.]{3,31}(?<!\.)(?![^\W_])")
_CUED = re.compile(
    r"(?:w(?:echat|eixin|x)|vx|line|zalo|i(?:nsta(?:gram)?|g)|t(?:ele(?:gram)?|g)|微信号?|威信|薇信|飞机|ไลน์|เทเลแกรม)"
    r"( ?id)?( ?[:：=])? ?([a-z][a-z0-9_.]{4,31})(?<!\.)(?![^\W_])"
)
_LONGEST_TOP = 25
"""How far before its end the last dot of a host stands at most."""
_HOST_END = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}\Z")
_LINK = re.compile(r"((?:[a-z0-9-]{1,63}\.)+[a-z]{2,24})(?::\d{1,5})?(/[^\s\x01<>\"'`|\\^{}，。！、）)\]]*)?")
_LENGTHS = {  # calling codes that are written without a plus, and the lengths at which nothing else begins with them
    "62": range(11, 15), "60": range(11, 13), "63": range(12, 13), "66": range(11, 12), "84": range(11, 12), "91": range(12, 13),
    "86": range(13, 14), "95": range(11, 13), "65": range(10, 11), "852": range(11, 12),
}  # fmt: skip
_SHORT_CUES = "wx vx ig tg 微信 威信 薇信 飞机".split()
_LONG_CUES = "wechat weixin line zalo insta telegram ไลน์ เทเลแกรม".split()
_SIGNS = Signs(("0123456789", "@", "/", *((cue[:2],) for cue in (*_SHORT_CUES, *_LONG_CUES))))
_DIGIT, _AT, _SLASH, _CUE = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(8)
"""Bits of the signs; what is higher is a cue."""
_LONG_CUE = _CUE << np.uint64(len(_SHORT_CUES))
_MIRROR = re.compile(r"^(?:w{1,3}|m)\.")  # normalised text has one w
_PAY = re.compile(r"(?:rp|usd|us|rm|idr|php|thb|vnd|sgd|myr|p)\.?\d")
_REACH = 80
"""How far a mail address or host reaches back from its @ or slash."""
_SHARED_HOSTS = frozenset(  # a page there is a contact, the host alone is none, a posting's own address there tells the place
    "facebook.com fb.com instagram.com tiktok.com x.com twitter.com youtube.com youtu.be linkedin.com t.me telegram.me wa.me "
    "api.whatsapp.com chat.whatsapp.com whatsapp.com line.me lin.ee zalo.me bit.ly tinyurl.com s.id linktr.ee lynk.id goo.gl "
    "forms.gle docs.google.com google.com maps.app.goo.gl g.page drive.google.com wechat.com weibo.com reddit.com threads.net "
    "jobstreet.com jobstreet.co.id indeed.com id.indeed.com glints.com kalibrr.com loker.id shopee.co.id gmail.com vk.com "
    "discord.gg".split()
)
_CHAT_HOSTS = frozenset("t.me telegram.me telegram.dog instagram.com ig.me line.me".split())
_CHAT_PAGES = frozenset("joinchat addstickers share s p reel reels stories explore ti r proxy".split())
_TRACKING = re.compile(r"utm_|fbclid|gclid|igsh|usp$|ref|text$|si$|mibextid|lang$|hl$|locale$|source$|app_absent")


class Contact(NamedTuple):
    """`identity` compares equal for every way of writing the contact; `shown` is how it was written."""

    identity: str
    shown: str


def contacts_of(texts: Sequence[str]) -> list[list[Contact]]:
    """The contacts of each text, each once, in the order in which they stand."""
    found: list[dict[str, str]] = [{} for _ in texts]
    for document, contact in find_contacts(TextBatch.of(texts)):
        found[document].setdefault(contact.identity, contact.shown)
    return [[Contact(*pair) for pair in document.items()] for document in found]


def find_contacts(batch: TextBatch) -> list[tuple[int, Contact]]:
    """The contacts of a batch with the document of each."""
    folded, original = batch.folded, "".join([text + "\n" for text in batch.texts])
    codes = _with_digits(folded, original)
    text = batch.normal if codes is folded.codes else codes.tobytes().decode("utf-32-le", "surrogatepass")
    at, signs = _SIGNS.find(codes)
    ats, slashes, cues = at[signs == _AT].tolist(), at[signs == _SLASH].tolist(), at[signs >= _CUE]
    cues = cues[(signs[signs >= _CUE] < _LONG_CUE) | _long_cues().at(codes, cues)].tolist()
    places = sorted({*_numbers(text, at[signs == _DIGIT]), *_at_signs(text, ats), *_links(text, slashes), *_cued(text, cues)})
    documents = np.searchsorted(folded.ends, [start for start, _, _ in places]).tolist()
    result = []
    for document, (start, end, identity) in zip(documents, places, strict=True):
        shown = original[folded.origin[start] : folded.origin[end - 1] + 1]
        result.append((document, Contact(identity, " ".join(shown.split()))))
    return result


def _with_digits(folded: Folded, original: str) -> NDArray[np.uint32]:
    """The normalised batch with ASCII digits and signs where they were read as letters ("hrd01@mail" is no word)."""
    before = np.array([ord(original[at]) for at in folded.origin[folded.disguised].tolist()], np.uint32)
    sign = (before < 128) & ((before | 0x20) - ord("a") >= 26)
    if not sign.any():
        return folded.codes
    codes = folded.codes.copy()
    codes[folded.disguised[sign]] = before[sign]
    return codes


def link_of_posting(url: str) -> Contact | None:
    """The address of a posting as a contact: none where it only names the network or board on which the posting stood."""
    match = _LINK.match(re.sub(r"^[a-z]+://", "", url.strip().lower()))
    if match is None or _MIRROR.sub("", match[1]) in _SHARED_HOSTS:
        return None
    identity = _link_identity(match[1], match[2] or "")
    return Contact(identity, identity) if identity and "/" in identity else None


def _numbers(text: str, digits: NDArray[np.int64]) -> Iterator[tuple[int, int, str]]:
    close = np.diff(digits) <= _APART
    edges = np.flatnonzero(np.diff(np.concatenate([[False], close, [False]]).astype(np.int8)))
    long = edges[1::2] - edges[::2] + 1 >= _FEWEST_DIGITS  # only there the pattern is tried
    runs = zip(digits[edges[::2][long]].tolist(), digits[edges[1::2][long]].tolist(), strict=True)
    for match in (match for first, last in runs for match in _NUMBER.finditer(text, first, last + 1)):
        at = match.start()
        several = sum(map(str.isdigit, match.group())) > 15
        for written in _NEXT_NUMBER.split(match.group()) if several else [match.group()]:
            start = text.index(written, at)
            at = start + len(written)
            before = text[max(start - 30, 0) : start]
            sign = before.rstrip(" (")[-1:] == "+"
            if _MONEY.search(written) or (not sign and _NO_NUMBER.match(written)):
                continue
            international = sign or before.endswith(("wa.me/", "phone="))
            if identity := number_identity(written, international, bool(_NUMBER_CUE.search(before))):
                yield start - (before[-1:] == "+"), at, identity


def number_identity(written: str, international: bool, cued: bool = False) -> str | None:
    """`tel:` and the national number; None for what is more likely pay, an hour or another figure."""
    groups = re.findall(r"\d+", written)
    digits = "".join(groups)
    international = international or digits.startswith("00")
    if not (international or cued or digits[0] == "0" or _looks_dialled(written, groups)) or len(set(digits)) < 3:
        return None
    national = digits.lstrip("0")
    if international:
        code = next((n for n in (3, 2, 1) if national[:n] in _calling_codes()), 0)
        national = national[code:].lstrip("0")
    elif digits[0] != "0" and (found := next((c for c in _LENGTHS if digits.startswith(c)), "")) and len(digits) in _LENGTHS[found]:
        national = digits[len(found) :]
    return f"tel:{national}" if 7 <= len(national) <= 14 else None


def _looks_dialled(written: str, groups: list[str]) -> bool:
    """Ten digits and more in one run, or in two or three groups as numbers are told, not as years or amounts are."""
    if sum(map(len, groups)) < 10 or len(groups) > 3:
        return False
    return len(groups) == 1 or ("." not in written and {len(group) for group in groups} != {4})


def _at_signs(text: str, places: list[int]) -> Iterator[tuple[int, int, str]]:
    """Mail addresses, and names after an @."""
    for at in places:
        domain, local = _DOMAIN.match(text, at + 1), _BEFORE_AT.search(text[max(at - _REACH, 0) : at])
        if domain and local:
            yield at - len(local.group()), domain.end(), f"{local.group()}@{domain.group()}"
        elif not local and not domain and (name := _HANDLE.match(text, at + 1)) and _is_account(name.group()):
            yield at, name.end(), f"@{name.group()}"


def _is_account(name: str) -> bool:
    """Whether a name after an @ is an account to write to; short ones without digits are people addressed in a thread."""
    return not _PAY.match(name) and (len(name) >= 9 or re.search(r"[\d_]", name) is not None)


def _links(text: str, slashes: list[int]) -> Iterator[tuple[int, int, str]]:
    for at in slashes:
        match = None
        if text[at - 1 : at] == "/":
            match = _LINK.match(text, at + 1)
        elif "a" <= text[at - 1 : at] <= "z":
            dot = text.rfind(".", max(at - _LONGEST_TOP, 0), at)
            host = _HOST_END.search(text[max(at - _REACH, 0) : at]) if dot >= 0 else None
            match = _LINK.match(text, at - len(host.group())) if host else None
        if match and (identity := _link_identity(match[1], match[2] or "")):
            yield match.start(), match.start() + len(match.group().rstrip("/.,;:!?*_")), identity


def _link_identity(host: str, path: str) -> str:
    """Host and path, and of the query what names the page; a handle or number where the page belongs to a chat."""
    host = _MIRROR.sub("", host)
    path, _, query = path.partition("#")[0].partition("?")
    path = path.strip("/.,;:!?*_")
    first = path.split("/")[0]
    pairs = [(name, value) for name, value in parse_qsl(query) if not _TRACKING.match(name)]
    if host == "wa.me" or ("whatsapp" in host and any(name == "phone" for name, _ in pairs)):
        number = first if host == "wa.me" else dict(pairs)["phone"]
        digits = re.sub(r"\D", "", number)
        return (number_identity(digits, True) if len(digits) >= 8 else None) or ("" if digits or not first else f"{host}/{first}")
    if host in _CHAT_HOSTS and first not in _CHAT_PAGES and re.fullmatch(r"[a-z0-9_.~@]{4,40}", first) and not path.startswith("~"):
        return "@" + first.lstrip("@")
    if not path and not pairs:
        return "" if host in _SHARED_HOSTS else host
    return f"{host}/{path}" + (f"?{urlencode(sorted(pairs))}" if pairs else "")


def _cued(text: str, places: list[int]) -> Iterator[tuple[int, int, str]]:
    """Names after the word for a chat, without an @."""
    end = 0
    for at in places:
        match = _CUED.match(text, at) if at >= end else None
        if match is None or (text[at].isascii() and text[at - 1 : at].isalnum()):  # the end of another word
            continue
        end = match.end()
        name = match[3]
        named = match[1] or (match[2] and match[0][:4] != "line")
        if (named and not _PAY.match(name)) or re.search(r"[a-z]\w*(?:\d|_[a-z0-9])", name):
            yield match.start(3), match.end(3), f"@{name}"


@cache
def _long_cues() -> Beginnings:
    return Beginnings.of(_LONG_CUES)


@cache
def _calling_codes() -> frozenset[str]:
    return frozenset(row["code"] for row in read_table("calling_codes"))
