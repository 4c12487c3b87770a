"""The next step, as every screen shows it: what to do, what to hold, where, what to expect, and how it went for others.

The receipt, My report and the page of its own show the same thing, from the same words.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from . import deadlines, edge, queries, ui_kept, ui_text
from .advice import Advice
from .advisor import NextStep
from .disclosure import RATE_FROM
from .i18n import Language
from .next_step import advice_at, because, steps_after
from .store import Kind
from .ui_html import escape, interval, known
from .vocabulary import codes, label

PARTS = ("evidence", "where", "expect")
#: After one of these nothing is left to claim.
ENDS = deadlines.ENDED


def others(organizer_type: str, done: Collection[str], level: str, lottery_tool: str) -> NextStep | None:
    """What the register knows of similar disputes at the next rung (S12). None where it cannot be asked."""
    if not done or edge.register().kind is Kind.REFERENCE:
        return None
    furthest = max(done, key=codes("stage").index)
    return ui_kept.answer(queries.advisor, organizer_type, furthest, level, lottery_tool)


def show(
    _: Language,
    organizer_type: str,
    done_stages: Collection[str],
    level: str,
    lottery_tool: str = "",
    fraud: bool = False,
    *,
    came: str = "",
) -> None:
    """The next rung in full, how it went for others, and the rungs after it folded.

    `done_stages` are those tried or skipped; `level` V0..V4 or empty; `came` is what came back at the last one.
    """
    if came:
        answered(_, done_stages, came)
    if came in ENDS:
        return
    left = steps_after(organizer_type, done_stages, lottery_tool=lottery_tool, fraud=fraud)
    if not left:
        st.header(_("advice.last"))
        ui_text.paragraphs([_("advice.last.text")])
        return
    first, *later = left
    st.header(_("advice.next", step=label("stage", first, _.code)))
    reasons = because(organizer_type, first, done_stages, lottery_tool=lottery_tool, fraud=fraud)
    if reasons:
        ui_text.paragraphs([_(f"advice.because.{reason}") for reason in reasons])
    step(_, advice_at(organizer_type, first, _.code))
    if not fraud:  # the police are no rung whose chance is measured
        st.html(how_it_went(_, others(organizer_type, done_stages, level, lottery_tool)))
    if later:
        st.subheader(_("advice.later"))
        ui_text.quiet(_("advice.later.note"))
    for stage in later:
        with st.expander(label("stage", stage, _.code)):
            step(_, advice_at(organizer_type, stage, _.code))


def answered(_: Language, done_stages: Collection[str], came: str) -> None:
    """What the answer at the last rung means for the next."""
    last = max(done_stages, key=codes("stage").index, default="")
    days = deadlines.wait_days(last) if last else None
    if came == "pending" and days:
        ui_text.paragraphs([_("advice.came.pending_days", days)])
    elif _.has(f"advice.came.{came}"):
        ui_text.paragraphs([_(f"advice.came.{came}")])


def step(_: Language, told: Advice) -> None:
    """One rung: the advice, and in small type its day and what it rests on."""
    rows = "".join(
        f"<div><dt>{escape(_(f'advice.{part}'))}</dt><dd>{escape(getattr(told, part))}</dd></div>" for part in PARTS
    )
    st.html(f"<div class='pw-step'><p class='pw-do'>{escape(told.do)}</p><dl>{rows}</dl></div>")
    ui_text.quiet(as_of(_, told))


def as_of(_: Language, told: Advice) -> str:
    """The day the advice was last gone through, and its sources with how each was read."""
    named = _("advice.and").join(f"{one.name}{_(f'advice.read_as.{one.read_as}')}" for one in told.sources)
    return _("advice.as_of", day=_.day(told.checked_on), sources=named)


def how_it_went(_: Language, found: NextStep | None) -> str:
    """How it went for others, as HTML: k of n, share and range, days, what it rests on, what it cannot say."""
    lines = sentences(_, found)
    head, *rest = lines
    body = "".join(f"<p>{escape(line)}</p>" for line in rest)
    title = f"<h3>{escape(_('advice.others'))}</h3>"
    return f"<section class='pw-card'>{title}<p class='pw-do'>{escape(head)}</p>{body}</section>"


def sentences(_: Language, found: NextStep | None) -> Sequence[str]:
    """The same in sentences; says so in words where there are too few."""
    if found is None or found.k is None or found.n is None or not known(found.share):
        return [_("advice.others.none"), _("advice.others.none_why", n=_.number(RATE_FROM))]
    share = _("advice.others.share", share=_.percent(found.share), range=interval(_, found.low, found.high))
    which = "all" if found.basis == "all" else "here"
    told = [_(f"advice.others.k_of_n.{which}", k=_.number(found.k), n=_.number(found.n), share=share)]
    if found.median_days is not None:
        told.append(_("advice.others.days", round(found.median_days)))
    return [*told, _(f"advice.others.basis.{found.basis}"), _("advice.others.caution")]
