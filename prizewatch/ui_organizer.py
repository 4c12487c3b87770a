"""The parts of one organizer's page: its numbers and what raised them, its level, steps, reasons, months, replies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import streamlit as st

from . import disclosure, figures_repeat, figures_time, kinship, ui_figure, ui_kept, ui_links, ui_text, ui_time
from .frames import each
from .i18n import Language
from .queries import OrganizerProfile
from .ui_html import Cell, Column, Row, digits, escape, facts, interval, known, rate_cell, table
from .vocabulary import label

#: What an organizer may have answered to all reports.
ANSWERED = ("contests", "accepts", "says_resolved")


def formerly(_: Language, p: OrganizerProfile) -> None:
    """What it was called before, and whose name it used, as far as either is public."""
    former = [a for a in each(p.aliases) if a.kind == "former"]
    if former:
        names = _("method.and").join(
            _("organizer.formerly.name", name=a.name, day=_.day(a.seen_on)) if a.seen_on == a.seen_on else a.name
            for a in former
        )
        ui_text.quiet(_("organizer.formerly", names=names))
    if lender := ui_kept.answer(kinship.used_name_of, p.organizer_id):
        ui_text.quiet(_("organizer.used_name", name=lender.name, code=lender.public_code))


def numbers(_: Language, p: OrganizerProfile, reference: bool) -> None:
    """The totals, exact, each with its meaning."""
    share = f"{_.percent(p.rate)} ({interval(_, p.low, p.high)})" if known(p.rate) else _("shell.too_few")
    people = [
        (_("organizers.column.reporters"), _.number(p.reporters), _("organizer.reporters.note")),
        (_("organizers.column.draws"), _.number(p.draws), _("organizer.draws.note")),
    ]
    items = [
        (_("organizers.column.disputes"), _.number(p.disputes), _("organizer.disputes.note")),
        *([] if reference else people),
        (_("organizers.column.resolved"), _("shell.k_of_n", k=_.number(p.resolved), n=_.number(p.decided)), share),
        (_("organizer.undecided"), _.number(p.undecided), _("overview.undecided.note")),
    ]
    if p.disputes >= disclosure.BREAKDOWN_FROM and not reference:
        few = _("organizer.withdrawn.few", least=_.number(disclosure.SMALL))
        n = p.disputes + (p.withdrawn or 0)
        said = few if p.withdrawn is None else _("shell.k_of_n", k=_.number(p.withdrawn), n=_.number(n))
        items.append((_("organizer.withdrawn"), said, _("organizer.withdrawn.note")))
    if known(p.shrunken):
        about = f"{interval(_, p.shrunken_low, p.shrunken_high)}; {_('organizer.shrunken.note')}"
        items.append((_("repeat.shrunken"), _.percent(p.shrunken), about))
    if p.draws_known and p.disputed_draws is not None:
        of = _("shell.k_of_n", k=_.number(p.disputed_draws), n=_.number(p.draws_known))
        items.append((_("repeat.share"), of, label("draws_source", str(p.draws_source), _.code)))
    st.html(facts(items))
    ui_text.caption(_, _.number(p.disputes), p.as_of, _("organizers.definition"))


def note(_: Language, code: str | None) -> None:
    """That reports are being checked: beside the numbers they are held out of."""
    if code:
        st.html(f"<div class='pw-aside' role='note'><p>{escape(_(f'organizer.note.{code}'))}</p></div>")


def replies(_: Language, p: OrganizerProfile) -> None:
    """What the organizer says, as large as what is said of it; or that it was asked, or not yet."""
    st.header(_("organizer.reply.title"), anchor="reply")
    said = [r for r in each(p.replies) if isinstance(r.words, str) and r.words.strip()]
    for r in said:
        day = _.day(r.replied_on) if r.replied_on == r.replied_on else ""
        head = " · ".join(part for part in (label("organizer_reply", str(r.answer), _.code), day) if part)
        st.html(f"<p class='pw-sentence'>{escape(r.words)}</p><p class='pw-quiet'>{escape(head)}</p>")
    if said:
        return
    if p.reply in ANSWERED:
        ui_text.paragraphs([_("organizer.reply", reply=label("organizer_reply", p.reply, _.code))])
    else:
        ui_text.paragraphs([_("organizer.reply.none")])


def level(_: Language, p: OrganizerProfile, reference: bool) -> None:
    """The level with the numbers its rule used, and the draws as dots."""
    st.header(_("organizer.level"), anchor="level")
    text = _(
        f"organizer.level.{p.level}",
        k=_.number(p.k_ind),
        draws=_.number(p.level_draws),
        people=_.number(p.level_reporters),
    )
    badge = f"<span class='pw-badge {p.level}'>{escape(_(f'organizers.level.{p.level}'))}</span> "
    st.html(f"<div class='pw'><p>{badge if p.level != 'none' else ''}{escape(text)}</p></div>")
    if not reference and p.level_draws:
        dots = Cell("", dots=(p.matched_draws, p.matched_draws + p.further_draws)).html()
        st.html(f"<div class='pw'>{dots}</div>")
        ui_text.quiet(_("organizer.level.dots"))
    ui_links.link("repeat", _("organizer.level.rule"))


def changed(_: Language, p: OrganizerProfile) -> None:
    """This month beside the last one, under the same thresholds as all months."""
    if len(p.recent) < 2:
        return
    before, now = (r for r in each(p.recent))
    st.header(_("organizer.change"), anchor="change")
    ui_text.paragraphs([
        _(
            "organizer.change.text", month=_.month(now.month), n=digits(_, now.disputes), before=_.month(before.month),
            m=digits(_, before.disputes),
        )
    ])  # fmt: skip


def steps(_: Language, p: OrganizerProfile) -> None:
    """How far its disputes went, and what came of each step."""
    st.header(_("organizer.ladder"), anchor="steps")
    columns = [
        Column(_("organizer.step")),
        Column(_("resolution.reached"), numeric=True),
        Column(_("resolution.decided"), numeric=True),
        Column(_("organizers.column.resolved"), wide=True),
    ]
    rows = []
    for r in each(p.stages):
        share = int(r.reached) / p.disputes if r.reached.isdecimal() else None  # no bar for a hidden count
        step = Cell(label("stage", str(r.stage), _.code), bar=share)
        if r.stage == "s1_self_check":  # nobody is asked there, so nothing is decided
            rows.append(Row([step, r.reached, "–", "–"]))
            continue
        rows.append(Row([step, r.reached, r.decided, rate_cell(_, r.relief_any, r.decided, r.rate, r.low, r.high)]))
    st.html(table(columns, rows, _("organizer.ladder.note")))


def reasons(_: Language, p: OrganizerProfile) -> None:
    """Why prizes were refused, and which reasons stand out against the whole register."""
    frame = p.reasons
    rows = tuple((r, label("dispute_reason", r, _.code)) for r in frame["dispute_reason"])
    told = frame["ebgm"].notna().any()
    heads = [Column(_("resolution.reason")), *(Column(_(f"trends.{c}"), numeric=True) for c in ("n", "ratio"))]

    def lines() -> Iterator[Row]:
        for r in each(frame):
            ratio = f"{_.number(round(r.ebgm, 2))} (≥{_.number(round(r.eb05, 2))})" if known(r.ebgm) else "–"
            yield Row([label("dispute_reason", str(r.dispute_reason), _.code), r.disputes, ratio])

    drawn = frame.assign(n=frame["disputes"])
    ui_figure.show(
        _, "reasons", _("organizer.reasons"),
        ui_kept.figure(figures_repeat.reasons, _, rows, frame=drawn, mark=p.public_code) if told else None,
        answer=ui_time.reason_answer(_, drawn) if told else "",
        n=_.number(p.disputes), as_of=p.as_of, table_columns=heads, table_rows=lines, frame=frame,
        file=f"reasons-{p.public_code}", note=_("trends.reasons.note") if told else "", mark=(p.public_code,),
        cards=False,
    )  # fmt: skip


def months(_: Language, p: OrganizerProfile) -> None:
    """When its records were filed."""
    heads = [Column(_("overview.month"))]
    heads += [Column(_(f"overview.column.{c}"), numeric=True) for c in ("disputes", "resolved")]
    ui_figure.show(
        _, "months", _("organizer.months"), ui_kept.figure(figures_time.months, _, frame=p.months, mark=p.public_code),
        n=_.number(p.disputes), as_of=p.as_of, table_columns=heads,
        table_rows=lambda: (Row([_.month(m.month), m.disputes, m.resolved]) for m in each(p.months.iloc[::-1])),
        frame=p.months, file=f"months-{p.public_code}", alt=_("organizer.months.alt"), mark=(p.public_code,),
        cards=False,
    )  # fmt: skip


def names(_: Language, p: OrganizerProfile) -> None:
    """The names it went by."""
    if not len(p.aliases):
        return
    st.header(_("organizer.names"), anchor="names")
    rows: list[Any] = [
        Row([a.name, _(f"organizer.name.{a.kind}"), _.day(a.seen_on) if a.seen_on == a.seen_on else "–"])
        for a in each(p.aliases)
    ]
    heads = [Column(_(f"organizer.names.{c}")) for c in ("name", "kind", "seen")]
    st.html(table(heads, rows, _("organizer.names.note"), cards=False))
