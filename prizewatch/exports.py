"""Tables as files: CSV, Parquet and JSON, the same columns in the same order, and the same bytes for the same table.

CSV is UTF-8 with a byte order mark and CRLF (so that Excel opens it right), ISO days, codes with their labels in both
languages, hidden counts as `<5` or `…` beside a numeric column that is empty there, no live formulas, no text that a
spreadsheet turns into a day. Parquet and JSON hold the same text as it is, days as days, and null where CSV is empty.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .datasets import LISTS, Dataset, labelled

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
#: Digits and what may stand between them in a number, a day, a time; but for what stays the same when it is read so.
NUMBER = re.compile(
    r"(?!(?:(?:0|[1-9]\d{0,14})(?:\.\d+)?|\d{4}-\d\d-\d\d(?:[ T][\d:.]+)?)$)"
    r"[$¥￥€£]?[\d０-９][\d０-９.,:/%eE年月日时分秒 +-]*"
)
BOM = b"\xef\xbb\xbf"
#: Digits of a share after the point, in every form.
DIGITS = 4


def csv_bytes(data: Dataset) -> bytes:
    """The table as CSV."""
    return _csv(data.frame)


def parquet_bytes(data: Dataset) -> bytes:
    """The table as Parquet, plainly written: no compression, no words of the writer's own, so that machines agree."""
    out = pa.BufferOutputStream()
    pq.write_table(arrow(data), out, version="2.6", compression="NONE", use_dictionary=False, store_schema=False)
    return bytes(out.getvalue())


def arrow(data: Dataset) -> pa.Table:
    """The table in Arrow: text, int64, double (rounded as in CSV), date32, bool."""
    columns = {}
    for column in data.columns:
        values = data.frame[column.name]
        if column.dtype.startswith("datetime"):
            columns[column.name] = pa.array([None if pd.isna(v) else v.date() for v in values], pa.date32())
        elif column.dtype.startswith("float"):
            rounded = [None if pd.isna(v) else round(float(v), DIGITS) for v in values]
            columns[column.name] = pa.array(rounded, pa.float64())
        else:
            kind = {"bool": pa.bool_(), "Int64": pa.int64()}.get(column.dtype, pa.string())
            columns[column.name] = pa.array([None if pd.isna(v) else v for v in values], kind)
    return pa.table(columns)


def json_bytes(data: Dataset) -> bytes:
    """The table as JSON, one line a row: {"name", "as_of", "total", "offset", "rows": [{column: value}]}, the form in
    which HTTP gives a part of it, too.

    Days are ISO text, hidden numbers null; text is as it is in the register, formulas too.
    """
    head = {"name": data.name, "as_of": data.as_of.isoformat(), "total": data.rows, "offset": 0}
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, default=date.isoformat) for row in arrow(data).to_pylist())
    return f'{json.dumps(head)[:-1]}, "rows": [\n{rows}\n]}}\n'.encode()


def figure_csv(frame: pd.DataFrame, as_of: date, lists: Mapping[str, str] | None = None) -> bytes:
    """What a figure draws, in the form of the files: its frame, codes with their labels, and the day of the data.

    `lists` names the code list of a column that the column's name does not tell: {"row": "lottery_tool"}.
    """
    columns = {
        **{name: name for name in ("response_kind", "verification_level", "value_band")},
        **LISTS,
        **(lists or {}),
    }
    return _csv(labelled(frame, columns, ()).assign(as_of=as_of.isoformat()))


def figure_file(name: str, as_of: date, ending: str = "csv") -> str:
    """What the download of a figure is called."""
    return f"prizewatch-{name}-{as_of.isoformat()}.{ending}"


def _csv(frame: pd.DataFrame) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*(_cells(frame[name]) for name in frame.columns), strict=True))
    return BOM + out.getvalue().encode("utf-8")


def _cells(column: pd.Series) -> list[str]:
    missing = column.isna().tolist()
    kind = str(column.dtype)
    if kind.startswith("datetime"):
        text = column.dt.strftime("%Y-%m-%d").tolist()
    elif kind.startswith("float"):
        text = [f"{value:.{DIGITS}f}" for value in column.tolist()]
    elif kind == "bool":
        text = [str(int(value)) for value in column.tolist()]
    elif kind == "Int64":
        text = [str(value) for value in column.tolist()]
    else:
        text = [harmless(str(value)) for value in column.tolist()]
    return ["" if gone else cell for gone, cell in zip(missing, text, strict=True)]


def harmless(text: str) -> str:
    """Text that a spreadsheet leaves as it is: an apostrophe stands before whatever could begin a formula, and before
    what it would turn into a number or a day ("7-11", "10+", "007").
    """
    start = text.lstrip(" \u3000\u00a0\ufeff")
    return f"'{text}" if start.startswith(FORMULA) or NUMBER.fullmatch(start) else text
