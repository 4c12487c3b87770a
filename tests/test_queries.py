"""Every question: its columns on an empty register, its numbers on a known one, and what it must not say."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from prizewatch import crosstables, datasets, disclosure, exports, identity, queries
from prizewatch.organizers import LookupAnswer
from tests.marts_by_hand import KEY, Marts

NOW = datetime(2026, 11, 1, 4, 0)


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


FRAMES = {
    "monthly": lambda r: queries.monthly(r),
    "monthly of a group": lambda r: queries.monthly(r, "I"),
    "resolution by group": lambda r: queries.resolution(r, "group"),
    "resolution by type": lambda r: queries.resolution(r, "type"),
    "reasons by group": lambda r: queries.reasons(r),
    "reasons by type": lambda r: queries.reasons(r, "type"),
    **{f"resolution by {cut}": lambda r, cut=cut: queries.resolution(r, cut) for cut in crosstables.CUTS},
    "ways out": queries.ladder_flow,
    "curves": lambda r: queries.time_to(r).curves,
    "numbers at risk": lambda r: queries.time_to(r, "A").at_risk,
    "states": lambda r: queries.time_to(r).states,
    "time from a stage": lambda r: queries.time_to(r, "all", "s3_lottery_platform").curves,
    "first answers": queries.first_response,
    "platforms by people": lambda r: queries.platform_response(r).bins,
    "platforms by draws": lambda r: queries.platform_response(r, "draws").bins,
    "disproportion": queries.disproportion,
    "seasons": queries.seasons,
    "search": lambda r: queries.search_organizers(r).frame,
    "repeat": queries.repeat_organizers,
}
#: Frames of shares and days; and those of organizers, whose counts are shown from a level on, as they are.
UNGUARDED = {"curves", "states", "time from a stage", "seasons", "search", "repeat"}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_have_the_same_columns_and_dtypes_empty_or_full(name: str, empty: Marts, full: Marts) -> None:
    nothing, something = FRAMES[name](empty), FRAMES[name](full)
    assert len(nothing) == 0
    assert len(something) > 0
    assert dtypes(nothing) == dtypes(something)


def test_an_empty_register_has_an_overview(empty: Marts) -> None:
    numbers = queries.overview(empty)
    assert (numbers.disputes, numbers.decided, numbers.undecided, numbers.organizers_listed) == (0, 0, 0, 0)
    assert numbers.first_month is None
    assert math.isnan(numbers.rate)
    assert queries.organizer(empty, "7F3A-2K9Q") is None


def test_overview_counts_each_dispute_once_and_rates_the_decided(empty: Marts) -> None:
    empty.reports("individual", date(2026, 1, 1), "declared_void", 20, 8, 12, 10)
    empty.organizer("a", "甲")
    empty.organizer("b", "乙", publication="lookup")
    numbers = queries.overview(empty)
    assert (numbers.disputes, numbers.decided, numbers.undecided) == (50, 40, 10)
    assert (numbers.resolved_full, numbers.resolved_partial, numbers.organizers_listed) == (20, 8, 1)
    assert (round(numbers.rate, 4), round(numbers.low, 4), round(numbers.high, 4)) == (0.7, 0.5457, 0.8193)
    assert (round(numbers.strict, 4), round(numbers.optimistic, 4)) == (0.56, 0.76)
    assert numbers.first_month == date(2026, 1, 1)


def test_one_dispute_is_one_to_four(empty: Marts) -> None:
    empty.reports("individual", date(2026, 1, 1), "declared_void", 0, 0, 0, 1)
    assert queries.overview(empty).disputes is None
    assert set(queries.monthly(empty)["disputes"]) <= {disclosure.FEW, disclosure.WITHHELD}


def test_resolution_has_rates_intervals_and_bounds_from_ten_decided_on(empty: Marts) -> None:
    empty.rung("creator", "s2_organizer", 60, 40, 20, 8)
    empty.rung("creator", "s3_lottery_platform", 9, 9, 0, 9)
    empty.rung("unknown", "s2_organizer", 20, 12, 6)
    frame = queries.resolution(empty).set_index(["row", "stage"])
    row = frame.loc[("A", "s2_organizer")]
    assert [row[c] for c in ("reached", "decided", "undecided", "relief_full", "relief_partial", "relief_any")] == [
        "60", "40", "20", "20", "8", "28",
    ]  # fmt: skip
    assert row["decided_n"] == 40
    assert (round(row["rate"], 4), round(row["low"], 4), round(row["high"], 4)) == (0.7, 0.5457, 0.8193)
    assert row["full_rate"] == 0.5
    assert (round(row["strict"], 4), round(row["optimistic"], 4)) == (round(28 / 60, 4), 0.8)
    assert not row["grey"]
    assert frame.loc[("U", "s2_organizer"), "grey"]
    nine = frame.loc[("A", "s3_lottery_platform")]
    assert nine["decided"] == "9"
    assert nine[["rate", "low", "high", "full_rate", "strict", "optimistic"]].isna().all()
    assert not nine["grey"]
    assert len(frame) == 16
    assert frame.loc[("A", "s8_court"), "reached"] == "0"


def test_relief_credited_to_no_stage_is_a_row_of_its_own(empty: Marts) -> None:
    empty.rung("creator", "s2_organizer", 40, 30, 10)
    assert "ambiguous" not in set(queries.resolution(empty)["stage"])
    empty.rung("creator", "ambiguous", 0, 0, 6, 5)
    frame = queries.resolution(empty).set_index("stage")
    assert frame.loc["ambiguous", ["reached", "decided", "relief_full", "relief_any"]].tolist() == ["0", "0", "6", "11"]
    assert math.isnan(frame.loc["ambiguous", "rate"])
    content = exports.csv_bytes(datasets.dataset(empty, "resolution_by_type_and_stage")).decode("utf-8")
    assert "Credited to no step" in content


def test_hidden_counts_take_their_rates_with_them(full: Marts) -> None:
    for frame in (queries.resolution(full), queries.resolution(full, "type")):
        for count, shares in {
            "relief_any": ("rate", "low", "high", "strict", "optimistic"),
            "decided": ("rate", "full_rate", "strict"),
            "relief_full": ("full_rate", "full_low", "full_high"),
            "reached": ("strict", "optimistic"),
        }.items():
            hidden = frame[frame[f"{count}_n"].isna()]
            assert hidden[list(shares)].isna().all().all()
        assert frame["relief_full_n"].isna().any()


def test_no_small_count_is_ever_printed(full: Marts) -> None:
    for of, make in FRAMES.items():
        frame = make(full)
        counts = [c for c in frame.columns if f"{c}_n" in frame.columns]
        assert len(frame), of
        assert bool(counts) == (of not in UNGUARDED), of
        for name in counts:
            assert not set(frame[name]) & {"1", "2", "3", "4"}
            assert (frame[name].isin([disclosure.FEW, disclosure.WITHHELD]) == frame[f"{name}_n"].isna()).all()


def test_groups_are_the_sum_of_their_types(empty: Marts) -> None:
    empty.rung("official_account", "s2_organizer", 40, 30, 10, 10, 10)
    empty.rung("creator", "s2_organizer", 20, 15, 5, 5, 5)
    frame = queries.resolution(empty)
    assert frame.set_index("stage").loc["s2_organizer", ["reached", "decided", "relief_any"]].tolist() == [
        "60",
        "45",
        "30",
    ]


def test_months_are_without_gaps_and_their_mean_waits_for_three(empty: Marts) -> None:
    for month, n in ((3, 12), (4, 15), (6, 30)):
        empty.reports("individual", date(2026, month, 1), "not_shipped", 0, 0, n, 0)
    frame = queries.monthly(empty)
    assert frame["month"].dt.month.tolist() == [3, 4, 5, 6]
    assert frame["disputes"].tolist() == ["12", "15", "0", "30"]
    assert frame["rolling"].round(2).tolist()[2:] == [9.0, 15.0]
    assert frame["rolling"].isna().tolist() == [True, True, False, False]
    assert len(queries.monthly(empty, "P")) == 0
    assert len(queries.monthly(empty, "nonsense")) == 0


def test_a_mean_never_spans_a_hidden_month(empty: Marts) -> None:
    for month, n in ((1, 3), (2, 20), (3, 20), (4, 20), (5, 2)):
        empty.reports("individual", date(2026, month, 1), "not_shipped", 0, 0, n, 0)
    frame = queries.monthly(empty)
    hidden = frame["disputes_n"].isna()
    for i in range(len(frame)):
        if hidden[max(0, i - 2) : i + 1].any():
            assert math.isnan(frame["rolling"][i])


def test_reasons_count_disputes_and_rate_the_decided(empty: Marts) -> None:
    empty.reports("individual", date(2026, 1, 1), "declared_void", 20, 8, 12, 10)
    empty.reports("individual", date(2026, 1, 1), "not_shipped", 0, 0, 9, 0)
    frame = queries.reasons(empty).set_index("dispute_reason")
    assert frame.loc["declared_void", ["disputes", "decided", "resolved"]].tolist() == ["50", "40", "28"]
    assert round(frame.loc["declared_void", "low"], 4) == 0.5457
    assert math.isnan(frame.loc["not_shipped", "rate"])


def test_answers_follow_the_data_version(empty: Marts) -> None:
    empty.reports("individual", date(2026, 1, 1), "declared_void", 0, 0, 12, 0)
    assert queries.monthly(empty)["disputes"].tolist() == ["12"]
    empty.reports("individual", date(2026, 1, 1), "declared_void", 0, 0, 12, 0)
    assert queries.monthly(empty)["disputes"].tolist() == ["24"]


def profile_of(register: Marts, handle: str = "a", **values: object) -> tuple[str, object]:
    code = register.organizer(handle, "甲商城", "旧甲", **values)
    return code, queries.organizer(register, code)


def test_a_profile_has_exact_totals_and_the_numbers_of_its_sentence(empty: Marts) -> None:
    _, p = profile_of(
        empty, disputes=23, reporters=19, draws=7, at_v2=14, resolved_full=3, resolved_partial=2, closed_unresolved=11,
        undecided=7, k_ind=6, draws_known=10, draws_source="tool_page", draws_counted_on=date(2026, 9, 30),
        disputed_draws=6, level="pervasive", reviewed=True,
    )  # fmt: skip
    assert (p.reporters, p.draws, p.at_v2, p.resolved, p.as_of) == (19, 7, 14, 5, date(2026, 10, 31))
    assert (p.disputes, p.decided, p.k_ind, p.level, p.name) == (23, 16, 6, "pervasive", "甲商城")
    assert (round(p.rate, 4), p.share, p.draws_known) == (0.3125, 0.6, 10)
    assert set(p.aliases["name"]) == {"甲商城", "旧甲", "a"}


def test_known_draws_count_only_with_source_and_day_and_shares_only_from_five(empty: Marts) -> None:
    known = {"draws_known": 4, "disputed_draws": 3, "draws_source": "press", "draws_counted_on": date(2026, 1, 1)}
    _, four = profile_of(empty, **known)
    assert (four.draws_known, four.disputed_draws) == (4, 3)
    assert math.isnan(four.share)
    _, unsourced = profile_of(empty, "b", **{**known, "draws_known": 9, "draws_source": None})
    assert unsourced.draws_known is None
    assert math.isnan(unsourced.share)
    frame = queries.repeat_organizers(empty)
    assert frame["share"].isna().all()
    assert frame["draws_known"].isna().sum() == 1


def test_breakdowns_start_at_five_disputes_and_hide_small_cells(empty: Marts) -> None:
    def breakdown(handle: str, disputes: int) -> object:
        code = empty.organizer(
            handle, handle, disputes=disputes, undecided=disputes, resolved_full=0, closed_unresolved=0
        )
        organizer_id = identity.organizer_id(KEY, "wechat", handle)
        empty.insert("organizer_reason", organizer_id=organizer_id, dispute_reason="not_shipped", disputes=disputes - 1)
        empty.insert("organizer_reason", organizer_id=organizer_id, dispute_reason="other", disputes=1)
        empty.insert(
            "organizer_month", organizer_id=organizer_id, month=date(2026, 1, 1), disputes=disputes, resolved=0
        )
        empty.insert(
            "organizer_stage", organizer_id=organizer_id, stage="s2_organizer", reached=disputes, decided=disputes,
            relief_full=0, relief_partial=0, sanction_only=0,
        )  # fmt: skip
        return queries.organizer(empty, code)

    four, nine = breakdown("four", 4), breakdown("nine", 9)
    assert not four.breakdown
    assert [len(f) for f in (four.stages, four.reasons, four.months)] == [0, 0, 0]
    assert nine.breakdown
    assert sorted(nine.reasons["disputes"]) == ["<5", "…"]
    assert nine.months["disputes"].tolist() == ["9"]
    assert nine.stages["decided"].tolist() == ["9"]
    assert dtypes(four.stages) == dtypes(nine.stages)


def test_of_one_to_four_paid_in_all_no_month_says_which(empty: Marts) -> None:
    """The total is told exactly: two months with "<5" of two would be one each."""

    def months(handle: str, paid: int) -> list[str]:
        shares = [paid // 2, paid - paid // 2]
        code = empty.organizer(
            handle, handle, disputes=20, undecided=20 - paid, resolved_full=paid, closed_unresolved=0
        )
        for n, resolved in enumerate(shares, 1):
            empty.insert(
                "organizer_month", organizer_id=identity.organizer_id(KEY, "wechat", handle),
                month=date(2026, n, 1), disputes=10, resolved=resolved,
            )  # fmt: skip
        found = queries.organizer(empty, code)
        assert found is not None
        assert found.resolved == paid
        return found.months["resolved"].tolist()

    assert months("none", 0) == ["0", "0"]
    assert [months(f"of {n}", n) for n in (1, 2, 4)] == [["…", "…"]] * 3
    assert months("many", 14) == ["7", "7"]


def test_only_the_public_code_of_a_listed_organizer_opens_a_profile(empty: Marts) -> None:
    code, hidden = profile_of(empty, publication="lookup", named=False)
    assert hidden is None
    code, masked = profile_of(empty, "b", named=False)
    assert masked.name is None
    assert len(masked.aliases) == 0
    assert queries.organizer(empty, code.lower()) is not None
    assert queries.organizer(empty, masked.organizer_id) is None
    assert queries.organizer(empty, "") is None


def test_levels_are_listed_with_the_numbers_of_their_rule_strongest_first(full: Marts) -> None:
    frame = queries.repeat_organizers(full)
    assert frame["level"].tolist() == ["repeat", "repeat", "watch", "watch"]
    assert frame.loc[0, ["k_ind", "level_draws", "level_reporters", "draws_known", "disputed_draws"]].tolist() == [
        6,
        6,
        12,
        10,
        6,
    ]
    assert frame.loc[0, "share"] == 0.6
    assert frame["name"].isna().sum() == 1


YES, NOTHING = LookupAnswer.REPORTS_EXIST, LookupAnswer.NOTHING_TO_SAY


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"reporters": 2}, YES),
        ({"reporters": 1}, NOTHING),
        ({"reporters": 2, "organizer_type": "individual", "k_ind": 2}, YES),
        ({"reporters": 9, "organizer_type": "individual", "k_ind": 1}, NOTHING),
        ({"reporters": 1, "organizer_type": "individual", "k_ind": 2}, NOTHING),
        ({"reporters": 2, "organizer_type": "micro_seller", "k_ind": 0}, YES),
    ],
)
def test_the_exact_handle_answer(empty: Marts, values: dict[str, object], answer: LookupAnswer) -> None:
    empty.organizer("wx_abc", None, publication="lookup", named=False, **values)
    assert queries.lookup_handle(empty, "wx_abc", "wechat", NOW, "n") is answer
    assert queries.lookup_handle(empty, " @WX_ABC ", "wechat", NOW, "n") is answer
    for handle, host in (("wx_ab", "wechat"), ("wx_abc", "weibo"), ("", "wechat"), ("wx", "wechat")):
        assert queries.lookup_handle(empty, handle, host, NOW, "n") is NOTHING


def test_a_handle_merged_away_answers_for_the_organizer_it_is(empty: Marts) -> None:
    empty.organizer("today", None, publication="lookup", named=False, reporters=2)
    old, today = (identity.organizer_id(KEY, "wechat", handle) for handle in ("old", "today"))
    assert queries.lookup_handle(empty, "old", "wechat", NOW, "n") is NOTHING
    empty.insert("organizer_merge", organizer_id=old, canonical_id=today)
    assert queries.lookup_handle(empty, "old", "wechat", NOW, "n") is YES


def test_look_ups_are_counted_by_network_and_come_back_after_ten_minutes() -> None:
    register = Marts(LOOKUPS_PER_10_MIN="3")

    def ask(after: float, network: str = "one") -> LookupAnswer:
        return queries.lookup_handle(register, "x", "wechat", NOW + timedelta(minutes=after), network)

    assert [ask(0), ask(1), ask(2), ask(3)] == [NOTHING, NOTHING, NOTHING, LookupAnswer.TOO_MANY]
    assert ask(3, "two") is NOTHING
    assert ask(9.9) is LookupAnswer.TOO_MANY
    assert ask(10) is NOTHING
    assert ask(10.5) is LookupAnswer.TOO_MANY
    register.close()
    unlimited = Marts(LOOKUPS_PER_10_MIN="0")
    assert {queries.lookup_handle(unlimited, "x", "wechat", NOW, "one") for _ in range(50)} == {NOTHING}
    unlimited.close()
