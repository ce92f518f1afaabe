"""Parquet and Excel workbooks: binary tables that are read from their end, so a stream is first copied to a temporary file."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from classifier.errors import FeedError
from classifier.readers._open import RATIO_FROM
from classifier.readers._rows import field_of, rejected, to_posting
from classifier.readers._streams import MAX_UNPACKED, seekable
from classifier.schema import Posting, Rejected

_BATCH = 512
MAX_PART_BYTES = 256 * 1024**2
"""A workbook's part that is read into memory whole (shared texts, styles) may not be larger than this."""
MAX_WORKBOOK_RATIO = 200
MAX_EMPTY_ROWS = 1_048_576
"""As many rows as a sheet can have."""


def read_parquet(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """Rows of a Parquet file, a batch at a time. A rejected row has its number, counted from 1.

    Raises FeedError when the file is truncated or damaged, or when no column is a title or a description.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with seekable(stream, name) as file, pq.ParquetFile(_Borrowed(file), pre_buffer=False) as table:
            _check_columns(table.schema_arrow.names, name)
            number = 0
            for batch in table.iter_batches(_BATCH):
                columns = [_texts(batch, at) for at in range(batch.num_columns)]
                for row in zip(*columns, strict=True):
                    number += 1
                    yield to_posting(dict(zip(batch.schema.names, row, strict=True)), name, number)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as e:
        raise FeedError(name, f"is a truncated or damaged Parquet file: {str(e).splitlines()[0]}") from e


class _Borrowed(io.BufferedReader):
    """A file that pyarrow may close without closing ours."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(_Unowned(file), 64 * 1024)


class _Unowned(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, target: Any) -> int:
        data = self._file.read(len(target))
        target[: len(data)] = data
        return len(data)


def _texts(batch: Any, at: int) -> list[Any]:
    """The values of a column; numbers that are no plain ones, times and bytes are written out."""
    values: list[Any] = batch.column(at).to_pylist()
    kind = str(batch.schema.types[at])
    if kind.startswith(("decimal", "time", "duration", "month")):
        return [None if value is None else str(value) for value in values]
    if "binary" in kind:
        return [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in values]
    return values


def read_xlsx(stream: BinaryIO, name: str) -> Iterator[Posting | Rejected]:
    """Rows of every sheet that has a header with a title or a description; empty rows are passed over.

    A rejected row has its number in its sheet; where the workbook has several, the file is named `FILE[SHEET]`. Raises
    FeedError for what is no workbook, a workbook that unpacks to too much, or one in which no sheet has such a header.
    """
    import openpyxl

    with seekable(stream, name) as file:
        _check_parts(file, name)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which do not matter here
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheets = book.worksheets
            headers: list[bool] = []
            for sheet in sheets:
                place = name if len(sheets) == 1 else f"{name}[{sheet.title}]"
                yield from _sheet_rows(sheet, place, headers)
            if not any(headers):
                raise FeedError(name, "has no sheet with a title or a description among its columns")
            book.close()
        except FeedError:
            raise
        except Exception as e:  # openpyxl lets out whatever a damaged part makes happen
            raise FeedError(name, f"is a damaged workbook: {type(e).__name__}: {str(e)[:200]}") from e


def _check_parts(file: BinaryIO, name: str) -> None:
    """Raises FeedError for a workbook whose parts are too large; zipfile never unpacks more of a part than is declared."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as e:  # the last for packings that zipfile lacks
        raise FeedError(name, f"is a truncated or damaged workbook: {e}") from e
    file.seek(0)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise FeedError(name, "is no Excel workbook (.xlsx)")
    total, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    whole = max((p.file_size for p in parts if not p.filename.startswith("xl/worksheets/")), default=0)
    if total > MAX_UNPACKED or whole > MAX_PART_BYTES or (total > RATIO_FROM and total > MAX_WORKBOOK_RATIO * packed):
        raise FeedError(name, f"unpacks to {total:,} bytes, which is too much for a workbook")


def _sheet_rows(sheet: Any, name: str, headers: list[bool]) -> Iterator[Posting | Rejected]:
    """The rows below the first row that has cells; whether that is a header is added to the headers."""
    sheet.reset_dimensions()  # what the file says of its size need not be true
    columns: list[str] = []
    empty = 0
    for number, row in enumerate(_quietly(sheet.iter_rows(values_only=True)), 1):
        cells = [_cell(value) for value in row]
        if not any(cell not in (None, "") for cell in cells):
            empty += 1
            if empty > MAX_EMPTY_ROWS:
                return
        elif columns:
            cells += [None] * (len(columns) - len(cells))
            over = any(cell not in (None, "") for cell in cells[len(columns) :])
            if over:
                yield rejected(name, number, f"has more cells than the header names columns ({len(columns)})", cells)
            else:
                yield to_posting(dict(zip(columns, cells, strict=False)), name, number)
        else:
            columns = ["" if cell is None else str(cell).strip() for cell in cells]
            headers.append(bool({"title", "description"} & {field_of(column) for column in columns}))
            if not headers[-1]:
                return


def _quietly(rows: Iterator[Any]) -> Iterator[Any]:
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            batch = list(islice(rows, _BATCH))
        if not batch:
            return
        yield from batch


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _check_columns(columns: list[str], name: str) -> None:
    if not {"title", "description"} & {field_of(column) for column in columns}:
        raise FeedError(name, f"none of its columns ({', '.join(columns)[:200]}) is a title or a description")
