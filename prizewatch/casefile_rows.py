"""What stands in a case file, row by row: reports [D1], their steps [D1-S1] and proof [D1-E1], draws [L1].

Nobody is in it who did not agree (`core.case_claim` in sql/core/views.sql). Rows are numbered in an order that the data
give, so the same register numbers them the same way; who reported is counted here and goes no further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import duckdb

from . import redaction, vault
from .frames import ask
from .statements import rows
from .store import Kind, Register

#: A collective file takes at least two people.
LEAST_REPORTERS = 2
LEVELS = ("repeat", "pervasive")
WORDS = ("draw_title", "refusal_text", "reason_other", "narrative")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """An item of evidence. `held`: its file lies in the register and is what its fingerprint says."""

    ref: str
    kind: str
    form: str
    group: str
    captured_on: date | None
    sha256: str
    media_type: str
    redacted: bool | None
    held: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was taken, as the reporter told it; `said` has the columns of a stage event by name."""

    ref: str
    said: Row

    @property
    def stage(self) -> str:
        """Code of the stage."""
        return str(self.said["stage"])

    @property
    def outcome(self) -> str:
        """Code of the outcome."""
        return str(self.said["outcome"])


@dataclass(frozen=True, slots=True)
class Claim:
    """One report. `said` has the fields of the report by name; free words in it are masked and consented to."""

    ref: str
    draw: str
    said: Row
    steps: tuple[Step, ...]
    proofs: tuple[Proof, ...]

    @property
    def paid(self) -> bool:
        """Whether the prize came in full."""
        return bool(self.said["status"] == "resolved_full")

    @property
    def settled(self) -> bool:
        """Whether it came in full, or in a part that its reporter accepted: nothing more is asked for then."""
        return self.paid or bool(self.said["status"] == "resolved_partial")

    def proven(self, group: str) -> list[Proof]:
        """The proof for one claim element."""
        return [proof for proof in self.proofs if proof.group == group]


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw, as the reports in the file tell of it."""

    ref: str
    day: date | None
    title: str
    tool: str
    host: str
    winners: int | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """All of a case file. `organizer` has the columns of sql/casefile/organizer.sql, `known_as` its public names."""

    organizer: Row
    known_as: tuple[Row, ...]
    answers: tuple[Row, ...]
    invented: bool  # of a demo register
    site: str  # address of the register, empty where it has none
    as_of: date
    version: str
    reporters: int
    claims: tuple[Claim, ...]
    draws: tuple[Draw, ...]

    @property
    def unpaid(self) -> list[Claim]:
        """Reports whose prize did not come, or came in a part that its reporter did not accept."""
        return [claim for claim in self.claims if not claim.settled]

    @property
    def name(self) -> str:
        """The organizer's name, empty where it may not be shown."""
        return str(self.organizer["name"] or "")


def read(register: Register, subject: UUID) -> Case | None:
    """The case of an organizer or of a draw; None where there is none: too few agreed, or the level is not reached."""
    with register.read() as cur:
        of_draw = rows(cur, "casefile/of_draw", {"draw": subject})
        organizer = of_draw[0]["organizer_id"] if of_draw else subject
        known = rows(cur, "casefile/organizer", {"organizer": organizer})
        if not known or (not of_draw and known[0]["level"] not in LEVELS):
            return None
        found = rows(cur, "casefile/claims", {"organizer": organizer, "draw": str(subject) if of_draw else None})
        reporters = len({row["reporter_key"] for row in found})
        if reporters < LEAST_REPORTERS:
            return None
        disputes = [str(row["dispute_id"]) for row in found]
        steps = _by_dispute(rows(cur, "casefile/steps", {"disputes": disputes}))
        proofs = _by_dispute(rows(cur, "casefile/proofs", {"disputes": disputes}))
        listed = bool(known[0]["listed"])
        names = _public(cur, "organizer_name", organizer) if listed else ()
        answers = _public(cur, "organizer_reply", organizer) if listed else ()
    draws = _draws(found)
    claims = tuple(_claim(register, n, row, draws, steps, proofs) for n, row in enumerate(found, start=1))
    version = register.version()
    return Case(
        known[0], names, answers, register.kind is Kind.DEMO, register.settings.public_url, version.as_of, str(version),
        reporters, claims, tuple(_draw(f"L{n}", draw, found, claims) for n, draw in enumerate(draws, start=1)),
    )  # fmt: skip


def _public(cur: duckdb.DuckDBPyConnection, question: str, organizer: UUID) -> tuple[Row, ...]:
    """The rows of a question that a public page asks as well."""
    return tuple(
        {str(k): v for k, v in row.items()} for row in ask(cur, question, organizer=organizer).to_dict("records")
    )


def _by_dispute(found: Iterable[Row]) -> dict[Any, list[Row]]:
    by: dict[Any, list[Row]] = {}
    for row in found:
        by.setdefault(row["dispute_id"], []).append(row)
    return by


def _draws(found: Iterable[Row]) -> list[Any]:
    """The draws in the order of their first report, which is that of their days."""
    return list(dict.fromkeys(row["draw_id"] for row in found))


def _claim(
    register: Register,
    n: int,
    row: Row,
    draws: list[Any],
    steps: Mapping[Any, list[Row]],
    proofs: Mapping[Any, list[Row]],
) -> Claim:
    ref, own = f"D{n}", row["dispute_id"]
    said = {name: value for name, value in row.items() if name not in ("dispute_id", "draw_id", "reporter_key")}
    said |= {name: redaction.marked(said[name]).masked for name in WORDS if said[name]}
    return Claim(
        ref,
        f"L{draws.index(row['draw_id']) + 1}",
        said,
        tuple(
            Step(f"{ref}-S{k}", {c: v for c, v in step.items() if c != "dispute_id"})
            for k, step in enumerate((s for s in steps.get(own, ()) if _taken(s)), start=1)
        ),
        tuple(_proof(register, f"{ref}-E{k}", proof) for k, proof in enumerate(proofs.get(own, ()), start=1)),
    )


def _taken(step: Row) -> bool:
    """Whether a step was taken: the self-check says nothing of others, a skipped one was none."""
    return bool(step["stage"] != "s1_self_check" and step["outcome"] != "skipped")


def _proof(register: Register, ref: str, row: Row) -> Proof:
    sha256 = str(row["sha256"] or "").lower()
    return Proof(
        ref, row["kind"], row["form"], row["grp"] or "", row["captured_on"], sha256, row["media_type"] or "",
        row["redacted"], bool(sha256) and vault.intact(register, sha256),
    )  # fmt: skip


def _draw(ref: str, draw: Any, found: list[Row], claims: tuple[Claim, ...]) -> Draw:
    """What the reports say of one draw; a title only from who lets their words be shown."""
    own = [(row, claim) for row, claim in zip(found, claims, strict=True) if row["draw_id"] == draw]
    counted = [row["winners_count"] for row, _claim in own if row["winners_count"]]
    return Draw(
        ref,
        own[0][0]["draw_on"],
        next((claim.said["draw_title"] for _row, claim in own if claim.said["draw_title"]), ""),
        own[0][0]["lottery_tool"],
        own[0][0]["host_platform"],
        max(counted) if counted else None,
        tuple(claim.ref for _row, claim in own),
    )
