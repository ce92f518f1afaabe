"""Options and reading of labelled data, shared by `classifier train` and `classifier evaluate`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from classifier.labelled import LabelledPosting


def say(line: str) -> None:
    """One line for the person at the terminal; results alone go to standard output."""
    click.echo(line, err=True)


def label_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options that say where a foreign data set keeps its labels."""
    for option in (
        click.option("--label-column", default="label", help="Column that holds the label."),
        click.option(
            "--map-label", multiple=True, metavar="VALUE=LABEL", help="Meaning of a value of that column; may be repeated."
        ),
        click.option("--group-column", default="group", help="Column that siblings share; they are never split."),
        click.option("--only", multiple=True, metavar="COLUMN=VALUE", help="Take only rows with this value; may be repeated."),
    ):
        command = option(command)
    return command


def read_data(data: tuple[str, ...], given: dict[str, Any], ctx: click.Context) -> list[LabelledPosting]:
    """Labelled postings of the files; rejected rows are told, and the exit code is then 1."""
    from classifier.labelled import LabelColumns, read_labelled

    values = pairs(given["map_label"], "--map-label")
    only = pairs(given["only"], "--only")
    columns = LabelColumns(given["label_column"], values or None, given["group_column"], only or None)
    rows, rejected = read_labelled(data, columns)
    for item in rejected[:5]:
        say(f"rejected: {item.file}, line {item.line}: {item.cause}")
    if len(rejected) > 5:
        say(f"rejected: {len(rejected) - 5} more rows")
    ctx.call_on_close(lambda: sys.exit(1) if rejected and sys.exc_info()[0] is None else None)
    return rows


def pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    """NAME=VALUE options as a mapping. Raises click.UsageError."""
    for pair in given:
        if "=" not in pair:
            raise click.UsageError(f"{option} takes NAME=VALUE, not {pair!r}")
    return dict(pair.split("=", 1) for pair in given)


def reviewed(url: str) -> list[LabelledPosting]:
    """Reviewed postings, each with its last verdict; says how many, and where reviewers disagree."""
    from classifier.store import Store

    with Store.open(url) as store:
        rows, disputed = list(store.labelled()), store.disagreements()
    say(f"{len(rows)} reviewed postings taken from {store.url}")
    if disputed:
        say(f"on {len(disputed)} of them reviewers disagree; the later verdict was taken (see: classifier reviews stats)")
    return rows
