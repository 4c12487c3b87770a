"""Files into text columns: CSV (UTF-8 with or without BOM, GB18030, UTF-16), Excel and Parquet, a chunk at a time.

Every chunk knows the line each of its rows stood on and can give that line back as it was. A row that has not as many
cells
as the header is set aside, never padded or shifted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from ..errors import UnusableInput
from .csv_text import csv_chunks, csv_header, encoding_of
from .rows import CHUNK, Chunk, Progress, Source, as_columns, csv_line, finished

EXCEL = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
PARQUET = frozenset({".parquet", ".pq"})


def look(path: Path, *, delimiter: str = ",", sheet: str = "") -> Source:
    """Finds out what a file is and reads its header; nothing else is kept.

    Raises `UnusableInput` for a file that is missing, empty, undecodable, or has no usable header.
    """
    if not path.is_file():
        raise UnusableInput("errors.file.missing", path=path)
    suffix = path.suffix.lower()
    if suffix in EXCEL:
        rows = _sheet(path, sheet)
        return Source(path, "excel", _header(path, [_cell(v) for v in rows[0]] if rows else []), sheet=sheet)
    if suffix in PARQUET:
        return Source(path, "parquet", _header(path, _parquet(path).schema_arrow.names))
    encoding = encoding_of(path)
    return Source(path, "csv", _header(path, csv_header(path, encoding, delimiter)), encoding, delimiter)


def chunks(source: Source, size: int = CHUNK, progress: Progress = lambda done: None) -> Iterator[Chunk]:
    """The rows of a file, at most `size` at a time. `progress` is told the bytes read since it was last told."""
    if source.kind == "excel":
        return _excel_chunks(source, size, progress)
    if source.kind == "parquet":
        return _parquet_chunks(source, size, progress)
    return csv_chunks(source, size, progress)


def _header(path: Path, cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if not any(names):
        raise UnusableInput("errors.file.no_header", path=path)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnusableInput("errors.file.column_twice", path=path, column=twice[0] or "''")
    return names


def _sheet(path: Path, sheet: str) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_path(path)
        name = sheet or book.sheet_names[0]
        if name not in book.sheet_names:
            raise UnusableInput("errors.file.no_sheet", path=path, sheet=name)
        return list(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
    except (CalamineError, IndexError) as error:
        raise UnusableInput("errors.file.unreadable", path=path) from error


def _cell(value: Any) -> str:
    """A cell of a sheet as the text a CSV file would hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _excel_chunks(source: Source, size: int, progress: Progress) -> Iterator[Chunk]:
    rows = _sheet(source.path, source.sheet)[1:]
    for start in range(0, len(rows), size):
        kept, lines = [], []
        for number, row in enumerate(rows[start : start + size], start + 2):
            cells = [_cell(value) for value in row]
            if any(cells):
                kept.append(cells)
                lines.append(number)
        raw = [csv_line(cells) for cells in kept]
        yield finished(source, as_columns(source.header, kept), lines, raw.__getitem__, [], typed=True)
        progress(source.size * min(size, len(rows) - start) // len(rows))


def _parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise UnusableInput("errors.file.unreadable", path=path) from error


def _parquet_chunks(source: Source, size: int, progress: Progress) -> Iterator[Chunk]:
    line = 1
    with _parquet(source.path) as file:
        for batch in file.iter_batches(batch_size=size):
            try:
                columns = [pc.fill_null(column.cast(pa.string()), "") for column in batch.columns]
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise UnusableInput("errors.file.unreadable", path=source.path) from error
            table = pa.table(columns, names=list(source.header))
            lines = list(range(line, line + len(table)))
            line += len(table)
            yield finished(source, table, lines, _line_of(table), [], typed=True)
            progress(source.size * len(table) // file.metadata.num_rows)


def _line_of(table: pa.Table) -> Callable[[int], str]:
    return lambda i: csv_line([str(column[i].as_py()) for column in table.columns])
