"""`check` finds what does not fit: corruptions planted one by one in a sound register, past the program or by it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pytest

from pipelines.check import check
from prizewatch import audit, drafts, moderation, seals, vault
from prizewatch.access import Actor
from prizewatch.errors import KeyMissing
from prizewatch.moderation import Decision
from prizewatch.store import Register
from tests.conftest import settings_for
from tests.reporter import NOW, Reporter, proof

ANN, BEN = Actor("ann", "moderator"), Actor("ben", "moderator")
LATER = NOW + timedelta(hours=1)
Cursor = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register (closed) with reports, a file, a decision of one and one of two, and an audit; all of it fits."""
    path = tmp_path_factory.mktemp("check") / "sound.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as register:
        one = Reporter(register, evidence=[proof(register, "win_page"), proof(register, "chat_refusal")])
        Reporter(register, "b", organizer_handle="gh_other")
        subject = one.id
        moderation.decide(register, ANN, Decision(uuid4(), "dispute", subject, "set_level", "V2"), LATER)
        with register.read() as cur:
            one_shop, other = (row[0] for row in cur.execute("SELECT DISTINCT organizer_id FROM log.filing").fetchall())
        merge = Decision(uuid4(), "organizer", one_shop, "merge_organizers", "same_payee", related_id=other)
        done = moderation.decide(register, ANN, merge, LATER)
        assert done.state == "proposed", done
        assert moderation.confirm(register, BEN, done.event_id, LATER).state == "done"
        for number in range(3):
            audit.note(register, ANN, "report.read", "dispute", subject, LATER, str(number))
        assert check(register, NOW) == []
    return path


@pytest.fixture
def opened(sound: Path, tmp_path: Path) -> Iterator[Register]:
    """A copy of it to spoil."""
    with Register.open(copied(sound, tmp_path), settings_for(sound), now=NOW) as register:
        yield register


def copied(sound: Path, folder: Path) -> Path:
    path = folder / sound.name
    shutil.copy2(sound, path)
    shutil.copytree(vault.beside(sound), vault.beside(path))
    return path


def found(register: Register, now: datetime = NOW) -> set[tuple[str, str]]:
    return {(problem.code, problem.where) for problem in check(register, now)}


def without_keys(cur: Cursor, table: str) -> None:
    """A table as somebody would leave it who wants no row to be refused."""
    cur.execute(f"CREATE TABLE log.spare AS FROM log.{table}")
    cur.execute(f"DROP TABLE log.{table}")
    cur.execute(f"ALTER TABLE log.spare RENAME TO {table}")


def edited_row(cur: Cursor) -> None:
    cur.execute("UPDATE log.filing SET prize_value = prize_value + 1 WHERE commit_no = 1")


def edited_back_date(cur: Cursor) -> None:
    cur.execute("UPDATE log.commit SET committed_at = committed_at - INTERVAL 1 DAY WHERE commit_no = 2")


def deleted_row(cur: Cursor) -> None:
    cur.execute("DELETE FROM log.stage_event WHERE commit_no = 2")


def drifted_mart(cur: Cursor) -> None:
    cur.execute("UPDATE mart.resolution SET reached = reached + 1")


def orphan_evidence(cur: Cursor) -> None:
    cur.execute(
        "INSERT INTO log.evidence (event_id, commit_no, recorded_at, dispute_id, kind, form)"
        " SELECT uuid(), 1, recorded_at, uuid(), kind, form FROM log.evidence LIMIT 1"
    )


def slipped_in_commit(cur: Cursor) -> None:
    cur.execute("INSERT INTO log.commit SELECT max(commit_no) + 1, max(committed_at), 'form', 0 FROM log.commit")


def decision_of_one(cur: Cursor) -> None:
    cur.execute("UPDATE log.moderation SET second = NULL WHERE action = 'merge_organizers'")


def decision_of_a_second_nobody_saw(cur: Cursor) -> None:
    cur.execute("UPDATE log.moderation SET second = 'cleo' WHERE action = 'merge_organizers'")


def confirmed_by_its_author(cur: Cursor) -> None:
    cur.execute("UPDATE log.proposal SET actor = 'ann' WHERE kind = 'confirmed'")


def gap(cur: Cursor) -> None:
    cur.execute("DELETE FROM log.commit WHERE commit_no = 2")


def removed_entry(cur: Cursor) -> None:
    cur.execute("DELETE FROM log.audit WHERE entry_no = (SELECT max(entry_no) - 1 FROM log.audit)")


def removed_last_entry(cur: Cursor) -> None:
    cur.execute("DELETE FROM log.audit WHERE entry_no = (SELECT max(entry_no) FROM log.audit)")


def edited_entry(cur: Cursor) -> None:
    cur.execute("UPDATE log.audit SET actor = 'ben' WHERE entry_no = 1")


def removed_seal(cur: Cursor) -> None:
    cur.execute("DELETE FROM log.seal WHERE seal_no = (SELECT max(seal_no) FROM log.seal)")


def exchanged_seal(cur: Cursor) -> None:
    cur.execute("UPDATE log.seal SET digest = (SELECT digest FROM log.seal WHERE seal_no = 1) WHERE seal_no = 2")


def the_same_event_twice(cur: Cursor) -> None:
    without_keys(cur, "answer")
    without_keys(cur, "stage_event")
    cur.execute("INSERT INTO log.stage_event SELECT * FROM log.stage_event WHERE commit_no = 1 LIMIT 1")


#: What was done -> what must be told of it.
PLANTED: dict[Callable[[Cursor], None], tuple[str, str]] = {
    edited_row: ("changed", "1"),
    edited_back_date: ("changed", "2"),
    deleted_row: ("changed", "2"),
    drifted_mart: ("mart", "mart.resolution"),
    orphan_evidence: ("orphan", "log.evidence.dispute_id"),
    slipped_in_commit: ("unsealed", "6"),
    decision_of_one: ("second", "log.moderation"),
    decision_of_a_second_nobody_saw: ("second", "log.moderation"),
    confirmed_by_its_author: ("same_person", "log.moderation"),
    gap: ("gap", "log.commit"),
    removed_entry: ("chain", "log.audit"),
    removed_last_entry: ("chain", "log.audit"),
    edited_entry: ("chain", "log.audit"),
    removed_seal: ("chain", "log.seal"),
    exchanged_seal: ("chain", "log.seal"),
    the_same_event_twice: ("twice", "log.stage_event: event_id"),
}


@pytest.mark.parametrize("corrupt", PLANTED, ids=lambda corrupt: corrupt.__name__)
def test_a_planted_corruption_is_found(corrupt: Callable[[Cursor], None], opened: Register) -> None:
    with opened.read() as cur:
        corrupt(cur)
    assert PLANTED[corrupt] in found(opened)


def test_decisions_are_read_together_with_the_audit(opened: Register) -> None:
    merged = audit.entries(opened, actor="ann", action="decided")["detail"].tolist()
    assert "merge_organizers; same_payee; + ben" in merged
    assert audit.entries(opened, actor="ben")["detail"].tolist() == ["confirmed; merge_organizers"]
    assert audit.count(opened) == len(audit.entries(opened)) == 3 + 2 + 2
    assert "confirmed; merge_organizers" in audit.export_csv(opened, actor="ben").decode()
    people, actions = audit.known(opened)
    assert (people, {"decided", "two_persons", "report.read"} <= set(actions)) == (["ann", "ben"], True)


@pytest.mark.parametrize("what", ["missing", "changed"])
def test_a_file_of_evidence_that_is_not_what_it_was_is_found(what: str, opened: Register) -> None:
    file = next(vault.folder(opened).glob("??/*"))
    if what == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b"\0")
    assert {code for code, _ in found(opened)} == {"file"}


def test_a_draft_past_its_date_is_found(opened: Register) -> None:
    drafts.save(opened, drafts.new_code(), str(uuid4()), {}, NOW)
    assert ("overdue", "desk.draft") not in found(opened, NOW + timedelta(days=8))
    assert ("overdue", "desk.draft") in found(opened, NOW + timedelta(days=10))


def test_another_key_opens_nothing_and_one_that_was_let_in_fits_no_seal(sound: Path, tmp_path: Path) -> None:
    path = copied(sound, tmp_path)
    other = settings_for(path, SECRET_KEY="f" * 64)
    with pytest.raises(KeyMissing):
        Register.open(path, other, now=NOW)
    with Register.open(path, settings_for(path), now=NOW) as register, register.read() as cur:
        cur.execute("UPDATE meta.register SET key_check = NULL")
    with Register.open(path, other, now=NOW) as register:
        assert {("chain", "log.seal"), ("chain", "log.audit")} <= found(register)


def test_a_corruption_is_still_found_after_the_register_was_opened_and_written_again(
    sound: Path, tmp_path: Path
) -> None:
    path = copied(sound, tmp_path)
    with Register.open(path, settings_for(path), now=NOW) as register, register.read() as cur:
        slipped_in_commit(cur)
        edited_row(cur)
    with Register.open(path, settings_for(path), now=NOW) as register:
        Reporter(register, "c")
        assert {("unsealed", "6"), ("changed", "1")} <= found(register)


def test_a_register_of_before_is_sealed_once_and_says_so(sound: Path, tmp_path: Path) -> None:
    path = copied(sound, tmp_path)
    with Register.open(path, settings_for(path), now=NOW) as register, register.read() as cur:
        cur.execute("DELETE FROM log.seal")
        cur.execute("DELETE FROM meta.chain_end WHERE chain = 'seal'")
    for _ in range(2):
        with Register.open(path, settings_for(path), now=LATER) as register, register.read() as cur:
            assert seals.resealed(cur) == [("afterwards", 5)]
            assert found(register) == set()
            edited = cur.execute("SELECT DISTINCT sealed_at FROM log.seal").fetchall()
            assert edited == [(LATER,)]


def test_what_the_law_has_erased_is_sealed_again_with_its_reason(opened: Register) -> None:
    def erase(cur: Any, items: list[int]) -> list[None]:
        for commit in items:
            cur.execute("UPDATE log.filing SET narrative = NULL, refusal_text = NULL WHERE commit_no = ?", [commit])
            seals.reseal(cur, opened.key, commit, "legal_request", LATER)
        return [None] * len(items)

    opened.write(erase, 1)
    assert found(opened) == set()
    with opened.read() as cur:
        assert seals.resealed(cur) == [("legal_request", 1)]
        with pytest.raises(ValueError, match="reason"):
            seals.reseal(cur, opened.key, 1, "written", LATER)
        cur.execute("UPDATE log.filing SET prize_value = 1 WHERE commit_no = 1")
    assert ("changed", "1") in found(opened)


def test_a_column_that_is_added_later_breaks_no_seal(opened: Register) -> None:
    with opened.read() as cur:
        cur.execute("ALTER TABLE log.stage_event ADD COLUMN mood VARCHAR")
        assert seals.faults(cur, opened.key) == seals.Faults((), (), 0, 0)
        cur.execute("UPDATE log.stage_event SET mood = 'calm' WHERE commit_no = 1")
        assert seals.faults(cur, opened.key).commits == (1,)
