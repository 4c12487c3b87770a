"""Erasure: what a person may ask for by law, and what is erased by itself when its time is over (domain model 3.7).

The one exception to the log being append-only. Words, keys, files, originals and drafts go. A report that goes on
counting keeps its coded values, those the fold reads, so that no figure moves; one whose reporter wants it out of the
figures leaves no row. Either way a tombstone says what was erased, when, on what ground and by whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import duckdb
import pyarrow as pa

from . import audit, identity, seals, story, vault
from .access import Actor, require
from .errors import UnusableInput
from .statements import statement
from .store import Kind, Register, append, next_commit
from .vocabulary import codes

#: Months from closing, by whom a report is about: a business, an account run by nobody known to be one, anybody else.
MONTHS = {"business": 36, "account": 24, "person": 12}
RETENTION = "retention"
CLOCK = "clock"  # the actor of what no person decided
TOLD = timedelta(days=60)  # so long a receipt says that its report was erased
#: Stands where a fingerprint of a file stood, so that the level it gave stays.
FILE_ERASED = "erased"
#: Columns of an erased filing that stay: ids, and what the fold and the figures read. All others are emptied.
KEPT = frozenset({
    "event_id", "commit_no", "recorded_at", "source", "dispute_id", "version", "reporter_key", "organizer_id",
    "draw_id", "screen", "report_lang", "reported_at", "organizer_type", "legal_nature", "host_platform",
    "lottery_tool", "draw_time", "win_notice_on", "prize_no", "prize_kind", "prize_value", "value_unknown",
    "currency", "claim_made_on", "refused_on", "dispute_reason", "credited_stage", "partial_accepted_on",
    "gave_up_on", "withdrawn_on", "withdraw_reason", "consent_publish",
})  # fmt: skip
#: The same in other tables: what is emptied, and with what.
EMPTIED = {
    "stage_event": ("case_ref", None),
    "evidence": ("captured_on", None),
    "answer": ("answered", ""),
    "reply": ("words", None),
}
#: Tables with rows of a dispute, and the column that says so.
ROWS = {
    "filing": "dispute_id", "stage_event": "dispute_id", "evidence": "dispute_id", "answer": "dispute_id",
    "reply": "dispute_id",
}  # fmt: skip
#: What others said of a report: table, the column that names the report, and what becomes of their words.
SAID_OF: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("moderation", "subject_id", {"sentence": "NULL"}),
    ("erasure_request", "dispute_id", {"sentence": "NULL"}),
    ("notice", "dispute_id", {"words": "''", "link": "NULL"}),
    ("notice_event", "dispute_id", {"words": "NULL", "sentence": "NULL"}),
)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of what was erased. `kept`: it still counts in the figures."""

    dispute_id: UUID
    ground: str
    kept: bool
    rows_erased: int
    files_erased: int
    erased_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class _Erasure:
    """Reports to be erased, on their way to the writer."""

    disputes: tuple[UUID, ...]
    ground: str
    kept: bool
    actor: str
    now: datetime
    key: bytes


def erase_dispute(
    register: Register, actor: Actor, dispute_id: UUID, ground: str, now: datetime, *, kept: bool = False
) -> Tombstone:
    """Erase one report. `ground`: a code of erasure_ground. `kept`: its coded values go on counting.

    Erased once, a second time changes nothing, except that what still counted may be taken out of the figures.
    Raises `NotAllowed`; `UnusableInput` for an unknown report or ground.
    """
    require(actor, "erase")
    if ground not in codes("erasure_ground"):
        raise UnusableInput("errors.erasure.ground", value=ground)
    done = _erase(register, _Erasure((dispute_id,), ground, kept, actor.name, now, register.key))
    if not done:
        raise UnusableInput("errors.erasure.unknown")
    audit.note(register, actor, "erase", "dispute", dispute_id, now, ground)
    return done[0]


def by_receipt(
    register: Register, actor: Actor, code: str, ground: str, now: datetime, *, kept: bool = False
) -> Tombstone:
    """Erase the report a receipt opens. Raises `NotAllowed`; `UnusableInput` where it opens none."""
    require(actor, "erase")
    with register.read() as cur:
        found = story.find(cur, register.key, code)
    if found is None:
        raise UnusableInput("errors.erasure.unknown")
    return erase_dispute(register, actor, found.dispute_id, ground, now, kept=kept)


def retain(register: Register, now: datetime) -> list[Tombstone]:
    """Erase in detail what was kept long enough; every figure stays. Only in a live register: a demo is invented, and
    public records are published by their source.
    """
    if register.kind is not Kind.LIVE:
        return []
    with register.read() as cur:
        values = {**MONTHS, "as_of": register.as_of(now)}
        due = [UUID(str(row[0])) for row in cur.execute(statement("daily/due"), values).fetchall()]
    return _erase(register, _Erasure(tuple(due), RETENTION, True, CLOCK, now, register.key)) if due else []


def erased(register: Register, dispute_id: UUID) -> Tombstone | None:
    """The latest tombstone of a report, if it was erased."""
    with register.read() as cur:
        rows = cur.execute(
            "SELECT dispute_id, ground, kept, rows_erased, files_erased, recorded_at, actor FROM log.erasure "
            "WHERE dispute_id = ? ORDER BY commit_no DESC LIMIT 1",
            [dispute_id],
        ).fetchall()
    return Tombstone(*rows[0]) if rows else None


def _erase(register: Register, erasure: _Erasure) -> list[Tombstone]:
    done: list[tuple[Tombstone, list[str]]] = register.write(_handle, erasure)
    for _, files in done:
        for name in files:
            vault.erase(register, name)
    return [tombstone for tombstone, _ in done]


def _handle(cur: duckdb.DuckDBPyConnection, items: list[_Erasure]) -> list[list[tuple[Tombstone, list[str]]]]:
    return [[one for dispute in erasure.disputes if (one := _one(cur, erasure, dispute))] for erasure in items]


def _one(cur: duckdb.DuckDBPyConnection, erasure: _Erasure, dispute: UUID) -> tuple[Tombstone, list[str]] | None:
    if not cur.execute("SELECT 1 FROM log.filing WHERE dispute_id = ?", [dispute]).fetchall():
        return None
    before = cur.execute("SELECT kept FROM log.erasure WHERE dispute_id = ?", [dispute]).fetchall()
    (key,) = cur.execute("SELECT any_value(reporter_key) FROM log.filing WHERE dispute_id = ?", [dispute]).fetchall()[0]
    commits = _commits(cur, dispute)
    files = vault.own_files(cur, dispute)
    _desk(cur, dispute)
    if erasure.ground != RETENTION:
        _told(cur, dispute, erasure.now)
    rows = 0 if before and erasure.kept else (_empty(cur, dispute) if erasure.kept else _remove(cur, dispute))
    _forget_reporter(cur, key, dispute)
    commit = next_commit(cur, "erasure", erasure.now)
    stone = Tombstone(dispute, erasure.ground, erasure.kept, rows, len(files), erasure.now, erasure.actor)
    row: dict[str, Any] = {
        "event_id": str(uuid4()), "recorded_at": erasure.now, "dispute_id": str(dispute), "ground": erasure.ground,
        "kept": erasure.kept, "rows_erased": rows, "files_erased": len(files), "actor": erasure.actor,
    }  # fmt: skip
    append(cur, "erasure", pa.Table.from_pylist([row]), commit)
    for number in commits:  # rows of these were erased on purpose
        seals.reseal(cur, erasure.key, number, f"erased_{erasure.ground}", erasure.now)
    return stone, files


def _commits(cur: duckdb.DuckDBPyConnection, dispute: UUID) -> list[int]:
    """Every commit whose rows change."""
    found: set[int] = set()
    for table, column in (*ROWS.items(), *((table, column) for table, column, _ in SAID_OF)):
        found |= {
            int(n)
            for (n,) in cur.execute(f"SELECT commit_no FROM log.{table} WHERE {column} = ?", [dispute]).fetchall()
        }
    keys = "SELECT reporter_key FROM log.filing WHERE dispute_id = ?"
    for table in ("filing", "cluster"):
        sql = f"SELECT commit_no FROM log.{table} WHERE reporter_key IN ({keys})"
        found |= {int(n) for (n,) in cur.execute(sql, [dispute]).fetchall()}
    return sorted(found)


def _desk(cur: duckdb.DuckDBPyConnection, dispute: UUID) -> None:
    """Originals before masking, a draft the report was written in, and who sent a notice with its receipt."""
    for table in ("filing", "stage_event"):
        its = f"SELECT event_id FROM log.{table} WHERE dispute_id = ?"
        cur.execute(f"DELETE FROM desk.original WHERE event_id IN ({its})", [dispute])
    cur.execute(
        "DELETE FROM desk.draft WHERE event_id IN (SELECT event_id FROM log.filing WHERE dispute_id = ?)", [dispute]
    )
    its = "SELECT notice_id FROM log.notice WHERE dispute_id = ?"
    cur.execute(f"DELETE FROM desk.original WHERE event_id IN ({its})", [dispute])
    cur.execute(f"DELETE FROM desk.contact WHERE notice_id IN ({its})", [dispute])


def _told(cur: duckdb.DuckDBPyConnection, dispute: UUID, now: datetime) -> None:
    """What its receipt opens for a while: that it was erased. What came in a file has no receipt."""
    sql = """INSERT INTO desk.erased SELECT DISTINCT receipt_hash, CAST($now AS TIMESTAMP), CAST($until AS TIMESTAMP)
        FROM log.filing WHERE dispute_id = $dispute AND receipt_hash IS NOT NULL
        AND receipt_hash NOT IN (SELECT receipt_hash FROM desk.erased)"""
    cur.execute(sql, {"now": now, "until": now + TOLD, "dispute": dispute})


def _remove(cur: duckdb.DuckDBPyConnection, dispute: UUID) -> int:
    """Every row of the report; decisions about it stay without their words, so that it can be told what was decided."""
    rows = 0
    for table, column in ROWS.items():
        done = cur.execute(f"DELETE FROM log.{table} WHERE {column} = ?", [dispute])
        rows += int(done.fetchall()[0][0])
    return rows + _sentences(cur, dispute)


def _empty(cur: duckdb.DuckDBPyConnection, dispute: UUID) -> int:
    """All that is no coded value is emptied; the reporter's key goes with their last report on file."""
    names = [row[0] for row in cur.execute("SELECT column_name FROM (DESCRIBE log.filing)").fetchall()]
    emptied = ", ".join(f"{name} = NULL" for name in names if name not in KEPT)
    done = cur.execute(f"UPDATE log.filing SET {emptied} WHERE dispute_id = ?", [dispute])
    rows = int(done.fetchall()[0][0])
    for table, (column, value) in EMPTIED.items():
        sql = f"UPDATE log.{table} SET {column} = ? WHERE dispute_id = ? AND {column} IS NOT NULL"
        rows += int(cur.execute(sql, [value, dispute]).fetchall()[0][0])
    blank = "UPDATE log.evidence SET sha256 = ?, media_type = NULL, size_bytes = NULL"
    sql = f"{blank} WHERE dispute_id = ? AND sha256 IS NOT NULL"
    rows += int(cur.execute(sql, [FILE_ERASED, dispute]).fetchall()[0][0])
    return rows + _sentences(cur, dispute)


def _sentences(cur: duckdb.DuckDBPyConnection, dispute: UUID) -> int:
    rows = 0
    for table, column, emptied in SAID_OF:
        said = ", ".join(f"{name} = {value}" for name, value in emptied.items())
        there = " OR ".join(f"{name} IS DISTINCT FROM {value}" for name, value in emptied.items())
        done = cur.execute(f"UPDATE log.{table} SET {said} WHERE {column} = ? AND ({there})", [dispute])
        rows += int(done.fetchall()[0][0])
    return rows


def _forget_reporter(cur: duckdb.DuckDBPyConnection, key: str, dispute: UUID) -> None:
    """A person's key stays as long as another report of theirs is on file in full: they count as one person. With the
    last it becomes a random one that no contact leads to.
    """
    others = """SELECT 1 FROM log.filing WHERE reporter_key = ? AND dispute_id <> ?
        AND dispute_id NOT IN (SELECT dispute_id FROM log.erasure WHERE kept) LIMIT 1"""
    if cur.execute(others, [key, dispute]).fetchall():
        return
    new = identity.keyed(uuid4().bytes, "erased-reporter")
    for table, column in (("filing", "reporter_key"), ("cluster", "reporter_key"), ("cluster", "cluster_key")):
        cur.execute(f"UPDATE log.{table} SET {column} = ? WHERE {column} = ?", [new, key])
