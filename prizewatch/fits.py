"""What is fitted to the whole register: priors of groups, the dose response of platforms, how alike the cells of the
advisor are. Made once a data version, outside the writer's transaction, and kept in the register; a page takes the
newest there is, with its day, and never waits for one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Literal
from weakref import WeakKeyDictionary

import duckdb
import numpy as np
import pandas as pd

from . import disclosure, stats, vocabulary
from .frames import Register, ask

#: Resamples of a bootstrap, and where its chance begins: the same register gives the same fit.
DRAWS, SEED = 200, 1
#: Nothing is said organizer by organizer of private individuals, so nothing is fitted to them.
GROUPS = tuple(group for group in vocabulary.codes("analysis_group") if group != "I")
COUNTS: tuple[Literal["reporters"], Literal["draws"]] = ("reporters", "draws")


@dataclass(frozen=True, slots=True)
class Fit:
    """One fit: of which data version, with which seed and settings, and what came out."""

    name: str
    commit_no: int
    as_of: date
    seed: int
    settings: dict[str, Any]
    result: dict[str, Any]
    made_at: datetime


#: What `stamp` says of a register, until its fits are made anew.
_stamps: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def stamp(register: Register) -> str:
    """Which fits the register holds: what is kept of a figure that rests on one must have this in its key, since fits
    come after the data they are made of. Empty before the first.
    """
    held = _stamps.get(register)
    if held is None:
        with register.read() as cur:
            newest = ask(cur, "fit_stamp").iloc[0]
        held = "" if pd.isna(newest["made_at"]) else f"{newest['commit_no']} {newest['as_of']} {newest['made_at']}"
        _stamps[register] = held
    return held


def latest(register: Register, name: str) -> Fit | None:
    """The newest fit of a name, None before the first."""
    with register.read() as cur:
        rows = ask(cur, "fit", fit=name)
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Fit(
        name=name,
        commit_no=int(row["commit_no"]),
        as_of=row["as_of"].date(),
        seed=int(row["seed"]),
        settings=json.loads(row["settings"]),
        result=json.loads(row["result"]),
        made_at=row["made_at"].to_pydatetime(),
    )


def refresh(register: Any, now: datetime) -> list[str]:
    """Fit anew whatever was fitted to an older data version; returns the names. `register` is a `store.Register`.

    Reads and fits in the caller's thread, which may take seconds; only the finished rows go through the writer.
    """
    version = register.version()
    made = []
    for name, fit in _all().items():
        held = latest(register, name)
        if held and (held.commit_no, held.as_of) == (version.commit_no, version.as_of):
            continue
        result = fit(register)
        settings = json.dumps({"draws": DRAWS})
        made.append((name, version.commit_no, version.as_of, SEED, settings, json.dumps(result), now))
    if made:
        register.write(_keep, made)
        _stamps.pop(register, None)
    return [str(row[0]) for row in made]


def _keep(cur: duckdb.DuckDBPyConnection, batches: list[list[tuple[Any, ...]]]) -> list[None]:
    """A handler: each fit in the place of the one before."""
    for rows in batches:
        for row in rows:
            cur.execute("DELETE FROM core.fit WHERE name = ?", [row[0]])
            cur.execute("INSERT INTO core.fit VALUES (?, ?, ?, ?, ?, ?, ?)", list(row))
    return [None] * len(batches)


def _all() -> dict[str, Callable[[Register], dict[str, Any]]]:
    return {
        **{f"prior.{group}": partial(_prior, group=group) for group in GROUPS},
        **{f"dose_response.{count}": partial(_dose_response, count=count) for count in COUNTS},
        "advice": _strength,
        "reasons": _reasons,
        "reasons.groups": _reasons_of_groups,
    }


def _prior(register: Register, group: str) -> dict[str, Any]:
    with register.read() as cur:
        raw = ask(cur, "fit_prior")
    raw = raw[raw["organizer_type"].map(vocabulary.analysis_group) == group]
    k, n = (np.repeat(raw[name].to_numpy(), raw["organizers"].to_numpy()) for name in ("k", "n"))
    if not n.size:
        return {}
    fit = stats.bootstrap_prior(k, n, draws=DRAWS, seed=SEED)
    return {"prior": list(fit.prior), "samples": [list(sample) for sample in fit.samples], "organizers": int(n.size)}


def prior(register: Register, group: str) -> stats.PriorFit | None:
    """Where the rates of a group's organizers lie; None where nothing is fitted."""
    fit = latest(register, f"prior.{group}")
    if fit is None or "prior" not in fit.result:
        return None
    samples = tuple(stats.Prior(*sample) for sample in fit.result["samples"])
    return stats.PriorFit(stats.Prior(*fit.result["prior"]), samples)


def _dose_response(register: Register, count: str) -> dict[str, Any]:
    with register.read() as cur:
        raw = ask(cur, "fit_exposure")
    slope = stats.dose_response(
        raw[count].to_numpy(), raw["acted"].to_numpy(), raw["organizer"].to_numpy(), draws=DRAWS, seed=SEED
    )
    return {name: value for name, value in slope._asdict().items() if value == value}  # NaN is no JSON


def dose_response(register: Register, count: str) -> tuple[stats.Slope, date] | None:
    """The slope of platform action over what was on file before, and its day; None before the first fit."""
    fit = latest(register, f"dose_response.{count}")
    if fit is None:
        return None
    nothing = dict.fromkeys(stats.Slope._fields, float("nan"))
    return stats.Slope(**{**nothing, **fit.result}), fit.as_of


def _strength(register: Register) -> dict[str, Any]:
    from . import advisor

    with register.read() as cur:
        cells = advisor.cells(ask(cur, "advice"))
    fit = stats.fit_strength(cells["relief"].to_numpy(), cells["decided"].to_numpy(), cells["stage"].to_numpy())
    return dict(fit._asdict())


def strength(register: Register) -> stats.Strength:
    """How alike the advisor's cells are; the default of `stats` before the first fit."""
    fit = latest(register, "advice")
    return stats.Strength(**fit.result) if fit else stats.Strength()


def _reasons(register: Register) -> dict[str, Any]:
    with register.read() as cur:
        raw, whole = ask(cur, "fit_reason", least=disclosure.BREAKDOWN_FROM), ask(cur, "reason")
    if raw.empty:
        return {}
    table = raw.pivot_table(index="organizer_id", columns="dispute_reason", values="disputes", fill_value=0)
    shares = whole.groupby("dispute_reason")["disputes"].sum() / whole["disputes"].sum()
    columns = pd.Index(shares.index)
    counts = table.reindex(columns=columns, fill_value=0).to_numpy(dtype=float)
    expected = counts.sum(axis=1, keepdims=True) * shares.to_numpy()
    mixture = stats.fit_gamma_mixture(counts.ravel(), expected.ravel())
    return dict(mixture._asdict())


def _reasons_of_groups(register: Register) -> dict[str, Any]:
    with register.read() as cur:
        raw = ask(cur, "reason")
    if raw.empty:
        return {}
    group = raw["organizer_type"].map(vocabulary.analysis_group)
    counts = pd.crosstab(group, raw["dispute_reason"], raw["disputes"], aggfunc="sum").fillna(0).to_numpy(dtype=float)
    expected = stats.expected_counts(counts.sum(axis=1, keepdims=True), counts.sum(axis=0), float(counts.sum()))
    return dict(stats.fit_gamma_mixture(counts.ravel(), expected.ravel())._asdict())


def reason_prior(register: Register, of: Literal["reasons", "reasons.groups"] = "reasons") -> stats.GammaMixture | None:
    """How far the reasons of single organizers, or of groups, lie from those of the register; None where nothing is
    fitted.
    """
    fit = latest(register, of)
    return stats.GammaMixture(**fit.result) if fit and fit.result else None
