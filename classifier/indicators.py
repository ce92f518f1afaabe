"""Indicators: the named signs that field workers know, in every language at once.

Most are concepts whose phrases stand in `reference/phrases.csv`; the rest are worked out from several things in the ad: what it
pays against the wage of the place, what it leaves out, what stands together. Titles, sentences and published sources are
in `reference/indicators.csv`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from classifier import phrases
from classifier.contacts import free_mail, telephone_countries
from classifier.language import languages_of
from classifier.pay import judged_pay
from classifier.permits import has_permit_number
from classifier.places import home_countries, known_places
from classifier.reference import read_table
from classifier.salary_places import Where, places_to_look
from classifier.schema import Language
from classifier.text_batch import TextBatch

_JOURNEY = ("abroad", "travel_paid", "informal_crossing", "work_papers", "permit_named")
_PLACE_ROLES = {
    "destination": "destination_named",
    "transit": "transit_named",
    "hub": "hub_named",
    "country": "country_of_compounds_named",
    "placement": "placement_country_named",
}
_ABROAD = ("destination_named", "transit_named", "hub_named", "country_of_compounds_named", "placement_country_named", "abroad")
_NOTHING_ASKED = ("no_experience", "no_education", "no_language", "no_interview", "typing_skill", "easy_work")
COMPOSITES: dict[str, tuple[tuple[str, ...], ...]] = {
    "paid_journey_nothing_asked": (("travel_paid",), _NOTHING_ASKED),
    "online_work_abroad": (("bait_role", "targets_commission", "code_words"), _ABROAD),
    "abroad_by_chat_only": (_ABROAD, ("chat_only",)),
    "compound_living": (("compound_words", "confinement"), ("lodging_paid", "travel_paid", "bait_role")),
    "fee_by_chat": (("fee_asked", "deposit_topup"), ("chat_contact", "urgency")),
    "pay_without_demands": (("pay_above_wage", "pay_far_above_wage"), _NOTHING_ASKED),
}
"""Indicators of things that mean more together than each alone: one of every group must be there."""
_COMPUTED = (
    "destination_at_home", *_PLACE_ROLES.values(), "pay_ordinary", "pay_above_wage", "pay_far_above_wage", "chat_only",
    "employer_unnamed", "no_permit_abroad", "state_firm_free_mail", "foreign_contact_number", "disguised_text",
)  # fmt: skip
_STRENGTHS = (1.0, 1.0, sqrt(2.0), sqrt(3.0), 2.0)
"""By the number of spans."""
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What people are told about an indicator: `title` and `sentence` by language, the report that named the sign, its year."""

    id: str
    title: dict[Language, str]
    sentence: dict[Language, str]
    source: str
    year: str


Found = dict[str, Spans]
"""What was found in one document: spans in the joined original text by indicator; an empty list means a thing left out."""


def _add(found: Found, name: str, *spans: tuple[int, int]) -> None:
    found.setdefault(name, []).extend(spans)


def _add_once(found: Found, name: str, start: int, end: int) -> None:
    """The next hit in reading order, unless its words are counted already."""
    spans = found.get(name)
    if spans is None:
        found[name] = [(start, end)]
    elif start >= spans[-1][1]:
        spans.append((start, end))


def _drop_inside(found: Found, name: str, longer: Spans) -> None:
    """Forget hits that are part of longer phrases, which mean something else."""
    kept = [(a, b) for a, b in found.pop(name, []) if not any(c <= a and b <= d for c, d in longer)]
    if kept:
        found[name] = kept


def _has(found: Found, names: tuple[str, ...]) -> str | None:
    for name in names:
        if name in found:
            return name
    return None


@cache
def indicators() -> dict[str, Indicator]:
    """All indicators by id, in the order of the model's columns."""
    return {
        row["id"]: Indicator(
            row["id"],
            {"en": row["title_en"], "id": row["title_id"]},
            {"en": row["sentence_en"], "id": row["sentence_id"]},
            row["source"],
            row["year"],
        )
        for row in sorted(read_table("indicators"), key=lambda row: row["id"])
    }


@cache
def names() -> tuple[str, ...]:
    """Ids of the indicators, in the order of the model's columns."""
    return tuple(indicators())


def columns(texts: Sequence[str], companies: Sequence[bool]) -> NDArray[np.float64]:
    """Indicator columns of joined texts, shape (texts, indicators): 0 for absent, 1 for present, up to 2 for said again in
    other words. `companies` says whether the posting's own field names an employer."""
    return columns_of(find_all(TextBatch.of(texts), companies, languages_of(texts)))


def columns_of(found: Sequence[Found]) -> NDArray[np.float64]:
    """`columns` of texts in which the indicators were found already."""
    order = _order()
    table = np.zeros((len(found), len(order)))
    for row, spans_of in zip(table, found, strict=True):
        for name, spans in spans_of.items():
            if name in order:
                row[order[name]] = strength(spans)
    return table


@cache
def _order() -> dict[str, int]:
    return {name: i for i, name in enumerate(names())}


def strength(spans: Spans) -> float:
    """The value of an indicator in its column: 1 for one that is there, up to 2 for one that is said again and again."""
    return _STRENGTHS[min(len(spans), 4)]


def find(text: str, company: bool) -> dict[str, Spans]:
    """Indicators of one joined text and where they stand in it, as it was given; no span for what the ad leaves out."""
    (found,) = find_all(TextBatch.of([text]), [company], languages_of([text]))
    return {name: found[name] for name in names() if name in found}


def find_all(batch: TextBatch, companies: Sequence[bool], languages: Sequence[str]) -> list[Found]:
    """What is found in each text of a batch, in no order: the indicators, and concepts that only serve them."""
    folded = batch.folded
    firsts = [0, *accumulate(len(text) + 1 for text in batch.texts)]
    found, places = _find_phrases(batch, np.array(firsts))
    whole = batch.normal
    starts, disguised = [0, *(folded.ends + 1).tolist()], folded.disguised.tolist()
    of_disguised = np.searchsorted(folded.disguised, starts).tolist()
    for i, (document, where_money_is) in enumerate(zip(found, places_to_look(batch), strict=True)):
        a, b = starts[i], starts[i + 1] - 1
        if longer := document.pop("not_abroad", None):
            _drop_inside(document, "abroad", longer)
        named = places[i]
        home = home_countries(languages[i], [place[:2] for place in named], _has(document, _JOURNEY) is not None)
        if named:
            _add_places(document, named, home)
        _add_computed(
            document,
            _Normal(whole[a:b], folded.origin, a, firsts[i]),
            where_money_is,
            disguised[of_disguised[i]] - a if of_disguised[i] < of_disguised[i + 1] else None,
            languages[i],
            list(dict.fromkeys(country for country, *_ in named)),
            home,
            companies[i],
        )
    return found


_Place = tuple[str, str, int, int]
"""Country, role, start and end."""


def _find_phrases(batch: TextBatch, firsts: NDArray[np.int64]) -> tuple[list[Found], list[list[_Place]]]:
    """Concepts and places in each text, in reading order; `firsts`: where each text begins in the joined original."""
    origin, at = batch.folded.origin, batch.compact.at
    hits = phrases.find(batch.hashes)
    first = firsts[hits.documents]
    begins, ends = origin[at[hits.starts]] - first, origin[at[hits.stops - 1]] + 1 - first
    found: list[Found] = [{} for _ in batch.texts]
    places: list[list[_Place]] = [[] for _ in batch.texts]
    meanings = _meanings()
    for document, concept, start, end in zip(
        hits.documents.tolist(), hits.concepts.tolist(), begins.tolist(), ends.tolist(), strict=True
    ):
        name, place = meanings[concept]
        if place is None:
            _add_once(found[document], name, start, end)
        else:
            places[document].append((*place, start, end))
    return found, places


@cache
def _meanings() -> list[tuple[str, tuple[str, str] | None]]:
    """Of each concept its name, and country and role if it is a place."""
    return [(name, known_places()[name[6:]] if name.startswith("place:") else None) for name in phrases.concepts()]


def _add_places(found: Found, places: list[_Place], home: list[str]) -> None:
    for country, role, start, end in places:
        at_home = country in home
        if not at_home or role == "destination":
            _add_once(found, "destination_at_home" if at_home else _PLACE_ROLES[role], start, end)


class _Normal:
    """One normalised text. `origin` tells where the characters of its batch, in which it begins at `at`, stand in the joined
    original, in which it begins at `first`."""

    def __init__(self, text: str, origin: NDArray[np.int32], at: int, first: int) -> None:
        self.text, self.origin, self.at, self.first = text, origin, at, first

    def span(self, start: int, end: int) -> tuple[int, int]:
        return int(self.origin[self.at + start]) - self.first, int(self.origin[self.at + end - 1]) + 1 - self.first


def _add_computed(
    found: Found,
    text: _Normal,
    where: Where,
    disguised: int | None,
    language: str,
    countries: list[str],
    home: list[str],
    company: bool,
) -> None:
    """What is worked out from several things in the ad. `disguised`: the first character that was read as another."""
    abroad = [country for country in countries if country not in home]
    if pay := judged_pay(text.text, where, language, abroad[0] if abroad else (home[0] if home else None)):
        name, mention = pay
        _add(found, name, text.span(mention.start, mention.end))
    if disguised is not None:
        _add(found, "disguised_text", text.span(disguised, disguised + 1))
    if "chat_contact" in found and "formal_contact" not in found:
        _add(found, "chat_only", *found["chat_contact"][:1])
    if not company and "employer_named" not in found:
        _add(found, "employer_unnamed")
    if "permit_named" in found and not any(_has_permit_number(text, at) for at, _ in found["permit_named"]):
        found["permit_mentioned"] = found.pop("permit_named")
    if (abroad or "abroad" in found) and "permit_named" not in found:
        _add(found, "no_permit_abroad")
    if "state_firm" in found and (mail := free_mail(text.text)):
        _add(found, "state_firm_free_mail", text.span(*mail))
    if countries or home:
        for start, end, country in telephone_countries(text.text, [start for start, end, *_ in where.numbers if end]):
            if country not in countries and country not in home:
                _add(found, "foreign_contact_number", text.span(start, end))
                break
    for name, groups in COMPOSITES.items():
        parts = [part for group in groups if (part := _has(found, group))] if _has(found, groups[0]) else []
        if len(parts) == len(groups):
            _add(found, name, *(span for part in parts for span in found[part][:1]))


def _has_permit_number(text: _Normal, mention: int) -> bool:
    """Whether a known kind of permit number stands around a mention of a permit (a place in the text as it was given)."""
    at = int(np.searchsorted(text.origin[text.at : text.at + len(text.text)], mention + text.first))
    return has_permit_number(text.text, at)
