"""Releases: snapshots of all tables, numbered and dated, one a day at most. What leaves the register is the latest one.

A new one waits until at least five reports are new or changed, so that two never differ by a few, and hides what
comparing it with the one before would give away (`side_by_side`). Should no hiding help (`apart.ToldBefore`), it is not
made: it waits for more. Only one thing does not wait: a name that may no longer be shown, neither as what an organizer
is called nor as what it was called. Then a new release is made at once, and earlier ones that hold the name are erased.

They lie beside the register, in `<register>.releases/<number>/`, and take that name only when they are whole; those of
a register in memory go with it. Page, command line and HTTP hand out these very files.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import duckdb
import pyarrow.parquet as pq

from . import apart, crosstables, disclosure, marts, package, past, queries, side_by_side
from .datasets import NAMES, cross_tables, datasets
from .frames import ask
from .store import DataVersion, Register

#: What `read` may be asked for that is no table's own.
WHOLE = {"zip": package.ZIP, "datapackage": package.DESCRIPTOR, "readme": package.DICTIONARY}
KINDS = ("csv", "parquet", "json")
#: So much of a table is read at a time.
PIECE_ROWS, PIECE_BYTES = 1000, 1 << 16

_known: WeakKeyDictionary[Register, list[Release]] = WeakKeyDictionary()
#: Where the last release could not be made: the day and the commit.
_waited: WeakKeyDictionary[Register, tuple[date, int]] = WeakKeyDictionary()
_locks: WeakKeyDictionary[Register, _Locks] = WeakKeyDictionary()
_guard = threading.Lock()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Release:
    """One snapshot: its number from 1, the day it was made and the day it is counted as of, the data version, where it
    lies, for every file its size and SHA-256, and the organizers it names (public code, name).
    """

    number: int
    made_on: date
    as_of: date
    version: DataVersion
    folder: Path
    bytes: dict[str, int]
    sha256: dict[str, str]
    rows: dict[str, int]
    names: frozenset[tuple[str, str]]


def all(register: Register) -> list[Release]:
    """Every release that is there, the oldest first."""
    with _locks_of(register).listing:
        if register not in _known:
            _known[register] = [_opened(place) for place in past.places(register)]
        return list(_known[register])


def latest(register: Register) -> Release | None:
    """The release that is handed out, None before the first."""
    made = all(register)
    return made[-1] if made else None


def current(register: Register, now: datetime) -> Release:
    """The latest release; the very first is made on the spot, once, however many ask for it."""
    return latest(register) or make(register, now)


def make(register: Register, now: datetime) -> Release:
    """A new release, if there is enough new and the last one is of an earlier day; else the last one. `now`: UTC.

    It takes seconds of the processor; the last one is handed out meanwhile.
    """
    with _locks_of(register).making:
        last = latest(register)
        if last is None or register.version() != last.version:
            _renew(register, last, now)
        with _locks_of(register).listing:
            _erase_named(register)
            return all(register)[-1]


def _renew(register: Register, last: Release | None, now: datetime) -> None:
    """Make a release if one is due, or a name has to go."""
    day, named = register.day_of(now), last is not None and _names_gone(register, last)
    if last is not None and not named and not _due(register, last, day):
        return
    try:
        made = _write(register, last.number + 1 if last else 1, day, whatever=named)
    except apart.ToldBefore:
        _waited[register] = day, register.version().commit_no
        _log.info("Too little is new for a release: comparing it with the last would tell hidden numbers")
        return
    with _locks_of(register).listing:
        _known[register] = [*all(register), made]


def read(release: Release, name: str, kind: str) -> Path:
    """The file of a table (one of NAMES; kind csv, parquet or json), or of the whole (`name` "release"; kind zip,
    datapackage, readme). Raises `KeyError` for anything else.
    """
    if name in NAMES and kind in KINDS:
        return release.folder / package.path(name, kind)
    if name == "release":
        return release.folder / WHOLE[kind]
    raise KeyError(f"{name}.{kind}")


def rows(release: Release, name: str, offset: int, limit: int) -> list[dict[str, Any]]:
    """Some rows of a table, as in its JSON: days are dates, hidden numbers None. Raises `KeyError` as `read`."""
    found: list[dict[str, Any]] = []
    # In small pieces and no further than asked for: the whole table is never in memory.
    with pq.ParquetFile(read(release, name, "parquet"), buffer_size=PIECE_BYTES, pre_buffer=False) as table:
        for batch in table.iter_batches(batch_size=PIECE_ROWS):
            if offset < len(batch):
                found += batch.slice(offset, limit - len(found)).to_pylist()
            offset = max(0, offset - len(batch))
            if len(found) == limit:
                break
    return found


def packed_beside(release: Release) -> Path:
    """Where files of a release lie packed, once somebody asked for them so."""
    return release.folder.parent / "packed" / str(release.number)


@dataclass(eq=False)
class _Locks:
    """`listing` is held to look at the list of releases or to change it, `making` as long as one is made."""

    listing: threading.RLock = field(default_factory=threading.RLock)
    making: threading.Lock = field(default_factory=threading.Lock)


def _locks_of(register: Register) -> _Locks:
    with _guard:
        return _locks.setdefault(register, _Locks())


def _names_gone(register: Register, last: Release) -> bool:
    """Whether it has a name that may no longer be shown."""
    with register.read() as cur:
        return bool(last.names - _names_now(cur))


def _due(register: Register, last: Release, day: date) -> bool:
    """Whether enough came, and enough days went by, since the last one or since one could not be made."""
    since, commit_no = max((last.made_on, last.version.commit_no), _waited.get(register, (date.min, 0)))
    with register.read() as cur:
        news = int(ask(cur, "news", since=commit_no)["reports"].iloc[0])
    return news >= disclosure.SMALL and day >= since + timedelta(days=register.settings.release_every_days)


def _names(place: Path) -> frozenset[tuple[str, str]]:
    table = pq.read_table(place / package.path("organizers", "parquet"), columns=["public_code", "name"]).to_pylist()
    return frozenset((row["public_code"], row["name"]) for row in table if row["name"] is not None)


def _names_now(cur: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Every name an organizer may be shown under. A former one is among them as long as its page says "formerly": an
    earlier release that has it stays, for it was called so then.
    """
    return set(ask(cur, "names_shown").itertuples(index=False, name=None))


def _erase_named(register: Register) -> None:
    """Erase earlier releases with a name that may no longer be shown."""
    with register.read() as cur:
        allowed = _names_now(cur)
    for old in _known[register][:-1]:
        if old.names - allowed:
            shutil.rmtree(packed_beside(old), ignore_errors=True)
            shutil.rmtree(old.folder)
            _known[register].remove(old)


def _write(register: Register, number: int, made_on: date, *, whatever: bool) -> Release:
    """Raises `apart.ToldBefore`, unless it has to be made `whatever` the one before has told."""
    with _frozen(register) as still:
        before = past.of(still)
        try:
            side_by_side.hide(cross_tables(still), before.tables if before else {})
        except apart.ToldBefore:
            if not whatever:
                raise
        made, version = datasets(still), still.version()
        title = queries.overview(still).title
        tables = crosstables.tables(still)
        kept = past.Past(version, {name: marked.told() for name, marked in tables.items()})
    edition = package.Edition(number, version.as_of, str(version), str(register.kind), title)
    contents = package.files(made, edition)
    index = {
        "number": number,
        "made_on": made_on.isoformat(),
        "as_of": version.as_of.isoformat(),
        "commit_no": version.commit_no,
        "rows": {data.name: data.rows for data in made},
        "files": {name: {"bytes": len(c), "sha256": package.fingerprint(c)} for name, c in contents.items()},
    }
    contents[past.INDEX] = (json.dumps(index, indent=1) + "\n").encode()
    place = past.folder(register) / str(number)
    part = place.with_name(f".{number}.part")
    shutil.rmtree(part, ignore_errors=True)
    for name, content in contents.items():
        (part / name).parent.mkdir(parents=True, exist_ok=True)
        with (part / name).open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    past.keep(place, kept)
    part.rename(place)
    past.set_latest(register, place, kept)
    return _opened(place)


def _opened(place: Path) -> Release:
    index = json.loads((place / past.INDEX).read_text("utf-8"))
    as_of = date.fromisoformat(index["as_of"])
    return Release(
        number=index["number"],
        made_on=date.fromisoformat(index["made_on"]),
        as_of=as_of,
        version=DataVersion(index["commit_no"], as_of),
        folder=place,
        bytes={name: about["bytes"] for name, about in index["files"].items()},
        sha256={name: about["sha256"] for name, about in index["files"].items()},
        rows=index["rows"],
        names=_names(place),
    )


class _Frozen:
    """A register as it stands at one moment, for one thread: what is filed meanwhile is in the next release."""

    def __init__(self, register: Register, cur: duckdb.DuckDBPyConnection) -> None:
        self._cur = cur
        self._version = DataVersion(*marts.version(cur))
        self.kind, self.key, self.settings = register.kind, register.key, register.settings

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        yield self._cur

    def version(self) -> DataVersion:
        return self._version


@contextmanager
def _frozen(register: Register) -> Iterator[_Frozen]:
    with register.read() as cur:
        cur.begin()
        try:
            still = _Frozen(register, cur)
            past.lend(still, register)
            yield still
        finally:
            with contextlib.suppress(duckdb.Error):
                cur.rollback()
