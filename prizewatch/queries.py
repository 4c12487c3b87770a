"""The questions the pages, the files and HTTP ask, one function each; every answer is safe to show as it is.

Counts that may be hidden come as a pair: `x` is text ("12", "<5", "…") and `x_n` the number (Int64), NA where it is
hidden. Rates, intervals and bounds are NaN unless all they rest on is shown and at least ten disputes are decided.
Days are datetime64[us]. On an empty register every frame has no rows and the same columns. Frames are made anew on
each call. Organizers one by one are in `organizers`, re-exported here so that callers know one door.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from . import crosstables, disclosure, fits, stats, vocabulary
from .advisor import NextStep, advisor
from .comparison import Funnel, funnel
from .flows import first_response, ladder_flow
from .frames import COUNT, DAY, FLAG, INTERVAL, SHARE, TEXT, Columns, Register, ask, paired, rated, shaped
from .organizers import (
    LookupAnswer,
    SearchResult,
    lookup_handle,
    lookup_wait,
    matching_organizers,
    repeat_organizers,
    search_organizers,
    search_wait,
)
from .platforms import PlatformResponse, platform_response
from .profile import OrganizerProfile, organizer
from .timing import Timing, time_to

__all__ = [
    "Funnel",
    "LookupAnswer",
    "NextStep",
    "OrganizerProfile",
    "Overview",
    "PlatformResponse",
    "Rules",
    "SearchResult",
    "Timing",
    "advisor",
    "disproportion",
    "first_response",
    "funnel",
    "ladder_flow",
    "lookup_handle",
    "lookup_wait",
    "matching_organizers",
    "monthly",
    "organizer",
    "overview",
    "platform_response",
    "reasons",
    "repeat_organizers",
    "resolution",
    "rules_tables",
    "search_organizers",
    "search_wait",
    "seasons",
    "time_to",
]

By = Literal["group", "type", "tool", "host", "reason", "prize", "value", "level"]

RESOLUTION: Columns = {
    "row": TEXT,
    "stage": TEXT,
    **paired("reached", "decided", "undecided", "relief_full", "relief_partial", "relief_any", "sanction_only"),
    **INTERVAL,
    "full_rate": SHARE,
    "full_low": SHARE,
    "full_high": SHARE,
    "strict": SHARE,
    "optimistic": SHARE,
    **paired("action_known", "action_taken"),
    "action_rate": SHARE,
    "action_low": SHARE,
    "action_high": SHARE,
    "grey": FLAG,
}
MONTHLY: Columns = {
    "month": DAY,
    **paired("disputes", "resolved", "closed", "undecided"),
    "rolling": SHARE,
    "year_before": COUNT,
    **dict.fromkeys(("change", "change_low", "change_high"), SHARE),
}
DISPROPORTION: Columns = {
    "row": TEXT,
    "dispute_reason": TEXT,
    **paired("n"),
    **dict.fromkeys(("expected", "rr", "ebgm", "eb05"), SHARE),
}
SEASONS: Columns = {"start": DAY, "end": DAY, "season": TEXT}
REASONS: Columns = {
    "row": TEXT,
    "dispute_reason": TEXT,
    **paired("disputes", "decided", "resolved"),
    **INTERVAL,
    "grey": FLAG,
}


@dataclass(frozen=True, slots=True)
class Overview:
    """Headline numbers over the base set. A count is None where it is hidden (1 to 4, or to be worked out from one);
    `disputes` is None only in a register of 1 to 4. Shares are NaN below ten decided.
    """

    disputes: int | None
    decided: int | None
    resolved_full: int | None
    resolved_partial: int | None
    undecided: int | None
    organizers_listed: int
    rate: float  # resolved in full or in part / decided
    low: float
    high: float
    strict: float  # ... / all disputes
    optimistic: float  # ... and the undecided / all disputes
    as_of: date
    first_month: date | None
    commit_no: int
    kind: str  # live, demo or reference
    title: str


def overview(register: Register) -> Overview:
    """The register in one glance."""
    version = register.version()
    with register.read() as cur:
        row = ask(cur, "overview").iloc[0]
    marked = crosstables.history(register)
    counts = {name: marked.value(("total",), name) for name in crosstables.TOTALS}
    counted = pd.DataFrame({name: pd.array([value], dtype=COUNT) for name, value in counts.items()})
    shares = rated(counted, "resolved", "decided", "disputes")
    return Overview(
        disputes=counts["disputes"],
        decided=counts["decided"],
        resolved_full=counts["resolved_full"],
        resolved_partial=counts["resolved_partial"],
        undecided=counts["undecided"],
        organizers_listed=int(row["organizers_listed"]),
        rate=float(shares["rate"].iloc[0]),
        low=float(shares["low"].iloc[0]),
        high=float(shares["high"].iloc[0]),
        strict=float(shares["strict"].iloc[0]),
        optimistic=float(shares["optimistic"].iloc[0]),
        as_of=version.as_of,
        first_month=None if pd.isna(row["first_month"]) else row["first_month"].date(),
        commit_no=int(version.commit_no),
        kind=str(register.kind),
        title=row["title"] if isinstance(row["title"], str) else "",
    )


def monthly(register: Register, group: str | None = None) -> pd.DataFrame:
    """Reports by month, every month from the first to the last; all organizers, or one analysis group.

    month (first day), disputes, resolved (in full or in part), closed (unresolved), undecided: pairs; rolling: mean
    of the reports of three months, NaN where one of the three is hidden; year_before: the reports of the same month
    a year before, NA where they are hidden or the register had not begun; change, change_low, change_high: 0.2 is a
    fifth more than then, with its 95 % interval, NaN unless both are shown and at least ten. Unknown groups and groups
    without reports: no rows.
    """
    marked = crosstables.history(register)
    keys = [key for key in marked.rows if key[0] == "month" and key[1] == (group or crosstables.ALL)]
    frame = marked.frame(keys, ("disputes", "resolved", "closed", "undecided"))
    counted = frame["disputes_n"].to_numpy(dtype=float, na_value=float("nan"))
    frame = frame.assign(year_before=frame["disputes_n"].shift(12))
    changes = [
        None if pd.isna(now) or pd.isna(then) else stats.year_on_year(int(now), int(then))
        for now, then in zip(frame["disputes_n"], frame["year_before"], strict=True)
    ]
    for name, figure in (("change", "ratio"), ("change_low", "low"), ("change_high", "high")):
        frame[name] = [math.nan if change is None else getattr(change, figure) - 1 for change in changes]
    return shaped(frame.assign(month=[key[2] for key in keys], rolling=stats.rolling_mean(counted)), MONTHLY)


def seasons(register: Register) -> pd.DataFrame:
    """Seasons with many draws that touch the months of the register: start, end, season (code). None in a register of
    public records, which are no prize draws.
    """
    with register.read() as cur:
        raw = ask(cur, "season")
    return shaped(raw.iloc[:0] if str(register.kind) == "reference" else raw, SEASONS)


def disproportion(register: Register) -> pd.DataFrame:
    """Reasons that a group is named for more often than all are (S8): row (analysis group), dispute_reason, pair n,
    expected (row total x reason total / all), rr = n / expected, ebgm: the same, shrunken, eb05: its 5 % bound.

    Shares are NaN where the count or a total it rests on is hidden. Rows for every reason that occurs anywhere.
    """
    return crosstables.once(register, "disproportion", _disproportion, fits.stamp(register)).copy()


def _disproportion(register: Register) -> pd.DataFrame:
    marked = crosstables.history(register)
    keys = [key for key in marked.rows if key[0] == "reason"]

    def counts(*of: tuple[str, ...]) -> np.ndarray[Any, np.dtype[Any]]:
        return np.array([marked.table.counts[marked.rows[key]["disputes"]] for key in of], dtype=float)

    frame = marked.frame(keys, ("disputes",)).rename(columns={"disputes": "n", "disputes_n": "n_n"})
    if not keys:
        return shaped(frame, DISPROPORTION)
    totals = [[("group", key[1]), ("reason total", key[2]), ("total",)] for key in keys]
    row, column, whole = (counts(*of) for of in zip(*totals, strict=True))
    prior = fits.reason_prior(register, "reasons.groups")  # a page waits for a fit only where there never was one
    found = stats.disproportion(counts(*keys), row, column, float(whole[0]), prior)
    shown = [
        all(marked.value(of, "disputes") is not None for of in (key, *rests_on))
        for key, rests_on in zip(keys, totals, strict=True)
    ]
    figures = {"expected": row * column / whole, "rr": found.rr, "ebgm": found.ebgm, "eb05": found.eb05}
    frame = frame.assign(**{name: np.where(shown, values, math.nan) for name, values in figures.items()})
    return shaped(frame.assign(row=[key[1] for key in keys], dispute_reason=[key[2] for key in keys]), DISPROPORTION)


def resolution(register: Register, by: By = "group") -> pd.DataFrame:
    """What came of each rung of the ladder, by analysis group or type of organizer, or by another trait: the tool of
    the draw, its host platform, the main reason, the kind of prize, its value, the level of verification.

    row (code), stage, in the order of the code lists, all eight stages for every row on file. Pairs: reached (events
    that are not skipped), decided, undecided, relief_full, relief_partial, relief_any, sanction_only. rate, low,
    high: relief_any of decided; full_rate, full_low, full_high: relief_full of decided; strict, optimistic: bounds of
    relief_any over reached. Apart from relief, at the two stages that are platforms: action_known, action_taken
    (pairs), action_rate, action_low, action_high: taken of known. grey: 10 to 29 decided. A ninth stage `ambiguous` is
    there only where relief could be credited to no stage: nothing is reached or decided in it.
    """
    marked = crosstables.cut(register, by) if by in crosstables.CUTS else crosstables.ladder(register)
    keys = [key for key in marked.rows if key[0] == by]
    lists = {"group": "analysis_group", "type": "organizer_type", **crosstables.CUTS}
    order, stages = vocabulary.codes(lists[by]), (*vocabulary.codes("stage"), crosstables.AMBIGUOUS)
    keys.sort(key=lambda key: (order.index(key[1]), stages.index(key[2])))
    frame = marked.frame(keys, (*crosstables.LADDER[:-1], *crosstables.ACTION[:-1]))
    frame = rated(frame, "relief_any_n", "decided_n", "reached_n")
    frame = rated(frame, "relief_full_n", "decided_n", prefix="full_")
    frame = rated(frame, "action_taken_n", "action_known_n", prefix="action_")
    return shaped(
        frame.assign(row=[key[1] for key in keys], stage=[key[2] for key in keys], grey=_grey(frame["decided_n"])),
        RESOLUTION,
    )


def reasons(register: Register, by: Literal["group", "type"] = "group") -> pd.DataFrame:
    """Main reasons of the reports by analysis group or by type of organizer.

    row (code), dispute_reason; pairs: disputes, decided, resolved (in full or in part); rate, low, high: resolved of
    decided; grey: 10 to 29 decided. Rows for every reason that occurs anywhere in the register.
    """
    marked = crosstables.history(register)
    order = vocabulary.codes("analysis_group" if by == "group" else "organizer_type")
    keys = [key for key in marked.rows if key[0] == ("reason" if by == "group" else "reason by type")]
    keys.sort(key=lambda key: order.index(key[1]))
    frame = rated(marked.frame(keys, ("disputes", "decided", "resolved")), "resolved_n", "decided_n")
    return shaped(
        frame.assign(row=[k[1] for k in keys], dispute_reason=[k[2] for k in keys], grey=_grey(frame["decided_n"])),
        REASONS,
    )


def _grey(decided: pd.Series) -> pd.Series:
    n = decided.astype("Float64").fillna(0)
    return (n >= disclosure.RATE_FROM) & (n < disclosure.GREY_BELOW)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules as data, from the same tables the register works with (labels are the code lists')."""

    waits: pd.DataFrame  # stage, days
    transitions: pd.DataFrame  # from_stage, to_stage, need
    outcomes: pd.DataFrame  # stage, outcome
    tools: pd.DataFrame  # tool, claim_days, ship_days, cash_days, cap, source, checked_on


def rules_tables(register: Register) -> Rules:
    """Waits, allowed moves, allowed outcomes and tool rules, for the method page."""
    with register.read() as cur:
        return Rules(*(ask(cur, f"rules_{name}") for name in ("waits", "transitions", "outcomes", "tools")))
