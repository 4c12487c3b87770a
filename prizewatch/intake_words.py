"""Free words at the door: unkind ones are turned back, personal data is masked before anything is stored.

Of trusted sources (files that were looked at) nothing is changed; what is found there holds the report for a moderator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from . import manners, redaction
from .fields import REGISTERED, TABLES
from .identity import over_unique
from .intake_screens import Screens
from .rules import PREFIX, QUOTES, every_rule
from .staging import Found, Staged

Columns = dict[str, pa.Array]


@dataclass(frozen=True, slots=True)
class Original:
    """Words as they were written, of dispute `n`, or of event `k`."""

    n: int
    k: int | None
    field: str
    words: str


@dataclass(slots=True)
class Words:
    """What masking came to: columns as they are to be stored, and the originals of those that differ."""

    disputes: Columns = field(default_factory=dict)
    events: Columns = field(default_factory=dict)
    originals: list[Original] = field(default_factory=list)


def _columns(disputes: Columns, events: Columns) -> Iterator[tuple[str, str, pa.Array, list[int], Columns]]:
    """table, field, column, dispute of each row: of every free text that was given."""
    for table, columns in (("dispute", disputes), ("stage_event", events)):
        for item in TABLES[table]:
            if item.free_text and item.name in columns:
                column = columns[item.name]
                places = columns["n"].to_pylist() if table == "stage_event" else list(range(len(column)))
                yield table, item.name, column, places, columns


def unkind(disputes: Columns, events: Columns) -> list[Found]:
    """Insults, threats and calls to harass, one problem a field."""
    found = []
    for table, name, column, places, _ in _columns(disputes, events):
        kinds = over_unique(column, lambda text, name=name: manners.unkind(text, quotes=name in QUOTES))  # type: ignore[misc]
        for k, kind in enumerate(kinds.to_pylist()):
            if kind:
                rule = every_rule()[f"{PREFIX[table]}{name}.{kind}"]
                found.append(Found(rule, places[k], k if table == "stage_event" else None))
    return found


def look(disputes: Columns, events: Columns, screens: Screens) -> None:
    """What is found in the words of a trusted source: personal data, names, insults."""
    for _, _, column, places, _ in _columns(disputes, events):
        codes = over_unique(column, lambda text: ";".join(screen(text))).to_pylist()
        for n, found in zip(places, codes, strict=True):
            for code in filter(None, (found or "").split(";")):
                screens.mark([n], code)


def screen(text: str) -> tuple[str, ...]:
    """The screens a text does not pass: `personal_data`, `insult`."""
    found = ["personal_data"] if redaction.personal_data(text) else []
    return (*found, "insult") if manners.insulting(text) else tuple(found)


def mask(disputes: Columns, events: Columns, keep: list[bool | None], screens: Screens) -> Words:
    """Masks personal data in the words of strangers. Those who say that it is none keep their words as written and wait
    for a moderator; so does a text with what may be a name. Masked words hold nobody.
    """
    out = Words()
    size = len(disputes["event_id"])
    natures = disputes["legal_nature"].to_pylist() if "legal_nature" in disputes else [None] * size
    for table, name, column, places, _ in _columns(disputes, events):
        stored: list[str | None] = []
        for k, (n, text) in enumerate(zip(places, column.to_pylist(), strict=True)):
            if text is not None and name in QUOTES and manners.insulting(text):
                screens.mark([n], "insult")
            found = None if text is None else redaction.marked(text, company=natures[n] in REGISTERED)
            if found is None or not (found.spans or found.names):
                stored.append(text)
                continue
            if found.names:
                screens.mark([n], "name")
            if found.spans and keep[n]:
                screens.mark([n], "personal_data")
            stored.append(text if keep[n] else found.masked)
            if stored[-1] != text:
                out.originals.append(Original(n, k if table == "stage_event" else None, name, text))
        if stored != column.to_pylist():
            (out.disputes if table == "dispute" else out.events)[name] = pa.array(stored, pa.string())
    return out


def put(words: Words, disputes: Columns, staged: Staged) -> None:
    """Puts masked columns in the place of what was judged."""
    disputes.update(words.disputes)
    for name, column in words.disputes.items():
        staged.disputes = _with(staged.disputes, name, column)
    for name, column in words.events.items():
        staged.events = _with(staged.events, name, pc.take(column, staged.events.column("k").combine_chunks()))


def _with(rows: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)
