"""A posting and a campaign as the report shows them: cleaned, marked, cut to a length that can be read.

The template escapes; here every character that hides or turns others is replaced, and only web addresses may become links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from classifier.campaigns import Campaign
from classifier.indicators import indicators

_TEXT_SHOWN = ("title", "company", "location", "salary", "description", "contact")
_ROOM, _AROUND, _WORD = 700, 90, 25
_EMPTY_LINES = re.compile(r"\n\s*\n")
_MOST_WORDS, _WORDS_PULL, _PULL = 6, 0.4, 0.05
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Segment(NamedTuple):
    """A piece of a posting's text: marked (`direction` "against" or "for", `title` the messages), plain, or left out."""

    text: str
    direction: str = ""
    title: str = ""


def visible(text: object) -> str:
    """The text with a replacement character for each one that hides or turns others; offsets stay."""
    return _HIDDEN.sub("\ufffd", "" if text is None else str(text))


def safe_link(url: object) -> str | None:
    """The address if it may become a link: http or https with a host, and nothing hidden in it."""
    text = str(url or "").strip()
    if not text.isprintable() or any(c in text for c in " \\<>\"'`") or len(text) > 2000:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def segments(text: str, marks: Sequence[tuple[int, int, float, str]]) -> list[Segment]:
    """The text cut at its marks (start, end, weight, message); where marks overlap the stronger pull gives the direction."""
    marks = [m for m in marks if 0 <= m[0] < m[1] <= len(text)]
    bounds = sorted({0, len(text), *(at for mark in marks for at in mark[:2])})
    pieces = []
    for start, end in pairwise(bounds):
        over = [mark for mark in marks if mark[0] <= start and end <= mark[1]]
        direction = "" if not over else "against" if sum(mark[2] for mark in over) > 0 else "for"
        title = " · ".join(dict.fromkeys(visible(mark[3]) for mark in over))
        pieces.append(Segment(visible(text[start:end]), direction, title))
    return pieces


def reasons_of(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The reasons of a row, also where they are JSON text (CSV, Parquet)."""
    reasons = row.get("reasons") or []
    return orjson.loads(reasons) if isinstance(reasons, str) else list(reasons)


def campaign_view(campaign: Campaign, typical: tuple[bool, Mapping[str, Any]] | None) -> dict[str, Any]:
    row = typical[1] if typical else {}
    text = " ".join(f"{row.get('title') or ''} {row.get('description') or ''}".split())
    return {
        **campaign.to_dict(),
        "sources": [(visible(name) or "(none)", n) for name, n in list(campaign.sources.items())[:4]],
        "contacts": [(visible(name), n) for name, n in list(campaign.contacts.items())[:4]],
        "text": visible(text[:240]) + ("…" if len(text) > 240 else ""),
    }


def posting_view(rank: int, row: Mapping[str, Any]) -> dict[str, Any]:
    told = _told(reasons_of(row))
    texts = []
    for name in _TEXT_SHOWN:
        text = str(row.get(name) or "")
        marks = [(r["start"], r["end"], r["weight"], r["message"]) for r in told if r.get("field") == name]
        if text:
            texts.append((name, _shortened(segments(text, marks))))
    signs = [r["indicator"] for r in told if r.get("indicator") and r["weight"] > 0]
    return {
        "rank": rank,
        "risk": float(row["risk"]),
        "band": str(row["band"]),
        "texts": texts,
        "signs": [indicators()[name].title["en"] if name in indicators() else visible(name) for name in dict.fromkeys(signs)][:8],
        "about": [visible(row.get(name)) for name in ("label", "language", "source", "posted_at", "id") if row.get(name)],
        "campaign": visible(row.get("campaign")),
        "url": visible(row.get("url")),
        "link": safe_link(row.get("url")),
    }


def _told(reasons: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Indicators that pull, and the strongest words; strongest first."""
    ranked = sorted(reasons, key=lambda r: -abs(r["weight"]))
    words = [r for r in ranked if r["kind"] == "words" and abs(r["weight"]) >= _WORDS_PULL][:_MOST_WORDS]
    return [r for r in ranked if r["kind"] == "indicator" and abs(r["weight"]) >= _PULL] + words


def _shortened(pieces: list[Segment]) -> list[Segment]:
    """A long text cut to its beginning and what stands around its marks, without empty lines."""
    pieces = [piece._replace(text=_EMPTY_LINES.sub("\n", piece.text)) for piece in pieces]
    if sum(len(piece.text) for piece in pieces) <= _ROOM:
        return pieces
    kept: list[Segment] = []
    room = _ROOM
    for at, piece in enumerate(pieces):
        for part in [piece] if piece.direction else _ends(piece.text, first=not at, last=at == len(pieces) - 1):
            kept.append(part._replace(text=part.text[:room]) if part.text else part)
            room -= len(part.text)
            if room <= 0:
                return [*kept, Segment("")]
    return kept


def _ends(text: str, *, first: bool, last: bool) -> list[Segment]:
    """Beginning and end of an unmarked stretch, cut between words where there are any."""
    before, after = (_AROUND * 2 if first else _AROUND), (0 if last else _AROUND)
    if len(text) <= before + after + 20:
        return [Segment(text)]
    head, tail = text[:before], text[len(text) - after :]
    head = head[: head.rfind(" ")] if head.rfind(" ") > before - _WORD else head
    tail = tail[tail.find(" ") + 1 :] if 0 <= tail.find(" ") < _WORD else tail
    return [Segment(head), Segment(""), *([Segment(tail)] if after else [])]
