"""RSS, Atom and the XML of job boards (Indeed, Jooble and their like).

A document is not parsed as one: it is cut into its records, and each record is parsed alone. So one bad record (an
unescaped `&` is enough) costs itself and not all that follow, entities cannot be declared, and memory is bounded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from classifier.errors import FeedError
from classifier.readers._encoding import as_utf8
from classifier.readers._html import html_to_text, plain_text
from classifier.readers._rows import MAX_RECORD_BYTES, rejected, to_posting
from classifier.readers._streams import CHUNK, head_of
from classifier.schema import Posting, Rejected

# Elements that hold one posting, those that are least likely to mean something else first.
_RECORDS = (
    "item",
    "entry",
    "job",
    "vacancy",
    "jobposting",
    "offer",
    "posting",
    "listing",
    "advert",
    "ad",
    "position",
    "record",
    "row",
)
_ROOTS = frozenset(
    ("rss", "rdf", "feed", "source", "jobs", "vacancies", "offers", "jobpostings", "postings", "listings", "channel")
)
MAX_ELEMENTS = 20_000
"""A record with more elements is rejected."""
_TAG_CHARACTERS = 200
_NAME = rb"(?:[A-Za-z_][\w.-]*:)?"
_START = re.compile(rb"<(" + _NAME + rb"([A-Za-z_][\w.-]*))(?=[\s/>])")
_PREFIX = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_]")
_BARE_SIGN = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)([A-Za-z]{2,31};)?")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.S)
_HIDING = {b"<!--": re.compile(rb"-->"), b"<![CDATA[": re.compile(rb"\]\]>")}
_TAG_END = re.compile(rb">")
_SINGLE = frozenset(("id", "guid", "title", "link", "url", "description"))
_OF_PICTURES = ("{urn:media}", "{http://search.yahoo.com/mrss")
_MARKUP = frozenset("p br div span ul ol li b i strong em h1 h2 h3 h4 a table font u".split())
_HEADLINE = re.compile(rb"<(title|publisher)\b[^>]{0,200}>(.{0,500}?)</", re.S | re.I)


def read_feed(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """The records (item, entry, job, …) of an XML document, their HTML as plain text.

    A record that cannot be parsed is rejected with the line on which it begins; so is the end of a document that breaks off.
    Raises FeedError for a document that declares entities, or that holds no record and is no known kind of feed.
    """
    stream = as_utf8(stream)
    head = _without_comments(head_of(stream))
    starts = [match[2].decode().lower() for match in _START.finditer(head)]
    tag = next((tag for tag in _RECORDS if tag in starts), None)
    first = re.search(rb"<" + _NAME + tag.encode() + rb"[\s/>]", head, re.I) if tag else None
    prolog = head[: first.start()] if first else head
    if b"<!ENTITY" in prolog:
        raise FeedError(name, "declares entities, which is refused")
    if tag is None and (not starts or starts[0] not in _ROOTS):
        raise FeedError(name, f"is XML without records; known are {', '.join(_RECORDS)}")
    found = [plain_text(_unwrapped(m[2])) for m in _HEADLINE.finditer(prolog)]
    source = found[0].strip() if found else ""
    for line, fragment, cause in _Cutter(stream, starts[0]).records(tag or "item"):
        yield rejected(name, line, cause, fragment.decode("utf-8", "replace")) if cause else _posting(fragment, name, line, source)


def _without_comments(head: bytes) -> bytes:
    first, *others = head.split(b"<!--")
    return first + b"".join(other.partition(b"-->")[2] for other in others)


def _unwrapped(text: bytes) -> str:
    return text.decode("utf-8", "replace").strip().removeprefix("<![CDATA[").removesuffix("]]>")


class _TooLongError(Exception):
    pass


class _Cutter:
    """Cuts the records out of an XML stream; comments and CDATA are respected."""

    def __init__(self, stream: BinaryIO, root: str) -> None:
        self.stream = stream
        self.buffer = bytearray()
        self.line = 1
        """The line on which the buffer begins."""
        self.inside = False
        self.root = root
        self.root_end = re.compile(rb"</" + _NAME + re.escape(root.encode()) + rb"\s*>", re.IGNORECASE)
        self.complete = False

    def records(self, tag: str) -> Iterator[tuple[int, bytes, str]]:
        """Each record: its line, its text, and why it is broken or the empty string."""
        marks = re.compile(rb"<!--|<!\[CDATA\[|<(/?)" + _NAME + re.escape(tag.encode()) + rb"(?=[\s/>])", re.IGNORECASE)
        position = 0
        while True:
            try:
                mark = self._find(marks, position)
                if mark is None:
                    break
                sign, start, end, closes = mark[0], mark.start(), mark.end(), bool(mark[1])
                if sign in _HIDING:
                    hidden = self._find(_HIDING[sign], end)
                    position = hidden.end() if hidden else len(self.buffer)
                    continue
                if self.inside and not closes:
                    yield self.line, bytes(self.buffer[:start]), f"breaks off before </{tag}>"
                if not closes:
                    self._drop(start)
                    self.inside, start, end = True, 0, end - start
                last = self._find(_TAG_END, end)
                position = last.end() if last else len(self.buffer)
                if closes and self.inside:
                    yield self.line, bytes(self.buffer[:position]), ""
                if closes or self.buffer[position - 2 : position] == b"/>":
                    self._drop(position)
                    self.inside, position = False, 0
            except _TooLongError:
                yield self.line, bytes(self.buffer[:2000]), f"is longer than {MAX_RECORD_BYTES:,} bytes"
                self._drop(len(self.buffer))
                self.inside, position = False, 0
        if self.inside:
            yield self.line, bytes(self.buffer), f"breaks off before </{tag}>"
        elif not self.complete and not self.root_end.search(self.buffer):
            yield self.line, bytes(self.buffer), f"the document breaks off before </{self.root}>"

    def _find(self, pattern: re.Pattern[bytes], start: int) -> re.Match[bytes] | None:
        """The next match, with as much of the stream as it takes. Raises _TooLongError for a record that has no end."""
        while (match := pattern.search(self.buffer, start)) is None:
            start = max(start, len(self.buffer) - _TAG_CHARACTERS)
            if not self.inside:
                self._drop(start)
                start = 0
            if len(self.buffer) > MAX_RECORD_BYTES:
                raise _TooLongError
            chunk = self.stream.read(CHUNK)
            if not chunk:
                return None
            self.buffer += chunk
        return match

    def _drop(self, size: int) -> None:
        if not self.inside and not self.complete:
            self.complete = self.root_end.search(self.buffer, 0, size + 100) is not None
        self.line += self.buffer.count(b"\n", 0, size)
        del self.buffer[:size]


def _posting(fragment: bytes, name: str, line: int, source: str) -> Posting | Rejected:
    try:
        try:
            record = _parsed(fragment)
        except ParseError:
            record = _parsed(_mended(fragment))
        fields = _fields(record)
    except (ParseError, DefusedXmlException, RecursionError, _TooLongError) as e:
        cause = str(e) or f"has more than {MAX_ELEMENTS:,} elements"
        return rejected(name, line, f"is no valid XML: {cause}", fragment[:10_000].decode("utf-8", "replace"))
    return to_posting(_named(fields, source), name, line)


def _parsed(fragment: bytes) -> Element:
    """The record as an element. Namespaces are not resolved: each prefix stands for itself."""
    if fragment.count(b"<") > 2 * MAX_ELEMENTS:
        raise _TooLongError
    prefixes = sorted({*_PREFIX.findall(fragment)} - {b"xml", b"xmlns"})[:100]
    declared = b"".join(b' xmlns:%s="urn:%s"' % (prefix, prefix) for prefix in prefixes)
    root: Element = fromstring(b"<r%s>%s</r>" % (declared, fragment), forbid_dtd=True)
    return root[0]


def _mended(fragment: bytes) -> bytes:
    """The record with names of HTML's characters resolved and bare `&` escaped, outside of CDATA."""
    parts = _CDATA.split(fragment.decode("utf-8", "surrogateescape"))
    parts[::2] = [_BARE_SIGN.sub(lambda m: html.escape(html.unescape(m[0])), part) for part in parts[::2]]
    return "".join(parts).encode("utf-8", "surrogateescape")


def _fields(record: Element) -> dict[str, str]:
    """The attributes and children of a record by local name; of those that repeat, plain ones are joined."""
    fields = {_local(key): value for key, value in record.attrib.items()}
    seen: dict[str, bool] = {}
    for child in record:
        key, prefixed = _local(child.tag), child.tag.startswith("{")
        if child.tag.startswith(_OF_PICTURES):
            continue
        value = _value(child) or (child.get("href", "") if child.get("rel", "alternate") == "alternate" else "")
        if not value:
            continue
        if key not in seen or (seen[key] and not prefixed):
            fields[key] = value
        elif not (prefixed or seen[key] or key in _SINGLE or value in fields[key]):
            fields[key] += f", {value}"
        seen[key] = prefixed
    return fields


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1].lower()


def _value(element: Element) -> str:
    if not len(element):
        return plain_text((element.text or "").strip()).strip()
    inner = list(element.iter())
    if not any(_local(child.tag) in _MARKUP for child in inner[1:]):
        return ", ".join(filter(None, map(str.strip, element.itertext())))
    for child in inner:
        child.tag = _local(child.tag)
    element.tail = None
    return html_to_text(tostring(element, encoding="unicode"))


def _named(fields: dict[str, str], source: str) -> dict[str, str]:
    """The fields with the full text as the description, a readable date, and the feed as the source when none is given."""
    text = fields.pop("encoded", "") or fields.pop("content", "")
    if text:
        fields["description"] = text
    if "name" in fields:
        fields.setdefault("title", fields.pop("name"))
    for key in ("pubdate", "date", "published", "updated"):
        if key in fields:
            fields[key] = _iso(fields[key])
    if source:
        fields.setdefault("source", source)
    return fields


def _iso(date: str) -> str:
    try:
        return parsedate_to_datetime(date).isoformat()
    except ValueError:
        return date
