"""Tables of facts taken from the world, each row with its source and year, and of phrases by language."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


def path_of(name: str) -> Path:
    """Where `NAME.csv` is."""
    return Path(__file__).with_name(f"{name}.csv")


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `NAME.csv`, as mappings from column to text."""
    header, *rows = csv.reader(path_of(name).read_text("utf-8").splitlines(keepends=True))
    return tuple([dict(zip(header, row, strict=True)) for row in rows])
