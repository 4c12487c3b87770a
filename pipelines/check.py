"""`check`: does everything in a register fit together? Looks, and changes nothing."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from prizewatch import audit, chain, daily, marts, schema, seals, vault
from prizewatch.fields import EVIDENCE, STAGE_EVENT, TABLES
from prizewatch.rules import known_codes
from prizewatch.rulings import ALONE, RULES
from prizewatch.settings import Settings
from prizewatch.store import Register

from . import terminal
from .marts import existing

Cursor = duckdb.DuckDBPyConnection
SQL = Path(audit.__file__).parent / "sql" / "check"
OVERDUE = timedelta(days=2)  # the daily step may have been missed once


class Problem(NamedTuple):
    """What does not fit: a code, where, and how many rows."""

    code: str
    where: str
    rows: int

    def result(self) -> dict[str, Any]:
        """For machines."""
        return {"code": self.code, "where": self.where, "rows": self.rows}


#: What a command makes good again, as the sentence about it says. All else was changed past the program.
MENDED = frozenset({"migrations", "mart", "overdue"})
EVENTS = (
    "filing", "stage_event", "evidence", "organizer", "draw_count", "moderation", "proposal", "reply", "answer",
    "alarm", "cluster", "erasure", "erasure_request",
    "invitation", "reply_event", "notice", "notice_event",
)  # fmt: skip
#: Columns of the log that must be found elsewhere: table, column, where.
REFERS = (
    ("stage_event", "dispute_id", "filing", "dispute_id"),
    ("evidence", "dispute_id", "filing", "dispute_id"),
    ("answer", "dispute_id", "filing", "dispute_id"),
    ("cluster", "alarm_id", "alarm", "alarm_id"),
    ("notice_event", "notice_id", "notice", "notice_id"),
    ("reply_event", "invitation_id", "invitation", "invitation_id"),
    ("filing", "organizer_id", "organizer", "organizer_id"),
    ("draw_count", "organizer_id", "organizer", "organizer_id"),
    ("reply", "organizer_id", "organizer", "organizer_id"),
    *((table, "commit_no", "commit", "commit_no") for table in
      EVENTS),
)  # fmt: skip


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Checks a register. Exit code 1 if anything does not fit."""
    _ = terminal.words(args)
    with existing(Path(args.database), settings, now) as register:
        problems = check(register, now)
        version = str(register.version())
        with register.read() as cur:
            ends = {name: chain.end(cur, name) for name in ("seal", "audit")}
            again = dict(seals.resealed(cur))
    lines = [_(f"cli.check.{p.code}", p.rows, where=p.where) for p in problems] or [_("cli.check.fine")]
    if any(p.code not in MENDED for p in problems):
        lines.append(_("cli.check.go_back"))
    lines += [_("cli.check.resealed", n, reason=reason) for reason, n in again.items()]
    lines += [_(f"cli.check.end.{name}", no=n, seal=seal[:32]) for name, (n, seal) in ends.items() if n]
    result = {"problems": [p.result() for p in problems], "version": version, "resealed": again, "ends": ends}
    terminal.tell(args, lines, result)
    return 1 if problems else 0


def check(register: Register, now: datetime) -> list[Problem]:
    """Everything that does not fit together in a register."""
    with register.read() as cur:
        found = [*_migrations(cur), *_orphans(cur), *_twice(cur), *_codes(cur), *_seals(cur, register.key)]
        found += [*_second_persons(cur), *_overdue(cur, now), *_marts(cur, register, now)]
    return [*found, *_files(register, now)]


def _files(register: Register, now: datetime) -> list[Problem]:
    """Files of evidence that came in here and are gone or not what they were."""
    wrong = [name for name in daily.files_on_file(register, now, received=True) if not vault.intact(register, name)]
    return [Problem("file", str(vault.folder(register)), len(wrong))] if wrong else []


def _count(cur: Cursor, sql: str) -> int:
    return int(cur.execute(sql).fetchall()[0][0])


def _migrations(cur: Cursor) -> list[Problem]:
    known, seen = len(schema.migrations()), schema.seen_migration(cur)
    return [] if known == seen else [Problem("migrations", f"{seen}/{known}", abs(known - seen))]


def _orphans(cur: Cursor) -> list[Problem]:
    found = []
    for table, column, other, key in REFERS:
        missing = f"NOT EXISTS (SELECT 1 FROM log.{other} o WHERE o.{key} = t.{column})"
        sql = f"SELECT count(*) FROM log.{table} t WHERE {missing}"
        if rows := _count(cur, sql):
            found.append(Problem("orphan", f"log.{table}.{column}", rows))
    subjects = "SELECT dispute_id FROM log.filing UNION ALL SELECT organizer_id FROM log.organizer"
    subjects += " UNION ALL SELECT dispute_id FROM log.erasure"
    if rows := _count(cur, f"SELECT count(*) FROM log.moderation WHERE subject_id NOT IN ({subjects})"):
        found.append(Problem("orphan", "log.moderation.subject_id", rows))
    return found


def _twice(cur: Cursor) -> list[Problem]:
    found = []
    for table, columns in (
        *((t, "event_id") for t in EVENTS),
        ("commit", "commit_no"),
        ("filing", "dispute_id, version"),
    ):
        if rows := _count(cur, f"SELECT count(*) - count(DISTINCT ({columns})) FROM log.{table}"):
            found.append(Problem("twice", f"log.{table}: {columns}", rows))
    return found


def _codes(cur: Cursor) -> list[Problem]:
    """Codes of the log that no code list knows."""
    found = []
    for table, fields in (("filing", TABLES["dispute"]), ("stage_event", STAGE_EVENT), ("evidence", EVIDENCE)):
        for field in fields:
            if not field.logged or field.kind not in ("code", "codes"):
                continue
            codes = list(known_codes(field))
            each = f"SELECT unnest(string_split({field.name}, ';')) AS code FROM log.{table}"
            rows = cur.execute(
                f"SELECT count(*) FROM ({each}) WHERE code NOT IN (SELECT unnest(?))", [codes]
            ).fetchall()
            if rows[0][0]:
                found.append(Problem("code", f"log.{table}.{field.name}", int(rows[0][0])))
    return found


def _seals(cur: Cursor, key: bytes) -> list[Problem]:
    """What was changed past this program: rows of the log, seals, entries of the audit; and missing commits."""
    faults = seals.faults(cur, key)
    told = (("changed", faults.commits), ("unsealed", faults.unsealed))
    found = [Problem(code, _numbers(commits), len(commits)) for code, commits in told if commits]
    if faults.chain:
        found.append(Problem("chain", "log.seal", faults.chain))
    if faults.gaps:
        found.append(Problem("gap", "log.commit", faults.gaps))
    if entries := audit.broken(cur, key):
        found.append(Problem("chain", "log.audit", entries))
    return found


def _numbers(commits: tuple[int, ...]) -> str:
    return ", ".join(map(str, commits[:10])) + (", ..." if len(commits) > 10 else "")


def _second_persons(cur: Cursor) -> list[Problem]:
    """Decisions that need two persons and had one: nobody confirmed, or who confirmed had proposed."""
    found = []
    two = [action for rules in RULES.values() for action, rule in rules.items() if rule.two]
    values = {"two": two, "alone": ALONE}
    for code, name in (("second", "second_missing"), ("same_person", "second_same")):
        rows = int(
            cur.execute((SQL / f"{name}.sql").read_text("utf-8"), values if code == "second" else None).fetchall()[0][0]
        )
        if rows:
            found.append(Problem(code, "log.moderation", rows))
    return found


def _overdue(cur: Cursor, now: datetime) -> list[Problem]:
    """What is kept for a while only and should have been erased by the daily step."""
    found = []
    tables = cur.execute(
        "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'desk' AND column_name = 'erase_at' ORDER BY 1"
    ).fetchall()
    for (table,) in tables:
        due = cur.execute(f"SELECT count(*) FROM desk.{table} WHERE erase_at <= ?", [now - OVERDUE]).fetchall()
        if due[0][0]:
            found.append(Problem("overdue", f"desk.{table}", int(due[0][0])))
    return found


def _marts(cur: Cursor, register: Register, now: datetime) -> list[Problem]:
    """The marts against a rebuild, which is taken back again."""
    tables = [
        row[0]
        for row in cur.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'mart' ORDER BY 1"
        ).fetchall()
    ]
    found = []
    cur.begin()
    try:
        for table in tables:
            cur.execute(f"CREATE TEMP TABLE was_{table} AS FROM mart.{table}")
        marts.rebuild(cur, register.as_of(now))
        for table in tables:
            rows = _count(
                cur,
                f"SELECT (SELECT count(*) FROM (FROM mart.{table} EXCEPT ALL FROM was_{table}))"
                f" + (SELECT count(*) FROM (FROM was_{table} EXCEPT ALL FROM mart.{table}))",
            )
            if rows:
                found.append(Problem("mart", f"mart.{table}", rows))
    finally:
        cur.rollback()
    return found
