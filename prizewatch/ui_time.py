"""Words and rows of the pages about time: how disputes end by days, first answers, months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from .frames import each
from .i18n import Language
from .stats import first_late
from .ui_html import Cell, Column, Row, count, digits, interval, known
from .ui_outcomes import short
from .vocabulary import label

#: Days of which the answer speaks where no median is reached, the latest that is drawn.
SPOKEN = (365, 180, 90, 60, 30)


def at(curves: Any, event: str, day: int) -> Any:
    """The step of a curve that holds on a day."""
    part = curves[(curves["event"] == event) & (curves["day"] <= day)]
    return part.iloc[-1]


def time_answer(_: Language, timing: Any) -> str:
    """The median where half had relief, else how many had it, and how many had given up, by the latest round day."""
    if timing.curves.empty:
        return _("time.answer.none")
    end = int(timing.curves["day"].max())
    day = next((day for day in SPOKEN if day <= end), end)
    relief, gave_up = (at(timing.curves, event, day) for event in ("relief", "gave_up"))
    said = _(
        "time.answer", day=_.number(day), relief=_.percent(relief["share"]),
        relief_range=interval(_, relief["low"], relief["high"]), gave_up=_.percent(gave_up["share"]),
        gave_up_range=interval(_, gave_up["low"], gave_up["high"]),
    )  # fmt: skip
    if timing.median is not None:
        return _.joined(said, _("time.median", day=_.number(timing.median)))
    return _.joined(said, _("time.no_median"))


def curve_columns(_: Language) -> list[Column]:
    """Heads of the table of the curves."""
    return [
        Column(_("time.day")),
        Column(_("figures.ended.relief"), numeric=True),
        Column(_("figures.ended.gave_up"), numeric=True),
        Column(_("time.waiting"), numeric=True),
    ]


def curve_rows(_: Language, timing: Any) -> Iterator[Row]:
    """The curves on the days of which the number at risk is told."""
    for r in each(timing.at_risk):
        steps = [at(timing.curves, event, int(r.day)) for event in ("relief", "gave_up")]
        said = [Cell(_.percent(s["share"]), note=interval(_, s["low"], s["high"])) for s in steps]
        yield Row([_.number(int(r.day)), *said, digits(_, r.at_risk)])


def state_rows(_: Language, timing: Any) -> Iterator[Row]:
    """Paid, given up, still open on every drawn day."""
    for r in each(timing.states):
        yield Row([_.number(int(r.day)), _.percent(r.paid), _.percent(r.gave_up), _.percent(r.open)])


def hours(_: Language, value: float) -> str:
    """Hours as a reader counts them: days from two days on."""
    if not known(value):
        return "–"
    if value < 1:
        return _("time.within_hour")
    return (
        _("time.days", n=_.number(round(value / 24, 1))) if value >= 48 else _("time.hours", n=_.number(round(value)))
    )


def response_label(_: Language, stage: str, kind: str) -> str:
    """Who answered and how, short."""
    return f"{short(_, stage)} · {label('response_kind', kind, _.code)}"


def response_rows(_: Language, frame: Any) -> Iterator[Row]:
    """First answers by stage and kind."""
    for r in each(frame):
        ends = dict.fromkeys((hours(_, r.quarter_hours), hours(_, r.three_quarter_hours)))  # said once where they agree
        middle = " – ".join(ends)
        yield Row([response_label(_, r.stage, r.response_kind), digits(_, r.n), hours(_, r.median_hours), middle])


def response_answer(_: Language, frame: Any) -> str:
    """The medians of human answers, stage by stage."""
    told = [r for r in each(frame) if r.response_kind == "human" and known(r.median_hours)]
    if not told:
        return _("time.response.none")
    parts = [
        _("time.response.one", stage=label("stage", r.stage, _.code), median=hours(_, r.median_hours), n=digits(_, r.n))
        for r in told
    ]
    return _("time.response.answer", parts=_("time.and").join(parts))


def year_answer(_: Language, frame: Any, as_of: date) -> str:
    """The last month that will not grow any more against the same one a year before, where both are ten or more."""
    told = frame[frame["change"].notna() & (frame["month"] < pd.Timestamp(first_late(as_of)))]
    if told.empty:
        return _("trends.year.none")
    r = told.iloc[-1]
    more = "more" if r["change"] >= 0 else "less"
    low, high = (_.percent(r[name]).replace("-", "−") for name in ("change_low", "change_high"))
    return _(
        f"trends.year.{more}", month=_.month(r["month"]), n=count(_, int(r["disputes_n"])),
        before=count(_, int(r["year_before"])), change=_.percent(abs(r["change"])), low=low, high=high,
    )  # fmt: skip


def change(_: Language, month: Any) -> str:
    """A month against the same one a year before: +41%, or nothing where either is under ten."""
    if not known(month.change):
        return "–"
    return ("+" if month.change >= 0 else "−") + _.percent(abs(month.change))


def reason_answer(_: Language, frame: Any) -> str:
    """The reasons that are beyond chance, or that none is."""
    told = frame[frame["eb05"] > 1].sort_values("ebgm", ascending=False)
    if told.empty:
        return _("trends.reasons.none")
    parts = [
        _(
            "trends.reasons.one", reason=label("dispute_reason", r.dispute_reason, _.code), n=digits(_, r.n),
            ratio=_.number(round(r.ebgm, 2)), low=_.number(round(r.eb05, 2)),
        )
        for r in each(told.head(3))
    ]  # fmt: skip
    return _("trends.reasons.answer", parts=_("time.and").join(parts))
