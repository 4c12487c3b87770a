"""Files into text columns: CSV (UTF-8 with or without BOM, GB18030, UTF-16), Excel and Parquet, a chunk at a time.

Every chunk knows the line each of its rows stood on and can give that line back as it was. A row that has not as many cells as
the header is set aside, never padded or shifted. CSV is read by whole columns where a line is plainly a record; where
quotes span lines, record by record.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from prizewatch.errors import UnusableInput

#: Rows of a chunk: bounds the memory of an import, whatever the size of the file.
CHUNK = 50_000
#: A quote left open must not swallow the rest of the file: a record longer than this is taken for a broken line.
LONGEST_RECORD = 500
#: Columns of a rejects file that are not the source's own; ignored on reading.
RESERVED = ("prizewatch_file", "prizewatch_line", "prizewatch_rule", "prizewatch_field", "prizewatch_value", "prizewatch_raw")
_EXCEL = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be read into cells. `rule` says why, `value` what was seen."""

    line: int
    rule: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of a file: text columns by name (empty text where nothing stood), the line of each row, and each line as it was."""

    table: pa.Table
    lines: list[int]
    raw: Callable[[int], str]
    broken: list[Broken] = field(default_factory=list)
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked at: how it is encoded and which columns it has."""

    path: Path
    kind: str
    header: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ","
    sheet: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The source's own columns: without those a rejects file adds."""
        return tuple(name for name in self.header if name not in RESERVED)

    @property
    def size(self) -> int:
        """Its bytes, which the progress is counted in."""
        return self.path.stat().st_size

    @property
    def mended(self) -> bool:
        """Whether this is a rejects file, handed in again."""
        return "prizewatch_raw" in self.header


def look(path: Path, *, delimiter: str = ",", sheet: str = "") -> Source:
    """Finds out what a file is and reads its header; nothing else is kept.

    Raises `UnusableInput` for a file that is missing, empty, undecodable, or has no usable header.
    """
    if not path.is_file():
        raise UnusableInput("errors.file.missing", path=path)
    suffix = path.suffix.lower()
    if suffix in _EXCEL:
        rows = _sheet(path, sheet)
        return Source(path, "excel", _header(path, [_cell(v) for v in rows[0]] if rows else []), sheet=sheet)
    if suffix in (".parquet", ".pq"):
        return Source(path, "parquet", _header(path, _parquet(path).schema_arrow.names))
    encoding = _encoding(path)
    with _text(path, encoding) as file:
        head = next(_records(_lines(file), delimiter), None)
    cells = head.cells if head else []
    return Source(path, "csv", _header(path, cells or []), encoding, delimiter)


def chunks(source: Source, size: int = CHUNK, progress: Progress = lambda done: None) -> Iterator[Chunk]:
    """The rows of a file, at most `size` at a time. `progress` is told the bytes read since it was last told."""
    if source.kind == "excel":
        return _excel_chunks(source, size, progress)
    if source.kind == "parquet":
        return _parquet_chunks(source, size, progress)
    return _csv_chunks(source, size, progress)


def csv_line(cells: list[str]) -> str:
    """Cells as one line of CSV, without its end."""
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().removesuffix("\r\n")


def _header(path: Path, cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if not any(names):
        raise UnusableInput("errors.file.no_header", path=path)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnusableInput("errors.file.column_twice", path=path, column=twice[0] or "''")
    return names


# CSV


def _encoding(path: Path) -> str:
    """The encoding by its byte order mark, by the zeros of UTF-16, else the first of UTF-8 and GB18030 that reads it all."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise UnusableInput("errors.file.empty", path=path)
    if head.startswith(codecs.BOM_UTF8):
        likely = ("utf-8-sig",)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        likely = ("utf-16",)
    elif b"\0" in head:  # no text of UTF-8 or GB18030 has zeros; in UTF-16 the high byte of every plain letter is one
        likely = ("utf-16-le",) if head[1::2].count(0) > head[::2].count(0) else ("utf-16-be",)
    else:
        likely = ("utf-8", "gb18030")
    for encoding in likely:
        if _reads(path, encoding):
            return encoding
    raise UnusableInput("errors.file.encoding", path=path)


def _reads(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def _text(path: Path, encoding: str) -> IO[str]:
    return path.open(encoding=encoding, newline="")


def _lines(file: IO[str]) -> Iterator[tuple[int, str]]:
    return enumerate(file, 1)


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    raw: str
    cells: list[str] | None  # None: a quote was opened and never closed
    span: int = 1


def _records(lines: Iterator[tuple[int, str]], delimiter: str) -> Iterator[_Record]:
    """Record by record, quotes and the line ends in them understood. Blank lines are no records."""
    waiting: list[tuple[int, str]] = []

    def pull() -> tuple[int, str] | None:
        return waiting.pop(0) if waiting else next(lines, None)

    while (first := pull()) is not None:
        number, text = first
        if not text.strip("\r\n"):
            continue
        taken, cells = [first], _cells(text, delimiter)
        while cells is None and len(taken) < LONGEST_RECORD and (following := pull()) is not None:
            taken.append(following)
            if '"' in following[1]:
                cells = _cells("".join(line for _, line in taken), delimiter)
        if cells is None:
            waiting[:0] = taken[1:]
            yield _Record(number, text.rstrip("\r\n"), None)
        else:
            yield _Record(number, "".join(line for _, line in taken).rstrip("\r\n"), cells, len(taken))


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record, or None where its quotes do not come out even."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _csv_chunks(source: Source, size: int, progress: Progress) -> Iterator[Chunk]:
    told = 0
    with source.path.open("rb") as binary, io.TextIOWrapper(binary, source.encoding, newline="") as file:
        head = next(_records(_lines(file), source.delimiter))
        start = head.line + head.span
        carried: list[str] = []
        ended = False
        while not ended:
            fresh = list(islice(file, size))
            ended = len(fresh) < size
            block = carried + fresh
            chunk, used = _plain_block(source, block, start), len(block)
            if chunk is None:
                chunk, used = _quoted_block(source, block, start, ended)
            yield chunk
            carried, start = block[used:], start + used
            progress(binary.tell() - told)
            told = binary.tell()


def _plain_block(source: Source, block: list[str], start: int) -> Chunk | None:
    """A block whose every line is one record, read by columns; None where a quote may span lines."""
    text = "".join(block)
    if '"' in text and any(line.count('"') % 2 for line in block):
        return None
    kept = [i for i, line in enumerate(block) if line.strip("\r\n")]
    if not kept:
        return Chunk(_empty(source.header), [], lambda i: "")
    if len(kept) < len(block):
        text = "".join(block[i] for i in kept)
    if len(source.header) == 1 and any(not block[i].rstrip("\r\n").strip('"') for i in kept):
        return None  # a lone `""` is a row to csv and a blank line to pyarrow
    wrong: list[int] = []

    def set_aside(row: Any) -> str:
        wrong.append(row.number - 1)
        return "skip"

    try:
        table = pa.csv.read_csv(
            pa.py_buffer(text.encode("utf-8", "surrogatepass")),
            read_options=pa.csv.ReadOptions(column_names=list(source.header), use_threads=False, block_size=1 << 28),
            parse_options=pa.csv.ParseOptions(delimiter=source.delimiter, invalid_row_handler=set_aside),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(source.header, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows + len(wrong) != len(kept) or any(i >= len(kept) for i in wrong):
        return None
    bad = set(wrong)
    good = [kept[i] for i in range(len(kept)) if i not in bad] if bad else kept
    broken = [_wrong_width(source, start + kept[i], block[kept[i]].rstrip("\r\n")) for i in wrong]
    table = table.combine_chunks()
    return _finished(source, table, [start + i for i in good], lambda i: block[good[i]].rstrip("\r\n"), broken)


def _quoted_block(source: Source, block: list[str], start: int, ended: bool) -> tuple[Chunk, int]:
    """A block read record by record, and how many of its lines were used: one cut off by the block's end waits for the next."""
    rows: list[list[str]] = []
    lines: list[int] = []
    raws: list[str] = []
    broken: list[Broken] = []
    used = len(block)
    for record in _records(iter(enumerate(block, start)), source.delimiter):
        if record.cells is None and not ended and len(block) - (record.line - start) < LONGEST_RECORD:
            used = record.line - start
            break
        if record.cells is None:
            broken.append(Broken(record.line, "row.quote", "", record.raw))
        elif len(record.cells) != len(source.header):
            broken.append(_wrong_width(source, record.line, record.raw, len(record.cells)))
        else:
            rows.append(record.cells)
            lines.append(record.line)
            raws.append(record.raw)
    return _finished(source, _columns(source.header, rows), lines, raws.__getitem__, broken), used


def _wrong_width(source: Source, line: int, raw: str, found: int = 0) -> Broken:
    if not found:
        found = len(next(csv.reader([raw], delimiter=source.delimiter), []))
    return Broken(line, "row.width", f"{found}/{len(source.header)}", raw)


# Excel and Parquet


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
        yield _finished(source, _columns(source.header, kept), lines, raw.__getitem__, [], typed=True)
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
            yield _finished(source, table, lines, _line_of(table), [], typed=True)
            progress(source.size * len(table) // file.metadata.num_rows)


def _line_of(table: pa.Table) -> Callable[[int], str]:
    return lambda i: csv_line([str(column[i].as_py()) for column in table.columns])


# A chunk's last step, the same for every kind of file


def _columns(names: tuple[str, ...], rows: list[list[str]]) -> pa.Table:
    if not rows:
        return _empty(names)
    return pa.table([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], names=list(names))


def _empty(names: tuple[str, ...]) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in names})


def _finished(
    source: Source, table: pa.Table, lines: list[int], raw: Callable[[int], str], broken: list[Broken], typed: bool = False
) -> Chunk:
    if not source.mended:
        return Chunk(table, lines, raw, broken, typed)
    own = list(source.columns)
    # A row of the wrong width came without cells, only as it was: it may be mended there too.
    empty = [i for i, row in enumerate(table.select(own).to_pylist()) if not any(row.values())]
    told: dict[int, list[str]] = {}
    for i in empty:
        line = bare(table["prizewatch_raw"][i].as_py())
        cells = _cells(line, source.delimiter)
        if cells is not None and len(cells) == len(own):
            told[i] = cells
        else:
            broken.append(Broken(lines[i], "row.quote" if cells is None else "row.width", f"{len(cells or [])}/{len(own)}", line))
    gone = set(empty) - told.keys()
    rows = [told.get(i) or [bare(v) for v in row.values()] for i, row in enumerate(table.select(own).to_pylist()) if i not in gone]
    kept = [line for i, line in enumerate(lines) if i not in gone]
    return Chunk(_columns(source.columns, rows), kept, lambda i: csv_line(rows[i]), broken, typed)


_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def defused(text: str) -> str:
    """Text that a spreadsheet will not take for a formula; `bare` undoes it."""
    return "'" + text if _FORMULA.match(text) else text


def bare(text: str) -> str:
    """Undoes `defused`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
