"""The register's file: the only module that opens the database.

One process holds a register. Reading takes a cursor for each thread and run; writing goes through one writer thread
(`writer.py`), which seals what was logged and brings the marts up to date in the same transaction. The data version is
(last commit, as-of day).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

import duckdb
import pyarrow as pa

from . import marts, schema, seals
from .errors import KeyMissing, RegisterBusy, RegisterTooNew, UnusableInput
from .settings import Settings
from .writer import Writer

T = TypeVar("T")
R = TypeVar("R")


class Kind(StrEnum):
    """What a register holds: reports of people, invented ones, or imported public records."""

    LIVE = "live"
    DEMO = "demo"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class DataVersion:
    """Everything shown depends on the log up to a commit and on the day the clocks stand at."""

    commit_no: int
    as_of: date

    def __str__(self) -> str:
        return f"{self.commit_no}-{self.as_of.isoformat()}"


_open_here: set[Path] = set()
_open_lock = threading.Lock()


class Register:
    """An open register. Make one with `Register.open`; close it, or use it as a context manager."""

    def __init__(self, root: duckdb.DuckDBPyConnection, path: Path | None, settings: Settings) -> None:
        self._root = root
        self._root_lock = threading.Lock()
        self.path = path
        self.settings = settings
        self.kind = Kind.LIVE
        self.clock_on: date | None = None
        self.key = b""
        self._version = DataVersion(0, date.min)
        self._writer: Writer | None = None
        self._later = False
        self._sealed = self._sealing = 0  # the last commit that has its seal, and the one this transaction seals

    @classmethod
    def open(
        cls,
        path: Path | None,
        settings: Settings,
        *,
        kind: Kind | None = None,
        clock_on: date | None = None,
        title: str | None = None,
        now: datetime,
        files: bool = False,
    ) -> Register:
        """Open a register, or make one (`None`: in memory), and bring it up to date.

        A register keeps the kind it was made with (`live` unless given). `clock_on` and `title` replace what it had.
        `files` lets its SQL read and write files outside the register; the app never does.
        Raises `RegisterBusy`, `RegisterTooNew`, `KeyMissing`, or `UnusableInput` for a file that is no register.
        """
        resolved = path.resolve() if path else None
        with _open_lock:
            if resolved in _open_here:
                raise RegisterBusy("errors.register.busy", path=str(path))
            root = _connect(resolved, settings)
            if resolved:
                _open_here.add(resolved)
        register = cls(root, resolved, settings)
        try:
            register._prepare(kind, clock_on, title, now, files)
        except BaseException:
            register.close()
            raise
        return register

    def _prepare(self, kind: Kind | None, clock_on: date | None, title: str | None, now: datetime, files: bool) -> None:
        with self.read() as cur:
            if schema.seen_migration(cur) == 0 and marts.has_tables(cur):
                raise UnusableInput("errors.register.foreign", path=str(self.path))
            schema.migrate(cur, now)
            self._identify(cur, kind, clock_on, title, now)
            cur.begin()
            try:
                changed = schema.load_reference(cur)
                changed |= marts.install(cur, str(self.kind), self.settings.time_zone.key)
                if changed:
                    marts.rebuild(cur, self.as_of(now))
                else:
                    marts.catch_up(cur, self.as_of(now))
                self._sealed = seals.begin(cur, self.key, now)
                cur.commit()
            except BaseException:
                cur.rollback()
                raise
            self._version = DataVersion(*marts.version(cur))
        if not files:
            self._root.execute("SET GLOBAL enable_external_access = false")
        self._writer = Writer(self._cursor(), self._bring_up_to_date, self._note_version)

    def _identify(
        self, cur: duckdb.DuckDBPyConnection, kind: Kind | None, clock_on: date | None, title: str | None, now: datetime
    ) -> None:
        """Kind, clock and key: as the register has them, or as given where it is new."""
        known = cur.execute("SELECT kind, clock_on, key_check FROM meta.register").fetchall()
        if known and kind is not None and known[0][0] != kind:
            raise UnusableInput("errors.register.kind", path=str(self.path), kind=str(known[0][0]), wanted=str(kind))
        has_rows = bool(cur.execute("SELECT 1 FROM log.commit LIMIT 1").fetchall())
        self.key = schema.find_key(self.settings, self.path, has_rows)
        check = schema.key_check(self.key)
        if known and has_rows and known[0][2] not in (None, check):
            raise KeyMissing("errors.key.wrong", path=str(self.path))
        self.kind = Kind(known[0][0]) if known else kind or Kind.LIVE
        self.clock_on = clock_on or (known[0][1] if known else None)
        if not known:
            row = [str(self.kind), self.clock_on, title, now, check]
            cur.execute("INSERT INTO meta.register VALUES (?, ?, ?, ?, ?)", row)
        elif clock_on or title or known[0][2] != check:
            cur.execute(
                "UPDATE meta.register SET clock_on = ?, title = coalesce(?, title), key_check = ?",
                [self.clock_on, title, check],
            )

    def as_of(self, now: datetime) -> date:
        """The day all clocks stand at: the fixed one of a demo or reference register, else today in its time zone."""
        return self.clock_on if self.clock_on and self.kind is not Kind.LIVE else self.day_of(now)

    def day_of(self, now: datetime) -> date:
        """The calendar day at a moment (UTC), where the register stands."""
        aware = now.replace(tzinfo=UTC) if now.tzinfo is None else now
        return aware.astimezone(self.settings.time_zone).date()

    def version(self) -> DataVersion:
        """Key of every cache: the last commit and the as-of day. Costs nothing."""
        return self._version

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._root_lock:
            return self._root.cursor()

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of one's own, for one thread and one run. Fetch everything; it is closed afterwards."""
        cur = self._cursor()
        try:
            yield cur
        finally:
            cur.close()

    def write(self, handler: Callable[[duckdb.DuckDBPyConnection, list[T]], list[R]], item: T) -> R:
        """Have `handler` write `item` and return its answer once that is durable.

        Items of the same handler that wait together go to it in one list and one transaction; it gives one answer an
        item. If that fails, each is tried alone. Marts and data version follow by themselves: they take in every row
        logged under a new commit (`next_commit`), so a handler only appends.
        """
        if self._writer is None:
            raise RuntimeError("the register is closed")
        return cast(R, self._writer.submit(handler, item))

    def advance(self, now: datetime) -> DataVersion:
        """Let the clocks go on to today: only disputes whose state changes by then are touched."""
        if self.as_of(now) != self._version.as_of:
            self.write(_advance, self.as_of(now))
        return self._version

    def rebuild(self, now: datetime) -> DataVersion:
        """Make all marts anew from the log."""
        self.write(_rebuild, self.as_of(now))
        return self._version

    @contextmanager
    def counting_later(self) -> Iterator[None]:
        """Let the marts follow once, at the end, instead of with every commit: for imports of many batches.

        Whatever ends it, the marts follow then; should the process die before, they do at the next opening.
        """
        self._later = True
        try:
            yield
        finally:
            self._later = False
            with self.read() as cur:
                logged = marts.last_commit(cur)
            if logged > self._version.commit_no:
                self.write(_nothing, None)

    def _bring_up_to_date(self, cur: duckdb.DuckDBPyConnection) -> DataVersion:
        self._sealing = seals.seal(cur, self.key, self._sealed + 1)
        if self._later:
            return self._version
        day = marts.commit_day(cur, self.settings.time_zone) if self.kind is Kind.LIVE or not self.clock_on else None
        commit_no, as_of = marts.version(cur)
        as_of_then = max(day or as_of, as_of)
        if as_of_then != as_of or marts.last_commit(cur) != commit_no:  # what changes only the desk is no news
            marts.refresh(cur, as_of=as_of_then, since=commit_no)
        return DataVersion(*marts.version(cur))

    def _note_version(self, version: DataVersion) -> None:
        self._version, self._sealed = version, self._sealing

    def write_anew(self, path: Path) -> None:
        """Write what is on file into a file that is not there yet, and nothing that was erased: the engine frees the
        space of deleted rows, but does not blank it. Only where the register was opened with `files`.
        """
        place = str(path).replace("'", "''")
        with self.read() as cur:
            ((name,),) = cur.execute("SELECT current_database()").fetchall()
            cur.execute(f"ATTACH '{place}' AS anew")
            try:
                cur.execute(f'COPY FROM DATABASE "{name}" TO anew')
            finally:
                cur.execute("DETACH anew")

    def close(self) -> None:
        """Finish what waits to be written and let go of the file. May be called twice."""
        writer, self._writer = self._writer, None
        if writer:
            writer.close()
        with self._root_lock:
            self._root.close()
        with _open_lock:
            _open_here.discard(cast(Path, self.path))

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


def next_commit(cur: duckdb.DuckDBPyConnection, source: str, now: datetime, rows: int = 0) -> int:
    """Begin a commit in the log: its number, for every row that comes with it. `now` is UTC without a zone. Only inside
    a handler of `Register.write`.
    """
    number = int(cur.execute("SELECT coalesce(max(commit_no), 0) + 1 FROM log.commit").fetchall()[0][0])
    cur.execute("INSERT INTO log.commit VALUES (?, ?, ?, ?)", [number, now, source, rows])
    return number


def append(cur: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, commit: int | None = None) -> int:
    """Append Arrow rows to log.<table> by a plain INSERT; columns are matched by name, missing ones stay empty.

    `commit`, if given, becomes their commit_no. Returns the number of rows.
    """
    if rows.num_rows == 0:
        return 0
    if commit is not None:
        if "commit_no" in rows.column_names:
            rows = rows.drop_columns(["commit_no"])
        rows = rows.append_column("commit_no", pa.array([commit] * rows.num_rows, pa.int64()))
    names = ", ".join(rows.column_names)
    cur.register("appended_rows", rows)
    try:
        cur.execute(f"INSERT INTO log.{table} ({names}) SELECT {names} FROM appended_rows")
    finally:
        cur.unregister("appended_rows")
    return int(rows.num_rows)


def _connect(path: Path | None, settings: Settings) -> duckdb.DuckDBPyConnection:
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {
        "threads": settings.threads,
        "memory_limit": settings.memory_limit,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
        "storage_compatibility_version": "v1.5.0",
    }
    try:
        return duckdb.connect(str(path) if path else ":memory:", config=config)
    except duckdb.Error as error:
        words = str(error).lower()
        if "lock" in words:
            raise RegisterBusy("errors.register.busy", path=str(path)) from error
        if "newer version" in words or "storage version" in words or "version number" in words:
            raise RegisterTooNew("errors.register.too_new_file", path=str(path)) from error
        raise UnusableInput("errors.register.unreadable", path=str(path)) from error


def _nothing(cur: duckdb.DuckDBPyConnection, items: list[None]) -> list[None]:
    """A handler that logs nothing: what waits is brought up to date all the same."""
    return items


def _advance(cur: duckdb.DuckDBPyConnection, days: list[date]) -> list[None]:
    marts.refresh(cur, as_of=days[-1], since=marts.version(cur)[0])
    return [None] * len(days)


def _rebuild(cur: duckdb.DuckDBPyConnection, days: list[date]) -> list[None]:
    marts.rebuild(cur, days[-1])
    return [None] * len(days)
