"""Indicators: the named signs that field workers know, in every language at once.

Most are concepts whose phrases stand in `reference/phrases.csv`; the rest are worked out from several things in the ad: what it
pays against the wage of the place, what it leaves out, what stands together. Titles, sentences and published sources are
in `reference/indicators.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from classifier import phrases
from classifier.contacts import free_mail, telephone_countries
from classifier.language import languages_of
from classifier.places import home_countries, known_places
from classifier.reference import read_table
from classifier.salary import SalaryMention, default_currency_of, find_salaries, typical_wage
from classifier.salary_places import Where, places_to_look
from classifier.schema import Language
from classifier.text_batch import TextBatch

HIGH_PAY, VERY_HIGH_PAY = 2.5, 5.0
"""Pay over the typical wage of the place from which it counts as above, and as far above."""
LOW_PAY = 0.4
MOST_UNSTATED_USD = 10_000
"""A larger sum without a period is turnover, capital or a year's pay: no lure promises a hundred times the wage."""
ANYWHERE = "*"
"""The row of `reference/wages.csv` for places that it does not know."""
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
_NO_WORD_BEFORE = "(?<![a-z0-9])"
_PERMIT_NEAR = 150
"""Characters around a mention of a permit in which its number is looked for."""
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What people are told about an indicator: `title` and `sentence` by language, the report that named the sign, its year."""

    id: str
    title: dict[Language, str]
    sentence: dict[Language, str]
    source: str
    year: str


@dataclass(slots=True)
class _Found:
    """What was found in one document: spans in the joined original text by indicator; an empty list means a thing left out."""

    spans: dict[str, Spans] = field(default_factory=dict)

    def add(self, name: str, *spans: tuple[int, int]) -> None:
        self.spans.setdefault(name, []).extend(spans)

    def add_once(self, name: str, start: int, end: int) -> None:
        """The next hit in reading order, unless its words are counted already."""
        spans = self.spans.setdefault(name, [])
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))

    def drop_inside(self, name: str, longer: Spans) -> None:
        """Forget hits that are part of longer phrases, which mean something else."""
        if longer and name in self.spans:
            kept = [(a, b) for a, b in self.spans[name] if not any(c <= a and b <= d for c, d in longer)]
            self.spans = {**self.spans, name: kept} if kept else {n: s for n, s in self.spans.items() if n != name}

    def has(self, names: tuple[str, ...]) -> str | None:
        for name in names:
            if name in self.spans:
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


def columns_of(found: Sequence[dict[str, Spans]]) -> NDArray[np.float64]:
    """`columns` of texts in which the indicators were found already."""
    order = {name: i for i, name in enumerate(names())}
    table = np.zeros((len(found), len(order)))
    for row, indicators_of_text in enumerate(found):
        for name, spans in indicators_of_text.items():
            if name in order:
                table[row, order[name]] = strength(spans)
    return table


def strength(spans: Spans) -> float:
    """The value of an indicator in its column: 1 for one that is there, up to 2 for one that is said again and again."""
    return min(sqrt(max(len(spans), 1)), 2.0)


def find(text: str, company: bool) -> dict[str, Spans]:
    """Indicators of one joined text and where they stand in it, as it was given; no span for what the ad leaves out."""
    (found,) = find_all(TextBatch.of([text]), [company], languages_of([text]))
    return {name: found[name] for name in names() if name in found}


def find_all(batch: TextBatch, companies: Sequence[bool], languages: Sequence[str]) -> list[dict[str, Spans]]:
    """What is found in each text of a batch, in no order: the indicators, and concepts that only serve them."""
    texts, folded, at = batch.texts, batch.folded, batch.compact.at
    found = [_Found() for _ in texts]
    first = np.concatenate([[0], np.cumsum([len(text) + 1 for text in texts])])
    hits = phrases.find(batch.hashes)
    begins = folded.origin[at[hits.starts]] - first[hits.documents]
    ends = folded.origin[at[hits.stops - 1]] + 1 - first[hits.documents]
    places: list[list[tuple[str, str, int, int]]] = [[] for _ in texts]
    concepts = phrases.concepts()
    where = zip(hits.documents.tolist(), hits.concepts.tolist(), begins.tolist(), ends.tolist(), strict=True)
    for document, concept, start, end in where:
        name = concepts[concept]
        if name.startswith("place:"):
            places[document].append((*known_places()[name[6:]], start, end))
        else:
            found[document].add_once(name, start, end)
    whole = folded.codes.tobytes().decode("utf-32-le", "surrogatepass")
    starts = np.concatenate([[0], folded.ends + 1])
    disguised = np.searchsorted(folded.disguised, starts)
    for i, (document, where_money_is) in enumerate(zip(found, places_to_look(batch), strict=True)):
        a, b = int(starts[i]), int(starts[i + 1]) - 1
        changed = folded.disguised[disguised[i] : disguised[i + 1]] - a
        document.drop_inside("abroad", document.spans.pop("not_abroad", []))
        countries = list(dict.fromkeys(country for country, *_ in places[i]))
        journey = document.has(_JOURNEY) is not None
        home = home_countries(languages[i], [(country, role) for country, role, *_ in places[i]], journey)
        _add_places(document, places[i], home)
        _add_computed(
            document,
            _Normal(whole[a:b], folded.origin[a : b + 1], int(first[i])),
            where_money_is,
            changed,
            languages[i],
            countries,
            home,
            companies[i],
        )
    return [document.spans for document in found]


def _add_places(found: _Found, places: list[tuple[str, str, int, int]], home: list[str]) -> None:
    for country, role, start, end in places:
        at_home = country in home
        if not at_home or role == "destination":
            found.add_once("destination_at_home" if at_home else _PLACE_ROLES[role], start, end)


@dataclass(frozen=True, slots=True)
class _Normal:
    """One normalised text; `origin` tells where its characters stand in the joined original, in which it begins at `first`."""

    text: str
    origin: NDArray[np.int32]
    first: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        return int(self.origin[start]) - self.first, int(self.origin[end - 1]) + 1 - self.first


def _add_computed(
    found: _Found,
    text: _Normal,
    where: Where,
    disguised: NDArray[np.int64],
    language: str,
    countries: list[str],
    home: list[str],
    company: bool,
) -> None:
    """What is worked out from several things in the ad."""
    abroad = [country for country in countries if country not in home]
    _add_pay(found, text, where, language, abroad[0] if abroad else (home[0] if home else None))
    if len(disguised):
        found.add("disguised_text", text.span(int(disguised[0]), int(disguised[0]) + 1))
    if "chat_contact" in found.spans and "formal_contact" not in found.spans:
        found.add("chat_only", *found.spans["chat_contact"][:1])
    if not company and "employer_named" not in found.spans:
        found.add("employer_unnamed")
    if "permit_named" in found.spans and not any(_has_permit_number(text, at) for at, _ in found.spans["permit_named"]):
        found.spans["permit_mentioned"] = found.spans.pop("permit_named")
    if (abroad or "abroad" in found.spans) and "permit_named" not in found.spans:
        found.add("no_permit_abroad")
    if "state_firm" in found.spans and (mail := free_mail(text.text)):
        found.add("state_firm_free_mail", text.span(*mail))
    if countries or home:
        for start, end, country in telephone_countries(text.text):
            if country not in countries and country not in home:
                found.add("foreign_contact_number", text.span(start, end))
                break
    for name, groups in COMPOSITES.items():
        parts = []
        for group in groups:
            if (part := found.has(group)) is None:
                break
            parts.append(part)
        else:
            found.add(name, *(span for part in parts for span in found.spans[part][:1]))


def _add_pay(found: _Found, text: _Normal, where: Where, language: str, country: str | None) -> None:
    """Compare the best-paid mention with the typical wage where the job is."""
    mentions = find_salaries(text.text, default_currency_of(language), where)
    pay = [
        m
        for m in mentions
        if m.period != "once" and m.monthly_usd_high >= 50 and (m.stated_period or m.monthly_usd_high <= MOST_UNSTATED_USD)
    ]
    if not pay:
        return
    best = max(pay, key=_monthly)
    wage = typical_wage(country or ANYWHERE) or typical_wage(ANYWHERE)
    ratio = _monthly(best) / (wage or 1.0)
    if ratio >= LOW_PAY:
        name = "pay_far_above_wage" if ratio >= VERY_HIGH_PAY else "pay_above_wage" if ratio >= HIGH_PAY else "pay_ordinary"
        found.add(name, text.span(best.start, best.end))


def _monthly(mention: SalaryMention) -> float:
    return (mention.monthly_usd_low + mention.monthly_usd_high) / 2


def _has_permit_number(text: _Normal, mention: int) -> bool:
    """Whether a known kind of permit number stands around a mention of a permit (a place in the text as it was given)."""
    at = int(np.searchsorted(text.origin, mention + text.first))
    return _permits().search(text.text, max(at - _PERMIT_NEAR, 0), at + _PERMIT_NEAR) is not None


@cache
def _permits() -> re.Pattern[str]:
    """Licence and permit numbers of any country, from `reference/permits.csv`."""
    patterns = [row["pattern"] for row in read_table("permits")]
    words = [pattern.removeprefix(_NO_WORD_BEFORE) for pattern in patterns if pattern.startswith(_NO_WORD_BEFORE)]
    others = [pattern for pattern in patterns if not pattern.startswith(_NO_WORD_BEFORE)]
    # What many begin with is looked at once for all of them.
    return re.compile("|".join(f"(?:{pattern})" for pattern in (f"{_NO_WORD_BEFORE}(?:{'|'.join(words)})", *others)))
