"""The tables of waiting batches put together: rows numbered over all, events and evidence beside their dispute."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .fields import TABLES
from .rules import every_rule
from .staging import Found, text_columns

Orphans = list[tuple[int, dict[str, Any]]]


def together(tables: list[pa.Table]) -> pa.Table:
    """One table of all rows, as text; a column that only some have is empty in the others."""
    if len(tables) == 1:
        return tables[0]
    text = [t.cast(pa.schema([pa.field(n, pa.string()) for n in t.column_names])) for t in tables]
    return pa.concat_tables(text, promote_options="default")


def texts(table: pa.Table, name: str) -> list[str | None]:
    """A column as text; empty where the table has none."""
    if name not in table.column_names:
        return [None] * table.num_rows
    return [None if v is None else str(v) for v in table.column(name).to_pylist()]


def column(columns: dict[str, pa.Array], name: str, size: int) -> list[str | None]:
    """A column of text columns; empty where nobody filled it in."""
    values: list[str | None] = columns[name].to_pylist() if name in columns else [None] * size
    return values


def check_rows(rows: list[str | None], starts: npt.NDArray[Any], found: list[Found]) -> None:
    """Notes rows without a number, and numbers used twice in one batch."""
    for start, end in pairwise(starts):
        own = pd.Series(rows[start:end], dtype="object")
        found += [Found(every_rule()["row.missing"], int(start + n)) for n in np.flatnonzero(own.isna())]
        found += [
            Found(every_rule()["row.twice"], int(start + n)) for n in np.flatnonzero(own.duplicated() & own.notna())
        ]


def children(
    tables: list[pa.Table], rows: list[str | None], starts: npt.NDArray[Any], table: str, found: list[Found]
) -> tuple[dict[str, pa.Array], Orphans]:
    """The text columns of events or evidence, and `n`, their dispute. Rows of no dispute come back as problems."""
    numbers, orphans = [], []
    for at, (child, start, end) in enumerate(zip(tables, starts[:-1], starts[1:], strict=True)):
        own = pa.array(texts(child, "row"), pa.string())
        place = pc.index_in(own, value_set=pa.array(rows[start:end], pa.string()), skip_nulls=True)
        place = place.fill_null(-1).to_numpy()
        for k in np.flatnonzero(place < 0):
            orphans.append(
                (
                    at,
                    {
                        "row": own[k].as_py() or "",
                        "table": table,
                        "seq": None,
                        "field": "row",
                        "code": "row.unknown",
                        "value": own[k].as_py() or "",
                        "severity": "error",
                    },
                )
            )
        numbers.append(np.where(place < 0, -1, place + start))
    n = np.concatenate(numbers).astype(np.int64) if numbers else np.zeros(0, np.int64)
    raw = together(tables)
    if (n < 0).any():
        raw, n = raw.filter(pa.array(n >= 0)), n[n >= 0]
    names = ("seq", "event_id", *(f.name for f in TABLES[table]))
    columns = text_columns(raw, names)
    given = columns.get("seq") if table == "stage_event" else None
    columns["seq"] = pa.array(_sequence(given, n, found))
    columns["n"] = pa.array(n)
    return columns, orphans


def _sequence(given: pa.Array | None, n: npt.NDArray[np.int64], found: list[Found]) -> npt.NDArray[np.int64]:
    """The number of every event in its dispute: as given, else its place."""
    place = pd.Series(n).groupby(n).cumcount().to_numpy() + 1
    if given is None:
        return place.astype(np.int64)
    said = pd.Series(given.to_pylist(), dtype="object")
    numbers = pd.to_numeric(said, errors="coerce").where(said.notna(), pd.Series(place, dtype="float64"))
    fine = (numbers.notna() & (numbers >= 1) & (numbers <= 10_000) & (numbers % 1 == 0)).to_numpy(dtype=bool)
    found += [Found(every_rule()["event.seq.type"], int(n[k]), int(k)) for k in np.flatnonzero(~fine)]
    seq = np.where(fine, numbers.fillna(0).to_numpy(dtype=float), place).astype(np.int64)
    twice = pd.DataFrame({"n": n, "seq": seq}).duplicated().to_numpy() & fine
    found += [Found(every_rule()["event.seq.twice"], int(n[k]), int(k)) for k in np.flatnonzero(twice)]
    return seq
