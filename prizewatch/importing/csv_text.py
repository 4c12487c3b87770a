"""CSV as text: its encoding, its records, the line each stood on.

Where a line is plainly a record a block is read by whole columns; where quotes span lines, record by record.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv

from ..errors import UnusableInput
from .rows import Broken, Chunk, Progress, Source, as_columns, cells_of, empty_table, finished

#: A quote left open must not swallow the rest of the file: a record of more lines is taken for a broken line.
LONGEST_RECORD = 500


def encoding_of(path: Path) -> str:
    """The encoding by its byte order mark, the zeros of UTF-16, else the first of UTF-8 and GB18030 that reads it."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise UnusableInput("errors.file.empty", path=path)
    if head.startswith(codecs.BOM_UTF8):
        likely: tuple[str, ...] = ("utf-8-sig",)
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


def csv_header(path: Path, encoding: str, delimiter: str) -> list[str]:
    """The cells of the first record; none where there is no whole one."""
    with _text(path, encoding) as file:
        head = next(_records(_lines(file), delimiter), None)
    return (head.cells if head else None) or []


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
        taken, cells = [first], cells_of(text, delimiter)
        while cells is None and len(taken) < LONGEST_RECORD and (following := pull()) is not None:
            taken.append(following)
            if '"' in following[1]:
                cells = cells_of("".join(line for _, line in taken), delimiter)
        if cells is None:
            waiting[:0] = taken[1:]
            yield _Record(number, text.rstrip("\r\n"), None)
        else:
            yield _Record(number, "".join(line for _, line in taken).rstrip("\r\n"), cells, len(taken))


def csv_chunks(source: Source, size: int, progress: Progress) -> Iterator[Chunk]:
    """The records of a CSV file, about `size` lines at a time; a record that spans lines is never cut, and one whose
    quotes never end is told as broken. `progress` is called with the bytes read.
    """
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
        return Chunk(empty_table(source.header), [], lambda i: "")
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
    return finished(source, table, [start + i for i in good], lambda i: block[good[i]].rstrip("\r\n"), broken)


def _quoted_block(source: Source, block: list[str], start: int, ended: bool) -> tuple[Chunk, int]:
    """A block read record by record, and how many lines were used: a record cut off by its end waits for the next."""
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
    return finished(source, as_columns(source.header, rows), lines, raws.__getitem__, broken), used


def _wrong_width(source: Source, line: int, raw: str, found: int = 0) -> Broken:
    if not found:
        found = len(next(csv.reader([raw], delimiter=source.delimiter), []))
    return Broken(line, "row.width", f"{found}/{len(source.header)}", raw)
