"""How `classifier assess` speaks to a person at a terminal."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

import click

from classifier.advice import Advice
from classifier.schema import Assessment, Band, Language

_STYLES: dict[Band, dict[str, Any]] = {"low": {"fg": "green"}, "review": {"fg": "yellow"}, "high": {"fg": "red", "bold": True}}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_VERDICTS: dict[Language, dict[Band, str]] = {
    "en": {
        "low": "no strong sign of a lure or scam (this is no proof that the ad is honest)",
        "review": "signs of a lure or scam: do not pay or travel before a person has checked it",
        "high": "strong signs of a lure or scam: do not go, do not pay, check first",
    },
    "id": {
        "low": "tidak ada tanda kuat umpan atau penipuan (ini bukan bukti bahwa iklan itu jujur)",
        "review": "ada tanda umpan atau penipuan: jangan bayar atau berangkat sebelum diperiksa orang yang tahu",
        "high": "tanda kuat umpan atau penipuan: jangan berangkat, jangan bayar, periksa dulu",
    },
}
_DOUBT: dict[Language, str] = {
    "en": "not clear: some signs of a lure or scam, below the threshold for review; ask and check before you pay or travel",
    "id": "belum jelas: ada sebagian tanda umpan atau penipuan, di bawah ambang untuk diperiksa; tanya dan cek dulu sebelum bayar "
    "atau berangkat",
}
_WORDS: dict[Language, tuple[str, str, str]] = {
    "en": ("risk", "speaks against the ad", "speaks for the ad"),
    "id": ("risiko", "memberatkan iklan", "meringankan iklan"),
}


def print_assessment(assessment: Assessment, language: Language, advice: Sequence[Advice]) -> None:
    """Band in words, risk, the strongest reasons with their quotes, and where to turn."""
    risk, against, speaks_for = _WORDS[language]
    verdict = _DOUBT[language] if assessment.is_doubtful else _VERDICTS[language][assessment.band]
    _print(f"{assessment.band.upper()}: {verdict}", **_STYLES["review" if assessment.is_doubtful else assessment.band])
    shares = ", ".join(f"{label} {p:.1%}" for label, p in assessment.probabilities.items())
    _print(f"{risk} {assessment.risk:.1%} ({shares})")
    for reason in assessment.reasons:
        mark = click.style(f"{reason.weight:+6.2f}  ", fg="red" if reason.weight > 0 else "green")
        quote = f"“{one_line(reason.quote)}”  " if reason.quote else ""
        what = reason.message if reason.kind == "indicator" else (against if reason.weight > 0 else speaks_for)
        _print(mark + quote + what)
    for item in advice:
        _print(f"{item.country}: {item.check} {item.call}")


def _print(line: str, **style: Any) -> None:
    """A line; in colours on a terminal, unless NO_COLOR says otherwise (https://no-color.org)."""
    click.secho(line, color=False if os.environ.get("NO_COLOR") else None, **style)


def one_line(text: str, width: int = 80) -> str:
    """The beginning of a text on one line, without characters that steer a terminal."""
    text = _CONTROL.sub("", " ".join(text.split()))
    return text if len(text) <= width else text[: width - 1] + "…"
