"""Who saw and did what: an append-only list, each entry sealed with the one before it (`chain`).

Decisions stand in the log of the register and are sealed there (`seals`); they are read together with the audit. An
entry names a person of the desk, an action and what it was about by its id; never words of a report, never a secret.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import duckdb
import pandas as pd

from . import chain, exports
from .access import Actor
from .i18n import Language
from .statements import statement
from .store import Register

COLUMNS = ("entry_no", "recorded_at", "actor", "role", "action", "subject_kind", "subject_id", "detail")
MOST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be noted. `action` and `subject_kind` are codes, `detail` a code or a number."""

    actor: Actor
    action: str
    subject_kind: str
    subject_id: UUID | None
    now: datetime
    detail: str = ""


def note(
    register: Register,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: UUID | None,
    now: datetime,
    detail: str = "",
) -> None:
    """Note that somebody saw or did something; durable when this returns."""
    entry = Entry(actor, action, subject_kind, subject_id, now, detail)
    register.write(_append, (register.key, entry))


def append(cur: duckdb.DuckDBPyConnection, key: bytes, entries: Sequence[Entry]) -> None:
    """Note entries inside a handler, in the same transaction as what they are about."""
    number, before = chain.end(cur, "audit")
    for entry in entries:
        number += 1
        values = [
            number, entry.now, entry.actor.name, entry.actor.role, entry.action, entry.subject_kind, entry.subject_id,
            entry.detail[:MOST_DETAIL],
        ]  # fmt: skip
        before = chain.link(key, "audit", before, values)
        cur.execute("INSERT INTO log.audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*values, before])
    if entries:
        chain.remember_end(cur, key, "audit", number, before)


def _append(cur: duckdb.DuckDBPyConnection, items: list[tuple[bytes, Entry]]) -> list[None]:
    append(cur, items[0][0], [entry for _, entry in items])
    return [None] * len(items)


def broken(cur: duckdb.DuckDBPyConnection, key: bytes) -> int:
    """How many entries were changed, removed or slipped in."""
    rows = cur.execute(f"SELECT {', '.join(COLUMNS)}, seal FROM log.audit ORDER BY entry_no").fetchall()
    return chain.broken(cur, key, "audit", rows)


def _sql(name: str) -> str:
    return f"WITH entry AS ({statement('desk/entry')}) {statement(f'desk/{name}')}"


def entries(
    register: Register,
    *,
    actor: str = "",
    action: str = "",
    subject: str = "",
    most: int | None = None,
    offset: int = 0,
) -> pd.DataFrame:
    """The entries, newest first, with the columns of `COLUMNS`; narrowed to a person, an action, and subjects whose id
    begins so (hexadecimal without dashes, as `identity.id_beginning` gives it).
    """
    given = {"actor": actor, "action": action, "subject": subject, "most": most, "offset": offset}
    with register.read() as cur:
        return cur.execute(_sql("audit"), given).df()


def count(register: Register, *, actor: str = "", action: str = "", subject: str = "") -> int:
    """How many entries there are."""
    with register.read() as cur:
        return int(
            cur.execute(_sql("audit_count"), {"actor": actor, "action": action, "subject": subject}).fetchall()[0][0]
        )


def known(register: Register) -> tuple[list[str], list[str]]:
    """Persons and actions that stand in the audit, for its filters."""
    with register.read() as cur:
        of = statement("desk/entry")
        actors = cur.execute(f"SELECT DISTINCT actor FROM ({of}) WHERE actor <> '' ORDER BY 1").fetchall()
        actions = cur.execute(f"SELECT DISTINCT action FROM ({of}) ORDER BY 1").fetchall()
    return [row[0] for row in actors], [row[0] for row in actions]


def action_words(_: Language, action: str) -> str:
    """An action in words; one nobody has words for stands as its code."""
    key = f"access.action.{action}"
    return _(key) if _.has(key) else action


def export_csv(register: Register, *, actor: str = "", action: str = "", subject: str = "") -> bytes:
    """The entries as CSV, oldest first, with their seals left out: a copy proves nothing, `pipelines check` does."""
    frame = entries(register, actor=actor, action=action, subject=subject)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in reversed(frame.astype("string").fillna("").to_numpy().tolist()):
        writer.writerow([exports.harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
