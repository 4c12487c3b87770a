"""Organizers one by one: the table with its search, who reaches a level, and the exact-handle answer.

Only listed organizers ever come out of here, with a name only where it may be shown; for everybody else there is
`lookup_handle`, which says yes or nothing. Frames and pairs are as in `queries`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import pandas as pd

from . import disclosure, search, stats, vocabulary
from .comparison import SHRUNKEN, shrunken
from .frames import COUNT, DAY, INTERVAL, SHARE, TEXT, Columns, Register, ask, rated, shaped
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
    **dict.fromkeys(("resolved", "decided"), COUNT),
    **SHRUNKEN,
}


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
    size, page = max(1, size), max(1, page)
    frame, total = matching_organizers(register, text, types, platforms, levels, (page - 1) * size, size, sort)
    pages = max(1, math.ceil(total / size))
    if page > pages:
        page = pages
        frame, total = matching_organizers(register, text, types, platforms, levels, (page - 1) * size, size, sort)
    return SearchResult(frame, total, pages, page)


def matching_organizers(
    register: Register,
    text: str,
    types: Sequence[str],
    platforms: Sequence[str],
    levels: Sequence[str],
    offset: int,
    limit: int,
    sort: str,
) -> tuple[pd.DataFrame, int]:
    """The same from one place of the table on: at most `limit` rows from `offset` on, and how many there are in all."""
    asked = search.words(text)
    if text.strip() and not asked.folded:
        return shaped(pd.DataFrame(), FOUND), 0
    values: dict[str, Any] = {
        **asked._asdict(),
        "types": list(types),
        "platforms": list(platforms),
        "levels": list(levels),
        "sort": sort if sort in SORTS else SORTS[0],
        "rate_from": disclosure.RATE_FROM,
    }
    with register.read() as cur:
        raw = ask(cur, "search", **values, offset=offset, size=limit)
        first = raw if len(raw) or not offset else ask(cur, "search", **values, offset=0, size=1)
    total = int(first["total"].iloc[0]) if len(first) else 0
    frame = rated(shaped(raw, {c: d for c, d in FOUND.items() if c not in INTERVAL}), "resolved", "decided")
    return shaped(frame, FOUND), total


def repeat_organizers(register: Register) -> pd.DataFrame:
    """Listed organizers that reach a level, pervasive first: organizer_id, public_code, name (NaN when masked),
    organizer_type, host_platform, level, k_ind, level_draws, level_reporters, draws_known, draws_source,
    draws_counted_on, disputed_draws (NA where unknown), share (NaN under five known draws), disputes, reporters,
    draws, last_report_on, resolved, decided; shrunken, shrunken_low, shrunken_high: the rate drawn toward those of its
    group as far as few are decided, with a 95 % interval; NaN under ten decided and before the first fit.
    """
    with register.read() as cur:
        raw = shaped(ask(cur, "repeat"), {c: d for c, d in REPEAT.items() if c != "share" and c not in SHRUNKEN})
    sure = raw["draws_known"].notna() & raw["draws_source"].notna() & raw["draws_counted_on"].notna()
    hidden = ("draws_known", "draws_source", "draws_counted_on", "disputed_draws")
    raw = raw.assign(**{name: raw[name].where(sure) for name in hidden})
    known = raw["draws_known"].to_numpy(dtype=float, na_value=math.nan)
    shares = pd.Series(stats.share(raw["disputed_draws"].to_numpy(dtype=float, na_value=math.nan), known))
    raw = raw.assign(share=shares.where(known >= disclosure.DRAWS_FROM))
    return shaped(raw.join(shrunken(register, raw["organizer_type"], raw["resolved"], raw["decided"])), REPEAT)


class LookupAnswer(StrEnum):
    """`reports_exist`: from at least two people. `nothing_to_say`: unknown, or below that; never told apart."""

    REPORTS_EXIST = "reports_exist"
    NOTHING_TO_SAY = "nothing_to_say"
    TOO_MANY = "too_many"


#: The exact-handle answer is yes from this many distinct reporters on; for individuals the matching must reach it too.
LOOKUP_FROM = 2
_asked = Pace()
_searched = Pace()


def search_wait(register: Register, now: datetime, network: str) -> int:
    """Use up one search of a program: 0, or the seconds until its network may search again."""
    return _searched.take(register, network, register.settings.searches_per_10_min, now)


def lookup_wait(register: Register, now: datetime, network: str) -> int:
    """The seconds until a network may look up a handle again; 0: now."""
    return _asked.wait(register, network, register.settings.lookups_per_10_min, now)


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
