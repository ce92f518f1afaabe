"""CSV (and TSV), JSON lines, and JSON documents that hold a list of postings."""

from __future__ import annotations

import csv
import io
import sys
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from classifier.errors import FeedError
from classifier.readers._encoding import NOT_TEXT, as_utf8, decode_head, encoding_of
from classifier.readers._json import Unreadable, json_values, list_place
from classifier.readers._rows import MAX_RECORD_BYTES, field_of, rejected, to_posting
from classifier.readers._sniff import delimiter_of
from classifier.readers._streams import head_of
from classifier.schema import Posting, Rejected

MAX_LINE_BYTES = MAX_RECORD_BYTES
"""A longer line of JSON is rejected unread."""
MAX_ROW_CHARACTERS = 2_000_000
"""A longer row of a CSV file is one whose quote never closes: its first line is rejected, the others are read again."""
MAX_READ_AGAIN = 50 * MAX_ROW_CHARACTERS
"""When broken rows of so many characters were read again, further ones are rejected whole."""
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


def read_csv(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """Rows of a CSV file with a header, whatever its delimiter and encoding.

    A row with more cells than the header, with bytes that are no text, or with a quote that never closes is rejected; the line
    of a row is its first. Raises FeedError when there is no header, or none with a title or a description.
    """
    head = head_of(stream)
    delimiter = delimiter_of(decode_head(head, encoding_of(head) or "utf-8")) or ","
    text = io.TextIOWrapper(as_utf8(stream), "utf-8", errors="surrogateescape", newline="")
    try:
        yield from _CsvRows(text, name, delimiter).records()
    finally:
        text.detach()  # the stream is the caller's to close


class _EndlessRowError(Exception):
    pass


class _CsvRows:
    """The rows of a CSV file, and the lines of the row at hand, to read them again one by one when that row is broken."""

    def __init__(self, text: io.TextIOWrapper, name: str, delimiter: str) -> None:
        self.text = text
        self.name = name
        self.delimiter = delimiter
        self.number = 1
        """The number of the first line of the row at hand."""
        self.lines: list[str] = []
        self.size = 0
        self.again: deque[str] = deque()
        self.doubtful = False
        """Whether the row at hand begins among lines that are read again, which may be the inside of a broken row."""
        self.may_read_again = MAX_READ_AGAIN

    def records(self) -> Iterator[Posting | Rejected]:
        columns: list[str] = []
        while True:
            rows = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
            try:
                columns = columns or self._header(rows)
                for row in rows:
                    if row:
                        yield self._record(row, columns)
                    self._next_row()
                return
            except (csv.Error, _EndlessRowError) as e:
                if not columns:
                    raise FeedError(self.name, f"line {self.number} should name the columns: {e}") from e
                yield self._mended(columns) or self._broken(str(e))
                self._next_row()

    def _header(self, rows: Iterator[list[str]]) -> list[str]:
        for row in rows:
            self._next_row()
            columns = [cell.strip() for cell in row]
            if not any(columns) or row[0].startswith("sep="):  # Excel's note of the delimiter
                continue
            if not {"title", "description"} & {field_of(column) for column in columns}:
                raise FeedError(self.name, f"none of its columns ({', '.join(columns)[:200]}) is a title or a description")
            return columns
        raise FeedError(self.name, "is empty; the first line must name the columns")

    def _record(self, row: list[str], columns: list[str]) -> Posting | Rejected:
        if len(row) != len(columns) and (len(row) > len(columns) or self.doubtful):
            return self._rejected(f"has {len(row)} cells, the header names {len(columns)}")
        if not (cells := "".join(row)).isascii():
            try:
                cells.encode()
            except UnicodeEncodeError:
                return self._rejected(NOT_TEXT)
        if "\0" in cells:
            return self._rejected("holds NUL characters")
        return to_posting(dict(zip(columns, row, strict=False)), self.name, self.number)

    def _lines(self) -> Iterator[str]:
        readline, again, limit = self.text.readline, self.again, MAX_ROW_CHARACTERS
        while line := again.popleft() if again else readline(limit):
            self.lines.append(line)
            self.size += len(line)
            if self.size >= limit:
                while len(line) == limit and line[-1] != "\n":
                    line = readline(limit)
                raise _EndlessRowError(f"is longer than {limit:,} characters, or a quote in it never closes")
            yield line
        if self.lines:
            raise _EndlessRowError("a quote in it never closes")

    def _next_row(self) -> None:
        self.number += len(self.lines)
        self.lines.clear()
        self.size = 0
        self.doubtful = bool(self.again)

    def _mended(self, columns: list[str]) -> Posting | Rejected | None:
        """The row at hand read without care for quotes out of place, when it is one line."""
        if len(self.lines) > 1 or self.size >= MAX_ROW_CHARACTERS or self.lines[0].count('"') % 2:
            return None
        row = next(csv.reader(self.lines, delimiter=self.delimiter))
        return self._record(row, columns) if len(row) == len(columns) else None

    def _broken(self, cause: str) -> Rejected:
        """The first line of the row at hand, rejected. The others are put back, unless that was done too much already."""
        if self.may_read_again > 0:
            self.may_read_again -= self.size
            self.again.extendleft(reversed(self.lines[1:]))
            del self.lines[1:]
        return self._rejected(f"is broken CSV: {cause}")

    def _rejected(self, cause: str) -> Rejected:
        return rejected(self.name, self.number, cause, "".join(self.lines)[:MAX_ROW_CHARACTERS].rstrip("\r\n"))


def read_jsonl(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """One JSON object a line; blank lines are passed over. A line that is none, or is too long, is rejected."""
    stream = as_utf8(stream)
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            yield rejected(name, number, f"is longer than {MAX_LINE_BYTES:,} bytes", line[:100].decode("utf-8", "replace"))
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as e:
            if line.strip():
                yield rejected(name, number, f"is no valid JSON: {e.msg}", line[:10_000].decode("utf-8", "backslashreplace"))
            continue
        yield to_posting(record, name, number)


def read_json(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """The objects of a JSON array, of the first list in an object, or a lone object.

    There are no lines here: a rejected object has its number, counted from 1. Where the document breaks off, one rejected row
    says so. Raises FeedError for a document that nests without end.
    """
    stream = as_utf8(stream)
    place = list_place(head_of(stream))
    for number, (_, value) in enumerate(json_values(stream, name, [place]), 1):
        if isinstance(value, Unreadable):
            yield rejected(name, number, value.cause, "")
        else:
            yield to_posting(value, name, number)
