"""A chain of rows, each sealed under the register's key together with the one before it.

Whoever changes, removes or slips in a row breaks it; the last link is remembered apart, so that a shortened chain is
found too. What no chain inside a file can tell is a whole older copy of the file put in its place: `pipelines check`
prints the last links for whoever wants to keep them elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import duckdb

from .identity import keyed

Cursor = duckdb.DuckDBPyConnection
FIRST = ""  # what stands before the first link


def told(value: object) -> str:
    """A value as it goes into a link: no two values that differ are told alike."""
    if value is None:
        return "-"
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"{len(text)}:{text}"


def link(key: bytes, chain: str, before: str, values: Sequence[object]) -> str:
    """The seal of a row that follows `before`."""
    return keyed(key, f"chain-{chain}", before, *map(told, values))


def end(cur: Cursor, chain: str) -> tuple[int, str]:
    """Number and seal of the last row, as the table itself has them; (0, "") before the first."""
    number = "entry_no" if chain == "audit" else "seal_no"
    found = cur.execute(f"SELECT {number}, seal FROM log.{chain} ORDER BY {number} DESC LIMIT 1").fetchall()
    return (int(found[0][0]), str(found[0][1])) if found else (0, FIRST)


def remember_end(cur: Cursor, key: bytes, chain: str, number: int, seal: str) -> None:
    """Note apart where the chain ends now."""
    mark = keyed(key, "chain-end", chain, str(number), seal)
    there = cur.execute("SELECT 1 FROM meta.chain_end WHERE chain = ?", [chain]).fetchall()
    if there:
        cur.execute("UPDATE meta.chain_end SET link_no = ?, mark = ? WHERE chain = ?", [number, mark, chain])
    else:
        cur.execute("INSERT INTO meta.chain_end VALUES (?, ?, ?)", [chain, number, mark])


def begun(cur: Cursor, chain: str) -> bool:
    """Whether this chain ever had a link."""
    return bool(cur.execute("SELECT 1 FROM meta.chain_end WHERE chain = ?", [chain]).fetchall())


def broken(cur: Cursor, key: bytes, chain: str, rows: Iterable[Sequence[object]]) -> int:
    """How many places of the chain are wrong. `rows`: number, values, ..., seal of every row in order."""
    wrong, number, before = 0, 0, FIRST
    for row in rows:
        wrong += row[0] != number + 1 or row[-1] != link(key, chain, before, row[:-1])
        number, before = int(str(row[0])), str(row[-1])
    remembered = cur.execute("SELECT link_no, mark FROM meta.chain_end WHERE chain = ?", [chain]).fetchall()
    expected = [(number, keyed(key, "chain-end", chain, str(number), before))] if number else []
    return wrong + ([(int(n), str(mark)) for n, mark in remembered] != expected)
