"""Do platforms act on repeated complaints? (S6) What was on file before each complaint, and what the platform did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd

from . import crosstables, fits, stats
from .crosstables import ALL
from .frames import INTERVAL, TEXT, Columns, Register, ask, paired, rated, shaped
from .marked import PLATFORMS, Marked

#: Fewer decided platform events with a known answer say nothing.
EVIDENCE_FROM = 30
BINS: Columns = {"bin": TEXT, **paired("events", "acted", "unknown", "known"), **INTERVAL}
Verdict = Literal["more", "less", "unclear", "no_evidence"]


@dataclass(frozen=True, slots=True)
class PlatformResponse:
    """bins: bin (complaints before: 0, 1, 2, 3-4, 5-9, 10+), pairs events (decided complaints to platforms), acted,
    unknown (what the platform did is not known), known (the others); rate, low, high: acted of those known.

    slope, low, high: odds ratio of action for each doubling of (1 + complaints before), 95 % interval over organizers;
    NaN where nothing could be fitted. verdict: by that interval; `no_evidence` under 30 known answers. events: all of
    them; known: those whose answer is known; None where hidden. fitted_as_of: the day of the data
    the slope was fitted to.
    """

    bins: pd.DataFrame
    slope: float
    low: float
    high: float
    verdict: Verdict
    events: int | None
    known: int | None
    fitted_as_of: date | None


def platform_response(register: Register, count: Literal["reporters", "draws"] = "reporters") -> PlatformResponse:
    """What platforms did, by how many distinct people (or draws) were on file against the organizer strictly before."""
    marked = exposure(register)
    keys = [key for key in marked.rows if key[0] == count]
    frame = marked.frame(keys, ("events", "acted", "unknown", "known"))
    bins = rated(frame, "acted_n", "known_n").assign(bin=[key[1] for key in keys])
    fitted = fits.dose_response(register, count)
    ratios = (math.nan, math.nan, math.nan)
    verdict: Verdict = "no_evidence"
    if fitted and fitted[0].fitted and fitted[0].n >= EVIDENCE_FROM:
        ratios = fitted[0].odds_ratio
        verdict = "more" if ratios[1] > 1 else "less" if ratios[2] < 1 else "unclear"
    events, known = (marked.value(("total",), name) for name in ("events", "known"))
    return PlatformResponse(shaped(bins, BINS), *ratios, verdict, events, known, fitted[1] if fitted else None)


def exposure(register: Register) -> Marked:
    """Keys ("total",) and (how it is counted, bin): complaints to platforms and what came of them."""
    return crosstables.once(register, "exposure", _exposure)


def _exposure(register: Register) -> Marked:
    with register.read() as cur:
        raw = ask(cur, "exposure")
    marked = Marked(register, "exposure")
    if raw.empty:
        return marked.close()
    names = ("events", "acted", "unknown")

    def add(key: tuple[Any, ...], rows: pd.DataFrame, dear: float) -> None:
        counts = {name: int(rows[name].sum()) for name in names}
        known = counts["events"] - counts["unknown"]
        counts |= {"known": known, "let_go": known - counts["acted"]}
        marked.add(key, counts, ("let_go",), dear=dear, rate=("acted", "known"))
        marked.inside(key, "events", ("known", "unknown"))
        marked.inside(key, "known", ("acted", "let_go"))

    add(("total",), raw, 16.0)
    for count in fits.COUNTS:
        for bin_ in stats.exposure_bins:
            add((count, bin_), raw[raw[count] == bin_], 1.0)
        for name in (*names, "known", "let_go"):
            marked.sum(name, ("total",), [(count, bin_) for bin_ in stats.exposure_bins])
    ladder = crosstables.ladder(register)
    for name, twin in (("known", "action_known"), ("acted", "action_taken")):
        # Nearly the same thing counted twice: the ladder counts disputes at the two rungs, these are complaints.
        marked.split(marked.rows["total",][name], [("ladder", (ALL, ALL, stage), twin) for stage in PLATFORMS], ladder)
    return marked.close()
