"""The rejects file: every row that was not taken, why, and its cells, so that it can be mended and handed in again.

UTF-8 with a byte order mark, one row a rejected row: file, line, rules, fields and values (joined by `; `), the line
as it
was, then the source's own columns. Cells a spreadsheet would take for formulas get a `'` in front, which reading
takes off again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, NamedTuple

from .rows import RESERVED, defused


class Reason(NamedTuple):
    """Why a row was rejected: rule, field (or column) and what stood there."""

    rule: str
    field: str
    value: str


class Rejects:
    """Writes beside its path and takes the name at the end: a half-written file is never met. None: writes nothing."""

    def __init__(self, path: Path | None, columns: Iterable[str], *, always: bool) -> None:
        self.path = path
        self.columns = tuple(columns)
        self.rows = 0
        self._file: IO[str] | None = None
        self._writer: Any = None
        if always:
            self._begin()

    def _begin(self) -> None:
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([*RESERVED, *self.columns])

    @property
    def _part(self) -> Path:
        assert self.path is not None  # noqa: S101 - only called where there is one
        return self.path.with_name(self.path.name + ".part")

    def add(self, file: str, line: int, reasons: list[Reason], raw: str, cells: dict[str, str]) -> None:
        """One rejected row. `cells` is empty where the row could not be read into cells."""
        self.rows += 1
        if self._file is None:
            self._begin()
        if self._writer is None:
            return
        told = ["; ".join(dict.fromkeys(part)) for part in zip(*reasons, strict=True)]
        row = [file, str(line), *told, raw, *(cells.get(name, "") for name in self.columns)]
        self._writer.writerow([defused(cell) for cell in row])

    def finish(self) -> Path | None:
        """The finished file, or None where there was nothing to write."""
        if self._file is None or self.path is None:
            return None
        self._file.close()
        self._part.replace(self.path)
        return self.path

    def give_up(self) -> None:
        """Leaves nothing behind."""
        if self._file is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)
