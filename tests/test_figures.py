"""Figures draw what the frame says and nothing that it hides."""

from __future__ import annotations

from datetime import date

import pandas as pd

from prizewatch import figures
from prizewatch.i18n import LANGUAGES, language

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
    drawn = bars(figures.trend(monthly(resolved=[1], closed=[1]), _, date(2026, 9, 30)))
    assert drawn[_("figures.resolved")] == [2, None, 2]
    assert drawn[_("figures.undecided")] == [5, 5, 5]
    assert drawn[_("figures.unsplit")] == [None, 5, None]


def test_a_hidden_total_is_not_drawn_at_all() -> None:
    hidden = {name: [0] for name in ("disputes", "resolved", "closed", "undecided")}
    drawn = bars(figures.trend(monthly(**hidden), _, date(2026, 9, 30)))
    assert {values[0] for values in drawn.values()} == {None}
    assert _("figures.unsplit") not in drawn


def test_months_touched_by_the_last_thirty_days_are_shaded_and_no_others() -> None:
    def shaded(as_of: date) -> list[tuple[str, str]]:
        return [(s.x0, s.x1) for s in figures.trend(monthly(), _, as_of).layout.shapes]

    assert shaded(date(2026, 9, 30)) == [("2026-07-17", "2026-09-17")]
    assert shaded(date(2026, 10, 31)) == []  # the thirty days begin with October
    assert shaded(date(2027, 5, 1)) == []


def cells(rate: float) -> pd.DataFrame:
    low, high = (rate - 0.1, rate + 0.1)
    row = {
        "row": "I",
        "stage": "s2_organizer",
        "relief_any": "12",
        "decided": "40",
        "rate": rate,
        "low": low,
        "high": high,
    }
    return pd.DataFrame([row])


def test_the_heatmap_gives_counts_without_a_rate_and_a_rate_with_its_interval() -> None:
    rows, columns = [("I", "Individuals")], [("s2_organizer", "Organizer"), ("s8_court", "Court")]
    figure = figures.heat(cells(0.3), _, rows, columns).data[0]
    assert list(figure.z[0]) == [0.3, None]
    assert list(figure.text[0]) == ["30%", ""]
    assert "40 decided, 12 with relief" in figure.hovertext[0][0]
    assert "20–40%" in figure.hovertext[0][0]
    assert _("figures.no_one") in figure.hovertext[0][1]
    nothing = figures.heat(cells(float("nan")), _, rows, columns).data[0]
    assert list(nothing.z[0]) == [None, None]
    assert "%" not in nothing.hovertext[0][0]


def test_a_month_with_a_hidden_count_is_marked_but_not_measured() -> None:
    frame = monthly(disputes=[1, 2]).assign(disputes=["10", "<5", "…"])
    drawn = bars(figures.months(frame, _))
    assert drawn[_("figures.reports")] == [10, None, None]
    assert drawn[_("figures.under_five")] == [None, 4, None]


def test_every_figure_speaks_both_languages() -> None:
    for code in LANGUAGES:
        lang = language(code)
        assert lang("figures.resolved") in bars(figures.trend(monthly(), lang, date(2026, 9, 30)))
