"""All that is public of one listed organizer. Frames and pairs are as in `queries`, which re-exports this."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from . import crosstables, disclosure, fits, stats, vocabulary
from .comparison import shrunken
from .frames import COUNT, DAY, INTERVAL, SHARE, TEXT, Columns, Register, ask, paired, rated, shaped
from .i18n import Language
from .marked import Marked

RUNG = ("reached", "decided", "undecided", "relief_full", "relief_partial", "relief_any", "sanction_only")
RELIEF = {"relief_full", "relief_partial", "relief_any"}
STAGES: Columns = {"stage": TEXT, **paired(*RUNG), **INTERVAL}
REASONS: Columns = {
    "dispute_reason": TEXT,
    **paired("disputes"),
    **dict.fromkeys(("expected", "rr", "ebgm", "eb05"), SHARE),
}
MONTHS: Columns = {"month": DAY, **paired("disputes", "resolved")}
ALIASES: Columns = {"name": TEXT, "kind": TEXT, "seen_on": DAY}
REPLIES: Columns = {"answer": TEXT, "words": TEXT, "replied_on": DAY}


@dataclass(frozen=True, slots=True)
class OrganizerProfile:
    """All that is public of one listed organizer. The totals are exact; the sentence of 3.9 is made of reporters (m),
    draws (k), at_v2 (n2), resolved (r) and as_of (date). Frames have no rows unless `breakdown` (at least five
    disputes).

    rate is as counted, shrunken the same drawn toward its group (NaN under ten decided and before the first fit).
    matched_draws of the draws that count toward the level have a reporter of their own, further_draws have none: the
    dots of the ledger. replies: answer, words, replied_on of what it answered to all reports, newest first.

    stages: stage + pairs reached, decided, undecided, relief_full, relief_partial, relief_any, sanction_only + rate,
    low, high (every stage with anything); reasons: dispute_reason + pair disputes + expected (by
    the reasons of the whole register), rr, ebgm, eb05, NaN where a count they rest on is hidden; months: month + pairs
    disputes, resolved (every month from the first to the last); recent: the same of the month before the data's last
    day and of its own; aliases: name, kind (name, handle, former), seen_on (no rows
    unless named).
    """

    organizer_id: str
    public_code: str
    name: str | None
    organizer_type: str
    legal_nature: str
    host_platform: str
    level: str
    named: bool
    reviewed: bool
    disputes: int
    reporters: int
    draws: int
    at_v2: int
    resolved: int
    resolved_full: int
    resolved_partial: int
    closed_unresolved: int
    undecided: int
    decided: int
    rate: float
    low: float
    high: float
    strict: float
    optimistic: float
    k_ind: int
    level_reporters: int
    level_draws: int
    draws_known: int | None
    draws_source: str | None
    draws_counted_on: date | None
    disputed_draws: int | None
    share: float  # disputed draws of known draws; NaN under five known draws
    first_report_on: date | None
    last_report_on: date | None
    reply: str
    as_of: date
    shrunken: float
    shrunken_low: float
    shrunken_high: float
    matched_draws: int
    further_draws: int
    withdrawn: int | None  # a day or more after filing; None for 1 to 4, and under five reports
    breakdown: bool
    stages: pd.DataFrame
    reasons: pd.DataFrame
    months: pd.DataFrame
    recent: pd.DataFrame
    replies: pd.DataFrame
    aliases: pd.DataFrame


def organizer(register: Register, public_code: str) -> OrganizerProfile | None:
    """The profile behind a public code; None for every organizer that is not listed, known or not."""
    with register.read() as cur:
        found = ask(cur, "organizer", code=public_code.strip().upper())
        if found.empty:
            return None
        row: dict[str, Any] = {str(name): None if pd.isna(value) else value for name, value in found.iloc[0].items()}
        parts = {
            name: ask(cur, f"organizer_{name}", organizer=row["organizer_id"])
            for name in ("stage", "reason", "month", "name", "reply", "withdrawn")
        }
    count: dict[str, Any] = {
        name: int(row[name] or 0)
        for name in (
            "disputes", "reporters", "draws", "at_v2", "resolved_full", "resolved_partial", "closed_unresolved",
            "undecided", "k_ind", "level_reporters", "level_draws",
        )
    }  # fmt: skip
    resolved = count["resolved_full"] + count["resolved_partial"]
    decided = resolved + count["closed_unresolved"]
    shares = _shares(resolved, decided, count["disputes"])
    breakdown = count["disputes"] >= disclosure.BREAKDOWN_FROM
    as_of = register.version().as_of
    stages, reasons, months = _breakdown({**count, "resolved": resolved}, parts) if breakdown else _no_breakdown()
    kind = str(row["organizer_type"] or "unknown")
    drawn = shrunken(register, pd.Series([kind]), *(pd.Series([v], dtype=COUNT) for v in (resolved, decided))).iloc[0]
    known, disputed = _draws(row)
    return OrganizerProfile(
        organizer_id=str(row["organizer_id"]),
        public_code=str(row["public_code"]),
        name=row["name"],
        organizer_type=kind,
        legal_nature=str(row["legal_nature"] or "unknown"),
        host_platform=str(row["host_platform"] or "other"),
        level=str(row["level"]),
        named=bool(row["named"]),
        reviewed=bool(row["reviewed"]),
        **count,
        resolved=resolved,
        decided=decided,
        **shares,
        draws_known=known,
        draws_source=row["draws_source"] if known else None,
        draws_counted_on=_day(row["draws_counted_on"]) if known else None,
        disputed_draws=disputed,
        share=disputed / known if known and disputed is not None and known >= disclosure.DRAWS_FROM else math.nan,
        first_report_on=_day(row["first_report_on"]),
        last_report_on=_day(row["last_report_on"]),
        reply=str(row["reply"] or "not_invited"),
        as_of=as_of,
        shrunken=float(drawn["shrunken"]),
        shrunken_low=float(drawn["shrunken_low"]),
        shrunken_high=float(drawn["shrunken_high"]),
        matched_draws=count["k_ind"],
        further_draws=count["level_draws"] - count["k_ind"],
        withdrawn=_withdrawn(int(parts["withdrawn"]["withdrawn"].iloc[0]), count["disputes"]),
        breakdown=breakdown,
        stages=stages,
        reasons=_with_ratios(register, reasons, count["disputes"]),
        months=months,
        recent=_recent(months, as_of) if breakdown else months,
        replies=shaped(parts["reply"], REPLIES),
        aliases=shaped(parts["name"], ALIASES),
    )


def _withdrawn(withdrawn: int, disputes: int) -> int | None:
    enough = disputes + withdrawn >= disclosure.BREAKDOWN_FROM
    return withdrawn if enough and (withdrawn == 0 or withdrawn >= disclosure.SMALL) else None


def sentence(_: Language, p: OrganizerProfile) -> str:
    """What goes with an organizer's numbers wherever they are shown: what is counted, and that no court said so."""
    return _(
        "organizer.sentence", m=_.number(p.reporters), k=_.number(p.draws), n=_.number(p.disputes),
        n2=_.number(p.at_v2), r=_.number(p.resolved), date=_.day(p.as_of),
    )  # fmt: skip


def _day(value: Any) -> date | None:
    return None if value is None else pd.Timestamp(value).date()


def _draws(row: dict[str, Any]) -> tuple[int | None, int | None]:
    """Known draws and disputed ones among them; neither without a source and a day."""
    if row["draws_known"] is None or row["draws_source"] is None or row["draws_counted_on"] is None:
        return None, None
    return int(row["draws_known"]), int(row["disputed_draws"] or 0)


def _shares(resolved: int, decided: int, disputes: int) -> dict[str, Any]:
    counts = pd.DataFrame({"resolved": [resolved], "decided": [decided], "disputes": [disputes]}, dtype=COUNT)
    shares = rated(counts, "resolved", "decided", "disputes")
    return {name: float(shares[name].iloc[0]) for name in ("rate", "low", "high", "strict", "optimistic")}


def _no_breakdown() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    nothing = pd.DataFrame()
    return shaped(nothing, STAGES), shaped(nothing, REASONS), shaped(nothing, MONTHS)


def _breakdown(
    total: dict[str, int], parts: dict[str, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Stages, reasons and months of one organizer, hidden together: its exact totals are public and the parts must
    not betray each other.
    """
    marked = Marked()
    marked.add(("total",), {name: total[name] for name in ("disputes", "resolved")}, dear=math.inf)
    # of a total of one to four, told exactly, "<5" in two months or steps would tell both
    apart = {"resolved", *RELIEF} if 0 < total["resolved"] < disclosure.SMALL else set()
    stages, reasons, months = [], [], []
    for raw in parts["stage"].to_dict("records"):
        stages.append(("stage", raw["stage"]))
        marked.rung(stages[-1], {name: int(raw[name]) for name in RUNG if name in raw}, withheld=apart & RELIEF)
    for raw in parts["reason"].to_dict("records"):
        reasons.append(("reason", raw["dispute_reason"]))
        marked.add(reasons[-1], {"disputes": int(raw["disputes"])})
    on_file = {raw["month"]: raw for raw in parts["month"].to_dict("records")}
    for month in list(pd.date_range(min(on_file), max(on_file), freq="MS")) if on_file else []:
        months.append(("month", month))
        raw = on_file.get(month, {"disputes": 0, "resolved": 0})
        marked.add(months[-1], {name: int(raw[name]) for name in ("disputes", "resolved")}, withheld=apart)
    marked.sum("disputes", ("total",), reasons)
    marked.sum("disputes", ("total",), months)
    marked.sum("resolved", ("total",), months)
    reliefs = [marked.rows[stage]["relief_any"] for stage in stages]
    marked.table.sum(marked.rows[("total",)]["resolved"], reliefs)  # nearly always: relief is credited to one step
    marked.close()
    order = vocabulary.codes("stage")
    stages.sort(key=lambda key: order.index(key[1]))
    ladder = marked.frame(stages, RUNG)
    return (
        shaped(rated(ladder, "relief_any_n", "decided_n").assign(stage=[k[1] for k in stages]), STAGES),
        shaped(marked.frame(reasons, ("disputes",)).assign(dispute_reason=[k[1] for k in reasons]), REASONS),
        shaped(marked.frame(months, ("disputes", "resolved")).assign(month=[k[1] for k in months]), MONTHS),
    )


def _recent(months: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The month of a day and the one before, as the months show them; a month that is missing had no report."""
    wanted = pd.date_range(end=pd.Timestamp(as_of).replace(day=1), periods=2, freq="MS")
    empty = pd.DataFrame({"disputes": "0", "disputes_n": 0, "resolved": "0", "resolved_n": 0, "month": wanted})
    missing = empty[~empty["month"].isin(months["month"])]
    found = pd.concat([months[months["month"].isin(wanted)], shaped(missing, MONTHS)])
    return shaped(found.sort_values("month"), MONTHS)


def _with_ratios(register: Register, reasons: pd.DataFrame, disputes: int) -> pd.DataFrame:
    """Each reason beside what the whole register would lead to expect (S8)."""
    history, prior = crosstables.history(register), fits.reason_prior(register)
    whole = history.value(("total",), "disputes")
    columns = [history.value(("reason total", reason), "disputes") for reason in reasons["dispute_reason"]]
    expected = np.array([math.nan if not (c and whole) else disputes * c / whole for c in columns])
    n = reasons["disputes_n"].to_numpy(dtype=float, na_value=math.nan)
    shown = ~np.isnan(n) & ~np.isnan(expected) & (n >= stats.COUNTED_FROM)
    ratios = {name: np.full(n.shape, math.nan) for name in ("expected", "rr", "ebgm", "eb05")}
    ratios["expected"][shown], ratios["rr"][shown] = expected[shown], n[shown] / expected[shown]
    if prior and shown.any():
        ratios["ebgm"][shown], ratios["eb05"][shown] = stats.shrunken_ratios(n[shown], expected[shown], prior)
    return shaped(reasons.assign(**ratios), REASONS)
