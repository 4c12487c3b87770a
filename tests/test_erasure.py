"""What is erased is gone everywhere; what goes on counting moves no figure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import duckdb
import pytest

from pipelines.__main__ import main
from pipelines.check import check
from prizewatch import daily, erasure, followup, notices, queries, vault
from prizewatch.access import Actor
from prizewatch.erasure import KEPT, MONTHS
from prizewatch.errors import NotAllowed, UnusableInput
from prizewatch.intake import accept
from prizewatch.marts import CORE, text
from prizewatch.notice_filing import Notice
from prizewatch.store import Kind, Register
from tests.conftest import settings_for
from tests.intake_rows_by_hand import IMPORT, NOW, Rows
from tests.log_by_hand import decision, everything, put, rows_of
from tests.reporter import Reporter, proof

SOMEONE = Actor("moderator one", "admin")
WORDS = "一句只有我知道的话"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.open(tmp_path / "r.duckdb", settings_for(tmp_path / "r.duckdb"), now=NOW) as opened:
        yield opened


def reporter(register: Register, name: str = "a", **change: Any) -> Reporter:
    """With words in every field of words, files, an answer, a decision with a sentence, and a notice."""
    evidence = [proof(register, "win_page"), proof(register, "chat_refusal")]
    said = {"refusal_text": WORDS, "narrative": WORDS * 5, "draw_title": WORDS, "consent_narrative": "true",
            "network": f"net-{name}", "device": f"dev-{name}", "winner_age": "33"}  # fmt: skip
    me = Reporter(register, name, evidence=evidence, **{**said, **change})
    me.moderated("ask", sentence=WORDS)
    me.says(answer=WORDS)
    me.moderated("publish_masked", sentence=WORDS)
    said_to_us = Notice(
        event_id=str(uuid4()), sender="reporter", name=WORDS, contact=WORDS, record=me.code, wish="takedown",
        ground="consent_withdrawn", words=WORDS * 5, link="https://example.org",
    )  # fmt: skip
    filed = notices.file(register, said_to_us, f"net-{name}", NOW)
    assert filed.wrong == (), filed
    return me


def files(me: Reporter) -> list[str]:
    found = rows_of(me.register, "SELECT sha256 FROM log.evidence WHERE dispute_id = ?", [me.id])
    return [row["sha256"] for row in found]


def words_in(register: Register) -> list[str]:
    """Tables of the file in which the words still stand."""
    with register.read() as cur:
        tables = cur.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('log', 'desk')"
        ).fetchall()
        return [t for (t,) in tables if WORDS in repr(cur.execute(f"FROM {t}").fetchall())]


def figures(register: Register, *, keys: bool = False) -> dict[str, Any]:
    """All marts; a reporter's key is another one afterwards, the same for the same person."""
    found = everything(register)
    del found["version"]
    names = {"dispute": 3, "answer": 3}
    if not keys:
        for table, at in names.items():
            found[table] = sorted([(*row[:at], *row[at + 1 :]) for row in found[table]], key=repr)
    return found


def test_a_legal_request_leaves_a_tombstone_and_nothing_else(register: Register) -> None:
    me, other = (
        reporter(register),
        reporter(
            register, "b", draw_time="2026-06-03 12:00:00", win_notice_on="2026-06-03", claim_made_on="2026-06-04"
        ),
    )
    assert words_in(register)
    mine, kept = files(me), files(other)
    before = figures(register)
    stone = erasure.erase_dispute(register, SOMEONE, me.id, "request", NOW)
    assert (stone.kept, stone.files_erased, stone.actor) == (False, 2, "moderator one")
    assert erasure.erased(register, me.id) == stone
    for table in ("filing", "stage_event", "evidence", "answer"):
        assert rows_of(register, f"SELECT count(*) AS n FROM log.{table} WHERE dispute_id = ?", [me.id]) == [{"n": 0}]
    assert [vault.holds(register, name) for name in mine] == [False, False]
    assert [vault.holds(register, name) for name in kept] == [True, True]
    assert isinstance(followup.open_report(register, me.code, NOW, "x"), followup.Unknown)
    assert rows_of(register, "SELECT disputes, reporters FROM mart.organizer") == [{"disputes": 1, "reporters": 1}]
    incremental = figures(register, keys=True)
    register.rebuild(NOW)
    assert figures(register, keys=True) == incremental
    assert figures(register) != before
    assert check(register, NOW) == []
    erasure.erase_dispute(register, SOMEONE, other.id, "request", NOW)
    assert words_in(register) == []


def test_erased_by_receipt_and_counted_on(register: Register) -> None:
    me = reporter(register)
    before = figures(register)
    stone = erasure.by_receipt(register, SOMEONE, me.code, "request", NOW, kept=True)
    assert stone.kept
    assert figures(register) == before
    assert words_in(register) == []
    assert not any(vault.holds(register, name) for name in files(me))
    (row,) = rows_of(register, "SELECT * FROM log.filing WHERE version = 1")
    left = {name for name, value in row.items() if value is not None}
    assert left <= KEPT
    assert check(register, NOW) == []
    with pytest.raises(UnusableInput):
        erasure.by_receipt(register, SOMEONE, me.code, "request", NOW)  # the receipt opens nothing any more
    assert erasure.erase_dispute(register, SOMEONE, me.id, "request", NOW, kept=True).rows_erased == 0
    erasure.erase_dispute(register, SOMEONE, me.id, "request", NOW)  # and now out of the figures
    assert rows_of(register, "SELECT count(*) AS n FROM mart.dispute") == [{"n": 0}]


@pytest.mark.parametrize("kept", [True, False])
def test_a_report_without_a_receipt_is_erased_too(register: Register, kept: bool) -> None:
    """It came in a file, or its time was over before somebody asked by law."""
    dispute = UUID(accept(register, Rows().add("a").batch(), IMPORT, NOW).ids["a"])
    assert rows_of(register, "SELECT receipt_hash FROM log.filing") == [{"receipt_hash": None}]
    stone = erasure.erase_dispute(register, SOMEONE, dispute, "court_order", NOW, kept=kept)
    assert stone.rows_erased > 0
    assert bool(rows_of(register, "SELECT * FROM mart.dispute")) == kept
    assert check(register, NOW) == []


def test_a_moderator_erases_nothing(register: Register) -> None:
    me = reporter(register)
    with pytest.raises(NotAllowed):
        erasure.erase_dispute(register, Actor("two", "moderator"), me.id, "request", NOW)
    assert erasure.erased(register, me.id) is None


def test_a_file_somebody_else_also_gave_and_a_draft_stay(register: Register) -> None:
    me = reporter(register)
    shared = {"sha256": files(me)[0], "kind": "win_page", "form": "screenshot"}
    Reporter(register, "c", evidence=[shared], organizer_handle="gh_c")
    assert erasure.erase_dispute(register, SOMEONE, me.id, "third_party", NOW).files_erased == 1
    assert vault.holds(register, shared["sha256"])


def test_one_person_stays_one_person_until_the_last_report_is_erased(register: Register) -> None:
    same = {"reporter": "same@example.org", "network": "one", "device": "one"}
    first = reporter(register, "a", **same)
    second = reporter(
        register, "b", draw_time="2026-06-03 12:00:00", win_notice_on="2026-06-03", claim_made_on="2026-06-04", **same
    )
    second.moderated("publish_masked")
    before = figures(register)
    (key,) = {row["reporter_key"] for row in rows_of(register, "SELECT reporter_key FROM log.filing")}
    for me in (first, second):
        erasure.erase_dispute(register, SOMEONE, me.id, "court_order", NOW, kept=True)
        assert figures(register) == before
        incremental = figures(register, keys=True)
        register.rebuild(NOW)
        assert figures(register, keys=True) == incremental
    (left,) = {row["reporter_key"] for row in rows_of(register, "SELECT reporter_key FROM log.filing")}
    assert left != key


def test_what_the_fold_reads_is_kept() -> None:
    """Else an erased report would count as something else."""
    read = text(CORE, "inputs_all").split("FROM log.filing")[0].split("SELECT")[1]
    assert {name.strip() for name in read.split(",")} <= KEPT


KINDS = {
    "business": {"organizer_type": "online_shop", "legal_nature": "company"},
    "account": {"organizer_type": "official_account", "legal_nature": "natural_person"},
    "account of a company": {"organizer_type": "official_account", "legal_nature": "company"},
    "person": {"organizer_type": "individual", "legal_nature": "natural_person"},
    "micro-seller": {"organizer_type": "micro_seller", "legal_nature": "natural_person"},
    "shop nobody knows": {"organizer_type": "online_shop", "legal_nature": "unknown"},
}
MONTHS_OF = {"business": 36, "account": 24, "account of a company": 36, "person": 12, "micro-seller": 12,
             "shop nobody knows": 12}  # fmt: skip


def test_each_kind_is_kept_as_long_as_the_model_says(register: Register) -> None:
    assert MONTHS == {"business": 36, "account": 24, "person": 12}
    people = {}
    for name, kind in KINDS.items():
        me = people[name] = reporter(register, name, organizer_handle=f"gh_{name}", **kind)
        me.says(dispute={"gave_up_on": NOW.date().isoformat()})
        me.moderated("publish_masked")
    open_, held = reporter(register, "held", organizer_handle="gh_h"), reporter(register, "open", organizer_handle="o")
    held.says(dispute={"gave_up_on": NOW.date().isoformat()})
    put(register, moderation=[decision(held.id, "hold")])
    assert open_.status == "open"

    def gone() -> set[str]:
        ids = {row["dispute_id"] for row in rows_of(register, "SELECT dispute_id FROM log.erasure")}
        return {name for name, me in people.items() if me.id in ids}

    for months in (11, 12, 23, 24, 35, 36):
        at = NOW + timedelta(days=months * 30.5 + 3)
        register.advance(at)
        before = figures(register)
        done = daily.run(register, at)
        assert figures(register) == before
        expected = {name for name, kept in MONTHS_OF.items() if kept <= months}
        assert gone() == expected, months
        assert daily.run(register, at).retained == 0
        assert done.as_of == register.as_of(at)
    assert not rows_of(register, "SELECT 1 FROM log.erasure WHERE dispute_id = ?", [held.id])
    assert {row["actor"] for row in rows_of(register, "SELECT actor FROM log.erasure")} == {"clock"}


def test_the_exact_look_up_forgets_people_whose_time_is_over(register: Register) -> None:
    person = {"organizer_type": "individual", "legal_nature": "natural_person", "organizer_handle": "zhangsan88"}
    people = [
        reporter(register, f"p{n}", draw_time=f"2026-06-0{n} 02:00:00", win_notice_on=f"2026-06-0{n}",
                 claim_made_on="2026-06-05", **person)
        for n in (1, 2)
    ]  # fmt: skip

    def answer() -> str:
        return str(queries.lookup_handle(register, "zhangsan88", "wechat", NOW, str(uuid4())))

    assert answer() == "reports_exist"
    for me in people:
        erasure.erase_dispute(register, SOMEONE, me.id, "request", NOW, kept=True)
    assert answer() == "nothing_to_say"


def test_only_a_live_register_forgets(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with Register.open(path, settings_for(path), kind=Kind.DEMO, now=NOW) as register:
        assert erasure.retain(register, NOW + timedelta(days=4000)) == []


def test_the_command_erases_by_receipt_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.duckdb"
    settings = settings_for(path)
    with Register.open(path, settings, now=NOW) as register:
        me = reporter(register)
    environ = {"PRIZEWATCH_SECRET_KEY": settings.secret_key}
    base = ["erase", "--database", str(path), "--lang", "en"]
    assert WORDS.encode() in path.read_bytes()
    mode = path.stat().st_mode
    assert main([*base, "--receipt", me.code], environ, NOW) == 0
    assert (path.stat().st_mode, list(tmp_path.glob("*.anew*"))) == (mode, [])
    assert WORDS.encode() not in path.read_bytes(), "not in the space that became free, either"
    said = capsys.readouterr().out
    assert "Erased 1 report" in said
    assert "delete old backups" in said
    assert main([*base, "--receipt", me.code], environ, NOW) == 2
    assert "no such report" in capsys.readouterr().err
    assert main([*base, "--dispute", "x"], environ, NOW) == 2
    capsys.readouterr()
    assert main([*base, "--retention"], environ, NOW) == 0
    said = capsys.readouterr().out
    assert "Erased 0 reports" in said
    assert "old backups" not in said
    assert main([*base, "--retention", "--json"], environ, NOW) == 0
    assert json.loads(capsys.readouterr().out)["reports"] == 0
    with duckdb.connect(str(path), read_only=True) as raw:
        assert raw.execute("SELECT count(*) FROM log.filing").fetchall() == [(0,)]
    assert main(["check", "--database", str(path)], environ, NOW) == 0


def test_a_backup_holds_nothing_of_what_was_erased_while_the_site_ran(tmp_path: Path) -> None:
    path, copy = tmp_path / "r.duckdb", tmp_path / "copy.duckdb"
    settings = settings_for(path)
    with Register.open(path, settings, now=NOW) as register:
        me = reporter(register)
    with Register.open(path, settings, now=NOW) as register:
        erasure.erase_dispute(register, SOMEONE, me.id, "request", NOW)
    assert WORDS.encode() in path.read_bytes(), "the engine frees space, it does not blank it"
    environ = {"PRIZEWATCH_SECRET_KEY": settings.secret_key}
    assert main(["backup", "--database", str(path), "--out", str(copy)], environ, NOW) == 0
    assert WORDS.encode() not in copy.read_bytes()


def test_a_notice_keeps_nothing_of_what_was_masked_in_it(register: Register) -> None:
    me = reporter(register)
    private = Notice(
        event_id=str(uuid4()), sender="reporter", name="me", contact="me@example.org", record=me.code, wish="takedown",
        ground="personal_data", words="我的电话是 13812345678，请把它从这条记录里拿掉。",
    )  # fmt: skip
    assert notices.file(register, private, "net-a", NOW).code
    kept = "SELECT count(*) AS n FROM desk.original WHERE words LIKE '%13812345678%'"
    assert rows_of(register, kept) == [{"n": 1}]
    erasure.erase_dispute(register, SOMEONE, me.id, "request", NOW)
    assert rows_of(register, kept) == [{"n": 0}]


def test_a_draft_of_the_report_goes_too(register: Register) -> None:
    me = reporter(register)
    (event,) = [r["event_id"] for r in rows_of(register, "SELECT event_id FROM log.filing WHERE version = 1")]
    row = ["key", event, NOW, NOW + timedelta(days=1), json.dumps({"narrative": WORDS})]

    def keep(cur: duckdb.DuckDBPyConnection, rows: list[Any]) -> list[None]:
        cur.execute("INSERT INTO desk.draft VALUES (?, ?, ?, ?, ?)", rows[0])
        return [None]

    register.write(keep, row)
    erasure.erase_dispute(register, SOMEONE, me.id, "request", NOW)
    assert rows_of(register, "SELECT count(*) AS n FROM desk.draft") == [{"n": 0}]
