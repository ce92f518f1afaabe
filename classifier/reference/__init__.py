"""Tables of facts taken from the world, each row with its source and year, and of phrases by language."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `NAME.csv`, as mappings from column to text."""
    text = files(__name__).joinpath(f"{name}.csv").read_text("utf-8")
    header, *rows = csv.reader(text.splitlines(keepends=True))
    return tuple([dict(zip(header, row, strict=True)) for row in rows])
