"""schema.org JobPosting as JSON-LD: bare, in lists and graphs, and inside web pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from classifier.errors import FeedError
from classifier.readers._encoding import as_utf8
from classifier.readers._html import plain_text
from classifier.readers._json import MAX_DEPTH, Unreadable, json_values, top_keys
from classifier.readers._rows import MAX_RECORD_BYTES, pay_text, rejected, to_posting
from classifier.readers._streams import CHUNK, head_of
from classifier.schema import Posting, Rejected

_SCRIPT = re.compile(rb"""<script\b[^>]{0,500}?application/ld\+json[^>]{0,500}>""", re.IGNORECASE)
_END = re.compile(rb"</script", re.IGNORECASE)
_OVERLAP = 1100
_CONTINUED = ("responsibilities", "qualifications", "skills", "experienceRequirements", "educationRequirements", "jobBenefits")


def read_jsonld(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """Every JobPosting of a JSON-LD document or a web page, wherever in it it stands.

    In a page, a rejected script has the number of the line on which it begins; in a bare document, a rejected object has its
    number, counted from 1. Raises FeedError for a page without any JobPosting.
    """
    stream = as_utf8(stream)
    if head_of(stream).lstrip().startswith(b"<"):
        yield from _from_page(stream, name)
        return
    head = head_of(stream)
    keys = top_keys(head)
    inside = next(((key, "[]") for key in ("@graph", "itemListElement") if keys.get(key) == "start_array"), ())
    place = ("[]",) if head.lstrip().startswith(b"[") else inside
    for number, (_, value) in enumerate(json_values(stream, name, [place]), 1):
        if isinstance(value, Unreadable):
            yield rejected(name, number, value.cause, "")
        else:
            yield from (to_posting(_record(job), name, number) for job in _jobs(value))


def _from_page(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    found = 0
    for line, script in _scripts(stream):
        try:
            value = json.loads(_bare(script), strict=False) if len(script) <= MAX_RECORD_BYTES else None
        except (ValueError, RecursionError) as e:
            found += 1
            yield rejected(name, line, f"its script is no valid JSON: {e}", script[:10_000].decode("utf-8", "replace"))
            continue
        if value is None and len(script) > MAX_RECORD_BYTES:
            found += 1
            yield rejected(name, line, f"its script is longer than {MAX_RECORD_BYTES:,} bytes", "")
        for job in _jobs(value):
            found += 1
            yield to_posting(_record(job), name, line)
    if not found:
        raise FeedError(name, "is a web page without a JobPosting in JSON-LD")


def _bare(script: bytes) -> str:
    """The JSON of a script without the comment or CDATA signs that some pages put around it."""
    text = script.decode("utf-8", "replace").strip().strip(";")
    for opening, closing in (("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>")):
        text = text.removeprefix(opening).removesuffix(closing).strip()
    return text


def _scripts(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The JSON-LD scripts of a page with their lines, in memory that depends on the longest of them alone."""
    buffer = bytearray()
    line = 1

    def drop(size: int) -> None:
        nonlocal line
        line += buffer.count(b"\n", 0, size)
        del buffer[:size]

    inside = False
    searched = 0
    while True:
        match = (_END if inside else _SCRIPT).search(buffer, searched)
        if match and inside:
            script = bytes(buffer[: match.start()])
            yield line, script
            drop(match.end())
        elif match:
            drop(match.end())
        if match:
            inside, searched = not inside, 0
            continue
        if not inside:
            drop(max(0, len(buffer) - _OVERLAP))
        searched = max(0, len(buffer) - (10 if inside else _OVERLAP))
        chunk = stream.read(CHUNK) if len(buffer) <= MAX_RECORD_BYTES else b""
        if not chunk:
            if inside:
                yield line, bytes(buffer)
            return
        buffer += chunk


def _jobs(value: Any) -> Iterator[dict[str, Any]]:
    """The JobPosting objects anywhere in a value, in order."""
    waiting = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, dict):
            if "JobPosting" in str(_first(item.get("@type"))).split("/")[-1] or _is_job(item.get("@type")):
                yield item
                continue
            inner = list(item.values())
        elif isinstance(item, list):
            inner = item
        else:
            continue
        if depth < MAX_DEPTH:
            waiting += [(child, depth + 1) for child in reversed(inner) if isinstance(child, dict | list)]


def _is_job(kinds: Any) -> bool:
    return any(str(kind).rstrip("/").split("/")[-1] == "JobPosting" for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _record(job: dict[str, Any]) -> dict[str, Any]:
    """A posting's fields, and what else the job says in plain values."""
    known = {
        "id": _name_of(job.get("identifier"), "value", "name", "@id"),
        "title": plain_text(_name_of(job.get("title") or job.get("name"))),
        "company": plain_text(_name_of(job.get("hiringOrganization"), "name", "legalName", "url")),
        "location": _location(job),
        "salary": _salary(job.get("baseSalary") or job.get("estimatedSalary"), job.get("salaryCurrency")),
        "description": "\n".join(filter(None, (_words(job.get(key)) for key in ("description", *_CONTINUED)))),
        "contact": _contact(job),
        "url": _name_of(job.get("url") or job.get("sameAs") or job.get("mainEntityOfPage"), "@id", "url"),
        "posted_at": _name_of(job.get("datePosted")),
        "language": _name_of(job.get("inLanguage"), "alternateName", "name"),
    }
    aside = {key: value for key, value in job.items() if key not in known and isinstance(value, str | int | float)}
    return {**aside, **{key: value for key, value in known.items() if value}}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _name_of(value: Any, *keys: str) -> str:
    """The text of a value that may be a text, a thing with a name, or a list of them."""
    value = _first(value)
    if isinstance(value, dict):
        value = next((value[key] for key in (*keys, "name", "@value") if value.get(key)), "")
        return _name_of(value) if isinstance(value, list) else _name_of(str(value))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(filter(None, map(_words, value)))
    return plain_text(_name_of(value, "description", "competencyRequired"))


def _location(job: dict[str, Any]) -> str:
    places = job.get("jobLocation") or job.get("applicantLocationRequirements") or []
    texts = [_address(place) for place in (places if isinstance(places, list) else [places])]
    if "TELECOMMUTE" in str(job.get("jobLocationType", "")).upper():
        texts.append("remote")
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _address(place: Any) -> str:
    address = _first(place.get("address") or place.get("name")) if isinstance(place, dict) else place
    if not isinstance(address, dict):
        return _name_of(address)
    parts = (_name_of(address.get(key)) for key in ("streetAddress", "addressLocality", "addressRegion", "addressCountry"))
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _salary(salary: Any, currency: Any) -> str:
    salary = _first(salary)
    if not isinstance(salary, dict):
        return pay_text(_name_of(salary), "", _name_of(currency))
    amount = _first(salary.get("value"))
    amount = amount if isinstance(amount, dict) else {**salary, "value": amount}
    low, high = (_name_of(amount.get(key) or amount.get("value")) for key in ("minValue", "maxValue"))
    return pay_text(low, high, _name_of(salary.get("currency") or currency), _name_of(amount.get("unitText")))


def _contact(job: dict[str, Any]) -> str:
    contact = _first(job.get("applicationContact")) or {}
    if not isinstance(contact, dict):
        return _name_of(contact)
    return " ".join(filter(None, (_name_of(contact.get(key)) for key in ("telephone", "email"))))
