"""The commands `classifier reviews import`, `export` and `stats`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier.cli_store import store_option, store_url
from classifier.errors import ClassifierError
from classifier.schema import LABELLED_FIELDS, LABELS, Posting, Rejected, Review

if TYPE_CHECKING:
    from classifier.store import Store

_CHUNK = 500


@click.group()
def reviews() -> None:
    """People's verdicts: bring them in, take them out for training, count them."""


@reviews.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--reviewer", default="import", show_default=True, help="Who gave the verdicts, where the file does not say.")
@store_option
@click.pass_context
def import_(ctx: click.Context, /, files: tuple[str, ...], reviewer: str, store: str | None) -> None:
    """Bring in verdicts: files of postings with a column `label` or `verdict`, and if known `reviewer`, `note`, `created_at`.

    A verdict that the store has already is not added again. Rows without a verdict are named; the exit code is then 1.

    Example: classifier reviews import verdicts.csv --reviewer ani
    """
    added = known = rejected = 0
    with _open(store) as opened:
        seen = {identity for review in opened.all_reviews() for identity in _identities(review)}
        chunk: list[Review] = []
        for item in _read(files, reviewer):
            if isinstance(item, Rejected):
                rejected += 1
                click.echo(f"rejected: {item.file}, line {item.line}: {item.cause}", err=True)
            elif _identities(item.review)[not item.dated] in seen:
                known += 1
            else:
                seen.update(_identities(item.review))
                chunk.append(item.review)
                added += 1
            if len(chunk) == _CHUNK:
                opened.add_reviews(chunk)
                chunk = []
        opened.add_reviews(chunk)
    click.echo(f"{added} reviews added, {known} known already, {rejected} rows rejected")
    ctx.exit(0 if not rejected else 1 if added or known else 2)


@reviews.command("export")
@click.option("--output", "-o", default="-", metavar="FILE.jsonl", help="Where to; standard output when not given.")
@click.option("--all", "everything", is_flag=True, help="Every review as it is kept, instead of a labelled posting each.")
@store_option
def export(output: str, everything: bool, store: str | None) -> None:
    """Write each reviewed posting with its last verdict, ready for `classifier train`.

    Example: classifier reviews export --output reviewed.jsonl
    """
    with _open(store) as opened:
        rows = _full(opened) if everything else _labelled(opened)
        number = _write(rows, output)
        disputed = len(opened.disagreements())
    click.echo(f"{number} {'reviews' if everything else 'labelled postings'} written", err=True)
    if disputed:
        told = f"on {disputed} postings reviewers disagree; the later verdict was taken (see: classifier reviews stats)"
        click.echo(told, err=True)


@reviews.command("stats")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@store_option
def stats(as_json: bool, store: str | None) -> None:
    """Count reviews by verdict, language and reviewer, and name the postings on which reviewers disagree.

    Example: classifier reviews stats
    """
    with _open(store) as opened:
        found = opened.stats()
        disputed = {item.posting_key: item.verdicts for item in opened.disagreements()}
    if as_json:
        click.echo(json.dumps({**found, "disputed": disputed}, ensure_ascii=False, indent=1))
        return
    click.echo(f"{found['reviews']} reviews of {found['postings']} postings; {found['waiting']} postings wait for a review")
    for name in ("verdict", "language", "reviewer"):
        click.echo(f"by {name}: " + (", ".join(f"{key} {n}" for key, n in found[name].items()) or "none"))
    for key, verdicts in disputed.items():
        click.echo(f"disagreement on {key}: " + ", ".join(f"{who} {verdict}" for who, verdict in verdicts.items()))


def _open(url: str | None) -> Store:
    from classifier.store import Store

    return Store.open(store_url(url))


@dataclass(frozen=True)
class _Row:
    review: Review
    dated: bool
    """Whether the file tells the review's time."""


def _read(files: Iterable[str], reviewer: str) -> Iterator[_Row | Rejected]:
    from classifier.readers import read_postings

    for file in files:
        for number, record in enumerate(read_postings(file), 1):
            if isinstance(record, Rejected):
                yield record
                continue
            try:
                yield _review(record, reviewer)
            except ValueError as e:
                yield Rejected(file, number, str(e), record.id)


def _review(posting: Posting, reviewer: str) -> _Row:
    """Raises ValueError, saying which column is wrong."""
    given = {key: value if isinstance(value, str) else "" for key, value in posting.extra.items()}
    verdict = (given.get("verdict") or given.get("label") or "").strip()
    if verdict not in LABELS:
        raise ValueError(f"label: {verdict!r} is no label; known are {', '.join(LABELS)}")
    time = given.get("created_at", "")
    created = _time(time) if time else datetime.now(UTC)
    who = given.get("reviewer") or reviewer
    language = posting.language or _detected(posting)
    return _Row(Review(posting, verdict, who, given.get("note", ""), None, given.get("model", ""), language, created), bool(time))


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as e:
        raise ValueError(f"created_at: {text!r} is no time like 2026-03-01T12:00:00Z") from e
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _detected(posting: Posting) -> str:
    from classifier.language import detect
    from classifier.schema import joined_text

    return detect(joined_text(posting))


def _identities(review: Review) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What makes a review the same as another, with its time and without."""
    same = (review.posting.key, review.verdict, review.reviewer)
    return (*same, review.created_at), same


def _labelled(store: Store) -> Iterator[dict[str, Any]]:
    for row in store.labelled():
        yield {**row.posting.to_record(), **{name: getattr(row, name) for name in LABELLED_FIELDS if getattr(row, name)}}


def _full(store: Store) -> Iterator[dict[str, Any]]:
    for review in store.all_reviews():
        record = review.to_dict()
        posting = record.pop("posting")
        rest = {key: value for key, value in record.items() if key not in {"id", "language", "posting_key"}}
        yield {"language": review.language, **posting, **rest}


def _write(rows: Iterable[dict[str, Any]], output: str) -> int:
    """Write rows as JSON lines, to a file all or nothing; returns how many."""
    number = 0
    if output == "-":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
            number += 1
        return number
    path = Path(output)
    try:
        from tempfile import NamedTemporaryFile

        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
            for row in rows:
                draft.write(json.dumps(row, ensure_ascii=False) + "\n")
                number += 1
        os.replace(draft.name, path)
    except OSError as e:
        raise ClassifierError(f"{output}: cannot be written: {e.strerror or e}") from e
    return number
