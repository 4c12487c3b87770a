"""Flows, times, platforms, funnel and advisor: their numbers on a known register, and what they must not say."""

from __future__ import annotations

import csv
import io
import math
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from prizewatch import crosstables, exports, queries, timing
from tests.marts_by_hand import Marts

MAY = date(2026, 5, 1)


def six_cases(register: Marts, times: int) -> None:
    """The time fixture of the domain model, each case so often."""
    register.reports("creator", MAY, "not_shipped", 3 * times, 0, 2 * times, times)
    register.ended("creator", "relief", {3: times, 8: times, 30: times})
    register.ended("creator", "gave_up", {5: times, 20: times})
    register.ended("creator", "censored", {12: times})


def test_curves_are_those_of_the_fixture_at_the_end_of_each_week(empty: Marts) -> None:
    six_cases(empty, 10)
    timed = queries.time_to(empty)
    relief = timed.curves[timed.curves["event"] == "relief"]
    assert relief["day"].tolist() == [0, 7, 14, 35]
    assert relief["share"].round(4).tolist() == [0, 0.1667, 0.3333, 0.5833]
    assert (relief["low"] <= relief["share"]).all()
    assert (timed.n, timed.decided, timed.median) == (60, 50, 30)
    assert timed.at_risk["at_risk"].tolist() == ["60", "10"]
    last = timed.states.iloc[-1]
    assert last["day"] == 35
    assert round(last[["paid", "gave_up", "open"]].sum(), 6) == 1
    assert len(queries.time_to(empty, "P").curves) == 0
    assert queries.time_to(empty, "nonsense").n == 0


def test_no_curve_below_ten_endings(empty: Marts) -> None:
    six_cases(empty, 1)
    timed = queries.time_to(empty)
    assert [len(frame) for frame in (timed.curves, timed.at_risk, timed.states)] == [0, 0, 0]
    assert timed.median is None


def test_every_step_of_a_curve_stands_for_five_or_more(full: Marts) -> None:
    for group in ("all", "A", "I", "O-large"):
        with full.read() as cur:
            raw = cur.execute("SELECT organizer_type, days, ended, n FROM mart.time WHERE stage = ''").df()
        if group != "all":
            raw = raw[raw["organizer_type"].isin(crosstables.groups()[group])]
        curves = queries.time_to(full, group).curves
        for event, curve in curves.groupby("event"):
            own = raw[raw["ended"] == event]
            told = [int(own.loc[own["days"] <= day, "n"].sum()) for day in curve["day"]]
            assert len(told) > 1
            assert min(b - a for a, b in pairwise(told)) >= 5
            assert all(day % timing.WEEK == 0 for day in curve["day"])


def test_numbers_at_risk_do_not_betray_a_handful_between_two_days(empty: Marts) -> None:
    empty.reports("creator", MAY, "not_shipped", 30, 0, 12, 0)
    empty.ended("creator", "relief", {3: 30})
    empty.ended("creator", "gave_up", {40: 2, 100: 10})
    risk = queries.time_to(empty).at_risk
    assert risk["day"].tolist() == [0, 30, 60, 90]
    shown = risk["at_risk_n"].dropna().tolist()
    assert 2 not in [a - b for a, b in pairwise(shown)]
    assert risk["at_risk_n"].isna().any()


def test_ways_out_close_at_every_rung(empty: Marts) -> None:
    for kind in ("creator", "online_shop"):
        empty.reports(kind, MAY, "not_shipped", 20, 0, 27, 23)
        empty.rung(kind, "s2_organizer", 70, 47, 20, 0, 7)
        empty.ways_out(kind, "s2_organizer", 20, 7, 10, 13, 20)
        empty.rung(kind, "s3_lottery_platform", 20, 10, 0, 0, 0)
        empty.ways_out(kind, "s3_lottery_platform", 0, 0, 10, 10, 0)
    frame = queries.ladder_flow(empty)
    assert frame["group"].unique().tolist() == ["all", "A", "O-large"]
    assert len(frame) == 24
    parts = frame[[f"{name}_n" for name in crosstables.FLOW]].sum(axis=1)
    assert (parts == frame["reached_n"]).all()
    assert frame.set_index(["group", "stage"]).loc[("all", "s2_organizer"), "went_on"] == "40"


def test_platform_action_stands_beside_relief_and_has_its_own_denominator(full: Marts) -> None:
    frame = queries.resolution(full, "tool").set_index(["row", "stage"])
    known = frame[frame["action_known_n"].fillna(0) >= 10]
    assert len(known) > 0
    assert known["action_rate"].notna().any()
    known = known[known["action_taken_n"].notna()]
    assert ((known["action_taken_n"] / known["action_known_n"]).astype(float) == known["action_rate"]).all()
    assert frame.loc[("weibo_lottery", "s2_organizer"), "action_known"] == "0"
    assert math.isnan(frame.loc[("weibo_lottery", "s2_organizer"), "action_rate"])


def test_every_trait_adds_up_to_what_the_organizers_add_up_to(full: Marts) -> None:
    whole = queries.resolution(full, "group").groupby("stage")["reached_n"].sum(min_count=6)
    for cut in crosstables.CUTS:
        frame = queries.resolution(full, cut)
        found = frame.groupby("stage")["reached_n"].sum(min_count=2)
        both = whole.notna() & found.notna()
        assert both.sum() > 1
        assert (whole[both] == found[both]).all()


def test_platforms_are_judged_by_what_was_on_file_before(full: Marts) -> None:
    answer = queries.platform_response(full)
    assert answer.verdict == "more"
    assert (round(answer.slope, 3), round(answer.low, 3), round(answer.high, 3)) == (1.35, 1.105, 1.649)
    assert answer.fitted_as_of == date(2026, 10, 31)
    assert answer.events == 315
    assert answer.bins["bin"].tolist() == ["0", "1", "2", "3-4", "5-9", "10+"]
    assert round(answer.bins.loc[0, "rate"], 4) == round(9 / 50, 4), "unknown is no no"
    unfitted = queries.platform_response(full, "draws")
    assert unfitted.verdict == "no_evidence"
    assert math.isnan(unfitted.slope)


@pytest.mark.parametrize(
    ("low", "high", "n", "verdict"),
    [(0.1, 0.4, 30, "more"), (-0.4, -0.1, 30, "less"), (-0.1, 0.4, 30, "unclear"), (0.1, 0.4, 29, "no_evidence")],
)
def test_the_verdict_is_that_of_the_interval(empty: Marts, low: float, high: float, n: int, verdict: str) -> None:
    middle = (low + high) / 2
    empty.fitted("dose_response.reporters", per_doubling=middle, low=low, high=high, n=n, clusters=20, intercept=-1.0)
    assert queries.platform_response(empty).verdict == verdict


def test_first_answers_of_machines_and_people_are_apart(full: Marts) -> None:
    frame = queries.first_response(full).set_index(["stage", "response_kind"])
    assert frame.loc[("s3_lottery_platform", "auto"), "median_hours"] == 0
    human = frame.loc[("s3_lottery_platform", "human")]
    assert human[["quarter_hours", "median_hours", "three_quarter_hours"]].tolist() == [30.0, 48.0, 48.0]
    few = frame.loc[("s4_host_platform", "human")]
    assert few["n"] == "<5"
    assert math.isnan(few["median_hours"])


def test_the_funnel_holds_listed_organizers_with_ten_decided_and_never_a_person(empty: Marts) -> None:
    for kind in ("online_shop", "individual"):
        empty.reports(kind, MAY, "not_shipped", 60, 0, 60, 5)
    worst = {"resolved_full": 2, "closed_unresolved": 38}
    code = empty.organizer("worst", "最差", named=False, **worst)
    empty.organizer("nine", "九", resolved_full=4, closed_unresolved=5)
    for n in range(12):
        empty.organizer(f"fair{n}", "公道", resolved_full=9, resolved_partial=n % 3, closed_unresolved=10)
    empty.organizer("unlisted", "不列", publication="lookup", **worst)
    empty.organizer("person", "某人", organizer_type="individual", **worst)
    drawn = queries.funnel(empty, "O-large")
    points = drawn.points.set_index("public_code")
    assert len(points) == 13
    assert not drawn.widened
    assert points.loc[code, ["k", "n", "rate", "zone"]].tolist() == [2, 40, 0.05, "alarm"]
    assert pd.isna(points.loc[code, "name"])
    assert drawn.centre == 0.5
    assert drawn.limits["n"].is_monotonic_increasing
    assert (drawn.limits["low998"] <= drawn.limits["low95"]).all()
    assert len(queries.funnel(empty, "I").points) == 0


def test_shrunken_rates_lie_between_the_own_rate_and_the_group(empty: Marts) -> None:
    empty.fitted("prior.O-large", prior=[2.0, 8.0], samples=[[2.0, 8.0]], organizers=9)
    empty.organizer("much", "多", resolved_full=18, closed_unresolved=2)
    empty.organizer("few", "少", resolved_full=8, closed_unresolved=1)
    frame = queries.repeat_organizers(empty).set_index("name")
    assert frame.loc["多", "shrunken"] == pytest.approx(20 / 30)
    assert frame.loc["多", "shrunken_low"] < 20 / 30 < frame.loc["多", "shrunken_high"]
    assert math.isnan(frame.loc["少", "shrunken"])
    assert queries.organizer(empty, frame.loc["多", "public_code"]).shrunken == pytest.approx(20 / 30)


def test_reasons_beyond_what_is_expected_say_so_and_hidden_ones_say_nothing(empty: Marts) -> None:
    for kind, reason, n in (
        ("creator", "not_shipped", 90), ("creator", "other", 10), ("online_shop", "not_shipped", 40),
        ("online_shop", "other", 3), ("brand_company", "other", 57),
    ):  # fmt: skip
        empty.reports(kind, MAY, reason, 0, 0, n, 0)
    frame = queries.disproportion(empty).set_index(["row", "dispute_reason"])
    more = frame.loc[("A", "not_shipped")]
    assert (more["expected"], round(more["rr"], 4)) == (65.0, round(90 / 65, 4))
    assert 1 < more["eb05"] < more["ebgm"] < more["rr"]
    assert frame.loc[("A", "other"), "ebgm"] < 1
    hidden = frame[frame["n_n"].isna()]
    assert hidden[["expected", "rr", "ebgm", "eb05"]].isna().all().all()


def test_months_stand_beside_the_same_months_a_year_before(empty: Marts) -> None:
    for year, n in ((2025, 20), (2026, 30)):
        empty.reports("creator", date(year, 5, 1), "not_shipped", 0, 0, n, 0)
    frame = queries.monthly(empty).set_index("month")
    now = frame.loc["2026-05-01"]
    assert (now["year_before"], round(now["change"], 4)) == (20, 0.5)
    assert now["change_low"] < 0.5 < now["change_high"]
    assert pd.isna(frame.loc["2025-05-01", "year_before"])
    seasons = queries.seasons(empty)
    assert {"double_11", "spring_festival"} <= set(seasons["season"])
    assert seasons["start"].min() >= pd.Timestamp(2025, 5, 1)
    empty.kind = "reference"
    assert len(queries.seasons(empty)) == 0


def test_the_advisor_speaks_of_the_cell_then_the_stage_then_nothing(empty: Marts) -> None:
    def step(kind: str, level: str, decided: int, relief: int) -> None:
        empty.insert(
            "advice", organizer_type=kind, came_from="s2_organizer", stage="s3_lottery_platform", verification=level,
            decided=decided, relief=relief,
        )  # fmt: skip

    assert queries.advisor(empty, "creator", "s2_organizer", "V2").basis == "none"
    for level in ("V0", "V1", "V2"):
        for kind in ("creator", "individual"):
            step(kind, level, 60, 15)
    step("online_shop", "V2", 12, 2)
    told = queries.advisor(empty, "creator", "s2_organizer", "V0")
    assert (told.basis, told.k, told.n, told.next_stage) == ("cell", 15, 60, "s3_lottery_platform")
    assert told.low < told.share < told.high
    wider = queries.advisor(empty, "online_shop", "s2_organizer", "V2")
    assert wider.basis == "stage", "two with relief are not to be told"
    step("brand_company", "V1", 40, 20)
    step("brand_company", "V0", 40, 20)
    step("creator", "V2", 0, 0)
    assert queries.advisor(empty, "brand_company", "s2_organizer", "V3").basis == "group", "no cell, but its group"
    assert wider.median_days is None
    assert queries.advisor(empty, "creator", "s2_organizer", "V2", "group_manual").next_stage == "s4_host_platform"
    assert queries.advisor(empty, "creator", "s8_court", "V2") is None


def test_a_profile_tells_its_last_two_months_and_what_it_answered(full: Marts) -> None:
    code = queries.repeat_organizers(full)["public_code"].iloc[0]
    full.connection.execute(
        "INSERT INTO log.reply (event_id, commit_no, recorded_at, organizer_id, dispute_id, answer, words, replied_on, "
        "published) SELECT gen_random_uuid(), 1, TIMESTAMP '2026-01-01', organizer_id, NULL, 'contests', "
        "words, DATE '2026-01-01', words = '公开' FROM mart.organizer, (VALUES ('公开'), ('未公开')) v(words) "
        "WHERE public_code = ?",
        [code],
    )
    profile = queries.organizer(full, code)
    assert profile.replies["words"].tolist() == ["公开"]
    assert profile.recent["month"].dt.month.tolist() == [9, 10]
    assert (profile.matched_draws, profile.further_draws) == (6, 0)


def test_a_figure_leaves_as_a_file_of_the_same_form(full: Marts) -> None:
    frame = queries.resolution(full, "tool")
    content = exports.figure_csv(frame, date(2026, 10, 31), {"row": "lottery_tool"})
    assert content.startswith(exports.BOM)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert b"\r\n" in content
    assert len(rows) == len(frame)
    assert (rows[0]["row_zh"], rows[0]["stage_en"], rows[0]["as_of"]) == ("微博抽奖平台", "Self-check", "2026-10-31")
    assert [row["reached"] for row in rows] == frame["reached"].tolist()
    assert exports.figure_file("time", date(2026, 10, 31)) == "prizewatch-time-2026-10-31.csv"
    organizer = exports.figure_csv(pd.DataFrame({"name": ["=1+1"]}, dtype="str"), date(2026, 10, 31))
    assert b"'=1+1" in organizer
