"""CSV and JSON lines."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from classifier.errors import FeedError
from classifier.readers._rows import rejected, to_posting
from classifier.schema import Posting, Rejected

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line of JSON is rejected unread."""
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


def read_csv(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """Rows of a CSV file with a header. A row with more cells than the header, or with bytes that are no text, is rejected."""
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _csv_rows(text, name)
    finally:
        text.detach()  # the stream is the caller's to close


def _csv_rows(text: io.TextIOWrapper, name: str) -> Iterator[Posting | Rejected]:
    rows = csv.reader(text)
    try:
        header = next(rows, None)
    except csv.Error as e:
        raise FeedError(name, f"line 1: {e}") from e
    if header is None or not any(cell.strip() for cell in header):
        raise FeedError(name, "is empty; the first line must name the columns")
    columns = [cell.strip() for cell in header]
    line = rows.line_num + 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as e:
            yield rejected(name, line, f"broken CSV: {e}", "")
            line = rows.line_num + 1
            continue
        if row:
            yield _csv_row(row, columns, name, line)
        line = rows.line_num + 1


def _csv_row(row: list[str], columns: list[str], name: str, line: int) -> Posting | Rejected:
    if len(row) > len(columns):
        return rejected(name, line, f"has {len(row)} cells, the header names {len(columns)}", ",".join(row))
    if any("\udc80" <= c <= "\udcff" for cell in row if not cell.isascii() for c in cell):
        return rejected(name, line, "is not valid UTF-8", ",".join(row))
    return to_posting(dict(zip(columns, row, strict=False)), name, line)


def read_jsonl(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """One JSON object a line; blank lines are passed over."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            yield rejected(name, number, f"is longer than {MAX_LINE_BYTES:,} bytes", line[:100].decode("utf-8", "replace"))
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as e:
            yield rejected(name, number, f"is no valid JSON: {e}", line.decode("utf-8", "backslashreplace"))
            continue
        yield to_posting(record, name, number)
