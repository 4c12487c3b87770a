"""Free words on their way in: masked, kept, turned back; and nothing of what was masked is ever public again."""

from __future__ import annotations

import csv
import json
import logging
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from prizewatch import answers, edge, queries, sitemap
from prizewatch.fields import TABLES
from prizewatch.i18n import language
from prizewatch.intake import Batch, Problem, Receipt, Source, accept, problem_sentence
from prizewatch.store import Register
from scripts.redaction_figures import lines
from tests.conftest import ROOT, settings_for
from tests.handed_out import handed_out
from tests.intake_rows_by_hand import FORM, IMPORT, NOW, S1, S2, Rows, event_id
from tests.log_by_hand import decision, put, rows_of
from tests.reporter import file as kept_file
from tests.test_attacks import only_organizer, report
from tests.test_privacy import told

STORY = "我按规则转发，开奖后他让我打 16012345678 登记，之后再没有回音。"
MASKED = "我按规则转发，开奖后他让我打 ■■■ 登记，之后再没有回音。"
ORIGINALS = "SELECT CAST(event_id AS VARCHAR) AS event, field, words, erase_at FROM desk.original ORDER BY ALL"


def file(register: Register, row: str, source: Source = FORM, events: Any = None, **change: str | None) -> Receipt:
    return accept(register, Rows().add(row, change, events=events).batch(), source, NOW)


def filing(register: Register) -> dict[str, Any]:
    return rows_of(register, "SELECT narrative, refusal_text, screen FROM log.filing ORDER BY commit_no DESC")[0]


def test_words_are_stored_masked_and_the_original_for_a_while(register: Register) -> None:
    receipt = file(register, "a", narrative=STORY, refusal_text="加微信号：demo_wx_01 再说")
    assert receipt.problems == []
    assert filing(register) == {"narrative": MASKED, "refusal_text": "加微信号：■■■ 再说", "screen": ""}
    event, until = event_id("a"), NOW + timedelta(days=30)
    assert rows_of(register, ORIGINALS) == [
        {"event": event, "field": "narrative", "words": STORY, "erase_at": until},
        {"event": event, "field": "refusal_text", "words": "加微信号：demo_wx_01 再说", "erase_at": until},
    ]


def test_words_of_an_event_and_a_shown_name_are_masked_too(register: Register) -> None:
    file(register, "a", events=[S1, S2 | {"channel": "打 16012345678"}], organizer_display="小店 VX：demo_shop8")
    event = rows_of(register, "SELECT CAST(event_id AS VARCHAR) AS id, channel FROM log.stage_event WHERE seq = 2")[0]
    assert event["channel"] == "打 ■■■"
    assert rows_of(register, "SELECT display_name FROM log.organizer") == [{"display_name": "小店 VX：■■■"}]
    assert {(r["event"], r["words"]) for r in rows_of(register, ORIGINALS)} == {
        (event["id"], "打 16012345678"),
        (event_id("a"), "小店 VX：demo_shop8"),
    }


def test_rules_judge_what_was_written_not_what_is_left_of_it(register: Register) -> None:
    short = "打电话 13800138000 找到他了。。"
    assert len(short) >= 20 > len(short.replace("13800138000", "■■■"))
    assert file(register, "a", narrative=short).problems == []
    long = ("QQ 12345 " * 200)[:1000]
    assert file(register, "b", narrative=long).problems == []
    assert len(filing(register)["narrative"]) < 1001


def test_kept_words_stay_as_written_and_wait_for_a_person(register: Register) -> None:
    file(register, "a", narrative=STORY, keep_words="true")
    assert (filing(register)["narrative"], filing(register)["screen"]) == (STORY, "personal_data")
    file(register, "b", narrative="我按规则转发，开奖后他一直不发奖品，也不解释。", keep_words="true")
    assert filing(register)["screen"] == ""
    assert rows_of(register, ORIGINALS) == []


def test_what_may_be_a_name_is_kept_and_waits_for_a_person(register: Register) -> None:
    told_so = "我按规则转发，开奖后老板叫刘大伟，一直不发奖品。"
    file(register, "a", narrative=told_so)
    assert (filing(register)["narrative"], filing(register)["screen"]) == (told_so, "name")


def test_the_words_of_a_trusted_source_stay_and_hold_the_report(register: Register) -> None:
    file(register, "a", IMPORT, narrative=STORY)
    assert (filing(register)["narrative"], filing(register)["screen"]) == (STORY, "personal_data")
    assert file(register, "b", IMPORT, narrative="我按规则做了，他不认账，这种人就是个骗子。").accepted == 1


def test_without_days_no_original_is_kept(tmp_path: Path) -> None:
    with Register.open(None, settings_for(tmp_path / "x", ORIGINALS_DAYS="0"), now=NOW) as register:
        file(register, "a", narrative=STORY)
        assert filing(register)["narrative"] == MASKED
        assert rows_of(register, ORIGINALS) == []


def test_what_was_refused_or_sent_again_leaves_no_original(register: Register) -> None:
    file(register, "a", narrative=STORY, prize_value="-1")
    assert rows_of(register, ORIGINALS) == []
    file(register, "b", narrative=STORY)
    file(register, "b", narrative=STORY)
    assert len(rows_of(register, ORIGINALS)) == 1


def test_the_words_of_the_other_side_may_be_rude(register: Register) -> None:
    receipt = file(register, "a", refusal_text="再闹弄死你，你这个骗子")
    assert receipt.problems == []
    assert filing(register)["screen"] == "insult"


# ── quiet checks and limits ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "screen"),
    [
        ({"trap": "http://buy.example"}, "trap"),
        ({"filled_seconds": "19"}, "too_quick"),
        ({"filled_seconds": "20"}, ""),
        ({"filled_seconds": "100000000"}, ""),
        ({}, ""),
    ],
)
def test_what_no_person_does_is_taken_with_a_receipt_and_waits(
    register: Register, change: dict[str, str], screen: str
) -> None:
    receipt = file(register, "a", **change)
    assert receipt.problems == []
    assert set(receipt.codes) == {"a"}
    assert filing(register)["screen"] == screen


def test_a_browser_has_a_limit_of_its_own_and_is_told_when_to_try_again(tmp_path: Path) -> None:
    with Register.open(None, settings_for(tmp_path / "x", REPORTS_PER_DEVICE_PER_DAY="2"), now=NOW) as register:
        for n in range(2):
            rows = Rows().add(f"a{n}", {"device": "mark", "network": f"n{n}", "organizer_handle": f"gh_{n}"})
            assert accept(register, rows.batch(), FORM, NOW + timedelta(hours=n)).accepted == 1
        third = Rows().add("c", {"device": "mark"}).batch()
        problem = accept(register, third, FORM, NOW + timedelta(hours=5)).problems[0]
        assert (problem.code, problem.value) == ("device.too_many", "2026-08-21T12:00+08:00")
        assert "21 Aug 2026 12:00" in problem_sentence(language("en"), problem)
        assert "2026年8月21日 12:00" in problem_sentence(language("zh-CN"), problem)
        assert accept(register, third, FORM, NOW + timedelta(hours=24)).accepted == 1
        assert "mark" not in str(rows_of(register, "SELECT device_key FROM log.filing"))


# ── nothing of it is public ───────────────────────────────────────────────────────────────────────────────────────

PLANTED = (
    "16012345678", "某省某市幸福路0号3栋", "demo_lucky88", "15400001111", "99999919900101123X", "demo_pay@example.org",
    "6222000000000000000", "16000000000", "example_ynw66", "999999999999", "lucky.demo@example.com", "16100000000",
)  # fmt: skip


def of_the_form(row: dict[str, str]) -> Batch:
    """A narrative through the form's own code path: answers, then the batch of one."""
    won, asked = date(2026, 6, 1), date(2026, 6, 2)
    said: dict[str, Any] = {
        "organizer_type": "online_shop", "legal_nature": "company", "organizer_handle": f"gh_{row['id']}",
        "host_platform": row["host_platform"], "lottery_tool": "choujiang_zhushou", "win_notice_on": won,
        "draw_on": won,
        "prize_kind": row["prize_kind"], "prize_value": float(row["prize_value_cny"]), "condition_kinds": ["repost"],
        "met": "yes", "claim_made_on": asked, "refused_on": asked, "dispute_reason": "unstated_condition",
        "refusal_mode": "explicit", "refusal_text": row["narrative_zh"][:60], "stated_before_entry": "no",
        "s2_organizer.done": True, "s2_organizer.outcome": "refused", "narrative": row["narrative_zh"],
        "consent_narrative": True, "consent_publish": True, "truth_statement": True, "is_first_hand": True,
        "relation": "winner", "reporter": f"{row['id']}@example.org", "reason_other": "",
    }  # fmt: skip
    zone = settings_for(Path("x")).time_zone
    filled = answers.fill(
        said, lang="zh-CN", event_id=event_id(row["id"]), network=row["id"], today=date(2026, 8, 20), zone=zone
    )
    return filled.batch


@pytest.fixture(scope="module")
def narrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Register, dict[str, Receipt], str]]:
    """A register of the forty narratives, what each got for an answer, and everything that was logged."""
    said: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(listener)
    path = tmp_path_factory.mktemp("narrated") / "register.duckdb"
    with Register.open(None, settings_for(path), now=NOW) as register:
        answers_ = {row["id"]: accept(register, of_the_form(row), FORM, NOW) for row in lines("narratives")}
        yield register, answers_, "\n".join([*said, repr(answers_)])
    logging.getLogger().removeHandler(listener)


def test_all_narratives_but_the_insulting_one_come_in_by_the_form(narrated: Any) -> None:
    _, answers_, _ = narrated
    assert {row: [p.code for p in a.errors] for row, a in answers_.items() if a.errors} == {
        "N39": ["narrative.harassment"]
    }
    assert sum(a.accepted for a in answers_.values()) == 39


def test_the_planted_data_lies_nowhere_in_the_log(narrated: Any) -> None:
    register = narrated[0]
    with register.read() as cur:
        places = "SELECT table_schema || '.' || table_name FROM information_schema.tables"
        found = cur.execute(f"{places} WHERE table_schema IN ('log', 'mart')").fetchall()
        everything = "".join(str(cur.execute(f"SELECT * FROM {table}").fetchall()) for (table,) in found)
    assert [word for word in PLANTED if word in everything] == []
    assert "■■■" in everything  # else this proves nothing
    assert len(rows_of(register, ORIGINALS)) >= 9


def test_the_planted_data_is_in_no_frame_file_log_line_or_error(narrated: Any) -> None:
    register, answers_, logged = narrated
    said = {**told(register), "log": logged}
    for lang in ("zh-CN", "en"):
        said |= {
            f"{row} {lang}": problem_sentence(language(lang), p) for row, a in answers_.items() for p in a.problems
        }
    for where, text in said.items():
        assert [word for word in PLANTED if word in text] == [], where


def test_the_planted_data_is_on_no_page(narrated: Any) -> None:
    register = narrated[0]
    edge.serve(lambda: register)
    for page in sitemap.PAGES:
        app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=120)
        app.run()
        if page != "overview":
            app.switch_page(f"{page}.py").run()
        assert not app.exception, page
        shown = str(app.main) + str(app.sidebar)
        assert [word for word in PLANTED if word in shown] == [], page


# ── the naughty strings ───────────────────────────────────────────────────────────────────────────────────────────

NASTY = ROOT / "tests" / "nasty"
STRINGS = [
    *json.loads((NASTY / "big_list_of_naughty_strings.json").read_text("utf-8")),
    *(NASTY / "csv_injection_payloads.txt").read_text("utf-8").splitlines(),
]
TEXTS = [(t, f.name) for t, fields in TABLES.items() for f in fields if f.kind == "text"]


@pytest.mark.parametrize(("table", "name"), TEXTS)
def test_every_naughty_string_is_stored_as_text_or_refused_with_a_sentence(
    register: Register, table: str, name: str
) -> None:
    rows = Rows()
    for n, text in enumerate(STRINGS):
        change: dict[str, Any] = {"organizer_handle": f"gh_{n}"}
        events, proof = [S1, S2], [{"kind": "win_page", "form": "screenshot"}]
        if name == "narrative":
            text = f"{text} - 我按规则做了，对方不发奖品，也不解释。"
        if table == "dispute":
            change |= {name: text}
        elif table == "stage_event":
            events = [S1, S2 | {name: text}]
        else:
            proof = [proof[0] | {name: text}]
        rows.add(f"r{n}", change, events=events, evidence=proof)
    receipt = accept(register, rows.batch(), Source("nasty", trusted=False), NOW)
    assert receipt.accepted + len({p.row for p in receipt.errors}) == len(STRINGS)
    for problem in {p.code: p for p in receipt.errors}.values():
        for lang in ("zh-CN", "en"):
            assert "{" not in problem_sentence(language(lang), problem)
    for content in [c for name, c in handed_out(register, NOW).items() if name.endswith(".csv")]:
        for cells in csv.reader(content.decode("utf-8-sig").splitlines()):
            assert not [c for c in cells if re.match(r"[=+@＝＋－＠]|-(?![\d.])", c)]
    assert queries.overview(register).as_of == register.version().as_of


def test_a_naughty_name_of_a_named_organizer_is_text_on_its_page_and_in_the_file(register: Register) -> None:
    name = "=HYPERLINK(1)<script>alert(1)</script>"
    report(register, "a", 1, organizer_display=name)
    report(register, "b", 2, organizer_display=name)
    put(register, moderation=[decision(only_organizer(register)["organizer_id"], "name", kind="organizer")])
    assert only_organizer(register)["display_name"] == name
    listed = handed_out(register, NOW)["datasets/organizers.csv"].decode("utf-8-sig")
    assert "'=HYPERLINK" in listed
    edge.serve(lambda: register)
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=120)
    app.query_params["id"] = only_organizer(register)["public_code"]
    app.run()
    app.switch_page("organizer.py").run()
    assert not app.exception
    bodies = "".join(str(e.proto.body) for e in app.main if getattr(e, "type", "") == "html")
    assert "<script>alert" not in bodies


def test_a_problem_never_shows_its_value_by_itself() -> None:
    assert "secret" not in repr(Problem("1", "dispute", None, "narrative", "narrative.insult", "secret"))


# ── two people, two hundred reports ───────────────────────────────────────────────────────────────────────────────


def brigade(register: Register, places: int) -> None:
    """Two hundred reports by two people about one shop, each of another draw, from one or two places."""
    kinds = ("win_page", "chat_refusal")
    proof = [[kept_file(register, k, "screen_recording", f"{k} {who}".encode()) for k in kinds] for who in (0, 1)]
    for start in range(0, 200, 20):
        rows = Rows()
        for n in range(start, start + 20):
            who, day = n % 2, str(date(2026, 1, 1) + timedelta(days=n // 2))
            change = {
                "reporter": f"p{who}@example.org",
                "network": f"net{who % places}",
                "device": f"dev{who % places}",
            }
            change |= {"draw_time": f"{day} 04:00:00", "win_notice_on": day, "claim_made_on": day, "refused_on": day}
            events = [S1 | {"entered_on": day}, S2 | {"entered_on": day, "closed_on": day}]
            rows.add(f"x{n}", change, events=events, evidence=proof[who])
        assert accept(register, rows.batch(), FORM, NOW).accepted == 20


@pytest.mark.parametrize(("usual", "held"), [(0, 4), (900, 0)])
def test_a_burst_is_what_is_unusual_for_this_organizer(register: Register, usual: int, held: int) -> None:
    """Nine reports in a day, of one nobody knew, and of one with ten a day."""
    rows = Rows()
    for n in range(usual):
        at = NOW - timedelta(days=2 + n % 80)
        rows.add(f"old{n}", {"reported_at": str(at)})
    if usual:
        assert accept(register, rows.batch(), IMPORT, NOW - timedelta(days=2)).accepted == usual
    rows = Rows()
    for n in range(9):
        rows.add(f"new{n}")
    assert accept(register, rows.batch(), FORM, NOW).accepted == 9
    assert rows_of(register, "SELECT count(*) AS n FROM log.filing WHERE screen = 'burst'") == [{"n": held}]


@pytest.mark.parametrize("places", [1, 2])
def test_two_people_who_send_two_hundred_reports_move_nothing(tmp_path: Path, places: int) -> None:
    """Without the limits a day, which would stop them sooner."""
    free = settings_for(tmp_path / "x", REPORTS_PER_DAY="0", REPORTS_PER_DEVICE_PER_DAY="0")
    with Register.open(None, free, now=NOW) as register:
        brigade(register, places)
        shop = rows_of(register, "SELECT * FROM mart.organizer")[0]
        assert shop["level"] == "none"
        assert (shop["disputes"], shop["k_ind"]) == ((1, 1) if places == 1 else (0, 0))
