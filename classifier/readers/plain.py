"""Plain text: one ad a block, blocks divided by blank lines."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from classifier.readers._encoding import NOT_TEXT, as_utf8
from classifier.readers._rows import rejected, to_posting
from classifier.schema import Posting, Rejected

MAX_BLOCK_CHARACTERS = 1_000_000


def read_text(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """One posting, with a description alone, for each block of lines; the whole text when no line in it is blank.

    A block that is too long, or holds NULs or bytes that are no text, is rejected; its line is its first.
    """
    text = io.TextIOWrapper(as_utf8(stream), "utf-8", errors="surrogateescape")
    try:
        for number, block in _blocks(text):
            cause = text_fault(block)
            yield rejected(name, number, cause, block) if cause else to_posting({"description": block}, name, number)
    finally:
        text.detach()


def text_fault(text: str) -> str | None:
    """Why a piece of a text file cannot be read, if it cannot."""
    if len(text) > MAX_BLOCK_CHARACTERS:
        return f"is longer than {MAX_BLOCK_CHARACTERS:,} characters"
    if "\0" in text:
        return "holds NUL characters"
    try:
        text.encode()
    except UnicodeEncodeError:
        return NOT_TEXT
    return None


def numbered_lines(text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; a line too long for a block comes in parts of which all have its number."""
    number, whole = 0, True
    while line := text.readline(MAX_BLOCK_CHARACTERS):
        number += whole
        whole = line.endswith("\n")
        yield number, line


def _blocks(text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    """The blocks with the numbers of their first lines. Of a block that is too long only the beginning is kept."""
    lines: list[str] = []
    start = size = 0
    for number, line in numbered_lines(text):
        if not line.strip():
            if lines:
                yield start, "".join(lines).strip()
            lines, size = [], 0
            continue
        start = start if lines else number
        if size <= MAX_BLOCK_CHARACTERS:
            lines.append(line)
        size += len(line)
    if lines:
        yield start, "".join(lines).strip()
