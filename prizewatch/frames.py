"""Frames out of static SQL: one file under sql/queries, one question; columns and dtypes always as declared, also
when empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

import duckdb
import pandas as pd

from . import disclosure, stats
from .settings import Settings
from .statements import statement

#: Short names of the dtypes frames are made of.
TEXT: Any = "str"
COUNT: Any = "Int64"
SHARE: Any = "float64"
DAY: Any = "datetime64[us]"
FLAG: Any = "bool"
Columns = Mapping[str, Any]
INTERVAL: Columns = {"rate": SHARE, "low": SHARE, "high": SHARE}


def ask(cur: duckdb.DuckDBPyConnection, name: str, **values: Any) -> pd.DataFrame:
    """Run one query file with its `$name` values and fetch everything."""
    return cur.execute(statement(f"queries/{name}"), values or None).df()


def shaped(frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The frame with exactly these columns in this order and of these dtypes, its index 0, 1, 2, ..."""
    return pd.DataFrame(
        {
            name: frame[name].astype(dtype) if name in frame else pd.Series(dtype=dtype)
            for name, dtype in columns.items()
        }
    ).reset_index(drop=True)


def paired(*names: str) -> dict[str, Any]:
    """Columns and dtypes of pairs."""
    return {column: dtype for name in names for column, dtype in ((name, TEXT), (f"{name}_n", COUNT))}


def rated(frame: pd.DataFrame, relief: str, decided: str, reached: str = "", prefix: str = "") -> pd.DataFrame:
    """The frame with rate, low, high (and strict, optimistic where `reached` is named) from its Int64 columns.

    All are NaN where a count they rest on is hidden or fewer than ten are decided.
    """
    k, n = (frame[name].to_numpy(dtype=float, na_value=float("nan")) for name in (relief, decided))
    ok = disclosure.rate_allowed(n) & (k <= n)
    low, high = stats.wilson_many(k, n)
    names = (prefix + "rate", prefix + "low", prefix + "high")
    out = {name: pd.Series(v).where(ok) for name, v in zip(names, (stats.share(k, n), low, high), strict=True)}
    if reached:
        total = frame[reached].to_numpy(dtype=float, na_value=float("nan"))
        out["strict"] = pd.Series(stats.share(k, total)).where(ok)
        out["optimistic"] = pd.Series(stats.share(k + total - n, total)).where(ok)
    return frame.reset_index(drop=True).assign(**out)


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame one by one, a column's value by its name; for whoever shows them, not for sums."""
    return iter(frame.itertuples())


class Register(Protocol):
    """As much of `store.Register` as questions need: a cursor, the data version, what kind it is."""

    def read(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A cursor, closed afterwards."""

    def version(self) -> Any:
        """(last commit, as-of day)."""

    @property
    def kind(self) -> Any:
        """Live, demo or reference."""

    @property
    def key(self) -> bytes:
        """The key of all hashes."""

    @property
    def settings(self) -> Settings:
        """The settings it was opened with."""
