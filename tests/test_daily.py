"""The daily step: clocks on, what has had its time is erased, twice does no more than once; files in a backup."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.__main__ import main
from prizewatch import daily, drafts, followup, vault
from prizewatch.store import Register
from tests.conftest import settings_for
from tests.intake_rows_by_hand import NOW
from tests.log_by_hand import rows_of, uid
from tests.reporter import Reporter, proof

OLD = timedelta(days=2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.duckdb"


@pytest.fixture
def register(path: Path) -> Iterator[Register]:
    with Register.open(path, settings_for(path), now=NOW) as opened:
        yield opened


def kept_since(register: Register, item: dict[str, str], at: datetime) -> dict[str, str]:
    """An item of evidence whose file was kept at a moment of the tests' time."""
    file = vault.folder(register) / item["sha256"][:2] / item["sha256"]
    os.utime(file, (at.replace(tzinfo=UTC).timestamp(),) * 2)
    return item


def test_disputes_are_lost_after_ninety_days_and_the_day_is_told(register: Register) -> None:
    me = Reporter(register)
    assert daily.run(register, NOW + timedelta(days=90)).moved == 0
    assert me.status == "open"
    done = daily.run(register, NOW + timedelta(days=91))
    assert (done.moved, done.as_of, me.status) == (1, (NOW + timedelta(days=91)).date(), "lost_to_followup")
    assert daily.run(register, NOW + timedelta(days=91)) == daily.Done(done.as_of, 0, 0, 0, 0)


def test_drafts_and_originals_go_by_their_dates(register: Register) -> None:
    code, other = drafts.new_code(), drafts.new_code()
    drafts.save(register, code, str(uid(1)), {}, NOW)
    drafts.save(register, other, str(uid(2)), {}, NOW + timedelta(days=1))

    def keep_words(cur: Any, items: list[datetime]) -> list[None]:
        for at in items:
            cur.execute("INSERT INTO desk.original VALUES (uuid(), 'narrative', 'words', ?)", [at])
        return [None] * len(items)

    for days in (7, 8):
        register.write(keep_words, NOW + timedelta(days=days))
    done = daily.run(register, NOW + timedelta(days=7))
    assert (done.drafts, done.originals) == (1, 1)
    assert drafts.load(register, other, NOW + timedelta(days=7)) is not None
    assert len(rows_of(register, "FROM desk.original")) == 1


def test_files_nobody_speaks_of_are_erased_and_no_others(register: Register) -> None:
    now = NOW + OLD
    filed, drafted, orphan, young, lost = (kept_since(register, proof(register, "win_page"), NOW) for _ in range(5))
    kept_since(register, young, now - timedelta(hours=23))
    Reporter(register, evidence=[filed])
    code, gone = drafts.new_code(), drafts.new_code()
    drafts.save(register, code, str(uid(1)), {"files": [{"sha256": drafted["sha256"]}]}, now)
    drafts.save(register, gone, str(uid(2)), {"files": [{"sha256": lost["sha256"]}]}, NOW - timedelta(days=6))
    half = vault.folder(register) / "ab" / f".{'ab' * 32}.0123"
    half.parent.mkdir(mode=0o700, exist_ok=True)
    half.write_bytes(b"cut off")
    os.utime(half, (0, 0))
    assert daily.run(register, now).files == 3
    held = [vault.holds(register, item["sha256"]) for item in (filed, drafted, orphan, young, lost)]
    assert held == [True, True, False, True, False]
    assert not half.exists()
    assert daily.run(register, now).files == 0


@pytest.mark.parametrize(
    ("reason", "days", "kept"),
    [("privacy", 30, True), ("privacy", 31, False), ("pressured", 400, True), ("take back", 2, False)],
)
def test_files_of_withdrawn_reports_go_when_nobody_can_take_them_up_again(
    register: Register, reason: str, days: int, kept: bool
) -> None:
    item = kept_since(register, proof(register, "win_page"), NOW)
    me = Reporter(register, evidence=[item])
    if reason == "take back":
        assert followup.take_back(register, me.code, NOW)
        vault.keep(register, _stored(item))  # as if a stop had come between the log and the files
        kept_since(register, item, NOW)
    else:
        me.withdraws(reason)
    daily.run(register, NOW + timedelta(days=days))
    assert vault.holds(register, item["sha256"]) is kept


def _stored(item: dict[str, str]) -> Any:
    from prizewatch.evidence import StoredEvidence

    return StoredEvidence(item["sha256"], "image/png", 1, b"x")


def command(*arguments: str) -> int:
    environ = {"PRIZEWATCH_SECRET_KEY": settings_for(Path("x")).secret_key, "LANG": "en_US.UTF-8"}
    return main([*arguments, "--json"], environ, NOW + OLD)


def test_the_command_says_what_was_done(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Register.open(path, settings_for(path), now=NOW) as register:
        kept_since(register, proof(register, "win_page"), NOW)
    assert command("daily", "--database", str(path)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"as_of": "2026-08-22", "moved": 0, "drafts": 0, "originals": 0, "files": 1, "retained": 0}


def test_files_go_into_the_backup_and_back_and_check_misses_them(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Register.open(path, settings_for(path), now=NOW) as register:
        item = proof(register, "win_page")
        Reporter(register, evidence=[item])
    backup, again = tmp_path / "away" / "copy.duckdb", tmp_path / "again.duckdb"
    assert command("backup", "--database", str(path), "--out", str(backup)) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 1
    assert command("restore", str(backup), "--database", str(again)) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 1
    with Register.open(again, settings_for(again), now=NOW) as register:
        assert vault.intact(register, item["sha256"])
        kept = vault.folder(register) / item["sha256"][:2] / item["sha256"]
        assert [oct(p.stat().st_mode)[-3:] for p in (kept, kept.parent, kept.parent.parent)] == ["600", "700", "700"]
    assert command("check", "--database", str(again)) == 0
    capsys.readouterr()
    kept.write_bytes(b"altered")
    assert command("check", "--database", str(again)) == 1
    assert [p["code"] for p in json.loads(capsys.readouterr().out)["problems"]] == ["file"]
    shutil.rmtree(vault.beside(again))
    assert command("check", "--database", str(again)) == 1
