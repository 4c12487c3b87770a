"""Words and rows of the pages about outcomes: what came of each rung, how far disputes go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import crosstables
from .frames import each
from .i18n import Language
from .ui_html import Column, Row, digits, interval, known, rate_cell
from .vocabulary import label

#: A cut of the ladder -> the code list of its rows.
CUTS = {"group": "analysis_group", "type": "organizer_type", **crosstables.CUTS}


def joined(label: str) -> str:
    """A label of two lines in one."""
    return label.replace("-<br>", "").replace("<br>", "")


def short(_: Language, stage: str) -> str:
    """A rung in the few letters that fit beside a plot."""
    return joined(_(f"resolution.short.{stage}"))


def on_file(frame: Any) -> list[str]:
    """Rows that anybody is counted in, in the order of the frame."""
    return list(dict.fromkeys(frame.loc[frame["reached"] != "0", "row"]))


def outcome_columns(_: Language, first: str) -> list[Column]:
    """Heads of the table of outcomes."""
    return [
        Column(first),
        Column(_("resolution.reached"), numeric=True),
        Column(_("resolution.decided"), numeric=True),
        Column(_("resolution.sanction"), numeric=True),
        Column(_("resolution.any")),
        Column(_("resolution.full")),
        Column(_("resolution.bounds")),
    ]


def outcome_rows(_: Language, frame: Any, names: Mapping[str, str]) -> Iterator[Row]:
    """One row each of the frame of one stage."""
    for r in each(frame):
        counts = [digits(_, n) for n in (r.reached, r.decided, r.sanction_only)]
        relieved = rate_cell(_, r.relief_any, r.decided, r.rate, r.low, r.high)
        in_full = rate_cell(_, r.relief_full, r.decided, r.full_rate, r.full_low, r.full_high)
        bounds = interval(_, r.strict, r.optimistic) if known(r.strict) else "–"
        yield Row([names[r.row], *counts, relieved, in_full, bounds], grey=bool(r.grey))


def outcome_cells(_: Language, frame: Any, names: Mapping[str, str]) -> Iterator[Row]:
    """Rows of the whole heatmap: who, the stage, and what came of it; only what anybody reached."""
    for r in frame[frame["reached"] != "0"].itertuples():
        if r.row in names and r.stage != "ambiguous":
            relieved = rate_cell(_, r.relief_any, r.decided, r.rate, r.low, r.high)
            stage = label("stage", r.stage, _.code)
            yield Row([names[r.row], stage, digits(_, r.reached), relieved], grey=bool(r.grey))


def spread(_: Language, frame: Any, names: Mapping[str, str], stage: str) -> str:
    """The answer of one stage in words: from whom to whom, with intervals; or that it is too early."""
    told = frame[(frame["stage"] == stage) & frame["rate"].notna() & frame["row"].isin(list(names))]
    step = label("stage", stage, _.code)
    if told.empty:
        return _("resolution.answer.none", stage=step)
    ends = [told.loc[told["rate"].idxmin()], told.loc[told["rate"].idxmax()]]
    said = [
        _(
            "resolution.answer.one", name=names[r["row"]], rate=_.percent(r["rate"]),
            range=interval(_, r["low"], r["high"]), n=digits(_, r["decided"]),
        )
        for r in ends
    ]  # fmt: skip
    if len(told) == 1:
        return _("resolution.answer.only", stage=step, one=said[0])
    return _("resolution.answer", stage=step, low=said[0], high=said[1])


def action_rows(_: Language, frame: Any, names: Mapping[str, str]) -> Iterator[Row]:
    """What platforms did, of what is known."""
    for r in each(frame):
        acted = rate_cell(_, r.action_taken, r.action_known, r.action_rate, r.action_low, r.action_high)
        yield Row([names[r.row], digits(_, r.action_known), acted])


def flow_answer(_: Language, frame: Any) -> str:
    """How many of the first rung went on to another; in words where that may be told."""
    first = next((r for r in each(frame) if r.reached != "0"), None)
    if first is None or not (first.went_on.isdecimal() and first.reached.isdecimal()) or int(first.reached) < 10:
        return _("ladder.answer.none")
    return _(
        "ladder.answer", stage=label("stage", first.stage, _.code),
        n=digits(_, first.reached), k=digits(_, first.went_on),
        share=_.percent(int(first.went_on) / int(first.reached)),
    )  # fmt: skip


def flow_rows(_: Language, frame: Any) -> Iterator[Row]:
    """The ladder of one group as a table."""
    for r in each(frame):
        counts = [digits(_, getattr(r, name)) for name in ("reached", *crosstables.FLOW)]
        yield Row([label("stage", r.stage, _.code), *counts])


def flow_columns(_: Language) -> list[Column]:
    """Heads of the table of the ladder."""
    ways = [Column(_(f"figures.way.{way}"), numeric=True) for way in crosstables.FLOW]
    return [Column(_("resolution.stage")), Column(_("resolution.reached"), numeric=True), *ways]
