"""The mapping file: which column feeds which field, how words become codes, what a row's key is.

A TOML file, described in data/samples/README.md. It is checked whole before a row is read: an unknown key, field or
code is a mistake of the mapping and is told as one, not as a million rejected rows.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import UnusableInput
from ..fields import DISPUTE, EVIDENCE, STAGE_EVENT, Field
from ..rules import known_codes
from ..store import Kind

ISO = "%Y-%m-%d"
_TOP = {"source", "columns", "dispute", "events", "evidence", "date_order"}
_SOURCE = {"name", "register", "clock_on", "title", "row_key", "date_formats", "time_zone", "delimiter", "sheet"}
_FEED = {"column", "value", "words", "blank", "dates", "given", "empty", "only_if", "optional"}


@dataclass(frozen=True, slots=True)
class Feed:
    """Where the text of one field comes from: a column or a constant `value`.

    `words` turns words into codes, `given`/`empty` stand for a filled and an empty cell, `blank` are words that mean
    nothing, `dates` formats of days and times, `only_if` a column and the words in it without which the field stays
    empty.
    """

    column: str = ""
    value: str = ""
    words: Dictionary[str, str] | None = None
    blank: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    given: str | None = None
    empty: str = ""
    only_if: tuple[str, tuple[str, ...]] | None = None
    optional: bool = False

    def reads(self) -> list[str]:
        """The columns it needs."""
        return [*([self.column] if self.column else []), *([self.only_if[0]] if self.only_if else [])]


@dataclass(frozen=True, slots=True)
class Part:
    """One dispute, event or piece of evidence of a row: a feed for each field."""

    feeds: Dictionary[str, Feed]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping.

    `columns` are made columns, used like the file's; `date_order` pairs of columns, earlier first.
    """

    name: str
    kind: Kind
    clock_on: date | None
    title: str
    row_key: tuple[str, ...]  # empty: all columns
    date_formats: tuple[str, ...]
    time_zone: ZoneInfo | None
    delimiter: str
    sheet: str
    columns: Dictionary[str, Feed]
    dispute: Part
    events: tuple[Part, ...] = ()
    evidence: tuple[Part, ...] = ()
    date_order: tuple[tuple[str, str], ...] = field(default=())

    def needed(self) -> list[str]:
        """Columns a file must have, in the order of the mapping."""
        parts = (self.dispute, *self.events, *self.evidence)
        feeds = [*self.columns.values(), *(feed for part in parts for feed in part.feeds.values())]
        names = [*self.row_key, *(name for pair in self.date_order for name in pair)]
        names += [name for feed in feeds if not feed.optional for name in feed.reads()]
        return [name for name in dict.fromkeys(names) if name not in self.columns]

    def check_columns(self, path: Path, there: Iterable[str]) -> None:
        """Raises `UnusableInput` naming the columns a file lacks."""
        missing = [name for name in self.needed() if name not in set(there)]
        if missing:
            raise UnusableInput("errors.mapping.columns_missing", path=path, columns=", ".join(missing))


def read_mapping(path: Path) -> Mapping:
    """Reads and checks a mapping. Raises `UnusableInput` naming what is wrong and where."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UnusableInput("errors.file.missing", path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableInput("errors.mapping.toml", path=path, detail=error) from error
    return _Reader(path).mapping(raw)


class _Reader:
    """Turns the parsed TOML into a `Mapping`; knows the path for its errors."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def wrong(self, key: str, **values: object) -> UnusableInput:
        return UnusableInput(f"errors.mapping.{key}", path=self.path, **values)

    def keys(self, where: str, found: object, allowed: set[str]) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise self.wrong("not_a_table", where=where)
        unknown = sorted(set(found) - allowed)
        if unknown:
            raise self.wrong("unknown_key", where=where, name=unknown[0], allowed=", ".join(sorted(allowed)))
        return found

    def mapping(self, raw: dict[str, Any]) -> Mapping:
        self.keys("/", raw, _TOP)
        source = self.keys("[source]", raw.get("source", {}), _SOURCE)
        for required in ("name", "row_key"):
            if not source.get(required):
                raise self.wrong("missing_key", where="[source]", name=required)
        kind = source.get("register", str(Kind.LIVE))
        if kind not in (Kind.LIVE, Kind.REFERENCE):
            raise self.wrong("register_kind", value=kind)
        clock = source.get("clock_on")
        if (kind == Kind.REFERENCE) != (type(clock) is date):
            raise self.wrong("clock")
        row_key = source["row_key"]
        if row_key != "all" and not isinstance(row_key, list):
            raise self.wrong("row_key")
        columns = {
            name: self.feed(f"[columns.{name}]", spec, None)
            for name, spec in self.table("[columns]", raw.get("columns", {})).items()
        }
        self.no_circles(columns)
        return Mapping(
            name=str(source["name"]),
            kind=Kind(kind),
            clock_on=clock,
            title=str(source.get("title", "")),
            row_key=() if row_key == "all" else tuple(map(str, row_key)),
            date_formats=self.formats("[source]", source.get("date_formats", [ISO])),
            time_zone=self.zone(source.get("time_zone")),
            delimiter=str(source.get("delimiter", ",")),
            sheet=str(source.get("sheet", "")),
            columns=columns,
            dispute=self.part("[dispute]", raw.get("dispute", {}), DISPUTE),
            events=self.parts("events", raw.get("events", []), STAGE_EVENT),
            evidence=self.parts("evidence", raw.get("evidence", []), EVIDENCE),
            date_order=self.order(raw.get("date_order", [])),
        )

    def table(self, where: str, found: object) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise self.wrong("not_a_table", where=where)
        return found

    def no_circles(self, columns: dict[str, Feed]) -> None:
        """Made columns may use each other, but none itself, not even by way of others."""
        for start in columns:
            open_, met = [start], set[str]()
            while open_:
                for name in columns[open_.pop()].reads():
                    if name == start:
                        raise self.wrong("circle", where=f"[columns.{start}]")
                    if name in columns and name not in met:
                        met.add(name)
                        open_.append(name)

    def zone(self, name: object) -> ZoneInfo | None:
        if name is None:
            return None
        try:
            return ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self.wrong("time_zone", value=name) from error

    def formats(self, where: str, found: object) -> tuple[str, ...]:
        good = isinstance(found, list) and found and all(isinstance(f, str) and "%" in f for f in found)
        if not good or not isinstance(found, list):
            raise self.wrong("date_formats", where=where)
        return tuple(found)

    def order(self, found: object) -> tuple[tuple[str, str], ...]:
        if not isinstance(found, list):
            raise self.wrong("not_a_table", where="[[date_order]]")
        pairs = [self.keys("[[date_order]]", item, {"earlier", "later"}) for item in found]
        for pair in pairs:
            for required in ("earlier", "later"):
                if required not in pair:
                    raise self.wrong("missing_key", where="[[date_order]]", name=required)
        return tuple((str(pair["earlier"]), str(pair["later"])) for pair in pairs)

    def parts(self, name: str, found: object, fields: tuple[Field, ...]) -> tuple[Part, ...]:
        if not isinstance(found, list):
            raise self.wrong("not_a_table", where=f"[[{name}]]")
        return tuple(self.part(f"[[{name}]] {n}", part, fields) for n, part in enumerate(found, 1))

    def part(self, where: str, found: object, fields: tuple[Field, ...]) -> Part:
        """The feeds of one table. `same_names` feeds every other field from the column of its name, with `prefix`."""
        specs = dict(self.table(where, found))
        same_names, prefix = specs.pop("same_names", False), str(specs.pop("prefix", ""))
        by_name = {f.name: f for f in fields}
        names = {*by_name, *(() if fields is EVIDENCE else ("event_id",))}
        unknown = sorted(set(specs) - names)
        if unknown:
            raise self.wrong("unknown_field", where=where, field=unknown[0])
        feeds = {}
        if same_names:
            feeds = {name: Feed(column=prefix + name, optional=True) for name in by_name}
        for name, spec in specs.items():
            feeds[name] = self.feed(f"{where} {name}", spec, by_name.get(name))
        if not feeds:
            raise self.wrong("missing_key", where=where, name="same_names")
        return Part(feeds)

    def feed(self, where: str, spec: object, target: Field | None) -> Feed:
        """One feed: a bare text is the name of a column."""
        if isinstance(spec, str):
            return Feed(column=spec)
        found = self.keys(where, spec, _FEED)
        if ("column" in found) == ("value" in found):
            raise self.wrong("column_or_value", where=where)
        words = found.get("words")
        if words is not None:
            words = {str(word).strip(): str(code) for word, code in self.table(where, words).items()}
        feed = Feed(
            column=str(found.get("column", "")),
            value=self.text(found.get("value", "")),
            words=words,
            blank=tuple(map(str, found.get("blank", ()))),
            dates=self.formats(where, found["dates"]) if "dates" in found else (),
            given=str(found["given"]) if "given" in found else None,
            empty=str(found.get("empty", "")),
            only_if=self.condition(where, found["only_if"]) if "only_if" in found else None,
            optional=bool(found.get("optional", False)),
        )
        if target is not None and target.codes and target.kind == "code":
            said = [feed.value, feed.given or "", feed.empty, *(words or {}).values()]
            wrong = [code for code in said if code and code not in known_codes(target)]
            if wrong:
                raise self.wrong("unknown_code", where=where, code=wrong[0], list=target.codes)
        return feed

    @staticmethod
    def text(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    def condition(self, where: str, found: object) -> tuple[str, tuple[str, ...]]:
        given = self.keys(f"{where} only_if", found, {"column", "is"})
        if "column" not in given or not isinstance(given.get("is"), list):
            raise self.wrong("condition", where=where)
        return str(given["column"]), tuple(map(str, given["is"]))
