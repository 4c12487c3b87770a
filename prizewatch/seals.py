"""Seals of the log: one a commit, over all its rows, so that a change made past this program is found.

The rows of a commit are hashed inside the database, table by table, and the hash of all is keyed; the seals are a chain
(`chain`). A seal is made in the transaction that writes the commit. Empty cells do not count, so a column that is added
later changes nothing. Where the law has rows erased, `reseal` notes it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from . import chain
from .identity import keyed

Cursor = duckdb.DuckDBPyConnection
WRITTEN = "written"  # sealed with the commit
AFTERWARDS = "afterwards"  # sealed when the register first met a program that seals


@dataclass(frozen=True, slots=True)
class Faults:
    """What the seals tell. `commits`: changed since they were sealed; `unsealed`: slipped in; `chain`: seals that were
    changed or removed; `gaps`: numbers of commits that are missing.
    """

    commits: tuple[int, ...]
    unsealed: tuple[int, ...]
    chain: int
    gaps: int


def _tables(cur: Cursor) -> dict[str, list[str]]:
    """Tables of the log whose rows came with a commit: name -> columns, in the order of their names."""
    rows = cur.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'log' ORDER BY 1, 2"
    ).fetchall()
    found: dict[str, list[str]] = defaultdict(list)
    for table, column in rows:
        found[table].append(column)
    return {table: columns for table, columns in found.items() if "commit_no" in columns}


def _sql(table: str, columns: list[str]) -> str:
    """Hash of a table's rows, for each commit. A cell goes in with its name and length, so that none reads two ways."""
    cells = ", ".join(f"'{c}:' || length({c}::VARCHAR) || ':' || {c}::VARCHAR" for c in columns)
    row = f"SELECT commit_no, sha256(concat_ws(' ', {cells})) AS h FROM log.{table} WHERE commit_no BETWEEN ? AND ?"
    return f"SELECT commit_no, count(*), sha256(string_agg(h, '' ORDER BY h)) FROM ({row}) GROUP BY commit_no"


def digests(cur: Cursor, key: bytes, first: int, last: int) -> dict[int, str]:
    """The keyed hash of each commit from `first` to `last` as it stands now."""
    tables = _tables(cur)
    some = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM log.{table} WHERE commit_no BETWEEN $first AND $last)"
        for table in tables
    )
    parts: dict[int, list[str]] = defaultdict(list)
    for (table,) in cur.execute(some, {"first": first, "last": last}).fetchall():
        for commit, rows, digest in cur.execute(_sql(table, tables[table]), [first, last]).fetchall():
            parts[int(commit)].append(f"{table} {rows} {digest}")
    return {commit: keyed(key, "commit", *sorted(found)) for commit, found in parts.items()}


def seal(cur: Cursor, key: bytes, first: int, reason: str = WRITTEN, now: datetime | None = None) -> int:
    """Seal all commits from number `first` on, in the transaction that wrote them; returns the last number in the log.

    `now` (UTC): when it is sealed, if that is not when it was committed.
    """
    committed = cur.execute(
        "SELECT commit_no, committed_at FROM log.commit WHERE commit_no >= ? ORDER BY commit_no", [first]
    ).fetchall()
    if not committed:
        return first - 1
    last = int(committed[-1][0])
    found = digests(cur, key, first, last)
    _add(cur, key, [(int(commit), now or at, found[int(commit)], reason) for commit, at in committed])
    return last


def reseal(cur: Cursor, key: bytes, commit_no: int, reason: str, now: datetime) -> None:
    """Seal a commit anew because the law had rows of it changed, inside the handler that changes them.

    `reason` is a code that stays beside the new seal; the old one stays where it is in the chain.
    """
    if reason in ("", WRITTEN, AFTERWARDS):
        raise ValueError("a commit is sealed anew for a reason")
    found = digests(cur, key, commit_no, commit_no)
    _add(cur, key, [(commit_no, now, found[commit_no], reason)])


def _add(cur: Cursor, key: bytes, new: list[tuple[int, datetime, str, str]]) -> None:
    number, before = chain.end(cur, "seal")
    rows = []
    for commit, at, digest, reason in new:
        number += 1
        values = [number, commit, at, digest, reason]
        before = chain.link(key, "seal", before, values)
        rows.append([*values, before])
    if len(rows) == 1:
        cur.execute("INSERT INTO log.seal VALUES (?, ?, ?, ?, ?, ?)", rows[0])
    else:
        names = ("seal_no", "sealed_commit", "sealed_at", "digest", "reason", "seal")
        cur.register("new_seals", pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))
        cur.execute("INSERT INTO log.seal BY NAME SELECT * FROM new_seals")
        cur.unregister("new_seals")
    chain.remember_end(cur, key, "seal", number, before)


def begin(cur: Cursor, key: bytes, now: datetime) -> int:
    """When a register is opened: seal what was written before there were seals, once. Returns the last commit.

    Later it seals nothing here: a commit without a seal was then slipped in, and `faults` tells so.
    """
    last = int(cur.execute("SELECT coalesce(max(commit_no), 0) FROM log.commit").fetchall()[0][0])
    if last and not chain.begun(cur, "seal") and chain.end(cur, "seal")[0] == 0:
        seal(cur, key, 1, AFTERWARDS, now)
    return last


def faults(cur: Cursor, key: bytes) -> Faults:
    """What was changed in the log past this program, as far as seals tell."""
    rows = cur.execute(
        "SELECT seal_no, sealed_commit, sealed_at, digest, reason, seal FROM log.seal ORDER BY seal_no"
    ).fetchall()
    sealed = {int(row[1]): str(row[3]) for row in rows}  # the last one of a commit counts
    last = max(
        [*sealed, int(cur.execute("SELECT coalesce(max(commit_no), 0) FROM log.commit").fetchall()[0][0])], default=0
    )
    found = digests(cur, key, 0, last)
    numbers = {int(row[0]) for row in cur.execute("SELECT commit_no FROM log.commit").fetchall()}
    return Faults(
        commits=tuple(sorted(c for c, digest in sealed.items() if found.get(c) != digest)),
        unsealed=tuple(sorted(set(found) - set(sealed))),
        chain=chain.broken(cur, key, "seal", rows),
        gaps=len(set(range(1, last + 1)) - numbers),
    )


def resealed(cur: Cursor) -> list[tuple[str, int]]:
    """How many seals were made for another reason than that their commit was written."""
    return [
        (str(reason), int(n))
        for reason, n in cur.execute(
            "SELECT reason, count(*) FROM log.seal WHERE reason <> ? GROUP BY reason ORDER BY reason", [WRITTEN]
        ).fetchall()
    ]
