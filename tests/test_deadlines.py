"""Dates that matter: each counted by hand once, absent without its field, in both languages, as a calendar file."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from prizewatch.deadlines import Deadline, add_working_days, add_years, calendar, dates
from prizewatch.i18n import catalogue, language

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 4, 0)
DISPUTE = {
    "win_notice_on": date(2026, 9, 1),
    "draw_time": datetime(2026, 8, 31, 17, 0),  # 1 September in Shanghai
    "claim_made_on": date(2026, 9, 2),
    "refused_on": date(2026, 9, 5),
    "lottery_tool": "choujiang_zhushou",
    "prize_kind": "goods",
}


def found(dispute: dict[str, object], *events: dict[str, object], filed: date | None = None) -> dict[str, list[date]]:
    result: dict[str, list[date]] = {}
    for one in dates(dispute, events, zone=ZONE, filed_on=filed):
        result.setdefault(one.reason, []).append(one.day)
    return result


def test_the_dates_of_one_report() -> None:
    assert found(DISPUTE, filed=date(2026, 9, 10)) == {
        "ship_by_usual": [date(2026, 10, 1)],
        "limitation_refused": [date(2029, 9, 5)],
        "records_kept": [date(2028, 9, 1)],
        "come_back_1": [date(2026, 9, 24)],
        "come_back_2": [date(2026, 10, 10)],
        "come_back_3": [date(2026, 11, 9)],
    }


@pytest.mark.parametrize(
    ("field", "gone"),
    [
        ("draw_time", {"records_kept"}),
        ("win_notice_on", {"ship_by_usual"}),
        ("refused_on", {"limitation_refused"}),
    ],
)
def test_no_date_without_its_field(field: str, gone: set[str]) -> None:
    for empty in (None, ""):
        assert not gone & set(found({**DISPUTE, field: empty}))
    assert gone <= set(found(DISPUTE))
    assert found({}) == {}


def test_text_is_read_like_dates() -> None:
    text = {**DISPUTE, "win_notice_on": "2026-09-01", "refused_on": "2026-09-05", "draw_time": "2026-08-31T17:00:00"}
    assert found(text) == found(DISPUTE)


@pytest.mark.parametrize(
    ("tool", "prize", "reason", "day"),
    [
        ("weibo_lottery", "goods", "ship_by_tool", date(2026, 10, 1)),
        ("weibo_lottery", "cash_transfer", "cash_by_tool", date(2026, 9, 10)),  # Tuesday + 7 weekdays
        ("xhs_lottery", "cash_transfer", "ship_by_tool", date(2026, 10, 1)),
        ("bili_tianxuan", "red_packet", "ship_by_usual", date(2026, 10, 1)),
    ],
)
def test_the_tools_own_terms_come_first(tool: str, prize: str, reason: str, day: date) -> None:
    terms = {k: v for k, v in found({**DISPUTE, "lottery_tool": tool, "prize_kind": prize}).items() if "_by_" in k}
    assert terms == {reason: [day]}


def test_until_when_to_claim_is_said_only_before_the_claim() -> None:
    open_claim = {**DISPUTE, "lottery_tool": "weibo_lottery", "claim_made_on": None}
    assert found(open_claim)["claim_by_tool"] == [date(2026, 9, 6)]
    announced = found({**open_claim, "claim_deadline": date(2026, 9, 20)})
    assert announced["claim_by_announced"] == [date(2026, 9, 20)]
    assert "claim_by_tool" not in announced
    assert not any(reason.startswith("claim_by") for reason in found({**DISPUTE, "claim_deadline": date(2026, 9, 20)}))


@pytest.mark.parametrize(
    ("stage", "days"),
    [
        ("s2_organizer", 7),
        ("s3_lottery_platform", 7),
        ("s4_host_platform", 7),
        ("s5_mediation", 15),
        ("s6_regulator", 63),
    ],
)
def test_waits_run_while_a_stage_is_pending(stage: str, days: int) -> None:
    event = {"stage": stage, "entered_on": date(2026, 9, 3), "outcome": "pending"}
    [day] = found({}, event)["wait_over"]
    assert (day - date(2026, 9, 3)).days == days
    assert found({}, {**event, "outcome": "rejected"}) == {}


@pytest.mark.parametrize("stage", ["s1_self_check", "s7_police", "s8_court"])
def test_stages_without_a_wait_have_no_date(stage: str) -> None:
    assert found({}, {"stage": stage, "entered_on": date(2026, 9, 3), "outcome": "pending"}) == {}


def test_a_promise_has_two_weeks_of_grace() -> None:
    event = {
        "stage": "s2_organizer",
        "entered_on": date(2026, 9, 3),
        "outcome": "promised",
        "promised_on": "2026-09-20",
    }
    assert found({}, event) == {"promise_broken": [date(2026, 10, 4)]}
    assert found({}, {**event, "promised_on": None}) == {}
    assert found({}, {**event, "outcome": "refused"}) == {}


@pytest.mark.parametrize("outcome", ["relief_full", "self_disqualified"])
def test_nothing_is_due_when_it_is_over(outcome: str) -> None:
    assert found(DISPUTE, {"stage": "s2_organizer", "outcome": outcome}, filed=date(2026, 9, 10)) == {}


def test_limitation_without_a_refusal_starts_at_the_earliest_day() -> None:
    assert found({**DISPUTE, "refused_on": None})["limitation_won"] == [date(2029, 9, 1)]


def test_years_and_working_days() -> None:
    assert add_years(date(2028, 2, 29), 3) == date(2031, 2, 28)
    assert add_years(date(2028, 2, 29), 4) == date(2032, 2, 29)
    assert add_working_days(date(2026, 9, 4), 1) == date(2026, 9, 7)  # Friday -> Monday
    assert add_working_days(date(2026, 9, 5), 1) == date(2026, 9, 7)  # Saturday -> Monday


EVERY = [
    *dates(
        {**DISPUTE, "lottery_tool": "weibo_lottery", "claim_made_on": None}, [], zone=ZONE, filed_on=date(2026, 9, 10)
    ),
    *dates({**DISPUTE, "claim_made_on": None, "claim_deadline": date(2026, 9, 20), "refused_on": None}, [], zone=ZONE),
    *dates({**DISPUTE, "lottery_tool": "weibo_lottery", "prize_kind": "red_packet"}, [], zone=ZONE),
    *dates(
        {},
        [
            {"stage": "s4_host_platform", "entered_on": date(2026, 9, 3), "outcome": "pending"},
            {"stage": "s2_organizer", "outcome": "promised", "promised_on": date(2026, 9, 20)},
        ],
        zone=ZONE,
    ),
]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_reason_has_words_and_every_word_its_reason(lang: str) -> None:
    used = {"deadlines.calendar", "deadlines.entry"}
    for one in EVERY:
        used |= {f"deadlines.{one.reason}.title", f"deadlines.{one.reason}.why"}
        for words in (one.title(language(lang)), one.why(language(lang))):
            assert words
            assert not re.search(r"[{}]|None|_", words), words
    assert used == {key for key in catalogue(lang) if key.startswith("deadlines.")}


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_no_two_dates_of_a_report_say_the_same(lang: str) -> None:
    said = [one.title(language(lang)) for one in dates(DISPUTE, [], zone=ZONE, filed_on=date(2026, 9, 10))]
    assert len(said) == len(set(said))


def unfold(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_calendar_file(lang: str) -> None:
    _ = language(lang)
    data = calendar(EVERY, _, now=NOW, seed="a", link="https://prizewatch.example/report")
    assert data == calendar(EVERY, _, now=NOW, seed="a", link="https://prizewatch.example/report")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # never cut inside a letter
    assert any(len(line) > 70 for line in data.split(b"\r\n"))
    lines = unfold(data)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(EVERY)
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len({(one.reason, one.day, str(one.values)) for one in EVERY})
    first = lines.index("BEGIN:VEVENT")
    assert lines[first + 2] == "DTSTAMP:20261125T040000Z"
    assert lines[first + 3] == f"DTSTART;VALUE=DATE:{EVERY[0].day:%Y%m%d}"
    assert lines[first + 5] == "SUMMARY:" + _("deadlines.entry", title=EVERY[0].title(_))
    assert all(re.match(r"[A-Z-]+[;:]", line) for line in lines)


def test_calendar_text_is_escaped_and_a_bad_link_left_out() -> None:
    one = Deadline("ship_by_usual", date(2026, 12, 31), {"start": "a,b;c\\d\ne\rBEGIN:VEVENT", "days": 30})
    lines = unfold(calendar([one], language("en"), now=NOW, seed="a", link="https://x.example/\r\nATTACH:x"))
    text = next(line for line in lines if line.startswith("DESCRIPTION:No delivery"))
    assert r"a\,b\;c\\d\ne\nBEGIN:VEVENT" in text
    assert lines.count("BEGIN:VEVENT") == 1
    assert not any(line.startswith(("URL", "ATTACH")) for line in lines)
    assert "DTEND;VALUE=DATE:20270101" in lines


def test_entries_of_two_disputes_do_not_replace_each_other() -> None:
    one, two = (calendar(EVERY[:1], language("en"), now=NOW, seed=seed) for seed in "ab")
    assert one != two
