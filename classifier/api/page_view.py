"""What the page shows of one assessment: meaning, steps, signs, the marked ad, and where to turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from classifier.advice import Advice, advice_for
from classifier.api.page_marks import Piece, Signs, pieces_of, signs_of
from classifier.api.page_steps import COUNTRIES, STEPS
from classifier.api.page_text import HEADLINES, TEXTS
from classifier.language import UNKNOWN
from classifier.schema import TEXT_FIELDS, Assessment, Band, Language, Posting

_ROOM = 12_000
"""Bytes of HTML for the marked ad."""
_LINK = re.compile(
    r"(?P<mail>[\w.]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<site>(?<![\w.@])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w/-]*\w)?)"
    r"|(?P<phone>(?<![\w.+-])(?:\+\d{1,3} |\(\d+\) )?\d[\d -]*\d(?![\w-]))"
)
_EXTENSION = re.compile(r"(?:extension|sambungan) $")
_INDONESIAN_CHAT = re.compile(r"WhatsApp (?:to )?$")
_SENTENCE = re.compile(r"(?<=\.) (?=\S)")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where to check and whom to call in one country, a line a sentence, with links."""

    country: str
    check: tuple[Markup, ...]
    call: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a posting, in pieces."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An assessment as a person reads it."""

    posting: str
    band: Band
    tone: Band
    """How it looks: an ad in doubt as one for review."""
    headline: str
    meaning: str
    steps: tuple[str, ...]
    signs: Signs
    fields: tuple[FieldView, ...]
    text_language: str
    """Of the ad; empty when it is not known."""
    contacts: tuple[Contact, ...]
    model: str


def view_of(posting: Posting, assessment: Assessment, language: Language, room: int = _ROOM) -> AnswerView:
    """The answer to one posting in the reader's language; the assessment must carry all its reasons."""
    texts = TEXTS[language]
    tone: Band = "review" if assessment.is_doubtful else assessment.band
    kind = "" if tone == "low" else risky_label(assessment)
    headline, meaning = HEADLINES[language][assessment.band, kind]
    signs = signs_of(assessment, language, {"against": texts["words_against"], "for": texts["words_for"]})
    against = {sign.number for sign in signs.against}
    present = [name for name in TEXT_FIELDS if getattr(posting, name)]
    fields = []
    for name in present:
        marks = [(start, end, number) for field, start, end, number in signs.marks if field == name]
        share = room if name == "description" else 600
        fields.append(FieldView(name, tuple(pieces_of(getattr(posting, name), marks, against, share))))
    return AnswerView(
        posting=posting.key,
        band=assessment.band,
        tone=tone,
        headline=headline,
        meaning=meaning,
        steps=STEPS[language][tone, kind],
        signs=signs,
        fields=tuple(fields),
        text_language="" if assessment.language == UNKNOWN else assessment.language,
        contacts=tuple(contacts_for(posting, assessment, language)),
        model=assessment.model,
    )


def risky_label(assessment: Assessment) -> str:
    """The likelier of the two kinds of risk."""
    p = assessment.probabilities
    return "overseas_lure" if p["overseas_lure"] >= p["job_scam"] else "job_scam"


def contacts_for(posting: Posting, assessment: Assessment, language: Language) -> Sequence[Contact]:
    """Advice for every band: a person may be unsure of an ad in which nothing was found. Who reads Indonesian is told of Indonesia
    first, whatever the language of the ad."""
    home = "id" if language == "id" and assessment.language != "ms" else assessment.language
    asked = replace(assessment, band="review" if assessment.band == "low" else assessment.band, language=home)
    return [_contact(advice, language) for advice in advice_for(posting, asked, language)]


def _contact(advice: Advice, language: Language) -> Contact:
    country = COUNTRIES[advice.country][language] if advice.country in COUNTRIES else advice.country
    return Contact(country, _lines(advice.check), _lines(advice.call))


def _lines(text: str) -> tuple[Markup, ...]:
    return tuple(linked(line) for line in _SENTENCE.split(text))


def linked(text: str) -> Markup:
    """Our own text (never an ad's) with links on its addresses and telephone numbers."""
    parts: list[Markup] = []
    at = 0
    for match in _LINK.finditer(text):
        shown = match[0]
        digits = re.sub(r"\D", "", shown)
        if match["phone"] and (len(digits) < 3 or _EXTENSION.search(text[: match.start()])):
            continue
        parts.append(escape(text[at : match.start()]))
        if match["phone"]:
            target = f"tel:{'+' if shown.startswith('+') else ''}{digits}"
            if digits.startswith("08") and _INDONESIAN_CHAT.search(text[: match.start()]):
                target = f"https://wa.me/62{digits[1:]}"
            parts.append(Markup('<a href="{}">{}</a>').format(target, shown))
        elif match["mail"]:
            parts.append(Markup('<a href="mailto:{0}">{0}</a>').format(shown))
        else:
            parts.append(Markup('<a href="https://{0}" rel="noopener noreferrer">{0}</a>').format(shown))
        at = match.end()
    return Markup("").join([*parts, escape(text[at:])])
