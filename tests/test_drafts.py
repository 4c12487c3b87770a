"""Drafts: found again by their code and by nothing else, for a week, without who writes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from prizewatch import drafts
from prizewatch.errors import UnusableInput
from prizewatch.store import Register
from tests.conftest import NOW, settings_for
from tests.log_by_hand import rows_of, uid

EVENT = str(uid("draft"))
ANSWERS = {
    "prize_kind": "goods", "win_notice_on": date(2026, 11, 1), "narrative": "2026-11-01", "prize_value": 12.5,
    "value_unknown": False, "condition_kinds": ["repost", "comment_like"], "claim_deadline": None,
    "files": [{"sha256": "ab" * 32, "captured_on": date(2026, 11, 2)}],
}  # fmt: skip


def test_a_draft_comes_back_as_it_was_and_the_last_save_counts(register: Register) -> None:
    code = drafts.new_code()
    drafts.save(register, code, EVENT, {"prize_kind": "travel"}, NOW)
    drafts.save(register, code, EVENT, ANSWERS, NOW + timedelta(minutes=1))
    found = drafts.load(register, code, NOW + timedelta(minutes=2))
    assert found == drafts.Draft(EVENT, ANSWERS, NOW + timedelta(minutes=1))


def test_another_code_finds_nothing_and_codes_are_long_and_fit_for_an_address(register: Register) -> None:
    code, other = drafts.new_code(), drafts.new_code()
    drafts.save(register, code, EVENT, ANSWERS, NOW)
    assert drafts.load(register, other, NOW) is None
    assert len(code) * 6 >= 128
    assert code.replace("-", "").replace("_", "").isalnum()


def test_a_draft_lives_for_a_week_from_its_last_save(register: Register) -> None:
    code = drafts.new_code()
    drafts.save(register, code, EVENT, ANSWERS, NOW)
    drafts.save(register, code, EVENT, ANSWERS, NOW + timedelta(days=6))
    assert drafts.load(register, code, NOW + timedelta(days=12)) is not None
    assert drafts.load(register, code, NOW + timedelta(days=13)) is None


def test_a_discarded_draft_is_gone_and_may_be_discarded_again(register: Register) -> None:
    code = drafts.new_code()
    drafts.save(register, code, EVENT, ANSWERS, NOW)
    drafts.discard(register, code)
    drafts.discard(register, code)
    assert drafts.load(register, code, NOW) is None
    assert rows_of(register, "FROM desk.draft") == []


def test_neither_the_code_nor_who_writes_is_kept(register: Register) -> None:
    code = drafts.new_code()
    who = {"reporter": "13800138000", "network": "203.0.113.9", "device": "a browser"}
    drafts.save(register, code, EVENT, ANSWERS | who, NOW)
    kept = str(rows_of(register, "FROM desk.draft"))
    assert "goods" in kept
    assert not any(word in kept for word in (code, *who, *who.values()))


def test_an_answer_that_could_not_come_back_is_refused_aloud(register: Register) -> None:
    for answer in (object(), NOW, {1, 2}):
        with pytest.raises(TypeError):
            drafts.save(register, drafts.new_code(), EVENT, {"odd": answer}, NOW)


def test_a_draft_survives_a_restart_and_is_no_news_for_the_figures(tmp_path) -> None:
    path, code = tmp_path / "register.duckdb", drafts.new_code()
    with Register.open(path, settings_for(path), now=NOW) as register:
        before = register.version()
        drafts.save(register, code, EVENT, ANSWERS, NOW)
        assert register.version() == before
    with Register.open(path, settings_for(path), now=NOW) as register:
        found = drafts.load(register, code, NOW)
    assert found is not None
    assert found.answers == ANSWERS


def test_a_robot_fills_neither_a_draft_nor_the_desk(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnusableInput, match="too_big"):
        drafts.save(register, drafts.new_code(), EVENT, {"narrative": "字" * 30_000}, NOW)
    most = drafts.STARTED * register.settings.reports_per_day
    codes = [drafts.new_code() for _ in range(most)]
    for code in codes:
        drafts.save(register, code, EVENT, ANSWERS, NOW, "203.0.113.7")
    with pytest.raises(UnusableInput, match="too_many"):
        drafts.save(register, drafts.new_code(), EVENT, ANSWERS, NOW, "203.0.113.7")
    drafts.save(register, codes[0], EVENT, ANSWERS, NOW, "203.0.113.7")  # one that was begun goes on
    drafts.save(register, drafts.new_code(), EVENT, ANSWERS, NOW, "198.51.100.1")
    monkeypatch.setattr(drafts, "MOST_DRAFTS", most + 1)
    with pytest.raises(UnusableInput, match="too_many"):
        drafts.save(register, drafts.new_code(), EVENT, ANSWERS, NOW, "198.51.100.2")
    assert rows_of(register, "SELECT count(*) AS n FROM desk.draft") == [{"n": most + 1}]
