"""What a feed is, found from its first bytes and never from its name."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

import orjson

from classifier.readers._encoding import decode_head, encoding_of
from classifier.readers._json import list_place, top_keys
from classifier.readers._rows import field_of, plain_name
from classifier.readers._streams import HEAD

CHAT_LINE = re.compile(
    r"^[\u200e\u200f\ufeff]*\[?(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4}),?\s+(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?"
    r"\s*([AaPp]\.?\s?[Mm]\b\.?)?(?:\]\s*|\s[-–]\s)[\u200e\u200f]*"
)
"""How a message of a WhatsApp export begins: date, time, and what divides them from the rest."""
_DELIMITERS = ",;\t|"
_LONE_COLUMNS = frozenset("title description text body content message deskripsi isi posttext jobtitle jobdescription".split())
"""The only names at which a table of one column is believed to be a table."""
_TELEGRAM = frozenset(("personal_information", "frequent_contacts", "chats", "left_chats", "other_data", "profile_pictures"))
_XML_START = re.compile(r"(?:<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>|\s)*<(?:[\w.-]+:)?([\w.-]+)", re.S | re.I)
_XML_ROOTS = {"rss": "rss", "rdf": "rss", "feed": "atom"}
_HTML_ROOTS = frozenset("html head body div script meta main section article".split())
_SAMPLE = 64 * 1024
_ROWS = 20


def sniff(head: bytes) -> str | None:
    """The format of a feed that begins so, or None when it is nothing that can be read."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    encoding = encoding_of(head)
    if encoding is None or head.startswith((b"%PDF-", b"{\\rtf")):
        return None
    text = decode_head(head, encoding)
    start = text.lstrip()
    if start.startswith("<"):
        return _markup(start[:_SAMPLE])
    if CHAT_LINE.match(start):
        return "whatsapp"
    if start.startswith(("{", "[")) and (found := _json(start, cut=len(head) >= HEAD)):
        return found
    return "csv" if delimiter_of(text) else "text"


def _markup(text: str) -> str | None:
    match = _XML_START.match(text)
    root = match[1].lower() if match else ""
    if root in _HTML_ROOTS or text[:15].lower().startswith("<!doctype html"):
        return "jsonld"
    return _XML_ROOTS.get(root, "xml") if root else None


def _json(text: str, cut: bool) -> str | None:
    data = text.encode("utf-8", "surrogatepass")
    keys = top_keys(data)
    if text.startswith("["):
        if not re.match(r"\[\s*(?:[{\[\]]|$)", text):
            return None
        return "jsonld" if _is_linked(keys) else "json"
    if _is_linked(keys):
        return "jsonld"
    if (_TELEGRAM & set(keys)) or ("messages" in keys and {"name", "type", "id"} & set(keys)):
        return "telegram"
    lines = [line for line in data.split(b"\n")[: 2 * _ROWS] if line.strip()]
    if cut and len(lines) > 1:
        lines.pop()
    good = sum(map(_is_object, lines))
    if not good and not re.match(r'\{\s*["}]', text):
        return None
    if good * 2 > len(lines) or (len(lines) > 1 and good and sum(line[:1] == b"{" for line in lines) > len(lines) / 2):
        return "json" if len(lines) == 1 and list_place(data) else "jsonl"
    if len(lines) == 1:
        return "json" if list_place(data) else "jsonl"
    return "json" if _begins_a_document(lines) else "jsonl"


def _is_linked(keys: dict[str, str]) -> bool:
    return bool({"@context", "@graph", "@type"} & set(keys))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _begins_a_document(lines: list[bytes]) -> bool:
    """Whether the second line goes on with what the first opened (and is not the next of many objects)."""
    return len(lines) > 1 and (not lines[1].startswith(b"{") or lines[0].rstrip().endswith((b"[", b",")))


def delimiter_of(text: str) -> str | None:
    """The delimiter of a table that begins so, or None when it is no table."""
    if text.startswith("sep=") and text[4:5] in _DELIMITERS:
        return text[4]
    sample = text.lstrip("\r\n ")[:_SAMPLE]
    ranked = [(rank, delimiter) for delimiter in _DELIMITERS if (rank := _rank_of_table(sample, delimiter))]
    if ranked:
        return max(ranked)[1]
    lone = plain_name(sample.split("\n", 1)[0])
    return "," if lone in _LONE_COLUMNS else None


def _rank_of_table(sample: str, delimiter: str) -> tuple[int, float, int] | None:
    """How much the text is a table with this delimiter: known columns, share of even rows, width."""
    try:
        rows = [row for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _ROWS) if any(row)]
    except csv.Error:
        return None
    if len(sample) == _SAMPLE and len(rows) > 1:
        rows.pop()  # it may be cut
    if not rows or len(rows[0]) < 2:
        return None
    header = [cell.strip() for cell in rows[0]]
    fields = {field_of(cell) for cell in header} - {None}
    even = sum(len(row) == len(header) for row in rows) / len(rows)
    if {"title", "description"} & fields and (len(fields) > 1 or (len(rows) > 1 and even >= 0.8)):
        return len(fields), even, len(header)
    named = all(0 < len(cell) <= 40 for cell in header) and len(set(header)) == len(header)
    is_table = named and len(rows) > 2 and even == 1 and header == rows[0]  # a space after a comma makes it prose
    return (0, even, len(header)) if is_table else None
