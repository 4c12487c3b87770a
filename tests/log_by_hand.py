"""Rows of the log written by hand, for tests of the fold: only what a test cares about is named."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from hashlib import md5
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa

from prizewatch.store import Register, append, next_commit

Row = dict[str, Any]
LOGS = (
    "filing", "stage_event", "evidence", "organizer", "draw_count", "moderation", "proposal", "reply", "cluster",
)  # fmt: skip
DAY = date(2026, 3, 2)
MARTS = (
    "dispute", "dispute_stage", "answer", "cut", "flow", "time", "first_response", "exposure", "advice",
    "resolution", "month", "reason", "organizer", "organizer_stage", "organizer_reason",
    "organizer_month", "organizer_name", "organizer_merge", "version",
)  # fmt: skip


def uid(*parts: object) -> UUID:
    """The same id for the same words, in no visible order."""
    return UUID(md5(repr(parts).encode(), usedforsecurity=False).hexdigest())


_numbers: dict[str, int] = {}


def fresh() -> UUID:
    """A new id, the same in every run of a test session."""
    _numbers["n"] = _numbers.get("n", 0) + 1
    return uid("fresh", _numbers["n"])


def stamp(commit: int, at: datetime | None = None) -> Row:
    return {"event_id": fresh(), "commit_no": commit, "recorded_at": at or datetime(2026, 3, 3, 4)}


def filing(dispute: UUID, commit: int = 1, **given: Any) -> Row:
    """A filing with everything an ordinary one has."""
    row: Row = {
        "source": "test", "dispute_id": dispute, "version": 1, "reporter_key": f"r-{dispute}", "network_key": None,
        "receipt_hash": None, "organizer_id": uid("organizer"), "draw_id": uid("draw"), "screen": "",
        "report_lang": "zh",
        "reported_at": datetime(2026, 3, 3, 4), "is_first_hand": True, "relation": "winner", "winner_age": None,
        "organizer_type": "brand_company", "legal_nature": "company", "host_platform": "wechat",
        "lottery_tool": "choujiang_zhushou", "draw_title": None, "draw_time": datetime(2026, 3, 1, 4),
        "entered_on": None,
        "win_notice_on": date(2026, 3, 1), "winners_count": None, "entrants_count": None, "other_winners_known": None,
        "draws_known": None, "draws_source": None, "draws_counted_on": None, "prize_no": 1, "prize_kind": "goods",
        "prize_value": Decimal("100.00"), "value_unknown": False, "currency": "CNY", "value_basis": "stated",
        "conditions": "none_stated", "claim_made_on": DAY, "claim_deadline": None, "refused_on": None,
        "dispute_reason": "not_shipped", "reasons_secondary": None, "reason_other": None, "refusal_mode": "silent",
        "refusal_text": None, "stated_before_entry": None, "paid": None, "amount_paid": None, "data_given": None,
        "first_try_on": None, "last_try_on": None, "tries_count": None, "credited_stage": None,
        "partial_accepted_on": None,
        "gave_up_on": None, "withdrawn_on": None, "withdraw_reason": None, "narrative": None, "consent_narrative": None,
        "consent_publish": True, "consent_case_file": None, "consent_contact": None, "truth_statement": True,
    }  # fmt: skip
    assert not given.keys() - row.keys(), given
    return {**stamp(commit), **row, **given}


def event(dispute: UUID, seq: int, stage: str, outcome: str, commit: int = 1, **given: Any) -> Row:
    """A stage event; stage may be written short (s3)."""
    names = {
        "s1": "s1_self_check", "s2": "s2_organizer", "s3": "s3_lottery_platform", "s4": "s4_host_platform",
        "s5": "s5_mediation",
        "s6": "s6_regulator", "s7": "s7_police", "s8": "s8_court",
    }  # fmt: skip
    row: Row = {
        "dispute_id": dispute, "stage_event_id": uid("event", dispute, seq), "version": 1, "seq": seq,
        "stage": names.get(stage, stage), "target_entity": None, "channel": None, "entered_on": DAY, "closed_on": None,
        "outcome": outcome, "promised_on": None, "response_kind": None, "first_response_hours": None,
        "platform_action": None,
        "skip_reason": None, "relief": None, "relief_value": None, "relief_on": None, "case_ref": None,
    }  # fmt: skip
    assert not given.keys() - row.keys(), given
    return {**stamp(commit), **row, **given}


def evidence(
    dispute: UUID, kind: str, form: str = "screen_recording", commit: int = 1, sha256: str | None = None
) -> Row:
    return {
        **stamp(commit),
        "dispute_id": dispute,
        "kind": kind,
        "form": form,
        "captured_on": None,
        "sha256": sha256,
        "redacted": None,
    }


def both_proofs(dispute: UUID, commit: int = 1) -> list[Row]:
    return [evidence(dispute, "win_page", commit=commit), evidence(dispute, "chat_refusal", commit=commit)]


def organizer(id_: UUID, kind: str = "seen", commit: int = 1, **given: Any) -> Row:
    row: Row = {
        "organizer_id": id_, "kind": kind, "into_id": None, "organizer_type": None, "legal_nature": None,
        "host_platform": None,
        "handle_key": None, "handle": None, "display_name": None, "reg_no": None, "seen_on": None, "reason": None,
    }  # fmt: skip
    assert not given.keys() - row.keys(), given
    return {**stamp(commit), **row, **given}


def decision(subject: UUID, action: str, commit: int = 1, kind: str = "dispute", **given: Any) -> Row:
    row = {"subject_kind": kind, "subject_id": subject, "action": action, "related_id": None, "reason_code": None}
    return {**stamp(commit), **row, "sentence": None, "actor": "test", **given}


def reply(
    organizer_id: UUID,
    answer: str,
    dispute: UUID | None = None,
    commit: int = 1,
    on: date = DAY,
    published: bool = True,
) -> Row:
    row = {"organizer_id": organizer_id, "dispute_id": dispute, "answer": answer, "words": None, "replied_on": on}
    return {**stamp(commit), **row, "published": published}


def cluster(reporter_key: str, cluster_key: str, commit: int = 1) -> Row:
    """This key counts as that one from now on."""
    row = {"reporter_key": reporter_key, "cluster_key": cluster_key, "alarm_id": None, "actor": "test"}
    return {**stamp(commit), **row}


def draw_count(organizer_id: UUID, known: int, on: date, commit: int = 1) -> Row:
    return {
        **stamp(commit),
        "organizer_id": organizer_id,
        "observed_on": on,
        "draws_known": known,
        "source_kind": "tool_page",
    }


def _arrow(rows: list[Row]) -> pa.Table:
    text = [{k: str(v) if isinstance(v, UUID) else v for k, v in row.items() if k != "commit_no"} for row in rows]
    names = dict.fromkeys(name for row in text for name in row)
    return pa.table({name: pa.array([row.get(name) for row in text]) for name in names})


def put_rows(cur: duckdb.DuckDBPyConnection, batches: list[dict[str, list[Row]]]) -> list[int]:
    """A handler: each batch is one commit. Gives the rows their commit number and returns it."""
    numbers = []
    for batch in batches:
        number = next_commit(cur, "test", datetime(2026, 3, 3, 4))
        for table, rows in batch.items():
            for row in rows:
                row["commit_no"] = number
            if rows:
                append(cur, table, _arrow(rows), number)
        numbers.append(number)
    return numbers


def put(register: Register, **batch: list[Row]) -> int:
    """Log rows in one commit: put(register, filing=[...], stage_event=[...])."""
    return register.write(put_rows, batch)


def everything(register: Register) -> dict[str, list[tuple[Any, ...]]]:
    """All marts, each sorted, to compare as a whole."""
    found = {}
    with register.read() as cur:
        for name in MARTS:
            found[name] = sorted(cur.execute(f"SELECT * FROM mart.{name}").fetchall(), key=repr)
    return found


def rows_of(register: Register, sql: str, values: list[Any] | None = None) -> list[Row]:
    """Rows of a query as dictionaries."""
    with register.read() as cur:
        done = cur.execute(sql, values)
        names = [d[0] for d in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def wipe(cur: duckdb.DuckDBPyConnection, items: list[date]) -> list[None]:
    """A handler: an empty log again, for the next example of a property test."""
    from prizewatch import marts

    for name in (*LOGS, "commit"):
        cur.execute(f"DELETE FROM log.{name}")
    marts.rebuild(cur, items[-1])
    return [None] * len(items)


def clock_at(register: Register, day: date) -> None:
    """The fixed clock of a demo or reference register stands at a day, as if it had been opened with it."""
    register.clock_on = day
    register.advance(datetime(2026, 3, 3, 4))
