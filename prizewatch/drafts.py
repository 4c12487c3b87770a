"""A report that is being written, kept on the register's desk until it is sent or a week has passed.

It is found again by a random code of which only a keyed hash is kept. Who reports never gets there: the private contact
is typed anew when the report is sent.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from . import identity
from .errors import UnusableInput
from .pace import Pace
from .store import Register

MOST_BYTES = 64 * 1024  # of one draft; all answers at their longest stay below
MOST_DRAFTS = 20_000  # at a time
STARTED = 10  # drafts a network may begin, for each report it may file a day
LIVES = timedelta(days=7)  # from the last save
#: What identifies a person or a browser and is of no use before the report is sent.
NEVER_KEPT = frozenset({"reporter", "network", "device", "trap"})
_begun = Pace(timedelta(hours=24))
_DATE = "date"  # {"date": "2026-03-01"}: a day, where "2026-03-01" is words somebody typed


@dataclass(frozen=True, slots=True)
class Draft:
    """A kept draft: the id its report will be filed under, the answers so far, when they were saved (UTC)."""

    event_id: str
    answers: dict[str, Any]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class _Save:
    key: str
    event_id: str
    answers: str
    now: datetime


def new_code() -> str:
    """A code to find a draft by: 192 random bits, fit for an address."""
    return secrets.token_urlsafe(24)


def save(
    register: Register, code: str, event_id: str, answers: Mapping[str, object], now: datetime, network: str = ""
) -> None:
    """Keep the answers under a code, in place of what was kept there, for seven days from now.

    Answers may be text, numbers, truth values, days, and lists or mappings of these. Raises `TypeError` for others, and
    `UnusableInput` for more than a form holds, and where too many drafts were begun, from `network` or at all.
    """
    kept = {name: value for name, value in answers.items() if name not in NEVER_KEPT}
    text = json.dumps(kept, default=_written, ensure_ascii=False, allow_nan=False)
    if len(text.encode()) > MOST_BYTES:
        raise UnusableInput("errors.draft.too_big")
    if network:
        _room(register, code, network, now)
    register.write(_save, _Save(_key(register, code), event_id, text, now))


def _room(register: Register, code: str, network: str, now: datetime) -> None:
    """A robot that begins reports without end fills no disk."""
    with register.read() as cur:
        sql = "SELECT count(*), coalesce(bool_or(draft_key = ?), FALSE) FROM desk.draft"
        ((drafts, there),) = cur.execute(sql, [_key(register, code)]).fetchall()
    if there:
        return
    most = STARTED * register.settings.reports_per_day
    if drafts >= MOST_DRAFTS or _begun.take(register, network, most, now):
        raise UnusableInput("errors.draft.too_many")


def load(register: Register, code: str, now: datetime) -> Draft | None:
    """The draft kept under a code; None if there is none, or none any more."""
    sql = "SELECT CAST(event_id AS VARCHAR), answers, saved_at FROM desk.draft WHERE draft_key = ? AND erase_at > ?"
    with register.read() as cur:
        found = cur.execute(sql, [_key(register, code), now]).fetchall()
    if not found:
        return None
    event_id, answers, saved_at = found[0]
    return Draft(event_id, json.loads(answers, object_hook=_read), saved_at)


def discard(register: Register, code: str) -> None:
    """Erase a draft: it was sent, or its writer wants it gone."""
    register.write(_discard, _key(register, code))


def _key(register: Register, code: str) -> str:
    return identity.keyed(register.key, "draft", code)


def _written(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return {_DATE: value.isoformat()}
    raise TypeError(f"a draft keeps no {type(value).__name__}")


def _read(found: dict[str, Any]) -> Any:
    return date.fromisoformat(found[_DATE]) if found.keys() == {_DATE} else found


def _save(cur: duckdb.DuckDBPyConnection, items: list[_Save]) -> list[None]:
    for item in items:
        erase_at = item.now + LIVES
        values = [item.event_id, item.now, erase_at, item.answers, item.key]
        there = cur.execute("SELECT 1 FROM desk.draft WHERE draft_key = ?", [item.key]).fetchall()
        if there:
            cur.execute(
                "UPDATE desk.draft SET event_id = ?, saved_at = ?, erase_at = ?, answers = ? WHERE draft_key = ?",
                values,
            )
        else:
            cur.execute(
                "INSERT INTO desk.draft (event_id, saved_at, erase_at, answers, draft_key) VALUES (?, ?, ?, ?, ?)",
                values,
            )
    return [None] * len(items)


def _discard(cur: duckdb.DuckDBPyConnection, keys: list[str]) -> list[None]:
    for key in keys:
        cur.execute("DELETE FROM desk.draft WHERE draft_key = ?", [key])
    return [None] * len(keys)
