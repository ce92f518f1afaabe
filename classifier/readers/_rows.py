"""One raw record of a feed, whatever its column names, to a Posting or a Rejected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.errors import PostingError
from classifier.schema import POSTING_FIELDS, Posting, Rejected

_RAW_CHARACTERS = 2000
"""How much of a rejected row is kept for a person to look at."""

# The contract's field, and the names (lower case, letters and digits only) under which feeds carry it: the contract itself,
# EMSCAD, scrapers of Facebook groups and job boards, JobStreet-like dumps.
_ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "postid", "jobid", "adid", "messageid", "jobpostid", "guid", "key", "uuid"),
    "title": ("title", "jobtitle", "position", "posttitle", "judul", "posisi", "lowongan", "headline", "role", "jobname"),
    "company": ("company", "companyname", "employer", "organization", "hiringorganization", "advertiser", "perusahaan"),
    "location": ("location", "joblocation", "city", "place", "area", "lokasi", "region", "workplace", "district"),
    "salary": ("salary", "salaryrange", "wage", "pay", "compensation", "gaji", "upah", "salarytext", "salarylabel"),
    "description": (
        "description", "jobdescription", "desc", "text", "body", "content", "message", "posttext", "postcontent",
        "deskripsi", "isi", "caption", "fulltext", "details", "summary", "jobdetails", "advertisement", "ad",
    ),
    "contact": ("contact", "contacts", "phone", "phonenumber", "telephone", "whatsapp", "telegram", "kontak", "email"),
    "url": ("url", "link", "permalink", "posturl", "joburl", "href", "applyurl", "postlink"),
    "posted_at": ("postedat", "date", "posted", "postdate", "dateposted", "listingdate", "time", "timestamp", "createdat",
                  "published", "pubdate", "publishedat", "posteddate", "tanggal"),
    "source": ("source", "group", "groupname", "channel", "site", "platform", "board", "sumber", "chat", "page"),
    "language": ("language", "lang", "locale", "inlanguage"),
}  # fmt: skip
_FIELD_OF = {alias: field for field, aliases in _ALIASES.items() for alias in aliases}
_FIRST_COMES_FIRST = {alias: rank for aliases in _ALIASES.values() for rank, alias in enumerate(aliases)}
# Columns that go on with the description: EMSCAD splits an ad into four texts, other boards into two or three.
_CONTINUED = ("companyprofile", "requirements", "qualifications", "responsibilities", "benefits", "skills", "perks", "kualifikasi")


def to_posting(record: object, file: str, line: int | None) -> Posting | Rejected:
    """A posting from one raw record, or why it is none."""
    try:
        if not isinstance(record, Mapping):
            raise PostingError(f"a posting is an object, not {type(record).__name__}")
        return Posting.from_record(_with_our_names(record))
    except PostingError as e:
        return rejected(file, line, str(e), record)


def rejected(file: str, line: int | None, cause: str, raw: object) -> Rejected:
    """A rejected row with as much of it as a person wants to see."""
    text = raw if isinstance(raw, str) else repr(raw)
    text = text[:_RAW_CHARACTERS].encode("utf-8", "backslashreplace").decode()
    return Rejected(file, line, cause, text)


def _with_our_names(record: Mapping[Any, Any]) -> dict[str, Any]:
    """The record under the contract's names; of several names for one field the best known with content wins."""
    if all(name in _POSTING_NAMES for name in record):
        return dict(record)
    result: dict[str, Any] = {}
    ranks: dict[str, int] = {}
    continued: list[str] = []
    for name, value in record.items():
        plain = "".join(c for c in str(name).lower() if c.isalnum())
        if plain in _CONTINUED and isinstance(value, str) and value.strip():
            continued.append(value)
        field = _FIELD_OF.get(plain)
        if name not in _POSTING_NAMES:
            result.setdefault(str(name), value)  # kept aside, also when it is read as one of our fields
        if field is None or (name == "group" and "label" in record):
            continue
        rank = _FIRST_COMES_FIRST[plain]
        if _is_missing(value) or rank >= ranks.get(field, len(_FIRST_COMES_FIRST)):
            continue
        ranks[field] = rank
        result[field] = value
    if continued and isinstance(result.get("description", ""), str):
        result["description"] = "\n".join(filter(None, [result.get("description", ""), *continued]))
    return result


def _is_missing(value: object) -> bool:
    return value is None or value == "" or value != value


_POSTING_NAMES = frozenset(POSTING_FIELDS)
