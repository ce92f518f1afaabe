"""A scan as one page to look at: self-contained, without script, to be opened offline and printed.

Everything that comes from a feed is hostile: the template escapes all of it, characters that hide or turn others are shown as
a replacement character, only http and https addresses become links, and the page's policy lets nothing run or load.
"""

from __future__ import annotations

import heapq
import os
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2

from classifier.campaign_contacts import contacts_of
from classifier.campaign_signatures import day_of
from classifier.campaigns import Campaign
from classifier.places import places_named
from classifier.report_view import campaign_view, posting_view, visible
from classifier.schema import BANDS

TOP = 200
CAMPAIGNS = 30
LINES = 15
"""Most rows of the tables of places, contacts, languages and sources."""
_WEEKS, _BARS = 156, 52
_AT_ONCE = 500
_PLACE_SIGNS = {
    "destination": "known for compounds",
    "transit": "on the way there",
    "hub": "hand-over city",
    "country": "country with compounds",
}
_LANGUAGES = {
    "id": "Indonesian", "en": "English", "ms": "Malay", "tl": "Filipino", "vi": "Vietnamese", "th": "Thai", "lo": "Lao",
    "km": "Khmer", "my": "Burmese", "zh": "Chinese", "hi": "Hindi", "bn": "Bengali", "ta": "Tamil", "und": "not known",
}  # fmt: skip


@dataclass(slots=True)
class _Tally:
    """What is counted while the rows go by. Each counter maps (name, band) to its number of postings."""

    bands: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    languages: Counter[tuple[str, str]] = field(default_factory=Counter)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    contacts: Counter[tuple[str, str]] = field(default_factory=Counter)
    days: Counter[tuple[int, str]] = field(default_factory=Counter)
    signs: dict[str, str] = field(default_factory=dict)
    """Place -> why it is told."""
    shown: dict[str, str] = field(default_factory=dict)
    """Contact's identity -> how it is written."""
    top: list[tuple[float, int, Mapping[str, Any]]] = field(default_factory=list)
    typical: dict[str, tuple[bool, Mapping[str, Any]]] = field(default_factory=dict)
    """Campaign -> whether the row is its most typical posting, and the row."""


def write_report(
    rows: Iterable[Mapping[str, Any]],
    path: str | Path,
    *,
    title: str,
    campaigns: Sequence[Campaign] = (),
    summary: Mapping[str, Any] | None = None,
    generated: datetime | str = "",
) -> None:
    """Write the page; it appears when it is complete.

    `rows`: one a posting, as `scan_output.COLUMNS` names them, in any order, read once; `description`, `contact`, `posted_at`,
    `company`, `location`, `salary` and `key` (`Posting.key`) where they are known. `campaigns`: those to show, the first first
    (`Campaigns.ranked`). `summary`: `Summary.to_dict()`, of which `rejected` is told, and `campaigns` (how many there are).
    """
    shown = list(campaigns[:CAMPAIGNS])
    tally = _count(rows, {campaign.id: campaign.typical for campaign in shown})
    summary = summary or {}
    html = _template().render(
        title=visible(title),
        generated=generated.strftime("%Y-%m-%d %H:%M %Z").strip() if isinstance(generated, datetime) else visible(generated),
        total=tally.bands.total(),
        rejected=int(summary.get("rejected", 0)),
        bands=[(band, tally.bands[band]) for band in reversed(BANDS)],
        labels=tally.labels.most_common(),
        places=[(name, tally.signs[name], *counts) for name, *counts in _table(tally.places)],
        contacts=[(tally.shown[name], *counts) for name, *counts in _table(tally.contacts)],
        languages=[(_LANGUAGES.get(name, name), *counts) for name, *counts in _table(tally.languages)],
        sources=_table(tally.sources),
        campaigns=[campaign_view(c, tally.typical.get(c.id)) for c in shown],
        campaign_count=int(summary.get("campaigns", len(campaigns))),
        weeks=_weeks(tally.days),
        dated=sum(tally.days.values()),
        top=[posting_view(rank, row) for rank, (_, _, row) in enumerate(sorted(tally.top, key=lambda t: t[:2], reverse=True), 1)],
    )
    path = Path(path)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(visible(html), "utf-8")  # once more over all, so that nothing hidden slips by
    os.replace(draft, path)


def _count(rows: Iterable[Mapping[str, Any]], typical: Mapping[str, str]) -> _Tally:
    tally = _Tally()
    waiting: list[tuple[str, str]] = []
    for number, row in enumerate(rows):
        band = str(row["band"])
        tally.bands[band] += 1
        tally.labels[visible(row["label"])] += 1
        tally.languages[visible(row.get("language")) or "und", band] += 1
        tally.sources[visible(row.get("source")) or "(none)", band] += 1
        if day := day_of(str(row.get("posted_at") or "")):
            tally.days[day - (day - 1) % 7, band] += 1
        entry = (float(row["risk"]), -number, row)
        if len(tally.top) < TOP:
            heapq.heappush(tally.top, entry)
        elif entry[:2] > tally.top[0][:2]:
            heapq.heapreplace(tally.top, entry)
        _keep_typical(tally, row, typical)
        if band != "low":
            text = "\n".join(str(row.get(name) or "") for name in ("title", "location", "description", "contact"))
            _count_places(tally, text, band)
            waiting.append((text, band))
        if len(waiting) == _AT_ONCE:
            _count_contacts(tally, waiting)
            waiting = []
    _count_contacts(tally, waiting)
    return tally


def _keep_typical(tally: _Tally, row: Mapping[str, Any], typical: Mapping[str, str]) -> None:
    campaign = str(row.get("campaign"))
    if campaign in typical:
        is_it = typical[campaign] in (row.get("key"), row["id"])
        if campaign not in tally.typical or (is_it and not tally.typical[campaign][0]):
            tally.typical[campaign] = (is_it, row)


def _count_places(tally: _Tally, text: str, band: str) -> None:
    for name, role in places_named(text).items():
        if role in _PLACE_SIGNS:
            tally.places[name, band] += 1
            tally.signs[name] = _PLACE_SIGNS[role]


def _count_contacts(tally: _Tally, waiting: Sequence[tuple[str, str]]) -> None:
    for (_, band), found in zip(waiting, contacts_of([text for text, _ in waiting]), strict=True):
        for contact in found:
            tally.contacts[contact.identity, band] += 1
            tally.shown.setdefault(contact.identity, visible(contact.shown)[:120])


def _table(counts: Mapping[tuple[str, str], int]) -> list[tuple[Any, ...]]:
    """Name, and its postings by band (high, review, low); the most high ones first."""
    names: dict[str, list[int]] = {}
    for (name, band), number in counts.items():
        names.setdefault(name, [0, 0, 0])[2 - BANDS.index(band)] += number
    ranked = heapq.nsmallest(LINES, names.items(), key=lambda item: (*(-n for n in item[1]), item[0]))
    return [(name, *numbers) for name, numbers in ranked]


def _weeks(days: Mapping[tuple[int, str], int]) -> list[dict[str, Any]]:
    """Bars of one or more weeks, of the last three years at most: first day, and for each band number, place and height."""
    if not days:
        return []
    last = max(monday for monday, _ in days)
    first = max(min(monday for monday, _ in days), last - 7 * (_WEEKS - 1))
    step = 7 * -(-((last - first) // 7 + 1) // _BARS)
    bars: list[Counter[str]] = [Counter() for _ in range((last - first) // step + 1)]
    for (monday, band), number in days.items():
        if monday >= first:
            bars[(monday - first) // step][band] += number
    highest = max(max(bar.total() for bar in bars), 1)
    views = []
    for at, bar in enumerate(bars):
        top, parts = 100.0, []
        for band in reversed(BANDS):
            height = round(100 * bar[band] / highest, 2)
            top -= height
            parts.append((band, bar[band], round(top, 2), height))
        views.append(
            {"day": date.fromordinal(first + at * step).isoformat(), "total": bar.total(), "parts": parts, "weeks": step // 7}
        )
    return views


def _policy_hash(style: str) -> str:
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("classifier", "")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["policy_hash"] = _policy_hash
    return environment.get_template("report.html.j2")
