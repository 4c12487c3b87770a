"""What the latest release showed and hid, cell by cell, so that the next gives nothing of it away.

It is kept beside the releases in a file of its own, for the register's eyes only: hidden counts stand in it.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from .beside import Beside
from .store import DataVersion

INDEX = "release.json"
_held: WeakKeyDictionary[Any, Past | None] = WeakKeyDictionary()
_home = Beside("releases")
#: Where the releases of a register lie, by its path and by itself.
beside, folder = _home.path, _home.folder
_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Told:
    """One table: counts, their marks, which of them are guarded, sums as in `disclosure.Table`, names of cells, and
    which are the same number as a cell of another table (cell, table, name there).
    """

    counts: list[int]
    marks: list[str]
    guarded: list[bool]
    sums: list[tuple[int, ...]]
    cells: dict[str, int]
    links: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Past:
    """The tables of a release by name, and its data version (commit, as-of day)."""

    version: DataVersion
    tables: dict[str, Told]


def places(register: Any) -> list[Path]:
    """The folders of the releases, the first first."""
    there = [p for p in folder(register).glob("*") if p.name.isdecimal() and (p / INDEX).is_file()]
    return sorted(there, key=lambda place: int(place.name))


def of(register: Any) -> Past | None:
    """What the latest release of a register told; None before the first, and for what is no register of the store's."""
    with _guard:
        if register in _held:
            return _held[register]
    if not hasattr(register, "path"):
        return None
    there = places(register)
    found = _read(there[-1]) if there else None
    with _guard:
        return _held.setdefault(register, found)


def stamp(register: Any) -> str:
    """Which release is the latest; empty before the first."""
    found = of(register)
    return str(found.version) if found else ""


def lend(borrower: Any, register: Any) -> None:
    """Let a frozen register, of which a release is made, remember what the living one does."""
    found = of(register)
    with _guard:
        _held[borrower] = found


def keep(place: Path, kept: Past) -> None:
    """Write what the release that will lie at `place` tells, before it takes that name; mode 0600."""
    commit_no, as_of = kept.version.commit_no, kept.version.as_of.isoformat()
    tables = {name: asdict(told) for name, told in kept.tables.items()}
    path = _path(place)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump({"commit_no": commit_no, "as_of": as_of, "tables": tables}, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())


def set_latest(register: Any, place: Path, kept: Past) -> None:
    """From now on the release at `place` is the one before; what was kept of earlier ones goes."""
    for path in place.parent.glob(".*.cells.json"):
        if path != _path(place):
            path.unlink()
    with _guard:
        _held[register] = kept


def _path(place: Path) -> Path:
    return place.with_name(f".{place.name}.cells.json")


def _read(place: Path) -> Past | None:
    if not _path(place).is_file():
        return None
    raw = json.loads(_path(place).read_text("utf-8"))
    tables = {name: Told(**told) for name, told in raw["tables"].items()}
    return Past(DataVersion(raw["commit_no"], date.fromisoformat(raw["as_of"])), tables)
