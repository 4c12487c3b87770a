"""How each figure is made, for lay readers: what it is, what it is not, and an example out of this very register.

The numbers of an example are asked for when the page is shown; where there is too little, a sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from . import disclosure, intake_bursts, organizers, platforms, queries, stats, ui_kept, ui_links, ui_text
from .i18n import Language
from .ui_html import Column, Row, digits, escape, interval, known, table
from .vocabulary import codes, label, reference_rows

#: Sections in order -> the page that shows the figure.
SECTIONS = {
    "interval": "resolution",
    "bounds": "resolution",
    "flow": "ladder",
    "shrunken": "repeat",
    "funnel": "repeat",
    "time": "time",
    "platforms": "platforms",
    "repeat": "repeat",
    "reasons": "trends",
    "trends": "trends",
    "small": "resolution",
    "burst": "organizers",
    "advice": "advice",
}
#: What has no meaning where records are no prize draws.
DRAWS_ONLY = ("platforms", "repeat", "burst", "advice")
PLATFORM_ROWS = ("slope_none", "slope", "advice", "relief")
Values = dict[str, str] | None


def sections(_: Language, reference: bool) -> None:
    """A list of links, then each method under its own address (#interval, ...)."""
    shown = [name for name in SECTIONS if not (reference and name in DRAWS_ONLY)]
    links = "".join(f"<li><a href='#{name}'>{escape(_(f'method.{name}.title'))}</a></li>" for name in shown)
    st.html(f"<nav class='pw' aria-label='{escape(_('method.methods'))}'><ul>{links}</ul></nav>")
    for name in shown:
        st.subheader(_(f"method.{name}.title"), anchor=name)
        ui_text.paragraphs([_(f"method.{name}.how"), _(f"method.{name}.not")])
        if name in EXAMPLES:
            values = EXAMPLES[name](_)
            told = _(f"method.{name}.example", **values) if values else _("method.example.none")
            st.html(f"<p class='pw-sentence'><b>{escape(_('method.example'))}</b> {escape(told)}</p>")
        ui_links.link(SECTIONS[name], _(f"shell.nav.{SECTIONS[name]}"))


def thresholds(_: Language, reference: bool) -> None:
    """The numbers that decide what is shown, from the constants that decide it."""
    rows = [
        ("count", str(disclosure.SMALL)),
        ("rate", str(disclosure.RATE_FROM)),
        ("grey", str(disclosure.GREY_BELOW)),
        ("breakdown", str(disclosure.BREAKDOWN_FROM)),
        ("reason", str(stats.COUNTED_FROM)),
        ("year", str(stats.COMPARED_FROM)),
    ]
    if not reference:
        rows += [
            ("draws", str(disclosure.DRAWS_FROM)),
            ("platform", str(platforms.EVIDENCE_FROM)),
            ("lookup", str(organizers.LOOKUP_FROM)),
            ("burst_day", str(intake_bursts.DAY_MOST)),
            ("burst_month", str(intake_bursts.MONTH_MOST)),
            ("place", str(intake_bursts.PLACE_MOST)),
            ("advice", f"{stats.ADVISED_FROM}; {_.percent(stats.WIDEST)}"),
        ]
    heads = [Column(_("method.threshold")), Column(_("method.threshold.value"), numeric=True)]
    lines = [Row([_(f"method.threshold.{name}"), value]) for name, value in rows]
    st.html(table(heads, lines, _("method.thresholds.note"), cards=False))


def coverage(_: Language, reference: bool) -> None:
    """How often intervals held a planted truth beside what they claim; `tests.bench --coverage` measures it."""
    ui_text.paragraphs([_("method.coverage.how")])
    heads = [Column(_("method.coverage.what"))]
    heads += [Column(_(f"method.coverage.{head}"), numeric=True) for head in ("said", "measured", "worlds")]
    rows = [
        Row([
            _(f"method.coverage.{row['interval']}"), _.percent(float(row["claimed"])),
            _.percent(float(row["measured"]), 1), _.number(int(row["seeds"])),
        ])
        for row in reference_rows("coverage") if not (reference and row["interval"] in PLATFORM_ROWS)
    ]  # fmt: skip
    st.html(table(heads, rows, _("method.coverage"), cards=False))


def _interval(_: Language) -> Values:
    numbers = ui_kept.answer(queries.overview)
    if not known(numbers.rate) or numbers.resolved_full is None or numbers.resolved_partial is None:
        return None
    return {
        "k": _.number(numbers.resolved_full + numbers.resolved_partial),
        "n": _.number(numbers.decided or 0),
        "rate": _.percent(numbers.rate, 1),
        "range": f"{_.percent(numbers.low, 1)} – {_.percent(numbers.high, 1)}",
    }


def _bounds(_: Language) -> Values:
    numbers = ui_kept.answer(queries.overview)
    if not known(numbers.rate) or numbers.disputes is None or numbers.undecided is None:
        return None
    return {
        "n": _.number(numbers.disputes),
        "u": _.number(numbers.undecided),
        "rate": _.percent(numbers.rate),
        "low": _.percent(numbers.strict),
        "high": _.percent(numbers.optimistic),
    }


def _flow(_: Language) -> Values:
    flow = ui_kept.answer(queries.ladder_flow)
    ways = ["reached", "relief", "sanctioned", "gave_up", "still_open", "went_on"]
    whole = flow[(flow["group"] == "all") & (flow["reached"] != "0") & (flow["stage"] != "s1_self_check")]
    whole = whole[whole[[f"{way}_n" for way in ways]].notna().all(axis=1)]
    if whole.empty:
        return None
    row = whole.iloc[0]
    return {"stage": label("stage", row["stage"], _.code), **{way: digits(_, row[way]) for way in ways}}


def _shrunken(_: Language) -> Values:
    listed = ui_kept.answer(queries.repeat_organizers)
    found = listed[listed["shrunken"].notna()]
    for code in found["public_code"]:
        profile = ui_kept.answer(queries.organizer, code)
        if profile is not None and known(profile.rate):
            return {
                "name": profile.name or f"#{profile.public_code}",
                "k": _.number(profile.resolved),
                "n": _.number(profile.decided),
                "rate": _.percent(profile.rate),
                "shrunken": _.percent(profile.shrunken),
                "range": interval(_, profile.shrunken_low, profile.shrunken_high),
            }
    return None


def _funnel(_: Language) -> Values:
    for group in codes("analysis_group"):
        found = ui_kept.answer(queries.funnel, group)
        if len(found.points):
            point = found.points.sort_values("n").iloc[-1]
            at = found.limits[found.limits["n"] <= point["n"]].iloc[-1]
            return {
                "group": label("analysis_group", group, _.code),
                "centre": _.percent(found.centre),
                "n": _.number(int(at["n"])),
                "look": interval(_, at["low95"], at["high95"]),
                "alarm": interval(_, at["low998"], at["high998"]),
            }
    return None


def _time(_: Language) -> Values:
    timing = ui_kept.answer(queries.time_to, "all", "")
    if timing.curves.empty or timing.n is None or timing.states.empty:
        return None
    last = timing.states.iloc[-1]
    return {
        "n": _.number(timing.n),
        "day": _.number(int(last["day"])),
        "paid": _.percent(last["paid"]),
        "gave_up": _.percent(last["gave_up"]),
        "open": _.percent(last["open"]),
    }


def _platforms(_: Language) -> Values:
    bins = ui_kept.answer(queries.platform_response, "reporters").bins
    told = bins[bins["rate"].notna()]
    if len(told) < 2:
        return None
    first, last = told.iloc[0], told.iloc[-1]
    return {
        "bin": str(first["bin"]),
        "rate": _.percent(first["rate"]),
        "range": interval(_, first["low"], first["high"]),
        "bin2": str(last["bin"]).replace("-", "–"),
        "rate2": _.percent(last["rate"]),
        "range2": interval(_, last["low"], last["high"]),
    }


def _repeat(_: Language) -> Values:
    listed = ui_kept.answer(queries.repeat_organizers)
    if listed.empty:
        return None
    more = listed[listed["disputes"] > listed["k_ind"]]
    row = (more if len(more) else listed).iloc[0]
    return {
        "name": row["name"] if isinstance(row["name"], str) else f"#{row['public_code']}",
        "disputes": _.number(int(row["disputes"])),
        "draws": _.number(int(row["level_draws"])),
        "people": _.number(int(row["level_reporters"])),
        "k": _.number(int(row["k_ind"])),
    }


def _reasons(_: Language) -> Values:
    found = ui_kept.answer(queries.disproportion)
    told = found[found["ebgm"].notna()].sort_values("ebgm", ascending=False)
    if told.empty:
        return None
    row = told.iloc[0]
    return {
        "group": label("analysis_group", row["row"], _.code),
        "reason": label("dispute_reason", row["dispute_reason"], _.code),
        "n": digits(_, row["n"]),
        "expected": _.number(round(row["expected"], 1)),
        "rr": _.number(round(row["rr"], 2)),
        "ebgm": _.number(round(row["ebgm"], 2)),
        "eb05": _.number(round(row["eb05"], 2)),
    }


def _trends(_: Language) -> Values:
    frame = ui_kept.answer(queries.monthly)
    told = frame[frame["rolling"].notna()]
    if told.empty:
        return None
    at = told.index[-1]
    three = [digits(_, text) for text in frame.loc[at - 2 : at, "disputes"]]
    mean = _.number(round(float(frame.loc[at, "rolling"]), 1))
    return {"month": _.month(frame.loc[at, "month"]), "three": " + ".join(three), "mean": mean}


EXAMPLES: dict[str, Callable[[Language], Any]] = {
    "interval": _interval,
    "bounds": _bounds,
    "flow": _flow,
    "shrunken": _shrunken,
    "funnel": _funnel,
    "time": _time,
    "platforms": _platforms,
    "repeat": _repeat,
    "reasons": _reasons,
    "trends": _trends,
}
