"""Decisions about reports and organizers: appended, never changed; what two persons decide waits for the second.

Each is judged by `rulings` in the transaction that writes it, against the log as it is then: who decided on what has
changed meanwhile is told, and nothing is lost. Taking back is an event too (`undo`): then neither of the two counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid5

import duckdb
import pyarrow as pa

from .access import Actor, require
from .rulings import ALONE, RULES, Organizer, Report, Rule, organizer_problem, report_problem, words_problem
from .statements import by_column, rows, statement
from .store import Register, append, next_commit

UNDO = "undo"

Cursor = duckdb.DuckDBPyConnection
State = Literal["done", "proposed", "known", "refused"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided. `event_id` makes a second try a no-op. `seen`: the last commit about the subject that stood on
    the screen (`queue.Case.last_commit`); a later one refuses the decision as `changed`. None: not looked at.
    """

    event_id: UUID
    subject_kind: str
    subject_id: UUID
    action: str
    reason_code: str = ""
    sentence: str = ""
    related_id: UUID | None = None
    seen: int | None = None
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """done: it counts; proposed: it waits for a second person; known: the same event again; refused: see `problem`
    (a code with words `desk.problem.<code>`). `event_id` is the decision's, or the proposal's.
    """

    state: State
    problem: str
    event_id: UUID


@dataclass(frozen=True, slots=True)
class _Order:
    """What somebody at the desk wants done, on its way to the writer: to decide, to answer a proposal, to undo."""

    register: Register
    actor: Actor
    decisions: tuple[Decision, ...]
    now: datetime
    confirms: UUID | None = None
    declines: UUID | None = None
    undoes: UUID | None = None
    reason: str = ""


def rule_of(subject_kind: str, action: str) -> Rule:
    """The rule of a decision. Raises `KeyError` for one that does not exist."""
    return RULES[subject_kind][action]


def decide(register: Register, actor: Actor, decision: Decision, now: datetime) -> Outcome:
    """Take one decision, or propose it where two persons are needed. Raises `NotAllowed`; `KeyError` for an action that
    does not exist.
    """
    return decide_all(register, actor, [decision], now)[0]


def decide_all(register: Register, actor: Actor, decisions: Sequence[Decision], now: datetime) -> list[Outcome]:
    """Several decisions in one transaction; each is judged on its own, those refused leave the others standing.
    Raises `ValueError` for two about one subject.
    """
    if len({one.subject_id for one in decisions}) < len(decisions):
        raise ValueError("two decisions about one subject")
    for one in decisions:
        require(actor, rule_of(one.subject_kind, one.action).permission)
    return register.write(_handle, _Order(register, actor, tuple(decisions), now))


def confirm(register: Register, actor: Actor, proposal_id: UUID, now: datetime) -> Outcome:
    """Carry out what another person proposed. Raises `NotAllowed`."""
    require(actor, "desk.see")
    return register.write(_handle, _Order(register, actor, (), now, confirms=proposal_id))[0]


def decline(register: Register, actor: Actor, proposal_id: UUID, reason: str, now: datetime) -> Outcome:
    """Decline a proposal, with a sentence; who proposed it takes it back so. Raises `NotAllowed`."""
    require(actor, "desk.see")
    return register.write(_handle, _Order(register, actor, (), now, declines=proposal_id, reason=reason))[0]


def undo(register: Register, actor: Actor, event_id: UUID, now: datetime) -> Outcome:
    """Take back the last standing decision of its kind: what stood before stands again. What would name, merge or split
    anew needs a second person; taking a name away does not. Raises `NotAllowed`.
    """
    require(actor, "desk.see")
    return register.write(_handle, _Order(register, actor, (), now, undoes=event_id))[0]


# ── inside the transaction ─────────────────────────────────────────────────────────────────────────────────────────


def _handle(cur: Cursor, items: list[_Order]) -> list[list[Outcome]]:
    """The writer's handler. What one item decides, the next would not see in the marts before the commit: items about
    the same subject go one by one.
    """
    desk = _Desk(cur, items[0].register)
    answers = [desk.does(order) for order in items]
    desk.write()
    return answers


class _Desk:
    """The decisions of one transaction: judged, and their rows collected."""

    def __init__(self, cur: Cursor, register: Register) -> None:
        self.cur, self.register = cur, register
        self.rows: dict[str, list[dict[str, Any]]] = {"moderation": [], "proposal": [], "organizer": []}
        self.touched: set[UUID] = set()  # decided on here: the marts do not know it yet
        self.leaned: set[UUID] = set()  # merged into
        self.now: datetime | None = None

    def does(self, order: _Order) -> list[Outcome]:
        self.now = order.now
        if order.undoes:
            return [self._undo(order, order.undoes)]
        if order.confirms or order.declines:
            return [self._answer(order)]
        return [self._decide(order, one) for one in order.decisions]

    def write(self) -> None:
        written = {table: new for table, new in self.rows.items() if new}
        if not written or self.now is None:
            return
        commit = next_commit(self.cur, "desk", self.now, sum(map(len, written.values())))
        for table, new in written.items():
            append(self.cur, table, pa.Table.from_pylist(new), commit)

    # ── deciding

    def _decide(self, order: _Order, one: Decision) -> Outcome:
        if self._is_there(one.event_id):
            return Outcome("known", "", one.event_id)
        rule = rule_of(one.subject_kind, one.action)
        problem = words_problem(one.subject_kind, one.action, one.reason_code, one.sentence) or self._problem(
            one, order
        )
        if problem:
            return Outcome("refused", problem, one.event_id)
        return self._carry_out(order, one, two=rule.two)

    def _problem(self, one: Decision, order: _Order) -> str:
        """Why it may not be decided as things stand now."""
        self._alone(one.subject_id, one.related_id)
        if one.subject_kind == "dispute":
            found = report_on_file(self.cur, one.subject_id, one.related_id)
            if found is None:
                return "unknown"
            return "changed" if _later(found[1], one.seen) else report_problem(one.action, found[0], one.reason_code)
        organizer, last = organizer_on_file(self.cur, one.subject_id, one.related_id)
        if organizer is None:
            return "unknown"
        if _later(last, one.seen):
            return "changed"
        return organizer_problem(one.action, one.reason_code, organizer, one.subject_id, order.now)

    def _alone(self, subject: UUID, related: UUID | None = None) -> None:
        if subject in self.touched | self.leaned or (related != subject and related in self.touched):
            raise RuntimeError("two decisions about one subject in one transaction")
        self.touched.add(subject)
        if related:
            self.leaned.add(related)

    def _carry_out(self, order: _Order, one: Decision, *, two: bool) -> Outcome:
        if not two:
            self._log(order, one, one.event_id, order.actor.name, None)
            return Outcome("done", "", one.event_id)
        if not self.register.settings.two_persons:
            self._log(order, one, one.event_id, order.actor.name, ALONE)
            return Outcome("done", "", one.event_id)
        if any(_same(p, one) for p in proposals(self.cur)):
            return Outcome("refused", "proposed_already", one.event_id)
        self._propose(order, one, "proposed", one.event_id, one.event_id)
        return Outcome("proposed", "", one.event_id)

    def _answer(self, order: _Order) -> Outcome:
        proposal = order.confirms or order.declines
        assert proposal is not None  # noqa: S101  one of the two brought us here
        event = uuid5(proposal, "confirmed" if order.confirms else "declined")
        if self._is_there(event):
            return Outcome("known", "", event)
        found = next((p for p in proposals(self.cur) if p["proposal_id"] == proposal), None)
        if found is None:
            return Outcome("refused", "no_proposal", event)
        one = Decision(
            event, found["subject_kind"], found["subject_id"], found["action"], found["reason_code"] or "",
            found["sentence"] or "", found["related_id"], undoes=found["undoes"],
        )  # fmt: skip
        permission = self._rule(one)[0].permission
        require(order.actor, permission)
        if order.declines:
            self._alone(proposal)
            self._propose(order, replace(one, sentence=order.reason), "declined", event, proposal)
            return Outcome("done", "", event)
        if found["actor"] == order.actor.name:
            return Outcome("refused", "same_person", event)
        problem = self._undo_problem(one) if one.undoes else self._problem(one, order)
        if problem:
            return Outcome("refused", problem, event)
        self._propose(order, one, "confirmed", uuid5(proposal, "proposal confirmed"), proposal)
        self._log(order, one, event, found["actor"], order.actor.name)
        return Outcome("done", "", event)

    # ── taking back

    def _undo(self, order: _Order, event: UUID) -> Outcome:
        undone = uuid5(event, UNDO)
        if self._is_there(undone) or self._is_there(uuid5(undone, "confirmed")):
            return Outcome("known", "", undone)
        found = _decision(self.cur, event)
        if found is None:
            return Outcome("refused", "unknown", undone)
        one = Decision(
            undone, found["subject_kind"], found["subject_id"], UNDO, "mistake", "", found["related_id"], undoes=event,
        )  # fmt: skip
        rule, _ = self._rule(one)
        require(order.actor, rule.permission)
        if problem := self._undo_problem(one):
            return Outcome("refused", problem, undone)
        return self._carry_out(order, one, two=rule.two_to_undo)

    def _rule(self, one: Decision) -> tuple[Rule, str]:
        """The rule of a decision, or of the one it takes back; and that one's action."""
        found = _decision(self.cur, one.undoes) if one.undoes else None
        action = str(found["action"]) if found else one.action
        return rule_of(one.subject_kind, action), action

    def _undo_problem(self, one: Decision) -> str:
        """Only the last standing answer to a question can be taken back, and an invitation was sent."""
        self._alone(one.subject_id)
        rule, _ = self._rule(one)
        if not rule.asks:
            return "not_undoable"
        same = [action for action, other in RULES[one.subject_kind].items() if other.asks == rule.asks]
        related = one.related_id if rule.of_related else None
        values = {"kind": one.subject_kind, "subject": one.subject_id, "actions": same, "related": related}
        last = self.cur.execute(statement("queue/last_decision"), values).fetchall()
        return "" if last and last[0][0] == one.undoes else "decided_since"

    # ── writing

    def _is_there(self, event: UUID) -> bool:
        own = any(row["event_id"] == str(event) for new in self.rows.values() for row in new)
        return own or bool(self.cur.execute(statement("queue/known"), {"event": event}).fetchall())

    def _log(self, order: _Order, one: Decision, event: UUID, actor: str, second: str | None) -> None:
        row = self._row(order, one, event) | {"actor": actor, "second": second}
        self.rows["moderation"].append(row)
        _, action = self._rule(one)
        if action in ("merge_organizers", "split_organizer"):
            self._kinship(order, one, event)

    def _propose(self, order: _Order, one: Decision, kind: str, event: UUID, proposal: UUID) -> None:
        row = self._row(order, one, event)
        self.rows["proposal"].append(row | {"proposal_id": str(proposal), "kind": kind, "actor": order.actor.name})

    def _row(self, order: _Order, one: Decision, event: UUID) -> dict[str, Any]:
        return {
            "event_id": str(event), "recorded_at": order.now, "subject_kind": one.subject_kind,
            "subject_id": str(one.subject_id), "action": one.action,
            "related_id": None if one.related_id is None else str(one.related_id),
            "undoes": None if one.undoes is None else str(one.undoes),
            "reason_code": one.reason_code, "sentence": one.sentence.strip() or None,
        }  # fmt: skip

    def _kinship(self, order: _Order, one: Decision, event: UUID) -> None:
        """What the fold of organizers reads: merged into whom, or split."""
        into = one.related_id if one.action == "merge_organizers" else None
        if one.undoes:
            into = _merged_before(self.cur, one.subject_id, uuid5(one.undoes, "organizer"))
        self.rows["organizer"].append({
            "event_id": str(uuid5(event, "organizer")), "recorded_at": order.now, "organizer_id": str(one.subject_id),
            "kind": "merged" if into else "split", "into_id": None if into is None else str(into),
            "reason": one.reason_code,
        })  # fmt: skip


def _later(last: int | None, seen: int | None) -> bool:
    return seen is not None and last is not None and last > seen


def _same(proposal: dict[str, Any], one: Decision) -> bool:
    return all(proposal[name] == getattr(one, name) for name in ("subject_id", "action", "related_id", "undoes"))


def _merged_before(cur: Cursor, organizer: UUID, event: UUID) -> UUID | None:
    """Into whom an organizer was merged before an event of log.organizer; None: into nobody."""
    into: UUID | None = None
    for event_id, kind, target in cur.execute(statement("queue/merges_of"), {"organizer": organizer}).fetchall():
        if event_id == event:
            return into
        into = target if kind == "merged" else None
    return into


# ── reading, also for the screens ──────────────────────────────────────────────────────────────────────────────────


def proposals(cur: Cursor) -> list[dict[str, Any]]:
    """What waits for a second person, the oldest first: the columns of log.proposal."""
    return rows(cur, "queue/proposals")


def report_on_file(cur: Cursor, dispute: UUID, related: UUID | None = None) -> tuple[Report, int] | None:
    """A report as it stands, and the last commit about it; None: no such report."""
    found = rows(cur, "queue/report", {"subject": dispute, "related": related})
    if not found:
        return None
    (it,) = found
    return Report(it["moderation"], it["status"], it["verification"], it["named"], it["asks_more"], it["other"]), it[
        "last_commit"
    ]


def organizer_on_file(cur: Cursor, organizer: UUID, related: UUID | None = None) -> tuple[Organizer | None, int | None]:
    """An organizer as it stands, and the last commit of a decision about it; None: nothing is on file of it."""
    (it,) = rows(cur, "queue/organizer", {"subject": organizer, "related": related})
    if not it["there"]:
        return None, None
    names = (
        "listed", "account", "has_name", "at_v2", "reporters", "named", "reviewed", "invited_at", "replied",
        "name_there", "apart",
    )  # fmt: skip
    known = Organizer(
        **{name: it[name] for name in names},
        into=it["into_id"],
        other_into=it["other_into"],
        other_there=it["other_there"],
    )
    return known, it["last_commit"]


def _decision(cur: Cursor, event: UUID | None) -> dict[str, Any] | None:
    """A decision that is on file and none that takes back."""
    done = cur.execute("SELECT * FROM log.moderation WHERE event_id = ? AND undoes IS NULL", [event])
    return next(iter(by_column(done)), None)
