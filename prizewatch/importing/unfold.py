"""A chunk of a file becomes a batch, by a mapping: whole columns at a time; what could not be read is said by row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..fields import DISPUTE, EVIDENCE, STAGE_EVENT, Field
from ..intake import Batch
from .mapping import ISO, Feed, Mapping, Part
from .rows import Chunk

#: Event ids are UUIDv5 in this namespace, of source and row key. Never change it: known rows would look new.
NAMESPACE = bytes.fromhex("8f0f4f0cbd8b5c0c9c1e7d0f2b6a5e31")
_SEPARATOR = "\x1f"
_OFFSET = r".{10,}(?:Z|[+-]\d\d:?\d\d)"  # a time that names its own offset
_KINDS = {
    "dispute": {f.name: f for f in DISPUTE},
    "event": {f.name: f for f in STAGE_EVENT},
    "evidence": {f.name: f for f in EVIDENCE},
}


def row_id(source: str, key: str) -> str:
    """The UUIDv5 of a source's row: the same row gets the same id, today and in a year."""
    h = hashlib.sha1(NAMESPACE + f"{source}\n{key}".encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-{'89ab'[int(h[16], 16) & 3]}{h[17:20]}-{h[20:32]}"


@dataclass(frozen=True, slots=True)
class Unread:
    """What the mapping could not make of a row: `index` in the chunk, the rule, the column and what stood there."""

    index: int
    rule: str
    column: str
    value: str


class Unfold:
    """One chunk on its way through a mapping.

    `batch` holds the rows that could be read, `unread` why others could not.
    """

    def __init__(self, mapping: Mapping, chunk: Chunk, zone: ZoneInfo) -> None:
        self.mapping = mapping
        self.chunk = chunk
        self.zone = zone
        self.size = chunk.table.num_rows
        self.unread: list[Unread] = []
        self._columns: dict[str, pa.Array] = {}

    @cached_property
    def event_ids(self) -> list[str]:
        """UUIDv5 of source and row key, for every row."""
        names = self.mapping.row_key or tuple(self.chunk.table.column_names)
        keys = pc.binary_join_element_wise(*(self.column(name) for name in names), _SEPARATOR)
        return [row_id(self.mapping.name, key) for key in keys.to_pylist()]

    def batch(self) -> tuple[Batch, list[int]]:
        """The batch of the rows that could be read, and their indices in the chunk."""
        rows = pa.array(np.array(self.chunk.lines, np.int64)).cast(pa.string())
        disputes: dict[str, pa.Array] = {"row": rows, "event_id": pa.array(self.event_ids, pa.string())}
        disputes |= self.part(self.mapping.dispute, "dispute")
        events = self._children(self.mapping.events, "event", rows)
        evidence = self._children(self.mapping.evidence, "evidence", rows)
        self._check_order()
        bad = {item.index for item in self.unread}
        kept = [i for i in range(self.size) if i not in bad]
        table = pa.table(disputes)
        if bad:
            wrong = rows.take(pa.array(sorted(bad)))
            table = table.take(pa.array(kept, pa.int64()))
            events, evidence = (t.filter(pc.invert(pc.is_in(t["row"], value_set=wrong))) for t in (events, evidence))
        return Batch(table, events, evidence), kept

    # one field

    def part(self, part: Part, kind: str) -> dict[str, pa.Array]:
        """The fields of a dispute, event or piece of evidence as text; without optional columns the file lacks."""
        out = {}
        for name, feed in part.feeds.items():
            if feed.optional and not all(self.has(column) for column in feed.reads()):
                continue
            out[name] = self.fed(feed, _KINDS[kind].get(name))
        return out

    def has(self, column: str) -> bool:
        """Whether the mapping or the file gives a column."""
        return column in self.mapping.columns or column in self.chunk.table.column_names

    def column(self, name: str) -> pa.Array:
        """A column of the file, trimmed, or one the mapping makes."""
        if name not in self._columns:
            if name in self.mapping.columns:
                self._columns[name] = self.fed(self.mapping.columns[name], None)
            else:
                self._columns[name] = pc.utf8_trim_whitespace(self.chunk.table.column(name).combine_chunks())
        return self._columns[name]

    def fed(self, feed: Feed, target: Field | None) -> pa.Array:
        """What a feed gives for every row, empty text where nothing."""
        asked = None
        if feed.only_if:
            asked = pc.is_in(self.column(feed.only_if[0]), value_set=pa.array(feed.only_if[1], pa.string()))
        if not feed.column:
            out = pa.array([feed.value]).take(pa.array(np.zeros(self.size, np.int64)))
            return out if asked is None else pc.if_else(asked, out, "")
        out = self.column(feed.column)
        if asked is not None:
            out = pc.if_else(asked, out, "")
        if feed.blank:
            out = pc.if_else(pc.is_in(out, value_set=pa.array(feed.blank, pa.string())), "", out)
        if feed.given is not None:
            return pc.if_else(pc.equal(out, ""), feed.empty, feed.given)
        if feed.words is not None:
            out = self._coded(feed, out, asked)
        if target is not None and target.kind in ("date", "time"):
            out = self._dated(feed, out, timed=target.kind == "time")
        return out

    def _coded(self, feed: Feed, words: pa.Array, asked: pa.Array | None) -> pa.Array:
        table = {"": "", **(feed.words or {})}
        at = pc.index_in(words, value_set=pa.array(table, pa.string()))
        if at.null_count:
            self._unread("mapping.unknown_word", feed.column, words, pc.is_null(at))
        coded = pc.fill_null(pc.take(pa.array(list(table.values()), pa.string()), at), "")
        return coded if asked is None else pc.if_else(asked, coded, "")

    def _dated(self, feed: Feed, texts: pa.Array, *, timed: bool) -> pa.Array:
        """Days and times as ISO text, times in UTC. A day alone is that day in the register's time zone."""
        formats = feed.dates or self.mapping.date_formats
        if self.chunk.typed and ISO not in formats:
            formats = (*formats, ISO)
        zone = self.mapping.time_zone or self.zone
        if formats == (ISO,) and (not timed or zone.key == "UTC"):
            if not timed:
                return texts
            short = pc.equal(pc.utf8_length(texts), 10)
            if not pc.any(short).as_py():
                return texts  # already as the batch wants it; what cannot be read is told by the rules
        encoded = texts.dictionary_encode()
        different = pd.Series(encoded.dictionary.to_pylist(), dtype="str")
        turned, wrong = _parsed(different, formats, zone, self.zone, timed=timed)
        if len(wrong):
            self._unread(
                "mapping.date_format", feed.column, texts, pc.is_in(texts, value_set=pa.array(wrong, pa.string()))
            )
        return pc.take(turned, encoded.indices)

    def _unread(self, rule: str, column: str, texts: pa.Array, where: pa.Array) -> None:
        shown = self.mapping.columns[column].column if column in self.mapping.columns else column
        for index in np.flatnonzero(where.to_numpy(zero_copy_only=False)):
            self.unread.append(Unread(int(index), rule, shown, texts[int(index)].as_py()))

    def _check_order(self) -> None:
        for earlier, later in self.mapping.date_order:
            first, second = (
                self._dated(Feed(column=name), self.column(name), timed=False) for name in (earlier, later)
            )
            both = pc.and_(pc.not_equal(first, ""), pc.not_equal(second, ""))
            self._unread("mapping.date_order", later, self.column(later), pc.and_(both, pc.less(second, first)))

    # events and evidence

    def _children(self, parts: tuple[Part, ...], kind: str, rows: pa.Array) -> pa.Table:
        """The events or evidence of all rows. One with nothing in its columns is none; events go by their days."""
        tables, places = [], []
        for part in parts:
            columns = self.part(part, kind)
            there: pa.Array | None = None
            for name, array in columns.items():
                if part.feeds[name].column:
                    filled = pc.not_equal(array, "")
                    there = filled if there is None else pc.or_(there, filled)
            if there is None and any(feed.column for feed in part.feeds.values()):
                continue
            at = np.arange(self.size) if there is None else np.flatnonzero(there.to_numpy(zero_copy_only=False))
            if len(at):
                tables.append(pa.table({"row": rows, **columns}).take(pa.array(at)))
                places.append(at)
        if not tables:
            return pa.table({"row": pa.array([], pa.string())})
        together = pa.concat_tables(tables, promote_options="default").combine_chunks()
        at = np.concatenate(places)
        if kind == "event":
            order = np.lexsort((_days(together), at)) if len(tables) > 1 else np.argsort(at, kind="stable")
            together, at = together.take(pa.array(order)), at[order]
            together = together.append_column("seq", pa.array(_running(at)).cast(pa.string()))
        return together


def _days(events: pa.Table) -> npt.NDArray[np.int64]:
    if "entered_on" not in events.column_names:
        return np.zeros(events.num_rows, np.int64)
    days = pc.strptime(events["entered_on"].combine_chunks(), format=ISO, unit="s", error_is_null=True)
    return np.asarray(pc.fill_null(days.cast(pa.int64()), 0).to_numpy(zero_copy_only=False), np.int64)


def _running(at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """1, 2, … within each run of equal numbers."""
    begins = np.concatenate([[True], at[1:] != at[:-1]])
    starts = np.flatnonzero(begins)
    return np.arange(len(at)) - np.repeat(starts, np.diff([*starts, len(at)])) + 1


def _parsed(
    texts: pd.Series[str], formats: tuple[str, ...], zone: ZoneInfo, day_zone: ZoneInfo, *, timed: bool
) -> tuple[pa.Array, list[str]]:
    """Different texts as ISO days or UTC times, and those that no format reads."""
    moments = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    whole = pd.Series(False, index=texts.index)  # a day without a time of day
    aware = texts.str.fullmatch(_OFFSET) if timed and ISO in formats else whole
    if aware.any():
        utc = pd.to_datetime(texts[aware], format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
        moments[aware] = utc.astype("datetime64[us]")
    for form in formats:
        asked = moments.isna() & ~aware
        read = pd.to_datetime(texts[asked], format="ISO8601" if form == ISO and timed else form, errors="coerce")
        moments[asked] = read.astype("datetime64[us]")
        short = (
            texts.str.len() <= 10
            if form == ISO
            else pd.Series("%H" not in form and "%I" not in form, index=texts.index)
        )
        whole |= asked & short & moments.notna()
    if timed:
        for mask, local in ((whole, day_zone), (~whole & ~aware, zone)):
            moments[mask] = _utc(moments[mask], local).astype("datetime64[us]")
    unit = pa.timestamp("s") if timed else pa.date32()
    turned = pa.array(moments, pa.timestamp("us")).cast(unit, safe=False).cast(pa.string())
    wrong = texts[moments.isna() & (texts != "")].tolist()
    return pc.fill_null(turned, ""), wrong


def _utc(moments: pd.Series[pd.Timestamp], zone: ZoneInfo) -> pd.Series[pd.Timestamp]:
    """Local times of a zone in UTC; a time that stands twice is the first, one that never was is the next."""
    first = np.ones(len(moments), bool)
    return (
        moments.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
        .dt.tz_convert("UTC")
        .dt.tz_localize(None)
    )
