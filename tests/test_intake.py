"""The door: whole rows or none, nothing twice, nothing silently, nothing in clear that may not be."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from prizewatch import identity, settings
from prizewatch.intake import Batch, Source, accept, check
from prizewatch.settings import Settings
from prizewatch.store import Kind, Register
from tests.intake_rows_by_hand import FORM, IMPORT, MEDIATED, NOW, RECORD, S1, S2, Rows, attempt, event_id

PROOF = [{"kind": "win_page", "form": "screenshot"}, {"kind": "chat_refusal", "form": "screenshot"}]


def rows_of(register: Register, table: str, columns: str = "count(*)", where: str = "true") -> list[tuple[object, ...]]:
    with register.read() as cur:
        return cur.execute(f"SELECT {columns} FROM log.{table} WHERE {where} ORDER BY ALL").fetchall()


def one(name: str = "a", **change: str | None) -> Batch:
    return Rows().add(name, change, evidence=PROOF).batch()


def test_a_report_lies_on_file_as_it_was_given(register: Register) -> None:
    receipt = accept(register, one(narrative="  我按规则转发，开奖后对方说不是好友，不肯发奖品。 "), FORM, NOW)
    assert (receipt.read, receipt.accepted, receipt.known, receipt.rejected, receipt.problems) == (1, 1, 0, 0, [])
    filing = rows_of(
        register,
        "filing",
        "CAST(dispute_id AS VARCHAR), source, version, prize_value, prize_no, reported_at, narrative, screen, paid",
    )
    story = "我按规则转发，开奖后对方说不是好友，不肯发奖品。"
    assert filing == [(receipt.ids["a"], "form", 1, 100, 1, NOW, story, "", None)]
    assert rows_of(register, "stage_event", "seq, stage, outcome") == [
        (1, "s1_self_check", "passed"),
        (2, "s2_organizer", "refused"),
    ]
    assert rows_of(register, "evidence", "kind") == [("chat_refusal",), ("win_page",)]
    assert register.version().commit_no == 1
    with register.read() as cur:
        assert cur.execute("SELECT disputes FROM mart.organizer").fetchall() == [(1,)]


def test_the_same_event_again_is_known_and_gets_the_same_receipt(register: Register) -> None:
    first, again = accept(register, one(), FORM, NOW), accept(register, one(), FORM, NOW + timedelta(days=400))
    assert (again.accepted, again.known, again.rejected, again.problems) == (0, 1, 0, [])
    assert again.codes == first.codes
    assert again.ids == first.ids
    assert rows_of(register, "filing") == [(1,)]
    code = first.codes["a"]
    assert len(code.replace("-", "")) * 5 >= 80
    assert rows_of(register, "filing", "receipt_hash") == [
        (identity.receipt_hash(register.key, code.lower().replace("-", " ")),)
    ]


def test_an_import_gets_no_receipt_codes_and_may_tell_the_past(register: Register) -> None:
    receipt = accept(register, one(reported_at="2026-06-20 03:04:05"), IMPORT, NOW)
    assert receipt.codes == {}
    assert rows_of(register, "filing", "reported_at, recorded_at, receipt_hash") == [
        (datetime(2026, 6, 20, 3, 4, 5), NOW, None)
    ]


def same_matter_again() -> Rows:
    """A second report by the same person of the same draw, then two of another prize."""
    rows = Rows().add("b", {"reporter": "me@example.org"})
    rows.add("c", {"reporter": "me@example.org", "prize_no": "2"})
    return rows.add("d", {"reporter": "me@example.org", "prize_no": "2"})


def test_another_report_of_the_same_matter_is_refused_from_a_file(register: Register) -> None:
    accept(register, one("a", reporter="me@example.org"), IMPORT, NOW)
    receipt = accept(register, same_matter_again().batch(), IMPORT, NOW)
    assert [(p.row, p.code) for p in receipt.problems] == [
        ("b", "dispute.already_on_file"),
        ("d", "dispute.already_on_file"),
    ]
    assert (receipt.accepted, receipt.rejected) == (1, 2)


def test_nobody_learns_from_the_form_who_has_reported(register: Register) -> None:
    """Any contact is answered alike; the second report waits for a moderator and counts nowhere."""
    accept(register, one("a", reporter="me@example.org"), FORM, NOW)
    receipt = accept(register, same_matter_again().batch(), FORM, NOW)
    stranger = accept(register, one("e", reporter="stranger@example.org"), FORM, NOW)
    assert receipt.problems == stranger.problems == []
    assert receipt.accepted == 3
    assert set(receipt.codes) == {"b", "c", "d"}
    assert sorted(rows_of(register, "filing", "screen")) == [
        ("",),
        ("",),
        ("",),
        ("reported_before",),
        ("reported_before",),
    ]
    assert len(set(rows_of(register, "filing", "dispute_id"))) == 5
    with register.read() as cur:
        assert cur.execute("SELECT count(*) FROM mart.dispute WHERE in_base").fetchall() == [(3,)]


def test_rows_stand_or_fall_whole_and_alone(register: Register) -> None:
    rows = Rows().add("good", evidence=PROOF).add("bad", {"prize_value": "many"}, evidence=PROOF)
    rows.add("bad event", events=[S1, S2 | {"outcome": "won"}]).add(
        "bad proof", evidence=[{"kind": "rumour", "form": "screenshot"}]
    )
    receipt = accept(register, rows.batch(), FORM, NOW)
    assert (receipt.read, receipt.accepted, receipt.rejected) == (4, 1, 3)
    assert [(p.row, p.table, p.seq, p.field, p.code, p.value) for p in receipt.problems] == [
        ("bad", "dispute", None, "prize_value", "prize_value.type", "many"),
        ("bad event", "stage_event", 2, "outcome", "event.outcome.code", "won"),
        ("bad proof", "evidence", None, "kind", "evidence.kind.code", "rumour"),
    ]
    assert receipt.rejected_by_rule() == {"event.outcome.code": 1, "evidence.kind.code": 1, "prize_value.type": 1}
    assert receipt.ids.keys() == {"good"}
    assert (rows_of(register, "filing"), rows_of(register, "stage_event"), rows_of(register, "evidence")) == (
        [(1,)],
        [(2,)],
        [(2,)],
    )


def test_a_batch_may_repeat_itself(register: Register) -> None:
    rows = Rows().add("a").add("b")
    rows.disputes.append(rows.disputes[0] | {"row": "c"})
    rows.events.append({"row": "c", **S1})
    receipt = accept(register, rows.batch(), FORM, NOW)
    assert (receipt.accepted, receipt.known, receipt.rejected) == (2, 1, 0)
    assert receipt.ids["c"] == receipt.ids["a"]


def test_rows_that_cannot_be_told_apart_are_named(register: Register) -> None:
    rows = Rows().add("a").add("b")
    rows.disputes.append(rows.disputes[0] | {"row": "a", "event_id": event_id("x"), "reporter": "x@example.org"})
    rows.disputes.append({k: v for k, v in rows.disputes[0].items() if k != "row"} | {"event_id": event_id("y")})
    rows.events.append({"row": "nobody", **S1})
    receipt = check(register, rows.batch(), FORM, NOW)
    found = {(p.row, p.code) for p in receipt.errors}
    assert {("a", "row.twice"), ("", "row.missing"), ("nobody", "row.unknown")} <= found
    assert receipt.accepted == 2


def test_a_check_writes_nothing(register: Register) -> None:
    assert check(register, one(), FORM, NOW).accepted == 1
    assert accept(register, one(), FORM, NOW, dry_run=True).accepted == 1
    assert rows_of(register, "commit") == [(0,)]


def test_nothing_at_all_is_no_problem(register: Register) -> None:
    assert accept(register, Batch.of([]), FORM, NOW).read == 0
    assert rows_of(register, "commit") == [(0,)]


def test_a_warning_does_not_refuse_unless_asked(register: Register) -> None:
    high = one(prize_value="60000")
    refused = accept(register, high, FORM, NOW, on_warning="refuse")
    assert (refused.accepted, refused.rejected, [p.code for p in refused.warnings]) == (0, 1, ["prize_value.above_cap"])
    assert accept(register, high, FORM, NOW).accepted == 1
    assert rows_of(register, "filing", "screen") == [("high_value",)]


def test_a_hundred_at_once_twenty_different(tmp_path: Path) -> None:
    from tests.conftest import settings_for

    many: Settings = dataclasses.replace(settings_for(tmp_path / "r.duckdb"), reports_per_day=0)
    with Register.open(tmp_path / "r.duckdb", many, now=NOW) as register:
        with ThreadPoolExecutor(16) as pool:
            receipts = list(pool.map(lambda n: accept(register, one(f"r{n % 20}"), FORM, NOW), range(100)))
        assert sum(r.accepted for r in receipts) == 20
        assert sum(r.known for r in receipts) == 80
        assert rows_of(register, "filing", "count(*), count(DISTINCT event_id), count(DISTINCT dispute_id)") == [
            (20, 20, 20)
        ]
        assert rows_of(register, "stage_event") == [(40,)]
        assert rows_of(register, "organizer") == [(1,)]


def test_waiting_reports_share_a_batch_and_each_gets_its_own_answer(register: Register) -> None:
    from prizewatch.intake import _Arrival, _handle

    batches = [one("a"), one("b", prize_value="0"), one("c"), one("a"), Batch.of([])]
    arrivals = [_Arrival(register, batch, FORM, NOW, False) for batch in batches]
    with register.read() as cur:
        cur.begin()
        receipts = _handle(cur, arrivals)
        cur.commit()
    assert [(r.accepted, r.known, r.rejected) for r in receipts] == [
        (1, 0, 0),
        (0, 0, 1),
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 0),
    ]
    assert [p.row for p in receipts[1].problems] == ["b"]
    assert receipts[0].ids == receipts[3].ids
    assert rows_of(register, "commit") == [(1,)]


def test_names_in_clear_only_where_they_may_be(register: Register) -> None:
    person = {"organizer_type": "individual", "legal_nature": "natural_person", "organizer_display": "小美的抽奖"}
    rows = Rows().add("company", {"organizer_display": "示例商店", "entity_reg_no": "91350100M000100Y43"})
    rows.add("person", person | {"organizer_handle": "wxid_mei"})
    rows.add("seller", {"organizer_type": "micro_seller", "legal_nature": "unknown", "organizer_handle": "seller"})
    rows.add(
        "account",
        {
            "organizer_type": "creator",
            "legal_nature": "unknown",
            "organizer_handle": "UpZhu",
            "organizer_display": "某UP主",
        },
    )
    accept(register, rows.batch(), FORM, NOW)
    seen = rows_of(register, "organizer", "organizer_type, handle, display_name, reg_no, handle_key IS NOT NULL")
    assert seen == [
        ("creator", "UpZhu", "某UP主", None, True),
        ("individual", None, None, None, True),
        ("micro_seller", None, None, None, True),
        ("online_shop", "gh_demo_shop", "示例商店", "91350100M000100Y43", True),
    ]
    with register.read() as cur:
        tables = [
            t[0] for t in cur.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'log'").fetchall()
        ]
        held = "".join(str(cur.execute(f"SELECT * FROM log.{t}").fetchall()) for t in tables)
    for secret in ("wxid_mei", "小美", "person@example.org"):
        assert secret not in held


def test_one_organizer_under_every_spelling_and_none_without_a_handle(register: Register) -> None:
    rows = Rows()
    for name, handle in {"a": "Shop 1", "b": " ｓｈｏｐ　１ ", "c": "@SHOP\u200b 1"}.items():
        rows.add(name, {"organizer_handle": handle})
    rows.add("d", {"organizer_handle": "Shop 1", "host_platform": "weibo"})
    for name in "ef":
        rows.add(name, {"organizer_type": "unknown", "organizer_handle": None})
    accept(register, rows.batch(), FORM, NOW)
    assert rows_of(register, "filing", "count(*) AS n", "true GROUP BY organizer_id") == [(1,), (1,), (1,), (3,)]


def test_the_draw_by_its_id_else_by_its_day_in_the_registers_zone(register: Register) -> None:
    rows = Rows().add("a", {"draw_time": "2026-05-31 16:30:00"}).add("b", {"draw_time": "2026-06-01 15:59:00"})
    rows.add("c", {"draw_time": "2026-06-01 16:00:00", "win_notice_on": "2026-06-02"})
    rows.add("d", {"draw_ref": "L-1"}).add("e", {"draw_ref": "L-1 ", "draw_time": "2026-05-20 10:00:00"}).add(
        "f", {"draw_ref": "L-2"}
    )
    accept(register, rows.batch(), FORM, NOW)
    assert rows_of(register, "filing", "count(*)", "true GROUP BY draw_id") == [(1,), (1,), (2,), (2,)]


def test_what_holds_a_report_for_a_person(register: Register) -> None:
    rows = (
        Rows()
        .add("plain")
        .add("phone", {"narrative": "对方让我加他电话１３８ ００１３ ８０００，之后就再也不理我了。"})
    )
    rows.add("insult", {"refusal_text": "这个骗子不认账"}).add("rigged", {"dispute_reason": "rigged_winner"})
    rows.add("child", {"winner_age": "13", "relation": "guardian"}).add(
        "channel", events=[S1, S2 | {"channel": "QQ 12345678"}]
    )
    accept(register, rows.batch(), IMPORT, NOW)
    with register.read() as cur:
        ids = dict(cur.execute("SELECT CAST(event_id AS VARCHAR), screen FROM log.filing").fetchall())
    assert {d["row"]: ids[d["event_id"]] for d in rows.disputes} == {
        "plain": "",
        "phone": "personal_data",
        "insult": "insult",
        "rigged": "allegation",
        "child": "minor",
        "channel": "personal_data",
    }


def test_a_burst_is_held_back_from_the_form_only(register: Register) -> None:
    for n in range(4):
        accept(register, one(f"a{n}"), FORM, NOW)
    accept(register, Rows().add("b0").add("b1").batch(), FORM, NOW)
    accept(register, one("late"), FORM, NOW + timedelta(hours=25))  # the alarm is on until a person decides
    accept(register, one("import"), IMPORT, NOW)
    screens = dict(rows_of(register, "filing", "CAST(event_id AS VARCHAR), screen"))
    assert [name for name in ("a3", "b0", "b1", "late", "import") if screens[event_id(name)]] == ["b1", "late"]


def test_a_network_may_not_flood_the_register() -> None:
    with Register.open(None, dataclasses.replace(settings.read({}), reports_per_day=2), now=NOW) as register:
        rows = Rows().add("a", {"network": "192.0.2.1"}).add("b", {"network": "192.0.2.2"})
        assert accept(register, rows.batch(), FORM, NOW).accepted == 2
        rows = (
            Rows()
            .add("c", {"network": "192.0.2.1"})
            .add("d", {"network": "192.0.2.1"})
            .add("e", {"network": "192.0.2.2"})
        )
        receipt = accept(register, rows.batch(), FORM, NOW)
        assert [(p.row, p.code) for p in receipt.problems] == [("d", "network.too_many")]
        assert accept(register, one("a", network="192.0.2.1"), FORM, NOW).known == 1
        assert accept(register, one("f", network="192.0.2.1"), FORM, NOW + timedelta(hours=25)).accepted == 1
        assert "192.0.2" not in str(rows_of(register, "filing", "*"))


def test_numbers_of_draws_are_noted_once(register: Register) -> None:
    known = {"draws_known": "10", "draws_source": "tool_page", "draws_counted_on": "2026-08-01"}
    accept(register, Rows().add("a", known).add("b", known).batch(), FORM, NOW)
    accept(register, one("c", **known), FORM, NOW)
    assert rows_of(register, "draw_count", "draws_known, source_kind") == [(10, "tool_page")]


def test_a_public_record_needs_neither_draw_nor_reporter() -> None:
    with Register.open(None, settings.read({}), kind=Kind.REFERENCE, now=NOW) as register:
        rows = (
            Rows()
            .add("a", events=[MEDIATED], base=RECORD)
            .add("b", {"draw_time": "1991-01-01"}, events=[MEDIATED], base=RECORD)
        )
        rows.add("bare", {"event_id": event_id("bare")}, events=[], base={"organizer_handle": "Bare Ltd"})
        receipt = accept(register, rows.batch(), IMPORT, NOW)
        assert receipt.problems == []
        assert rows_of(register, "filing", "count(DISTINCT reporter_key), count(DISTINCT draw_id), max(screen)") == [
            (3, 3, "")
        ]
        bare = rows_of(
            register, "filing", "organizer_type, host_platform, dispute_reason", f"event_id = '{event_id('bare')}'"
        )
        assert bare == [("unknown", "other", "other")]


def test_a_large_batch_is_judged_as_its_rows_alone(register: Register) -> None:
    """Above a few hundred rows another path trims and reads the text: it must say the same."""
    bends = [
        {},
        {"prize_value": " 12.345 "},
        {"organizer_handle": " ＳＨＯＰ "},
        {"draw_time": "infinity"},
        {"narrative": "　短　"},
        {"prize_no": "1.5"},
    ]
    rows, alone = Rows(), []
    for n in range(600):
        rows.add(f"r{n}", bends[n % len(bends)])
    for n in range(len(bends)):
        alone.append({p.code for p in check(register, Rows().add("x", bends[n]).batch(), IMPORT, NOW).problems})
    receipt = accept(register, rows.batch(), IMPORT, NOW)
    for n in range(600):
        assert {p.code for p in receipt.problems if p.row == f"r{n}"} == alone[n % len(bends)]
    assert receipt.accepted == 200
    assert alone[1:] == [{"prize_value.type"}, set(), {"draw_time.type"}, {"narrative.too_short"}, {"prize_no.type"}]


def test_text_columns_of_any_arrow_kind_are_read(register: Register) -> None:
    batch = one()
    batch = Batch(
        batch.disputes,
        batch.events.cast(pa.schema([pa.field(n, pa.large_string()) for n in batch.events.column_names])),
    )
    batch.disputes = batch.disputes.set_column(
        batch.disputes.column_names.index("prize_value"), "prize_value", pa.array([100])
    )
    assert check(register, batch, FORM, NOW).problems == []


def test_what_was_given_stays_out_of_logs(register: Register) -> None:
    problem = check(register, one(refused_on="张三 13800138000"), FORM, NOW).problems[0]
    assert problem.value == "张三 13800138000"
    assert "138" not in repr(problem)


def test_sources_do_not_mix(register: Register) -> None:
    accept(register, one("a"), Source("api", trusted=False), NOW)
    accept(register, one("b"), IMPORT, NOW)
    assert rows_of(register, "commit", "source") == [("api",), ("import",)]


def test_a_step_later_than_today_in_the_registers_zone_is_the_future(register: Register) -> None:
    """20 August 16:30 UTC is the 21st in Shanghai."""
    late = datetime(2026, 8, 20, 16, 30)
    rows = Rows().add("a", events=[S1, S2, attempt("s3_lottery_platform", "pending", "2026-08-21")])
    assert check(register, rows.batch(), FORM, late).errors == []
    assert [p.code for p in check(register, rows.batch(), FORM, NOW).errors] == ["event.entered_on.future"]
