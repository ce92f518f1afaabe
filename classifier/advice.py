"""Where to check an agency or a permit, and whom to call, from `reference/help.csv`."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.places import countries_of
from classifier.reference import read_table
from classifier.schema import Assessment, Language, Posting, joined_text

FALLBACK = "ID"
MOST = 3


@dataclass(frozen=True, slots=True)
class Advice:
    """For one country (ISO code): where to check, and whom to call or write to."""

    country: str
    check: str
    call: str


def advice_for(posting: Posting, assessment: Assessment, language: Language) -> list[Advice]:
    """Advice for a flagged posting (band `review` or `high`), none for others: for the reader's country, told by the posting's
    language, then for the countries that the posting names; at most MOST."""
    if assessment.band == "low":
        return []
    rows = {row["country"]: row for row in read_table("help")}
    known = [c for c in countries_of(joined_text(posting), assessment.language) if c in rows] or [FALLBACK]
    return [Advice(c, rows[c][f"check_{language}"], rows[c][f"call_{language}"]) for c in known[:MOST]]
