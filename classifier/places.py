"""Places that a text names, and the countries where its readers are at home.

The table is `reference/places.csv`: each place has its country and a role in the journey, from `destination` (where the compounds
are) to `placement` (where licensed agencies send people).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier import phrases
from classifier.compact import compact
from classifier.prefix_hashes import PrefixHashes
from classifier.reference import read_table
from classifier.text import fold

_HOME = {
    "id": "ID", "ms": "MY", "tl": "PH", "th": "TH", "vi": "VN", "zh": "CN TW HK MO", "my": "MM", "km": "KH", "lo": "LA", "hi": "IN",
    "ja": "JP", "ko": "KR", "bn": "BD", "ta": "IN LK", "te": "IN", "si": "LK", "sw": "KE TZ", "am": "ET", "ka": "GE", "tr": "TR",
}  # fmt: skip
"""Countries in which a language's readers are at home; there, a named place is no journey."""
_HOMES = {language: countries.split() for language, countries in _HOME.items()}
_NEVER_HOME = frozenset({"KH", "MM", "LA"})
"""Countries whose mention in an ad of a language without a home of its own always counts as a journey."""


@cache
def known_places() -> dict[str, tuple[str, str]]:
    """Place -> country (ISO 3166-1 alpha-2) and role."""
    return {row["place"]: (row["country"], row["role"]) for row in read_table("places")}


def places_named(text: str) -> dict[str, str]:
    """Places that a text names, in the order in which they stand, and the role of each."""
    concepts = phrases.concepts()
    found = phrases.find(PrefixHashes.of(compact(fold([text])))).concepts.tolist()
    return {name: known_places()[name][1] for c in found if (name := concepts[c].removeprefix("place:")) != concepts[c]}


def countries_of(text: str, language: str) -> list[str]:
    """Countries that concern a text: the one where its language is at home, then those of the places it names."""
    named = [known_places()[place][0] for place in places_named(text)]
    return list(dict.fromkeys([*_HOME.get(language, "").split()[:1], *named]))


def home_countries(language: str, named: Sequence[tuple[str, str]], journey: bool) -> list[str]:
    """Countries in which the readers of an ad are at home; `named` holds country and role of each place in it.

    A language that is read everywhere, like English, is at home in the countries that the ad names, unless the ad speaks of a
    `journey`, or names a country where the compounds are or several on the way there.
    """
    if language in _HOMES:
        return _HOMES[language]
    on_the_way = {country for country, role in named if role != "placement"}
    if journey or len(on_the_way) > 1 or on_the_way & _NEVER_HOME:
        return []
    return list(dict.fromkeys(country for country, _ in named))
