"""A reporter who files by the form and comes back with a code, for the tests of following up."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from prizewatch import followup, intake, vault
from prizewatch.evidence import StoredEvidence
from prizewatch.followup import Change, OwnReport, Revised
from prizewatch.store import Register
from tests.intake_rows_by_hand import FORM, NOW, Rows, event_id
from tests.log_by_hand import decision, put, rows_of

HOME = "198.51.100.7"
_numbers = itertools.count()


def proof(register: Register, kind: str, form: str = "screenshot") -> dict[str, str]:
    """An item of evidence with a file that is really kept."""
    return file(register, kind, form, f"{kind} {next(_numbers)}".encode())


def file(register: Register, kind: str, form: str, content: bytes) -> dict[str, str]:
    """An item of evidence with this content kept."""
    stored = StoredEvidence(sha256(content).hexdigest(), "image/png", len(content), content)
    vault.keep(register, stored)
    return {
        "kind": kind,
        "form": form,
        "sha256": stored.sha256,
        "media_type": "image/png",
        "size_bytes": str(len(content)),
    }


class Reporter:
    """Files one report; every later step is by its code, at `self.now`."""

    def __init__(self, register: Register, name: str = "a", at: datetime = NOW, **change: Any) -> None:
        receipt = _filed(register, at, {name: change})
        self._take(register, name, at, receipt)

    @classmethod
    def several(cls, register: Register, named: Mapping[str, Mapping[str, Any]]) -> dict[str, Reporter]:
        """People by name who all file at once, each with changes of their own."""
        receipt = _filed(register, NOW, named)
        people = {name: cls.__new__(cls) for name in named}
        for name, one in people.items():
            one._take(register, name, NOW, receipt)
        return people

    def _take(self, register: Register, name: str, at: datetime, receipt: intake.Receipt) -> None:
        self.register, self.name, self.now = register, name, at
        self.code, self.phrase = receipt.codes[name], f"{name}@example.org"
        self.id = UUID(receipt.ids[name])

    def later(self, **span: float) -> Reporter:
        """So much later; the clocks of the register go on, too."""
        self.now += timedelta(**span)
        self.register.advance(self.now)
        return self

    def fresh(self) -> str:
        return event_id(f"{self.name} change {next(_numbers)}")

    def opened(self) -> OwnReport:
        found = followup.open_report(self.register, self.code, self.now, HOME)
        assert isinstance(found, OwnReport), found
        return found

    def tries(self, *, on_warning: Any = "accept", change_id: str = "", **said: Any) -> Revised:
        """A change, and what came of it."""
        change = Change(change_id or self.fresh(), **said)
        done = followup.revise(self.register, self.code, change, self.now, HOME, on_warning)
        assert isinstance(done, Revised), done
        return done

    def says(self, **said: Any) -> OwnReport:
        """A change that is taken."""
        done = self.tries(**said)
        assert done.report is not None, done.problems
        return done.report

    def errors(self, **said: Any) -> set[str]:
        """The codes of what is wrong with a change; empty where it is taken."""
        return {p.code for p in self.tries(**said).problems if p.severity == "error"}

    def adds(self, event: dict[str, str]) -> OwnReport:
        return self.says(events=[event])

    def closes(self, stage: str, **said: str) -> OwnReport:
        return self.says(events=[{"stage_event_id": self.event(stage), **said}])

    def event(self, stage: str) -> str:
        """The id of the newest event at a stage."""
        return str([e["stage_event_id"] for e in self.opened().events if e["stage"].startswith(stage)][-1])

    def withdraws(self, reason: str, change_id: str = "") -> Revised:
        done = followup.withdraw(self.register, self.code, reason, change_id or self.fresh(), self.now, HOME)
        assert isinstance(done, Revised), done
        return done

    def reopens(self, phrase: str = "", change_id: str = "") -> Any:
        given = phrase or self.phrase
        return followup.reopen(self.register, self.code, given, change_id or self.fresh(), self.now, HOME)

    def moderated(self, action: str, **more: Any) -> None:
        put(self.register, moderation=[decision(self.id, action, **more)])

    def mart(self) -> dict[str, Any]:
        """How it counts."""
        return rows_of(self.register, "SELECT * FROM mart.dispute WHERE dispute_id = ?", [self.id])[0]

    @property
    def status(self) -> str:
        return str(self.mart()["status"])


def _filed(register: Register, at: datetime, named: Mapping[str, Mapping[str, Any]]) -> intake.Receipt:
    rows = Rows()
    for name, change in named.items():
        given = {k: change[k] for k in ("events", "evidence") if k in change}
        rows.add(name, {k: v for k, v in change.items() if k not in given}, **given)
    receipt = intake.accept(register, rows.batch(), FORM, at)
    assert receipt.accepted == len(named), receipt.problems
    return receipt


def day(now: datetime, back: int = 0) -> str:
    """A day as a batch gives it."""
    return (now - timedelta(days=back)).date().isoformat()
