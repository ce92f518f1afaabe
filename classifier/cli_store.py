"""The option that names the database of reviews, for all commands that use it."""

from __future__ import annotations

import click

store_option = click.option(
    "--store", metavar="URL", help="A file or postgresql://…; else CLASSIFIER_STORE, else a file in your data folder."
)


def store_url(given: str | None) -> str:
    """The database that an option names, or else the settings."""
    from classifier.settings import Settings

    return given or Settings.from_env().store_url
