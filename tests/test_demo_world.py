"""The numbers the demo is made of, before they reach any register: shares, values, ladders, names."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from pipelines import demo_tables as tables
from pipelines.demo import CHUNK, invent
from pipelines.demo_names import NAMES, TITLES, TITLES_ABROAD, WITH_INSULT, WITH_PHONE, handle, name, narratives
from pipelines.demo_text import Teller, dates, money, whole
from prizewatch import intake_words, vocabulary
from prizewatch.fields import EVIDENCE, STAGE_EVENT, TABLES

SIZE, PLANTED = 60_000, 240
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The text tables of a large demo, without the planted reports at its beginning."""
    teller, _, source_of = invent(SIZE, 11, ZONE)
    last = SIZE - len(source_of)
    batch = [teller.chunk(a, min(a + CHUNK, SIZE)) for a in range(0, SIZE, CHUNK)]
    tables_ = {}
    for part in ("disputes", "events", "evidence"):
        frame = pd.concat([getattr(b, part).to_pandas() for b in batch], ignore_index=True)
        number = frame["row"].astype(int)
        tables_[part] = frame[(number >= PLANTED) & (number < last)].assign(n=number)
    tables_["teller"] = teller
    return tables_


def shares(column: pd.Series) -> dict[str, float]:
    return {str(k): float(v) for k, v in (column.value_counts(normalize=True) * 100).items()}


def wanted(table: dict[str, Any]) -> dict[str, float]:
    total = sum(v[0] if isinstance(v, tuple) else v for v in table.values())
    return {k: (v[0] if isinstance(v, tuple) else v) / total * 100 for k, v in table.items()}


@pytest.mark.parametrize(
    ("field", "table", "within"),
    [
        ("organizer_type", tables.TYPES, 0.7),
        ("dispute_reason", tables.REASONS, 0.8),
        ("prize_kind", tables.PRIZES, 0.9),
    ],
)
def test_shares_are_as_assumed(told: dict[str, Any], field: str, table: dict[str, Any], within: float) -> None:
    found, expected = shares(told["disputes"][field]), wanted(table)
    assert set(found) == set(expected)
    assert {k: round(found[k] - expected[k], 2) for k in found if abs(found[k] - expected[k]) > within} == {}


def test_reasons_lean_by_group(told: dict[str, Any]) -> None:
    frame = told["disputes"]
    group = frame["organizer_type"].map(vocabulary.analysis_group)
    by = {g: shares(frame.loc[group == g, "dispute_reason"]) for g in tables.GROUPS}
    for code in ("declared_void", "blocked_after_address"):
        assert by["I"][code] > 1.3 * by["O-large"][code]
    for code in ("unstated_condition", "pay_to_claim"):
        assert by["O-small"][code] > 1.3 * by["I"][code]
    assert by["O-large"]["organizer_error"] > 1.5 * by["I"]["organizer_error"]
    assert by["A"]["account_gone"] > 1.5 * by["I"]["account_gone"]


def test_values_are_log_normal_and_heap_on_lucky_numbers(told: dict[str, Any]) -> None:
    frame = told["disputes"]
    assert frame["prize_value"].isna().mean() == pytest.approx(tables.VALUE_UNKNOWN, abs=0.01)
    value = frame.loc[frame["currency"] == "CNY", "prize_value"].astype(float)
    assert value.median() == pytest.approx(80, abs=12)
    assert value.mean() == pytest.approx(230, abs=45)
    assert value.isin(tables.LUCKY).mean() > 0.3
    assert 0 < (value > 50_000).sum() < len(value) / 1000


def test_evidence_makes_the_levels_of_proof(told: dict[str, Any]) -> None:
    group = {c.code: c.group for c in vocabulary.code_lists()["evidence_kind"].values()}
    seen = told["evidence"].groupby("n")["kind"].agg(lambda kinds: {group[k] for k in kinds} & {"A", "B"})
    sides = seen.map(len).reindex(told["disputes"]["n"], fill_value=0)
    assert (sides == 0).mean() == pytest.approx(0.12, abs=0.01)
    assert (sides == 1).mean() == pytest.approx(0.38, abs=0.01)
    assert (sides == 2).mean() == pytest.approx(0.50, abs=0.01)


DECIDED = ("no_response", "refused", "rejected", "referred", "relief_full", "relief_partial", "sanction_only")


def test_each_rung_pays_what_its_table_says(told: dict[str, Any]) -> None:
    events = told["events"].merge(told["disputes"][["n", "organizer_type"]], on="n")
    events = events[events["outcome"].isin(DECIDED)].copy()
    groups = {g: g for g in tables.GROUPS} | tables.GROUP_OF
    events["group"] = events["organizer_type"].map(vocabulary.analysis_group).map(groups)
    stages = vocabulary.codes("stage")
    for number, rows in tables.RELIEF.items():
        for group, row in zip(tables.GROUPS, rows, strict=True):
            outcome = events.loc[(events["stage"] == stages[number - 1]) & (events["group"] == group), "outcome"]
            for code, share in zip(("relief_full", "relief_partial", "sanction_only"), row, strict=True):
                spread = np.sqrt(share / 100 * (1 - share / 100) / max(len(outcome), 1))
                # Court cases that pay late are still open at the cut, so a little less is seen there.
                within = 400 * spread + (6 if number == 8 else 1.2)
                found = (outcome == code).mean() * 100
                assert found == pytest.approx(share, abs=within), (number, group, code, len(outcome))


def test_the_later_rungs_are_reached_as_assumed(told: dict[str, Any]) -> None:
    frame = told["disputes"]
    groups = {g: g for g in tables.GROUPS} | tables.GROUP_OF
    group = frame["organizer_type"].map(vocabulary.analysis_group).map(groups)
    events = told["events"]
    for number, row in tables.REACH.items():
        stage = vocabulary.codes("stage")[number - 1]
        there = frame["n"].isin(events.loc[events["stage"] == stage, "n"])
        for name_, share in zip(tables.GROUPS, row, strict=True):
            assert there[group == name_].mean() == pytest.approx(share, rel=0.35, abs=0.004), (stage, name_)
    paid = frame["paid"] == "true"
    police = frame["n"].isin(events.loc[events["stage"] == "s7_police", "n"])
    assert police[paid].mean() == pytest.approx(tables.POLICE_PAID, abs=0.06)
    assert police[~paid].mean() < 0.012


def test_what_the_platform_did_is_unknown_as_often_as_assumed(told: dict[str, Any]) -> None:
    events = told["events"]
    action = events.loc[events["stage"].isin(["s3_lottery_platform", "s4_host_platform"]), "platform_action"].dropna()
    assert (action == "unknown").mean() == pytest.approx(0.45, abs=0.03)


def test_platforms_act_more_often_the_more_reports_came_before(told: dict[str, Any]) -> None:
    frame = told["disputes"].sort_values(["organizer_handle", "reported_at"])
    frame = frame.assign(before=frame.groupby("organizer_handle").cumcount())
    events = told["events"].merge(frame[["n", "before"]], on="n")
    events = events[
        events["platform_action"].notna() & ~events["platform_action"].isin(["unknown", "paid_by_platform"])
    ]
    acted = events["platform_action"] != "none_known"
    steps = pd.cut(events["before"], [-1, 0, 2, 9, 10_000], labels=False)
    rates = acted.groupby(steps).mean()
    assert list(rates) == sorted(rates)
    assert rates.iloc[-1] > 1.8 * rates.iloc[0]


def test_few_organizers_hold_many_reports(told: dict[str, Any]) -> None:
    counts = told["disputes"]["organizer_handle"].value_counts()
    top = counts.head(round(len(counts) * 0.05)).sum() / counts.sum()
    assert top == pytest.approx(0.25, abs=0.05)


def test_the_year_has_its_peaks() -> None:
    chances = pd.Series(tables.season(), index=pd.date_range(tables.START, tables.CUT))
    for peak in ("2025-11-11", "2026-02-17", "2026-05-20", "2026-06-18", "2026-08-19"):
        day = pd.Timestamp(peak)
        around = chances[day - pd.Timedelta(days=28) : day - pd.Timedelta(days=21)].mean()
        assert chances[day] > 1.4 * around, peak


def test_a_batch_has_only_fields_of_the_contract(told: dict[str, Any]) -> None:
    batch = told["teller"].chunk(0, 50)
    assert set(batch.disputes.column_names) - {"row", "event_id"} <= {f.name for f in TABLES["dispute"]}
    assert set(batch.events.column_names) - {"row", "seq"} <= {f.name for f in STAGE_EVENT}
    assert set(batch.evidence.column_names) - {"row"} <= {f.name for f in EVIDENCE}


def test_nobody_reports_one_draw_twice_and_ids_are_unique(told: dict[str, Any]) -> None:
    frame = told["disputes"]
    assert frame["event_id"].is_unique
    known = frame[frame["draw_ref"].notna()]
    assert not known.duplicated(["reporter", "draw_ref", "prize_no"]).any()


def test_a_draw_is_one_draw_for_all_who_report_it(told: dict[str, Any]) -> None:
    frame = told["disputes"].dropna(subset=["draw_ref"])
    facts = frame.fillna("").groupby("draw_ref")[["draw_time", "host_platform", "lottery_tool", "draw_title"]].nunique()
    assert (facts == 1).all().all()


def test_the_zone_of_the_register_says_which_day_a_draw_was() -> None:
    for zone in (ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Auckland")):
        teller: Teller = invent(300, 1, zone)[0]
        frame = teller.chunk(0, 300).disputes.to_pandas()
        local = pd.to_datetime(frame["draw_time"]).dt.tz_localize("UTC").dt.tz_convert(zone).dt.date.astype(str)
        assert (local <= frame["win_notice_on"]).all()
        assert (local > frame["entered_on"]).all()


def test_no_name_title_or_story_trips_a_screen() -> None:
    some = [
        name(n, t, abroad) for n in range(0, NAMES, 97) for t in ("online_shop", "creator") for abroad in (False, True)
    ]
    stories = [story for code in vocabulary.codes("dispute_reason") for story in narratives(code)]
    texts = [*some, *TITLES, *TITLES_ABROAD, *stories]
    assert [text for text in texts if intake_words.screen(text)] == []
    assert all(20 <= len(story) <= 1000 for story in stories)
    assert [intake_words.screen(text) for text in (WITH_PHONE, WITH_INSULT)] == [("personal_data",), ("insult",)]


def test_names_and_handles_do_not_repeat() -> None:
    numbers = range(30_000)
    assert len({name(n, "brand_company", False)[:3] for n in numbers}) == len(numbers)
    assert all(len(set(name(n, "brand_company", False)[:3])) == 3 for n in numbers)
    assert len({handle(n, former) for n in range(0, 200_000, 7) for former in (False, True)}) == 2 * len(
        range(0, 200_000, 7)
    )


def test_numbers_become_text_as_a_form_would_write_them() -> None:
    assert money(np.array([-1, 5, 520, 131400])).to_pylist() == [None, "0.05", "5.20", "1314.00"]
    assert dates(np.array([-1, 0, 20_000])).to_pylist() == [None, "1970-01-01", "2024-10-04"]
    assert whole(np.array([-1, 0, 7])).to_pylist() == [None, "0", "7"]
