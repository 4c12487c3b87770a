"""The marts: what pages ask, folded from the log. `rebuild` makes them anew, `refresh` applies what a commit changed.

Both run the same SQL (`sql/core` folds the log to disputes, `sql/marts` counts them); a refresh only narrows what is
read and adds the difference to the additive marts. A property test demands that both give identical tables.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from . import merges, schema, search
from .merges import merge_organizers, merges_since

SQL = Path(__file__).parent / "sql"
CORE, MARTS = SQL / "core", SQL / "marts"

#: Marts that a difference can be added to, with the columns of their key.
ADDITIVE = {
    "resolution": ("organizer_type", "stage"),
    "month": ("month", "organizer_type"),
    "reason": ("organizer_type", "dispute_reason"),
    "cut": ("cut", "value", "stage"),
    "flow": ("organizer_type", "stage"),
    "time": ("organizer_type", "stage", "days", "ended"),
    "first_response": ("stage", "response_kind", "hours"),
    "exposure": ("reporters", "draws"),
    "advice": ("organizer_type", "came_from", "stage", "verification"),
    "organizer_stage": ("organizer_id", "stage"),
    "organizer_reason": ("organizer_id", "dispute_reason"),
    "organizer_month": ("organizer_id", "month"),
}
#: From this share of all disputes on, making everything anew is cheaper than telling what changed.
REBUILD_FROM = 0.5

Cursor = duckdb.DuckDBPyConnection


@cache
def text(folder: Path, name: str) -> str:
    """One SQL file, without a closing semicolon."""
    return (folder / f"{name}.sql").read_text("utf-8").strip().removesuffix(";")


def has_tables(cur: Cursor) -> bool:
    """Whether the file holds any table at all."""
    return bool(cur.execute("SELECT 1 FROM duckdb_tables() WHERE NOT temporary LIMIT 1").fetchall())


def version(cur: Cursor) -> tuple[int, date]:
    """The commit and the day the marts stand at."""
    row = cur.execute("SELECT commit_no, as_of FROM mart.version").fetchall()[0]
    return int(row[0]), row[1]


def last_commit(cur: Cursor) -> int:
    """The number of the last commit in the log; 0 before the first."""
    return int(cur.execute("SELECT coalesce(max(commit_no), 0) FROM log.commit").fetchall()[0][0])


def commit_day(cur: Cursor, zone: ZoneInfo) -> date | None:
    """The day of the last commit in the register's time zone."""
    found = cur.execute("SELECT committed_at FROM log.commit ORDER BY commit_no DESC LIMIT 1").fetchall()
    at: datetime | None = found[0][0] if found else None
    return at.replace(tzinfo=UTC).astimezone(zone).date() if at else None


def install(cur: Cursor, kind: str, zone: str) -> bool:
    """Install the views and macros of `core`, if their SQL or what they depend on changed. Returns whether it had."""
    code = (Path(__file__), Path(merges.__file__))
    made_from = schema.fingerprint(*sorted([*CORE.glob("*.sql"), *MARTS.glob("*.sql"), *code])) + kind + zone
    if schema.installed(cur, "core") == made_from:
        return False
    cur.execute("CREATE SCHEMA IF NOT EXISTS mart")
    cur.execute(text(MARTS, "tables"))
    cur.execute(text(CORE, "fit"))
    cur.execute("CREATE OR REPLACE TABLE core.setting (kind VARCHAR, zone VARCHAR)")
    cur.execute("INSERT INTO core.setting VALUES (?, ?)", [kind, zone])
    cur.execute(text(CORE, "views"))
    clock = "clock AS (SELECT CAST(day AS DATE) AS as_of, zone, kind = 'reference' AS reference FROM core.setting)"
    before = f"WITH {clock}, {text(CORE, 'inputs_all')}"
    events = f"{before}, fold_event AS ({text(CORE, 'event')})"
    disputes = f"{events}, fold_dispute AS ({text(CORE, 'dispute')})"
    cur.execute(f"CREATE OR REPLACE MACRO core.stage_event(day) AS TABLE {events} SELECT * FROM fold_event")
    cur.execute(
        f"CREATE OR REPLACE MACRO core.dispute(day) AS TABLE {disputes} "
        "SELECT * EXCLUDE (full_relief) FROM fold_dispute"
    )
    schema.mark_installed(cur, "core", made_from)
    return True


def catch_up(cur: Cursor, as_of: date) -> None:
    """Bring marts that were left behind (by a clock that went on, or a log that was filled from outside) up to date."""
    refresh(cur, as_of=as_of, since=version(cur)[0])


def rebuild(cur: Cursor, as_of: date) -> None:
    """Make all marts anew from the log, as of a day."""
    cur.execute(text(MARTS, "tables"))
    merge_organizers(cur)
    _fold(cur, as_of, "inputs_all", {})
    cur.execute(
        "INSERT INTO mart.dispute BY NAME "
        "SELECT * EXCLUDE (full_relief) FROM fold_dispute ORDER BY organizer_id, reported_on, dispute_id"
    )
    cur.execute(
        "INSERT INTO mart.dispute_stage BY NAME SELECT * FROM fold_stage ORDER BY organizer_id, dispute_id, stage"
    )
    cur.execute(f"INSERT INTO mart.answer BY NAME {text(MARTS, 'exposed')} ORDER BY a.organizer_id, a.stage_event_id")
    _drop_temporary(cur, "fold_event", "fold_dispute", "fold_stage", "fold_answer")
    for name in ADDITIVE:
        cur.execute(f"INSERT INTO mart.{name} BY NAME {_difference(name, everything=True)}")
    _organizers(cur, as_of, "organizer_all")
    _note(cur, as_of)


def refresh(cur: Cursor, *, as_of: date, since: int) -> None:
    """Take in all that was logged after commit `since`, and let the clocks go on to `as_of`."""
    _, stood_at = version(cur)
    if as_of < stood_at:
        rebuild(cur, as_of)
        return
    remapped = merges_since(cur, since)
    cur.execute(
        f"CREATE OR REPLACE TEMP TABLE fold_touched AS {text(CORE, 'touched')}",
        {"since": since, "as_of": as_of, "remapped": [*remapped]},
    )
    rows, fresh = cur.execute("SELECT count(*), count(*) FILTER (fresh) FROM fold_touched").fetchall()[0]
    if rows > fresh:
        rows = _with_duplicates(cur)
    if rows > fresh and rows > 1000 and rows > REBUILD_FROM * _rows(cur, "mart.dispute"):
        rebuild(cur, as_of)
        return
    organizers = _organizers_since(cur, since) | remapped
    if rows:
        organizers |= _refold(cur, as_of, since, all_fresh=rows == fresh)
    if organizers:
        _pick_organizers(cur, organizers)
        _organizers(cur, as_of, "organizer_touched")
    _note(cur, as_of)


def _rows(cur: Cursor, table: str) -> int:
    return int(cur.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _note(cur: Cursor, as_of: date) -> None:
    cur.execute("DELETE FROM mart.version")
    cur.execute("INSERT INTO mart.version SELECT coalesce(max(commit_no), 0), ? FROM log.commit", [as_of])


def _drop_temporary(cur: Cursor, *names: str) -> None:
    for name in names:
        cur.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _clock() -> str:
    return "clock AS (SELECT CAST($as_of AS DATE) AS as_of, zone, kind = 'reference' AS reference FROM core.setting)"


def _fold(cur: Cursor, as_of: date, inputs: str, values: dict[str, object]) -> None:
    """Fold the log into the temporary tables fold_event, fold_dispute, fold_stage and fold_answer."""
    before = f"WITH {_clock()}, {text(CORE, inputs)}"
    given = {"as_of": as_of, **values}
    for name in ("event", "dispute"):
        cur.execute(f"CREATE OR REPLACE TEMP TABLE fold_{name} AS {before} SELECT * FROM ({text(CORE, name)})", given)
    for name in ("stage", "answer"):
        cur.execute(f"CREATE OR REPLACE TEMP TABLE fold_{name} AS {text(CORE, name)}")


def _refold(cur: Cursor, as_of: date, since: int, all_fresh: bool) -> set[UUID]:
    """Fold the touched disputes again and add the difference to the marts; returns the organizers they had and have."""
    oldest = since + 1
    if not all_fresh:
        known = "SELECT min(commit_no) FROM log.filing WHERE dispute_id IN (SELECT dispute_id FROM fold_touched)"
        oldest = cur.execute(known).fetchall()[0][0] or 0
    _fold(cur, as_of, "inputs_touched", {"since": oldest})
    cur.execute(
        "CREATE OR REPLACE TEMP TABLE fold_signed AS SELECT 1 AS sign, * EXCLUDE (full_relief) FROM fold_dispute"
    )
    cur.execute("CREATE OR REPLACE TEMP TABLE fold_signed_stage AS SELECT 1 AS sign, * FROM fold_stage")
    if not all_fresh:
        old = "dispute_id IN (SELECT dispute_id FROM fold_touched)"
        cur.execute(f"INSERT INTO fold_signed BY NAME SELECT -1 AS sign, * FROM mart.dispute WHERE {old}")
        cur.execute(f"INSERT INTO fold_signed_stage BY NAME SELECT -1 AS sign, * FROM mart.dispute_stage WHERE {old}")
        cur.execute(f"DELETE FROM mart.dispute WHERE {old}")
        cur.execute(f"DELETE FROM mart.dispute_stage WHERE {old}")
    cur.execute("INSERT INTO mart.dispute BY NAME SELECT * EXCLUDE (full_relief) FROM fold_dispute")
    cur.execute("INSERT INTO mart.dispute_stage BY NAME SELECT * FROM fold_stage")
    _answers(cur, all_fresh)
    for name, keys in ADDITIVE.items():
        _add(cur, name, keys, may_vanish=not all_fresh)
    return {row[0] for row in cur.execute("SELECT DISTINCT organizer_id FROM fold_signed").fetchall()}


def _answers(cur: Cursor, all_fresh: bool) -> None:
    """Answers of the touched disputes, and of others whose exposure moves: an earlier report came, went or changed."""
    cur.execute(
        """CREATE OR REPLACE TEMP TABLE fold_moved AS
        SELECT organizer_id, min(reported_at) AS since FROM (
            SELECT organizer_id, reporter_key, draw_id, reported_at FROM fold_signed WHERE in_base
            GROUP BY ALL HAVING sum(sign) <> 0
        ) GROUP BY organizer_id"""
    )
    touched = "dispute_id IN (SELECT dispute_id FROM fold_touched)"
    cur.execute(
        f"""CREATE OR REPLACE TEMP TABLE fold_signed_answer AS
        SELECT -1 AS sign, a.* FROM mart.answer a LEFT JOIN fold_moved m ON m.organizer_id = a.organizer_id
        WHERE a.filed_at > m.since {"" if all_fresh else f"OR a.{touched}"}"""
    )
    if _rows(cur, "fold_signed_answer"):
        cur.execute(
            "INSERT INTO fold_answer BY NAME SELECT * EXCLUDE (sign, exposure_reporters, exposure_draws) "
            f"FROM fold_signed_answer WHERE NOT {touched}"
        )
        cur.execute("DELETE FROM mart.answer WHERE stage_event_id IN (SELECT stage_event_id FROM fold_signed_answer)")
    if _rows(cur, "fold_answer"):
        cur.execute(f"INSERT INTO fold_signed_answer BY NAME SELECT 1 AS sign, * FROM ({text(MARTS, 'exposed')})")
        cur.execute("INSERT INTO mart.answer BY NAME SELECT * EXCLUDE (sign) FROM fold_signed_answer WHERE sign = 1")


@cache
def _counts(name: str) -> tuple[str, ...]:
    """The columns a mart counts: those its query sums up."""
    return tuple(re.findall(r"\) AS (\w+),?$", text(MARTS, name), re.MULTILINE))


@cache
def _difference(name: str, everything: bool) -> str:
    """What the touched disputes add to a mart (or all disputes, for a rebuild); rows that add nothing are left out."""
    counts = _counts(name)
    totals = ", ".join(f"CAST({c} AS BIGINT) AS {c}" for c in counts)
    any_count = " OR ".join(f"{c} <> 0" for c in counts)
    if everything:
        disputes, stages, answers, sign, same = "mart.dispute", "mart.dispute_stage", "mart.answer", "1 AS sign, ", ""
    else:
        disputes, stages, answers = "fold_signed", "fold_signed_stage", "fold_signed_answer"
        sign, same = "", "AND d.sign = s.sign"
    signed = f"""signed_dispute AS (SELECT {sign}* FROM {disputes} WHERE in_base),
    signed_stage AS (
        SELECT {sign}s.*, d.* EXCLUDE (dispute_id, organizer_id{"" if everything else ", sign"})
        FROM {stages} s JOIN {disputes} d ON d.dispute_id = s.dispute_id {same} WHERE d.in_base
    ),
    signed_answer AS (SELECT {sign}* FROM {answers})"""
    keys = ", ".join(ADDITIVE[name])
    return f"WITH {signed} SELECT {keys}, {totals} FROM (\n{text(MARTS, name)}\n) WHERE {any_count}"


def _add(cur: Cursor, name: str, keys: tuple[str, ...], may_vanish: bool) -> None:
    """Add the difference to a mart: rows that are there are changed, others come new, rows of nothing but zeros go."""
    counts = _counts(name)
    same = " AND ".join(f"m.{k} = d.{k}" for k in keys)
    sums = ", ".join(f"{c} = m.{c} + d.{c}" for c in counts)
    cur.execute(
        f"MERGE INTO mart.{name} m USING ({_difference(name, everything=False)}) d ON {same} "
        f"WHEN MATCHED THEN UPDATE SET {sums} WHEN NOT MATCHED THEN INSERT BY NAME"
    )
    if may_vanish:
        cur.execute(f"DELETE FROM mart.{name} WHERE {' AND '.join(f'{c} = 0' for c in counts)}")


def _organizers_since(cur: Cursor, since: int) -> set[UUID]:
    """Organizers about whom something was logged after a commit."""
    return {row[0] for row in cur.execute(text(CORE, "touched_organizers"), {"since": since}).fetchall()}


def _with_duplicates(cur: Cursor) -> int:
    """Touch also what the touched disputes were merged into, and what was merged into them; returns the rows then."""
    merges = "SELECT subject_id, related_id FROM log.moderation WHERE subject_kind = 'dispute' AND action = 'merge'"
    grown = -1
    rows = _rows(cur, "fold_touched")
    while rows != grown:
        grown = rows
        cur.execute(
            f"""INSERT INTO fold_touched
            SELECT DISTINCT other, FALSE FROM (
                SELECT subject_id AS one, related_id AS other FROM ({merges})
                UNION ALL SELECT related_id, subject_id FROM ({merges})
            ) WHERE other IS NOT NULL AND one IN (SELECT dispute_id FROM fold_touched)
              AND other NOT IN (SELECT dispute_id FROM fold_touched)"""
        )
        rows = _rows(cur, "fold_touched")
    return rows


def _pick_organizers(cur: Cursor, organizers: set[UUID]) -> None:
    """Fill fold_member with the organizers' present selves and all that are merged into them; remove their old rows."""
    cur.register("fold_picked", pa.table({"organizer_id": [str(o) for o in organizers]}))
    cur.execute(
        "CREATE OR REPLACE TEMP TABLE fold_gone AS SELECT CAST(organizer_id AS UUID) AS organizer_id FROM fold_picked"
    )
    cur.unregister("fold_picked")
    cur.execute(
        """CREATE OR REPLACE TEMP TABLE fold_member AS
        WITH own AS (
            SELECT DISTINCT coalesce(m.canonical_id, g.organizer_id) AS organizer_id
            FROM fold_gone g LEFT JOIN mart.organizer_merge m ON m.organizer_id = g.organizer_id
        )
        SELECT organizer_id, organizer_id AS canonical_id FROM own
        UNION ALL
        SELECT m.organizer_id, m.canonical_id
        FROM mart.organizer_merge m JOIN own o ON o.organizer_id = m.canonical_id"""
    )
    for name in ("organizer", "organizer_name"):
        cur.execute(
            f"DELETE FROM mart.{name} WHERE organizer_id IN "
            "(SELECT organizer_id FROM fold_gone UNION SELECT organizer_id FROM fold_member)"
        )


def _organizers(cur: Cursor, as_of: date, inputs: str) -> None:
    """Write mart.organizer and the names that may be searched."""
    relations = f"{text(MARTS, inputs)},\n{text(MARTS, 'organizer_called')}"
    before = f"WITH {_clock()}, {relations}"
    cur.execute(f"CREATE OR REPLACE TEMP TABLE fold_tally AS WITH {relations} {text(MARTS, 'tally')}")
    _match(cur)
    cur.execute(
        f"INSERT INTO mart.organizer BY NAME {before} SELECT * FROM ({text(MARTS, 'organizer')}) ORDER BY organizer_id",
        {"as_of": as_of},
    )
    picked = "AND o.organizer_id IN (SELECT canonical_id FROM fold_member)" if inputs == "organizer_touched" else ""
    names = cur.execute(f"WITH {relations} {text(MARTS, 'names').replace('/* picked */', picked)}").fetchall()
    if names:
        columns = list(zip(*search.index_rows(names), strict=True))
        fields = search.NameRow._fields
        table = pa.table(
            {f: [str(v) for v in c] if f == "organizer_id" else list(c) for f, c in zip(fields, columns, strict=True)}
        )
        cur.register("fold_names", table)
        cur.execute(
            "INSERT INTO mart.organizer_name BY NAME "
            "SELECT * REPLACE (CAST(organizer_id AS UUID) AS organizer_id) FROM fold_names"
        )
        cur.unregister("fold_names")


def _match(cur: Cursor) -> None:
    """Fill fold_matching with k_ind of the organizers where two or more draws and reporters make it worth while."""
    cur.execute("CREATE OR REPLACE TEMP TABLE fold_matching (organizer_id UUID, k_ind BIGINT)")
    if not cur.execute("SELECT 1 FROM fold_tally WHERE least(level_draws, level_reporters) >= 2 LIMIT 1").fetchall():
        return
    edges = cur.execute(
        """SELECT DISTINCT d.organizer_id, d.draw_id, d.reporter_key FROM mart.dispute d
        JOIN fold_tally t ON t.organizer_id = d.organizer_id AND least(t.level_draws, t.level_reporters) >= 2
        WHERE d.counts_for_level"""
    ).fetchall()
    found = matchings(edges)
    cur.register("fold_matched", pa.table({"o": [str(o) for o in found], "k": pa.array(found.values(), pa.int64())}))
    cur.execute("INSERT INTO fold_matching SELECT CAST(o AS UUID), k FROM fold_matched")
    cur.unregister("fold_matched")


def matchings(edges: Iterable[tuple[UUID, UUID, str]]) -> dict[UUID, int]:
    """organizer -> size of the maximum matching of its draws to its reporters, from (organizer, draw, reporter)."""
    draws: dict[tuple[UUID, UUID], int] = {}
    reporters: dict[tuple[UUID, str], int] = {}
    pairs = [
        (draws.setdefault((o, draw), len(draws)), reporters.setdefault((o, reporter), len(reporters)))
        for o, draw, reporter in edges
    ]
    if not pairs:
        return {}
    row, column = np.array(pairs, dtype=np.int32).T
    graph = csr_matrix((np.ones(len(row), dtype=np.int8), (row, column)), shape=(len(draws), len(reporters)))
    matched = maximum_bipartite_matching(graph, perm_type="column")
    found: dict[UUID, int] = defaultdict(int)
    for (organizer, _), partner in zip(draws, matched, strict=True):
        found[organizer] += int(partner >= 0)
    return dict(found)
