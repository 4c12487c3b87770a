"""Organizers one by one: the table with its search, the profile, who reaches a level, and the exact-handle answer.

Only listed organizers ever come out of here, with a name only where it may be shown; for everybody else there is
`lookup_handle`, which says yes or nothing. Frames and pairs are as in `queries`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pandas as pd

from . import disclosure, search, stats, vocabulary
from .crosstables import Marked
from .frames import COUNT, DAY, INTERVAL, SHARE, TEXT, Columns, Register, ask, paired, rated, shaped
from .pace import Pace

SORTS = ("last_report", "disputes", "reporters", "draws", "resolved", "decided", "rate")
FOUND: Columns = {
    **dict.fromkeys(("organizer_id", "public_code", "name", "organizer_type", "host_platform", "level"), TEXT),
    **dict.fromkeys(("disputes", "reporters", "draws", "resolved", "decided"), COUNT),
    **INTERVAL,
    "last_report_on": DAY,
}
REPEAT: Columns = {
    **dict.fromkeys(("organizer_id", "public_code", "name", "organizer_type", "host_platform", "level"), TEXT),
    **dict.fromkeys(("k_ind", "level_draws", "level_reporters", "draws_known"), COUNT),
    "draws_source": TEXT,
    "draws_counted_on": DAY,
    "disputed_draws": COUNT,
    "share": SHARE,
    **dict.fromkeys(("disputes", "reporters", "draws"), COUNT),
    "last_report_on": DAY,
}
RUNG = ("reached", "decided", "undecided", "relief_full", "relief_partial", "relief_any", "sanction_only")
STAGES: Columns = {"stage": TEXT, **paired(*RUNG), **INTERVAL}
REASONS: Columns = {"dispute_reason": TEXT, **paired("disputes")}
MONTHS: Columns = {"month": DAY, **paired("disputes", "resolved")}
ALIASES: Columns = {"name": TEXT, "kind": TEXT, "seen_on": DAY}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of the table of organizers. Frame: organizer_id, public_code, name (NaN when masked), organizer_type,
    host_platform, level, disputes, reporters, draws, resolved, decided (exact, Int64), rate, low, high (NaN under
    ten decided), last_report_on.
    """

    frame: pd.DataFrame
    total: int
    pages: int
    page: int


def search_organizers(
    register: Register,
    text: str = "",
    types: Sequence[str] = (),
    platforms: Sequence[str] = (),
    levels: Sequence[str] = (),
    page: int = 1,
    size: int = 20,
    sort: str = "last_report",
) -> SearchResult:
    """Listed organizers that fit the words and the filters, best match first, then by `sort` (one of SORTS), a page
    of them.

    A page beyond the last is the last. By "rate", whoever has fewer than ten decided comes after all who have them.
    """
    asked = search.words(text)
    if text.strip() and not asked.folded:
        return SearchResult(shaped(pd.DataFrame(), FOUND), 0, 1, 1)
    values: dict[str, Any] = {
        **asked._asdict(),
        "types": list(types),
        "platforms": list(platforms),
        "levels": list(levels),
        "sort": sort if sort in SORTS else SORTS[0],
        "rate_from": disclosure.RATE_FROM,
        "size": max(1, size),
    }
    page = max(1, page)
    with register.read() as cur:
        raw = ask(cur, "search", **values, offset=(page - 1) * size)
        if raw.empty and page > 1:
            first = ask(cur, "search", **values, offset=0)
            page = 1 if first.empty else math.ceil(int(first["total"].iloc[0]) / size)
            raw = first if page == 1 else ask(cur, "search", **values, offset=(page - 1) * size)
    total = int(raw["total"].iloc[0]) if len(raw) else 0
    frame = rated(shaped(raw, {c: d for c, d in FOUND.items() if c not in INTERVAL}), "resolved", "decided")
    return SearchResult(shaped(frame, FOUND), total, max(1, math.ceil(total / size)), page)


@dataclass(frozen=True, slots=True)
class OrganizerProfile:
    """All that is public of one listed organizer. The totals are exact; the sentence of 3.9 is made of reporters (m),
    draws (k), at_v2 (n2), resolved (r) and as_of (date). Frames have no rows unless `breakdown` (at least five
    disputes).

    stages: stage + pairs reached, decided, undecided, relief_full, relief_partial, relief_any, sanction_only + rate,
    low, high (every stage with anything); reasons: dispute_reason + pair disputes; months: month + pairs disputes,
    resolved (every month from the first to the last); aliases: name, kind (name, handle, former), seen_on (no rows
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
    breakdown: bool
    stages: pd.DataFrame
    reasons: pd.DataFrame
    months: pd.DataFrame
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
            for name in ("stage", "reason", "month", "name")
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
    stages, reasons, months = _breakdown({**count, "resolved": resolved}, parts) if breakdown else _no_breakdown()
    known, disputed = _draws(row)
    return OrganizerProfile(
        organizer_id=str(row["organizer_id"]),
        public_code=str(row["public_code"]),
        name=row["name"],
        organizer_type=str(row["organizer_type"] or "unknown"),
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
        as_of=register.version().as_of,
        breakdown=breakdown,
        stages=stages,
        reasons=reasons,
        months=months,
        aliases=shaped(parts["name"], ALIASES),
    )


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
    stages, reasons, months = [], [], []
    for raw in parts["stage"].to_dict("records"):
        stages.append(("stage", raw["stage"]))
        marked.rung(stages[-1], {name: int(raw[name]) for name in RUNG if name in raw})
    for raw in parts["reason"].to_dict("records"):
        reasons.append(("reason", raw["dispute_reason"]))
        marked.add(reasons[-1], {"disputes": int(raw["disputes"])})
    on_file = {raw["month"]: raw for raw in parts["month"].to_dict("records")}
    for month in list(pd.date_range(min(on_file), max(on_file), freq="MS")) if on_file else []:
        months.append(("month", month))
        raw = on_file.get(month, {"disputes": 0, "resolved": 0})
        marked.add(months[-1], {name: int(raw[name]) for name in ("disputes", "resolved")})
    marked.sum("disputes", ("total",), reasons)
    marked.sum("disputes", ("total",), months)
    marked.sum("resolved", ("total",), months)
    marked.close()
    order = vocabulary.codes("stage")
    stages.sort(key=lambda key: order.index(key[1]))
    ladder = marked.frame(stages, RUNG)
    return (
        shaped(rated(ladder, "relief_any_n", "decided_n").assign(stage=[k[1] for k in stages]), STAGES),
        shaped(marked.frame(reasons, ("disputes",)).assign(dispute_reason=[k[1] for k in reasons]), REASONS),
        shaped(marked.frame(months, ("disputes", "resolved")).assign(month=[k[1] for k in months]), MONTHS),
    )


def repeat_organizers(register: Register) -> pd.DataFrame:
    """Listed organizers that reach a level, pervasive first: organizer_id, public_code, name (NaN when masked),
    organizer_type, host_platform, level, k_ind, level_draws, level_reporters, draws_known, draws_source,
    draws_counted_on, disputed_draws (NA where unknown), share (NaN under five known draws), disputes, reporters,
    draws, last_report_on.
    """
    with register.read() as cur:
        raw = shaped(ask(cur, "repeat"), {c: d for c, d in REPEAT.items() if c != "share"})
    sure = raw["draws_known"].notna() & raw["draws_source"].notna() & raw["draws_counted_on"].notna()
    hidden = ("draws_known", "draws_source", "draws_counted_on", "disputed_draws")
    raw = raw.assign(**{name: raw[name].where(sure) for name in hidden})
    known = raw["draws_known"].to_numpy(dtype=float, na_value=math.nan)
    shares = pd.Series(stats.share(raw["disputed_draws"].to_numpy(dtype=float, na_value=math.nan), known))
    return shaped(raw.assign(share=shares.where(known >= disclosure.DRAWS_FROM)), REPEAT)


class LookupAnswer(StrEnum):
    """`reports_exist`: from at least two people. `nothing_to_say`: unknown, or below that; never told apart."""

    REPORTS_EXIST = "reports_exist"
    NOTHING_TO_SAY = "nothing_to_say"
    TOO_MANY = "too_many"


#: The exact-handle answer is yes from this many distinct reporters on; for individuals the matching must reach it too.
LOOKUP_FROM = 2
_asked = Pace()


def lookup_handle(register: Register, handle: str, host: str, now: datetime, network: str) -> LookupAnswer:
    """Whether reports from at least two people exist for exactly this account on this platform. `network`: the
    asker's address.
    """
    from . import identity

    if _asked.take(register, network, register.settings.lookups_per_10_min, now):
        return LookupAnswer.TOO_MANY
    if not identity.fold_handle(handle):
        return LookupAnswer.NOTHING_TO_SAY
    with register.read() as cur:
        found = ask(cur, "lookup", organizer=str(identity.organizer_id(register.key, host, handle)))
    if found.empty:
        return LookupAnswer.NOTHING_TO_SAY
    row = found.iloc[0]
    enough = int(row["reporters"] or 0) >= LOOKUP_FROM
    if vocabulary.analysis_group(str(row["organizer_type"])) == "I":
        enough = enough and int(row["k_ind"] or 0) >= LOOKUP_FROM
    return LookupAnswer.REPORTS_EXIST if enough else LookupAnswer.NOTHING_TO_SAY
