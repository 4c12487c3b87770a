"""The files that leave the register: five aggregated CSVs and the README of their columns.

The download button and `pipelines export` call the same functions, so they give the same bytes; the same register gives
the same bytes again. UTF-8 with a byte order mark and CRLF (so that Excel opens it right), ISO days, codes with their
labels in both languages, hidden counts as `<5` or `…` beside a numeric column that is empty there, no live formulas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from . import crosstables, queries, vocabulary
from .frames import COUNT, DAY, INTERVAL, TEXT, Register, ask, rated, shaped
from .i18n import language

#: Columns that hold codes.
LISTS = {
    "organizer_type": "organizer_type",
    "legal_nature": "legal_nature",
    "host_platform": "host_platform",
    "stage": "stage",
    "dispute_reason": "dispute_reason",
    "analysis_group": "analysis_group",
    "reply": "organizer_reply",
    "draws_source": "draws_source",
}
#: Codes of this program: their labels are words of the catalogues, `exports.<column>.<code>`.
OWN = ("level", "by", "group", "row")
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file and the key of the words that say what it holds."""

    name: str

    @property
    def key(self) -> str:
        name = f"exports.column.{self.name}"
        ending = self.name.rpartition("_")[2]
        return f"exports.ending.{ending}" if ending in ("zh", "en", "n") and not language("en").has(name) else name


@dataclass(frozen=True, slots=True)
class Dataset:
    """One file: `frame` is what stands in it, `as_of` its day. `title_key` and `about_key` say in words what it is."""

    name: str
    frame: pd.DataFrame
    as_of: date

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def title_key(self) -> str:
        return f"exports.{self.name}.title"

    @property
    def about_key(self) -> str:
        return f"exports.{self.name}.about"

    @property
    def rows(self) -> int:
        return len(self.frame)

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(str(name)) for name in self.frame.columns)


NAMES = ("organizers", "resolution_by_type_and_stage", "repeat_organizers", "reasons", "monthly")


def dataset(register: Register, name: str) -> Dataset:
    """One of NAMES. Raises `KeyError` for any other name."""
    make = {
        "organizers": _organizers,
        "resolution_by_type_and_stage": _resolution,
        "repeat_organizers": _repeat,
        "reasons": _reasons,
        "monthly": _monthly,
    }[name]
    return Dataset(name, labelled(make(register)), register.version().as_of)


def datasets(register: Register) -> list[Dataset]:
    """All files, in the order of NAMES."""
    return [dataset(register, name) for name in NAMES]


def _organizers(register: Register) -> pd.DataFrame:
    counts = (
        "disputes", "reporters", "draws", "at_v2", "resolved", "resolved_full", "resolved_partial", "closed_unresolved",
        "undecided", "decided",
    )  # fmt: skip
    columns = {
        **dict.fromkeys(("public_code", "name", "organizer_type", "legal_nature", "host_platform", "level"), TEXT),
        **dict.fromkeys(counts, COUNT),
    }
    days = {"first_report_on": DAY, "last_report_on": DAY}
    with register.read() as cur:
        frame = shaped(ask(cur, "export_organizers"), {**columns, **days, "reply": TEXT})
    return shaped(rated(frame, "resolved", "decided"), {**columns, **INTERVAL, **days, "reply": TEXT})


def _resolution(register: Register) -> pd.DataFrame:
    parts = [queries.resolution(register, by).assign(by=by) for by in ("group", "type")]
    return _front(pd.concat(parts, ignore_index=True), "by", "row", "stage")


def _repeat(register: Register) -> pd.DataFrame:
    with register.read() as cur:
        names = ask(cur, "export_organizers").set_index("public_code")["name"]
    frame = queries.repeat_organizers(register).drop(columns="organizer_id")
    return frame.assign(name=frame["public_code"].map(names).astype(TEXT))


def _reasons(register: Register) -> pd.DataFrame:
    return queries.reasons(register).rename(columns={"row": "group"})


def _monthly(register: Register) -> pd.DataFrame:
    groups = (crosstables.ALL, *vocabulary.codes("analysis_group"))
    parts = [queries.monthly(register, None if g == crosstables.ALL else g).assign(group=g) for g in groups]
    return _front(pd.concat(parts, ignore_index=True).astype({"group": TEXT}), "month", "group")


def _front(frame: pd.DataFrame, *first: str) -> pd.DataFrame:
    return frame[[*first, *(name for name in frame.columns if name not in first)]]


def labelled(frame: pd.DataFrame, lists: Mapping[str, str] = LISTS, own: Collection[str] = OWN) -> pd.DataFrame:
    """The frame with `<column>_zh` and `<column>_en` after every column of codes."""
    columns: dict[str, pd.Series] = {}
    for name in map(str, frame.columns):
        columns[name] = frame[name]
        if name in lists or name in own:
            for lang in ("zh-CN", "en"):
                labels = {code: label(name, code, lang, lists) for code in frame[name].dropna().unique()}
                columns[f"{name}_{lang[:2]}"] = frame[name].map(labels).astype(TEXT)
    return pd.DataFrame(columns)


def label(column: str, code: str, lang: str, lists: Mapping[str, str] = LISTS) -> str:
    """The label of a code in a column of codes."""
    if code == crosstables.AMBIGUOUS:
        return language(lang)("exports.stage.ambiguous")
    if column in lists and (column != "group" or code != crosstables.ALL):
        return vocabulary.label(lists[column], code, lang)
    if column in ("group", "row") and code != crosstables.ALL:
        known = "analysis_group" if code in vocabulary.codes("analysis_group") else "organizer_type"
        return vocabulary.label(known, code, lang)
    return language(lang)(f"exports.{column}.{code}")


def csv_bytes(data: Dataset) -> bytes:
    """The file as it is handed out."""
    return _csv(data.frame)


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
        text = [f"{value:.4f}" for value in column.tolist()]
    elif kind == "bool":
        text = [str(int(value)) for value in column.tolist()]
    elif kind == "Int64":
        text = [str(value) for value in column.tolist()]
    else:
        text = [harmless(str(value)) for value in column.tolist()]
    return ["" if gone else cell for gone, cell in zip(missing, text, strict=True)]


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before whatever could begin one."""
    return f"'{text}" if text.lstrip(" \u3000\u00a0\ufeff").startswith(FORMULA) else text


def readme_bytes(register: Register) -> bytes:
    """README.md beside the files: what each holds and what every column means, in both languages."""
    return _readme(register, datasets(register))


def _readme(register: Register, made: list[Dataset]) -> bytes:
    version = register.version()
    lines: list[str] = []
    for code in ("zh-CN", "en"):
        _ = language(code)
        lines += [f"# {_('exports.readme.title')}", ""]
        lines += [_("exports.readme.version", version=version, day=version.as_of.isoformat()), ""]
        lines += [_(f"exports.readme.{part}") + "\n" for part in ("what", "hidden", "rates", "text")]
        for data in made:
            lines += [f"## {data.file}: {_(data.title_key)}", "", _(data.about_key), ""]
            lines += [_("exports.readme.rows", data.rows), ""]
            lines += [f"| {_('exports.readme.column')} | {_('exports.readme.meaning')} |", "|---|---|"]
            lines += [f"| `{column.name}` | {_(column.key)} |" for column in data.columns] + [""]
    return "\n".join(lines).encode("utf-8")


def files(register: Register) -> dict[str, bytes]:
    """Everything an export writes: file name -> bytes."""
    made = datasets(register)
    return {**{data.file: csv_bytes(data) for data in made}, "README.md": _readme(register, made)}
