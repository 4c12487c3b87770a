"""What files become: chunks of text columns that know the line of each row; a rejects file read back as its source."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

#: Rows of a chunk: bounds the memory of an import, whatever the size of the file.
CHUNK = 50_000
#: Columns of a rejects file that are not the source's own; ignored on reading.
RESERVED = (
    "prizewatch_file",
    "prizewatch_line",
    "prizewatch_rule",
    "prizewatch_field",
    "prizewatch_value",
    "prizewatch_raw",
)
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
    """Rows of a file: text columns by name (empty where nothing stood), the line of each, and each line as it was."""

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


def csv_line(cells: list[str]) -> str:
    """Cells as one line of CSV, without its end."""
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().removesuffix("\r\n")


def cells_of(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record, or None where its quotes do not come out even."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def as_columns(names: tuple[str, ...], rows: list[list[str]]) -> pa.Table:
    """Rows of text as a table of text columns."""
    if not rows:
        return empty_table(names)
    return pa.table([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], names=list(names))


def empty_table(names: tuple[str, ...]) -> pa.Table:
    """No rows of these columns."""
    return pa.table({name: pa.array([], pa.string()) for name in names})


def finished(
    source: Source,
    table: pa.Table,
    lines: list[int],
    raw: Callable[[int], str],
    broken: list[Broken],
    typed: bool = False,
) -> Chunk:
    """A chunk; of a mended rejects file without the columns that tell of the first try."""
    if not source.mended:
        return Chunk(table, lines, raw, broken, typed)
    own = list(source.columns)
    # A row of the wrong width came without cells, only as it was: it may be mended there too.
    empty = [i for i, row in enumerate(table.select(own).to_pylist()) if not any(row.values())]
    told: dict[int, list[str]] = {}
    for i in empty:
        line = bare(table["prizewatch_raw"][i].as_py())
        cells = cells_of(line, source.delimiter)
        if cells is not None and len(cells) == len(own):
            told[i] = cells
        else:
            broken.append(
                Broken(lines[i], "row.quote" if cells is None else "row.width", f"{len(cells or [])}/{len(own)}", line)
            )
    gone = set(empty) - told.keys()
    rows = [
        told.get(i) or [bare(v) for v in row.values()]
        for i, row in enumerate(table.select(own).to_pylist())
        if i not in gone
    ]
    kept = [line for i, line in enumerate(lines) if i not in gone]
    return Chunk(as_columns(source.columns, rows), kept, lambda i: csv_line(rows[i]), broken, typed)


_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def defused(text: str) -> str:
    """Text that a spreadsheet will not take for a formula; `bare` undoes it."""
    return "'" + text if _FORMULA.match(text) else text


def bare(text: str) -> str:
    """Undoes `defused`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
