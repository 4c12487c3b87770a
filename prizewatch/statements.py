"""The statements that live in files under sql/, and what they find as rows by column name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

SQL = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> str:
    """The text of sql/<name>.sql, such as `queue/report`. Raises `FileNotFoundError` where there is none."""
    return (SQL / f"{name}.sql").read_text("utf-8")


def rows(cur: duckdb.DuckDBPyConnection, name: str, values: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What the statement of a file finds with its `$name` values, each row by column name."""
    return by_column(cur.execute(statement(name), values or None))


def by_column(done: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What was just asked, each row by column name."""
    names = [column[0] for column in done.description or ()]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]
