"""The labelled corpus that the package carries."""

from __future__ import annotations

from pathlib import Path


def corpus_files() -> list[Path]:
    """A file per language; from a checkout, the files in `data/postings`."""
    package = Path(__file__).parent
    carried = package / "corpus"
    return sorted((carried if carried.is_dir() else package.parent / "data" / "postings").glob("*.jsonl"))
