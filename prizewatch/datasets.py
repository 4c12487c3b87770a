"""The ten tables that leave the register: a fixed list, each one row a stated unit, columns in a fixed order.

What stands in them are the frames the pages show (`queries`), with the labels of both languages beside every code.
Aggregates only: no row is a report. `exports` turns them into CSV, Parquet and JSON, `package` into what is handed out,
`releases` keeps that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from . import crosstables, fits, moderated, platforms, queries, vocabulary
from .frames import COUNT, DAY, INTERVAL, SHARE, TEXT, Columns, Register, ask, paired, rated, shaped
from .i18n import language
from .marked import Marked

#: Columns that hold codes.
LISTS = {
    "organizer_type": "organizer_type",
    "legal_nature": "legal_nature",
    "host_platform": "host_platform",
    "stage": "stage",
    "dispute_reason": "dispute_reason",
    "lottery_tool": "lottery_tool",
    "analysis_group": "analysis_group",
    "reply": "organizer_reply",
    "draws_source": "draws_source",
}
#: Codes of this program: their labels are words of the catalogues, `exports.<column>.<code>`.
OWN = ("level", "by", "group", "row", "event", "counted_by")

NAMES = (
    "organizers",
    "resolution_by_type_and_stage",
    "resolution_by_tool",
    "resolution_by_reason",
    "monthly",
    "repeat_organizers",
    "time_to_relief",
    "platform_action",
    "reasons",
    "moderation",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a dataset, its dtype, and the key of the words that say what it holds."""

    name: str
    dtype: str

    @property
    def key(self) -> str:
        """Key of the words that say what it holds; columns of one ending share theirs."""
        name = f"exports.column.{self.name}"
        ending = self.name.rpartition("_")[2]
        return f"exports.ending.{ending}" if ending in ("zh", "en", "n") and not language("en").has(name) else name


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table: `frame` is what stands in it, `as_of` its day. `title_key` and `about_key` say in words what it is."""

    name: str
    frame: pd.DataFrame
    as_of: date

    @property
    def file(self) -> str:
        """Name of its CSV."""
        return f"{self.name}.csv"

    @property
    def title_key(self) -> str:
        """Key of its title."""
        return f"exports.{self.name}.title"

    @property
    def about_key(self) -> str:
        """Key of what one row is."""
        return f"exports.{self.name}.about"

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.frame)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, in order."""
        return tuple(Column(str(name), str(dtype)) for name, dtype in self.frame.dtypes.items())


TIME: Columns = {
    "group": TEXT,
    **paired("disputes"),
    "event": TEXT,
    "day": COUNT,
    **dict.fromkeys(("incidence", "incidence_low", "incidence_high"), SHARE),
}
PLATFORM: Columns = {
    "counted_by": TEXT,
    "bin": TEXT,
    **paired("events", "acted", "unknown", "known"),
    **dict.fromkeys(("action_rate", "action_low", "action_high"), SHARE),
}


def dataset(register: Register, name: str) -> Dataset:
    """One of NAMES. Raises `KeyError` for any other name."""
    make = {
        "organizers": _organizers,
        "resolution_by_type_and_stage": _resolution,
        "resolution_by_tool": _by_tool,
        "resolution_by_reason": _by_reason,
        "monthly": _monthly,
        "repeat_organizers": _repeat,
        "time_to_relief": _time,
        "platform_action": _platforms,
        "reasons": _reasons,
        "moderation": moderated.moderation,
    }[name]
    return Dataset(name, labelled(make(register)), register.version().as_of)


def cross_tables(register: Register) -> dict[str, Marked]:
    """The cross-tables the datasets are cut from, by name, each after those it is told of."""
    cuts = {f"cut {name}": crosstables.cut(register, name) for name in ("tool", "reason")}
    history, ladder = crosstables.history(register), crosstables.ladder(register)
    return {"history": history, "ladder": ladder, **cuts, "exposure": platforms.exposure(register)}


def datasets(register: Register) -> list[Dataset]:
    """All tables, in the order of NAMES."""
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


def _by_tool(register: Register) -> pd.DataFrame:
    return queries.resolution(register, "tool").rename(columns={"row": "lottery_tool"})


def _by_reason(register: Register) -> pd.DataFrame:
    return queries.resolution(register, "reason").rename(columns={"row": "dispute_reason"})


def _repeat(register: Register) -> pd.DataFrame:
    with register.read() as cur:
        names = ask(cur, "export_organizers").set_index("public_code")["name"]
    frame = queries.repeat_organizers(register).drop(columns="organizer_id")
    return frame.assign(name=frame["public_code"].map(names).astype(TEXT))


def _reasons(register: Register) -> pd.DataFrame:
    return queries.reasons(register).rename(columns={"row": "group"})


def _monthly(register: Register) -> pd.DataFrame:
    parts = [queries.monthly(register, None if g == crosstables.ALL else g).assign(group=g) for g in _everyone()]
    return _front(pd.concat(parts, ignore_index=True).astype({"group": TEXT}), "month", "group")


def _time(register: Register) -> pd.DataFrame:
    parts = []
    for group in _everyone():
        found = queries.time_to(register, group)
        names = {"share": "incidence", "low": "incidence_low", "high": "incidence_high"}
        curves = found.curves.rename(columns=names).assign(group=group)
        # `n` is shown wherever there is a curve.
        curves["disputes"], curves["disputes_n"] = str(found.n), found.n if len(curves) else pd.NA
        parts.append(shaped(curves, TIME))
    return shaped(pd.concat(parts, ignore_index=True), TIME)


def _platforms(register: Register) -> pd.DataFrame:
    parts = [queries.platform_response(register, by).bins.assign(counted_by=by) for by in fits.COUNTS]
    names = {"rate": "action_rate", "low": "action_low", "high": "action_high"}
    return shaped(pd.concat(parts, ignore_index=True).rename(columns=names), PLATFORM)


def _everyone() -> tuple[str, ...]:
    """Everybody, then the analysis groups."""
    return (crosstables.ALL, *vocabulary.codes("analysis_group"))


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
