"""Campaigns at the door (statistics.md S11): when do reports about one organizer come as no past of its own explains?

An alarm is raised in the transaction of the report that sets it off: that report and all that follow wait for a
person, and what came in the same burst is held again. `brigading` is what people then decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import duckdb
import numpy as np
import pyarrow as pa

from . import marts, stats
from .statements import statement
from .store import append, next_commit

DAY, MONTH = timedelta(hours=24), timedelta(days=30)
DAY_MOST = 5  # reports about one organizer in 24 hours; more are held, unless its own past makes them likely
MONTH_MOST = 12  # the same in 30 days: a slow campaign stays below any day's limit
PLACE_MOST = 3  # people who report one organizer from one network or device
UNLIKELY = 0.001  # that many by chance
DAYS, MONTHS = 90, 6  # the past: so many days, so many spans of 30 days
SCREEN = "screen"  # the actor of what no person decided
OPEN = ("raised", "hold", "note")
FREEZES = {"burst_day", "burst_month"}

Cursor = duckdb.DuckDBPyConnection


class Coming(NamedTuple):
    """A report at the door: its row, ids as text, and whether the other screens let it pass."""

    n: int
    organizer: str
    dispute: str
    reporter: str
    network: str | None
    device: str | None
    passed: bool


class Alarm(NamedTuple):
    """An alarm to be raised: organizer after merges, `alarm_id` (its own, or that of the open one), what arrived."""

    organizer: str
    alarm_id: str
    signals: tuple[str, ...]
    since: datetime
    arrived: tuple[str, ...]


@dataclass
class _About:
    """What is known of one organizer: arrivals (when, dispute, counted), who came from where, and its alarms."""

    arrivals: list[tuple[datetime, str, bool]] = field(default_factory=list)
    places: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    alarm_id: str = ""
    signals: tuple[str, ...] = ()
    cleared_at: datetime = datetime.min
    cleared: int = 0
    usual: dict[int, int] | None = None

    def arrive(self, at: datetime, dispute: str, places: Iterable[str | None], reporter: str, counted: bool) -> None:
        self.arrivals.append((at, dispute, counted))
        for place in filter(None, places):
            self.places[place].add(reporter)

    def lately(self, since: datetime) -> int:
        """Reports that would count, since a moment and since a person last cleared them."""
        return sum(counted and at > max(since, self.cleared_at) for at, _, counted in self.arrivals)


def ask(cur: Cursor, name: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of one statement of sql/brigading."""
    return cur.execute(statement(f"brigading/{name}"), values or None).fetchall()


def weigh(cur: Cursor, coming: list[Coming], now: datetime, today: date) -> tuple[list[int], list[Alarm]]:
    """The rows that wait because of an alarm, and the alarms they set off."""
    if not coming:
        return [], []
    canonical, about = _on_file(cur, [c.organizer for c in coming], now)
    marked: list[int] = []
    raised: dict[str, Alarm] = {}
    for one in coming:
        organizer = canonical[one.organizer]
        its = about[organizer]
        its.arrive(now, one.dispute, (one.network, one.device), one.reporter, one.passed)
        found = {*its.signals}
        if not found & FREEZES:
            found |= _signals(cur, organizer, its, now, today)
        if found & FREEZES:
            marked.append(one.n)
        if found - {*its.signals}:
            its.alarm_id, its.signals = its.alarm_id or str(uuid4()), tuple(sorted(found))
            span = DAY if "burst_month" not in found else MONTH
            since = min((at for at, _, _ in its.arrivals if at > now - span), default=now)
            raised[organizer] = Alarm(organizer, its.alarm_id, its.signals, since, ())
    for organizer, alarm in raised.items():
        arrived = tuple(d for at, d, _ in about[organizer].arrivals if at >= alarm.since)
        raised[organizer] = alarm._replace(arrived=arrived if {*alarm.signals} & FREEZES else ())
    return marked, list(raised.values())


def _signals(cur: Cursor, organizer: str, its: _About, now: datetime, today: date) -> set[str]:
    """What is unusual now. After a release twice as many as were released go by: the same event may go on."""
    found = {"place"} if any(len(people) > PLACE_MOST for people in its.places.values()) else set()
    for code, span, most in (("burst_day", DAY, DAY_MOST), ("burst_month", MONTH, MONTH_MOST)):
        count = its.lately(now - span)
        if count <= max(most, 2 * its.cleared):
            continue
        if its.usual is None:
            its.usual = dict(ask(cur, "usual", organizer=organizer, today=today))
        if code == "burst_day":
            past = np.full(DAYS, sum(its.usual.get(span_no, 0) for span_no in range(3)) / DAYS)
        else:
            past = np.array([its.usual.get(span_no, 0) for span_no in range(1, MONTHS + 1)])
        if stats.burst_tail(count, past) < UNLIKELY:
            found.add(code)
    return found


def _on_file(cur: Cursor, organizers: list[str], now: datetime) -> tuple[dict[str, str], dict[str, _About]]:
    """Organizer -> the one it stands for, and what is known of those."""
    merged = "SELECT CAST(organizer_id AS VARCHAR), CAST(canonical_id AS VARCHAR) FROM mart.organizer_merge"
    ends = dict(
        cur.execute(f"{merged} WHERE organizer_id IN (SELECT unnest(CAST(? AS UUID[])))", [organizers]).fetchall()
    )
    canonical = {organizer: ends.get(organizer, organizer) for organizer in organizers}
    about = {organizer: _About() for organizer in canonical.values()}
    since = now - MONTH
    rows = ask(cur, "arrivals", organizers=organizers, since=since)
    later: dict[str, list[str]] = defaultdict(list)
    first: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in rows:
        organizer, dispute, version = str(row[0]), str(row[1]), row[2]
        if (organizer, dispute) not in first:
            first[organizer, dispute] = row
            if version > 1:
                later[organizer].append(dispute)
    for organizer, disputes in later.items():
        for (dispute,) in ask(cur, "earlier", organizer=organizer, disputes=disputes, since=since):
            first.pop((organizer, str(dispute)), None)
    for (organizer, dispute), (_, _, _, at, reporter, network, device, passed) in first.items():
        about[organizer].arrive(at, dispute, (network, device), reporter, passed)
    for alarm_id, organizer, kind, _, signals, reports, _, _, decided_at, _ in ask(cur, "standing"):
        its = about.get(str(organizer))
        if its is None:
            continue
        if kind in OPEN:
            its.alarm_id, its.signals = str(alarm_id), tuple(signals.split(";"))
        else:
            its.cleared_at = max(its.cleared_at, decided_at)
            if kind == "release" and decided_at > since:
                its.cleared = max(its.cleared, reports)
    return canonical, about


def raise_alarms(cur: Cursor, alarms: list[Alarm], now: datetime) -> None:
    """Inside a handler, after the reports were appended: the alarms, and what came before in the same burst is held."""
    if not alarms:
        return
    marts.refresh(cur, as_of=marts.version(cur)[1], since=marts.version(cur)[0])
    commit = next_commit(cur, SCREEN, now)
    rows, holds = [], []
    for alarm in alarms:
        held = ask(cur, "hold", arrived=list(alarm.arrived), organizer=alarm.organizer) if alarm.arrived else []
        holds += [moved(dispute, "check", alarm.alarm_id, SCREEN, now) for (dispute,) in held]
        rows.append(row(alarm, "raised", len(alarm.arrived), SCREEN, now))
    append(cur, "alarm", pa.Table.from_pylist(rows), commit)
    if holds:
        append(cur, "moderation", pa.Table.from_pylist(holds), commit)


def row(alarm: Alarm, kind: str, reports: int, actor: str, now: datetime, sentence: str = "") -> dict[str, Any]:
    """A row of log.alarm."""
    return {
        "event_id": str(uuid4()), "recorded_at": now, "alarm_id": alarm.alarm_id, "organizer_id": alarm.organizer,
        "kind": kind, "since": alarm.since, "signals": ";".join(alarm.signals), "reports": reports,
        "sentence": sentence or None, "actor": actor,
    }  # fmt: skip


def moved(dispute: str, action: str, alarm_id: str, actor: str, now: datetime) -> dict[str, Any]:
    """A row of log.moderation: what an alarm does to a report."""
    return {
        "event_id": str(uuid4()), "recorded_at": now, "subject_kind": "dispute", "subject_id": dispute,
        "action": action, "related_id": alarm_id, "reason_code": "brigading", "actor": actor,
    }  # fmt: skip
