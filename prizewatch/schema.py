"""What stands in a register's file before the first row: migrations of the log, reference tables, the key check."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from .errors import KeyMissing, RegisterTooNew
from .settings import Settings
from .vocabulary import REFERENCE, code_lists, reference_rows

MIGRATIONS = Path(__file__).parent / "sql" / "migrations"

#: Reference tables read from data/reference/<name>.csv, with the types of their columns.
REFERENCE_TABLES = {
    "stage_outcome": "stage VARCHAR, outcome VARCHAR",
    "transition": "from_stage VARCHAR, to_stage VARCHAR, need VARCHAR",
    "wait": "stage VARCHAR, days BIGINT",
    "fraud_ground": "field VARCHAR, code VARCHAR",
    "value_band": "code VARCHAR, currency VARCHAR, at_least DECIMAL(12,2), below DECIMAL(12,2)",
    "season": "season VARCHAR, starts_on DATE, ends_on DATE",
    "tool_rules": "tool VARCHAR, claim_days BIGINT, ship_days BIGINT, cash_days BIGINT, cap DECIMAL(12,2), "
    "source VARCHAR, checked_on DATE",
}


class Migration(NamedTuple):
    """One numbered step of the log's schema."""

    number: int
    name: str
    sql: str


def migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations of a folder, in order. Their numbers run from 1 without a gap."""
    found = [Migration(int(p.name[:4]), p.stem, p.read_text("utf-8")) for p in sorted(folder.glob("[0-9]*.sql"))]
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"migrations must be numbered 0001, 0002, ... without gaps: {[m.name for m in found]}")
    return found


def migrate(cur: duckdb.DuckDBPyConnection, now: datetime, folder: Path = MIGRATIONS) -> list[str]:
    """Bring the log to the newest form, each step in its own transaction; returns the names of the steps taken.

    Raises `RegisterTooNew` if the register has seen a step this program does not know.
    """
    steps = migrations(folder)
    seen = seen_migration(cur)
    if seen > len(steps):
        raise RegisterTooNew("errors.register.too_new", seen=seen, known=len(steps))
    for step in steps[seen:]:
        cur.begin()
        try:
            cur.execute(step.sql)
            cur.execute("INSERT INTO meta.migration VALUES (?, ?, ?)", [step.number, step.name, now])
            cur.commit()
        except BaseException:
            cur.rollback()
            raise
    return [step.name for step in steps[seen:]]


def seen_migration(cur: duckdb.DuckDBPyConnection) -> int:
    """The number of the last migration in the file; 0 for an empty file."""
    there = cur.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'migration'"
    ).fetchall()
    if not there[0][0]:
        return 0
    return int(cur.execute("SELECT coalesce(max(number), 0) FROM meta.migration").fetchall()[0][0])


@cache
def fingerprint(*paths: Path) -> str:
    """Hash of files by name and content."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def load_reference(cur: duckdb.DuckDBPyConnection) -> bool:
    """Fill schema ref from data/reference, if its files changed since. Returns whether they had."""
    files = (REFERENCE / "code_lists.json", *(REFERENCE / f"{name}.csv" for name in REFERENCE_TABLES), Path(__file__))
    cur.execute("CREATE SCHEMA IF NOT EXISTS core")
    cur.execute("CREATE TABLE IF NOT EXISTS core.installed (name VARCHAR, hash VARCHAR)")
    if installed(cur, "ref") == fingerprint(*files):
        return False
    cur.execute("CREATE SCHEMA IF NOT EXISTS ref")
    rows = [
        (c.list, c.code, c.zh, c.en, c.group, c.analysis_group, c.counts_as, position)
        for entries in code_lists().values()
        for position, c in enumerate(entries.values())
    ]
    names = ("list", "code", "zh", "en", "grp", "analysis_group", "counts_as", "position")
    _fill(cur, "code", pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))), "*")
    for name, columns in REFERENCE_TABLES.items():
        typed = [c.strip().split(" ") for c in re.split(r",(?!\d)", columns)]
        # An empty cell is "not known", except in a code, where '' is a code like any other.
        picked = ", ".join(c if t == "VARCHAR" else f"CAST(nullif({c}, '') AS {t}) AS {c}" for c, t in typed)
        _fill(cur, name, pa.table({c: [row[c] for row in reference_rows(name)] for c, _ in typed}), picked)
    mark_installed(cur, "ref", fingerprint(*files))
    return True


def _fill(cur: duckdb.DuckDBPyConnection, name: str, rows: pa.Table, picked: str) -> None:
    cur.register("reference_rows", rows)
    cur.execute(f"CREATE OR REPLACE TABLE ref.{name} AS SELECT {picked} FROM reference_rows")
    cur.unregister("reference_rows")


def installed(cur: duckdb.DuckDBPyConnection, name: str) -> str:
    """The hash a derived part of the file was made from; empty if it was never made."""
    found = cur.execute("SELECT hash FROM core.installed WHERE name = ?", [name]).fetchall()
    return str(found[0][0]) if found else ""


def mark_installed(cur: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Note what a derived part of the file was made from."""
    cur.execute("DELETE FROM core.installed WHERE name = ?", [name])
    cur.execute("INSERT INTO core.installed VALUES (?, ?)", [name, value])


def key_path(database: Path) -> Path:
    """Where the key of a register lies: beside it, never inside."""
    return database.with_name(database.name + ".key")


def find_key(settings: Settings, database: Path | None, has_rows: bool) -> bytes:
    """The key of all hashes: the setting, else the file beside the register, made on first start (mode 0600).

    Raises `KeyMissing` if the register holds rows but its key file is gone: a new key would break every match.
    """
    if settings.secret_key:
        return settings.secret_key.encode()
    if database is None:
        return secrets.token_bytes(32)
    path = key_path(database)
    if path.exists():
        return bytes.fromhex(path.read_text("ascii").strip())
    if has_rows:
        raise KeyMissing("errors.key.missing", path=str(path))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return bytes.fromhex(path.read_text("ascii").strip())


def key_check(key: bytes) -> str:
    """What the register remembers of its key, to tell a wrong one; says nothing of the key."""
    return hmac.digest(key, b"prizewatch key check", "sha256").hex()
