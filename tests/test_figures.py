"""Figures draw what the frame says and nothing that it hides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest

from prizewatch import figures, figures_outcomes, figures_platforms, figures_repeat, figures_time, queries
from prizewatch.i18n import LANGUAGES, Language, language
from prizewatch.stats.trap import totals_trap
from prizewatch.store import Register

_ = language("en")


def monthly(**hidden: list[int]) -> pd.DataFrame:
    """Three months of ten: 2 settled, 3 not, 5 open; `hidden` names rows whose count is NA."""
    frame = pd.DataFrame({"month": pd.to_datetime(["2026-07-01", "2026-08-01", "2026-09-01"])})
    for name, value in (("disputes", 10), ("resolved", 2), ("closed", 3), ("undecided", 5)):
        column = pd.array([value] * 3, dtype="Int64")
        for row in hidden.get(name, []):
            column[row] = pd.NA
        frame[f"{name}_n"] = column
    frame["rolling"] = [float("nan"), float("nan"), 10.0]
    return frame


def bars(figure: object) -> dict[str, list[int | None]]:
    return {trace.name: list(trace.y) for trace in figure.data if trace.type == "bar"}  # type: ignore[attr-defined]


def test_the_trend_stacks_to_the_total_and_what_is_hidden_is_one_pale_rest() -> None:
    drawn = bars(figures_time.trend(monthly(resolved=[1], closed=[1]), _, date(2026, 9, 30)))
    assert drawn[_("figures.resolved")] == [2, None, 2]
    assert drawn[_("figures.undecided")] == [5, 5, 5]
    assert drawn[_("figures.unsplit")] == [None, 5, None]


def test_a_hidden_total_is_not_drawn_at_all() -> None:
    hidden = {name: [0] for name in ("disputes", "resolved", "closed", "undecided")}
    drawn = bars(figures_time.trend(monthly(**hidden), _, date(2026, 9, 30)))
    assert {values[0] for values in drawn.values()} == {None}
    assert _("figures.unsplit") not in drawn


def test_months_touched_by_the_last_thirty_days_are_shaded_and_no_others() -> None:
    def shaded(as_of: date) -> list[tuple[str, str]]:
        return [(s.x0, s.x1) for s in figures_time.trend(monthly(), _, as_of).layout.shapes]

    assert shaded(date(2026, 9, 30)) == [("2026-07-17", "2026-09-17")]
    assert shaded(date(2026, 10, 31)) == []  # the thirty days begin with October
    assert shaded(date(2027, 5, 1)) == []


def cells(rate: float) -> pd.DataFrame:
    low, high = (rate - 0.1, rate + 0.1)
    row = {
        "row": "I",
        "stage": "s2_organizer",
        "reached": "50",
        "relief_any": "12",
        "decided": "40",
        "rate": rate,
        "low": low,
        "high": high,
    }
    return pd.DataFrame([row])


def test_the_heatmap_gives_counts_without_a_rate_and_a_rate_with_its_interval() -> None:
    rows, columns = [("I", "Individuals")], [("s2_organizer", "Organizer"), ("s8_court", "Court")]
    figure = figures_outcomes.heat(cells(0.3), _, rows, columns).data[0]
    assert list(figure.z[0]) == [0.3, None]
    assert [text.split("<")[0] for text in figure.text[0]] == ["30%", ""]
    assert ">40<" in figure.text[0][0], "with its n"
    assert "40 decided, 12 with relief" in figure.hovertext[0][0]
    assert "20–40%" in figure.hovertext[0][0]
    assert _("figures.no_one") in figure.hovertext[0][1]
    untold = figures_outcomes.heat(cells(float("nan")), _, rows, columns)
    assert list(untold.data[0].z[0]) == [None, None]
    assert "%" not in untold.data[0].hovertext[0][0]
    assert (list(untold.data[1].x), list(untold.data[1].y)) == ([0], [0]), "someone was there: grey, not empty"
    assert len(untold.layout.shapes) == 1


def test_a_month_with_a_hidden_count_is_marked_but_not_measured() -> None:
    frame = monthly(disputes=[1, 2]).assign(disputes=["10", "<5", "…"])
    drawn = bars(figures_time.months(frame, _))
    assert drawn[_("figures.reports")] == [10, None, None]
    assert drawn[_("figures.under_five")] == [None, 4, None]


def test_every_figure_speaks_both_languages() -> None:
    for code in LANGUAGES:
        lang = language(code)
        assert lang("figures.resolved") in bars(figures_time.trend(monthly(), lang, date(2026, 9, 30)))


def words(figure: Any) -> Iterator[str]:
    """Everything a figure writes: hover texts, labels behind rows, ticks, names."""
    for trace in figure.data:
        yield str(trace.name or "")
        for texts in (trace.hovertext, trace.text):
            flat = [texts] if isinstance(texts, str) else list(texts) if texts is not None else []
            for text in flat:
                yield from ([text] if isinstance(text, str) else text)
    yield from (note.text for note in figure.layout.annotations)
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        yield from (axis.ticktext or ())


def outcomes() -> pd.DataFrame:
    """Three rows of one stage: one told, one too few, one hidden."""
    nothing = float("nan")
    rows = [
        ("I", "<5", "…", nothing, nothing, nothing, nothing, nothing, nothing),
        ("A", "3", "8", nothing, nothing, nothing, nothing, nothing, nothing),
        ("O-large", "12", "40", 0.3, 0.2, 0.4, 0.24, 0.44, 0.1),
    ]
    names = ["row", "relief_any", "decided", "rate", "low", "high", "strict", "optimistic", "full_rate"]
    frame = pd.DataFrame(rows, columns=names)
    action = {"action_taken": "<5", "action_known": "…", "action_rate": nothing, "action_low": nothing}
    return frame.assign(stage="s3_lottery_platform", action_high=nothing, **action)


ROWS = [("I", "Individuals"), ("A", "Accounts"), ("O-large", "Organizations, larger")]


def test_the_forest_draws_rate_interval_and_bounds_of_rows_that_have_them_and_counts_of_all() -> None:
    figure = figures_outcomes.forest(outcomes(), _, ROWS)
    band, dot, full = figure.data
    assert (list(band.y), list(band.base)) == ([2], [0.24])
    assert list(band.x) == pytest.approx([0.2])
    assert (list(dot.y), list(dot.x)) == ([2], [0.3])
    assert list(dot.error_x.array) == pytest.approx([0.1])
    assert list(dot.error_x.arrayminus) == pytest.approx([0.1])
    assert list(full.x) == [0.1]
    assert [note.text for note in figure.layout.annotations] == ["&lt;5/…", "3/8", "12/40"]
    assert [shape.y0 for shape in figure.layout.shapes] == [0, 1], "rows without a share are dotted"
    assert figure.layout.xaxis.range[0] <= 0
    assert figure.layout.xaxis.range[1] >= 1


def test_what_a_platform_did_is_no_part_of_the_relief_figure() -> None:
    frame = outcomes().assign(action_taken="7", action_known="20", action_rate=0.35, action_low=0.2, action_high=0.5)
    apart = figures_outcomes.action(frame, _, ROWS)
    assert [list(trace.x) for trace in apart.data] == [[0.35] * 3]
    drawn = [value for trace in figures_outcomes.forest(frame, _, ROWS).data for value in trace.x]
    assert 0.35 not in drawn


def flow(**hidden: str) -> pd.DataFrame:
    counts = {"reached": "40", "relief": "10", "sanctioned": "0", "gave_up": "12", "still_open": "8", "went_on": "10"}
    row = {**counts, **hidden}
    numbers = {f"{name}_n": pd.array([int(v) if v.isdecimal() else pd.NA], dtype="Int64") for name, v in row.items()}
    return pd.DataFrame({"stage": ["s2_organizer"], **{name: [v] for name, v in row.items()}, **numbers})


def widths(figure: Any) -> dict[str, int | None]:
    return {trace.name: trace.x[0] for trace in figure.data}


def test_a_rung_is_as_wide_as_disputes_reached_it_and_what_is_hidden_is_one_hatched_rest() -> None:
    rungs = [("s2_organizer", "Organizer")]
    whole = widths(figures_outcomes.flow(flow(), _, rungs))
    assert sum(width or 0 for width in whole.values()) == 40
    assert _("figures.unsplit") not in whole
    part = widths(figures_outcomes.flow(flow(relief="<5", gave_up="…"), _, rungs))
    assert part[_("figures.unsplit")] == 40 - 8 - 10
    assert sum(width or 0 for width in part.values()) == 40
    assert _("figures.way.relief") not in part
    nothing = figures_outcomes.flow(flow(reached="<5", relief="…", went_on="<5", still_open="…", gave_up="0"), _, rungs)
    assert sum(width or 0 for width in widths(nothing).values()) == 0
    assert nothing.layout.annotations[0].text == "&lt;5"


def timing(demo: Register) -> queries.Timing:
    return queries.time_to(demo)


def test_curves_are_the_frames_steps_and_the_waiting_stand_under_their_days(demo: Register) -> None:
    found = timing(demo)
    assert len(found.curves) > 4
    figure = figures_time.curves(found, _)
    lines = {trace.name: trace for trace in figure.data if trace.name}
    for event in ("relief", "gave_up"):
        part = found.curves[found.curves["event"] == event]
        line = lines[_(f"figures.ended.{event}")]
        assert line.line.shape == "hv"
        assert list(line.x)[:-1] == part["day"].tolist()
        assert list(line.y)[:-1] == pytest.approx(part["share"].tolist())
        assert line.y[-1] == line.y[-2], "the last step holds to the end"
    told = dict(text.split("<br>") for text in figure.layout.xaxis.ticktext)
    at_risk = {_.number(int(r.day)): r.at_risk for r in found.at_risk.itertuples()}
    assert told
    assert {day: figures.told(_, str(at_risk[day])) for day in told} == told


def test_paid_given_up_and_open_fill_the_whole(demo: Register) -> None:
    figure = figures_time.states(timing(demo), _)
    for parts in zip(*(trace.y for trace in figure.data), strict=True):
        assert sum(parts) == pytest.approx(1)


def test_first_answers_stand_at_their_medians_and_receipts_are_no_answers() -> None:
    rows = [
        ("s3", "human", "10", 48.0, 24.0, 96.0),
        ("s3", "auto", "12", 0.0, 0.0, 1.0),
        ("s4", "human", "<5", *[float("nan")] * 3),
    ]
    names = ["stage", "response_kind", "n", "median_hours", "quarter_hours", "three_quarter_hours"]
    frame = pd.DataFrame(rows, columns=names)
    labels = [(stage, kind, f"{stage} {kind}") for stage, kind, *_rest in rows]
    human, auto = figures_time.answers(frame, _, labels).data
    assert (list(human.x), list(human.y)) == ([2.0], [0])
    assert (list(human.error_x.array), list(human.error_x.arrayminus)) == ([2.0], [1.0])
    assert (list(auto.x), list(auto.y)) == ([0.0], [1])
    assert human.marker.symbol != auto.marker.symbol


def test_exposure_is_drawn_where_it_may_be_told_with_n_under_every_bin() -> None:
    nothing = float("nan")
    frame = pd.DataFrame({"bin": ["0", "1", "3-4"], "rate": [0.2, nothing, 0.5], "low": [0.1, nothing, 0.3],
                          "high": [0.3, nothing, 0.7]})  # fmt: skip
    counts = {"events_n": [50, pd.NA, 30], "unknown_n": [10, pd.NA, 6]}
    frame = frame.assign(**{name: pd.array(values, dtype="Int64") for name, values in counts.items()})
    figure = figures_platforms.exposure(frame, _)
    assert (list(figure.data[0].x), list(figure.data[0].y)) == ([0, 2], [0.2, 0.5])
    assert list(figure.layout.xaxis.ticktext) == ["0<br>40", "1<br>–", "3–4<br>24"]
    assert [shape.x0 for shape in figure.layout.shapes] == [1]


def test_the_trap_says_that_it_is_simulated_and_shows_the_trend_of_totals_beside_a_flat_line() -> None:
    trap = totals_trap()
    totals, before = [[share for _bin, share, _n in points] for points in trap]
    assert totals[0] - totals[-1] > 0.1, "by totals the share falls"
    assert max(before) - min(before) < 0.02, "by what was on file before it is flat"
    assert totals_trap() == trap
    for code in LANGUAGES:
        lang = language(code)
        assert lang("figures.trap.label") in set(words(figures_platforms.trap(trap, lang)))


def test_the_funnel_draws_points_and_limits_and_a_strangers_tags_stay_text() -> None:
    points = pd.DataFrame({
        "public_code": ["AAAA-1111", "BBBB-2222"], "name": ["<b>Shop</b>", float("nan")], "organizer_type": "creator",
        "k": [5, 30], "n": [12, 40], "rate": [5 / 12, 0.75], "zone": ["inside", "alarm"],
    })  # fmt: skip
    limits = pd.DataFrame(
        {"n": [10, 40], "low95": [0.1, 0.2], "high95": [0.8, 0.6], "low998": [0.0, 0.1], "high998": [0.9, 0.7]}
    )
    figure = figures_repeat.funnel(queries.Funnel(points, limits, 0.4, 1.0, False), _)
    drawn = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data if trace.mode == "markers"}
    assert drawn == {_("figures.zone.inside"): ([12], [5 / 12]), _("figures.zone.alarm"): ([40], [0.75])}
    lines = [list(trace.y) for trace in figure.data if trace.mode == "lines"]
    assert [0.1, 0.2] in lines
    assert [0.4, 0.4] in lines
    said = " ".join(words(figure))
    assert "#BBBB-2222" in said
    assert "<b>" not in said


def test_reasons_beyond_chance_are_marked_and_hidden_ones_only_dotted() -> None:
    frame = pd.DataFrame({"dispute_reason": ["a", "b", "c"], "n": ["20", "9", "<5"], "ebgm": [2.0, 1.1, float("nan")],
                          "eb05": [1.4, 0.7, float("nan")]})  # fmt: skip
    figure = figures_repeat.reasons(frame, _, [("a", "A"), ("b", "B"), ("c", "C")])
    drawn = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}
    assert drawn == {_("figures.more_often"): ([2.0], [0]), _("figures.as_chance"): ([1.1], [1])}
    assert [note.text for note in figure.layout.annotations] == ["20", "9", "&lt;5"]


def test_seasons_stand_over_the_month_they_end_in_and_nowhere_else() -> None:
    seasons = (("2026-07-30", "2026-08-02", "double_11"), ("2020-05-20", "2020-05-21", "day_520"))
    figure = figures_time.trend(monthly(), _, date(2026, 12, 31), seasons)
    marks = {trace.name: list(trace.x) for trace in figure.data if trace.type == "scatter" and trace.mode == "markers"}
    assert marks == {_("figures.season.double_11"): ["2026-08-01"]}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_figure_of_a_real_register_tells_a_hidden_count(code: str, demo: Register) -> None:
    """Every number on hover or behind a row stands in the frame as text that may be shown."""
    lang: Language = language(code)
    frame = queries.resolution(demo, "tool")
    hidden = frame[frame["decided_n"].isna()]
    assert len(hidden) > 3
    rows = [(r, r) for r in dict.fromkeys(frame["row"])]
    stages = [(s, s) for s in dict.fromkeys(frame["stage"])]
    depth = figures_outcomes.heat(frame, lang, rows, stages).data[0]
    for r in hidden.itertuples():
        at = ([s for s, _label in stages].index(r.stage), [c for c, _label in rows].index(r.row))
        assert depth.z[at[1]][at[0]] is None
        assert "%" not in depth.hovertext[at[1]][at[0]]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Organizations, small sellers", ["Organizations,", "small sellers"]),
        ("向宿主平台投诉（腾讯等）", ["向宿主平台投诉", "（腾讯等）"]),
        ("个人", ["个人"]),
    ],
)
def test_a_long_label_breaks_into_lines_and_loses_nothing(text: str, lines: list[str]) -> None:
    assert figures.wrapped(text).split("<br>") == lines
