"""One organizer at its own address (?id=): the sentence, its numbers and their meaning, reasons, names, timeline."""

import streamlit as st

from prizewatch import figures_time, queries, ui
from prizewatch.store import Kind
from prizewatch.ui_html import Cell, Column, Row, escape, facts, interval, known, rate_cell, table
from prizewatch.vocabulary import label

_ = ui.words()
register = ui.register()
reference = register.kind is Kind.REFERENCE
profile = ui.kept(queries.organizer, st.query_params.get("id", "")[:40])

ui.link("organizers", _("organizer.back"))


def numbers() -> None:
    """The totals, exact, each with its meaning."""
    p = profile
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
    if p.draws_known and p.disputed_draws is not None:
        of = _("shell.k_of_n", k=_.number(p.disputed_draws), n=_.number(p.draws_known))
        items.append((_("repeat.share"), of, label("draws_source", p.draws_source, _.code)))
    st.html(facts(items))
    ui.caption(_, _.number(p.disputes), p.as_of, _("organizers.definition"))


def level() -> None:
    """The level with the numbers its rule used."""
    p = profile
    st.header(_("organizer.level"))
    text = _(
        f"organizer.level.{p.level}",
        k=_.number(p.k_ind),
        draws=_.number(p.level_draws),
        people=_.number(p.level_reporters),
    )
    badge = f"<span class='pw-badge {p.level}'>{escape(_(f'organizers.level.{p.level}'))}</span> "
    st.html(f"<div class='pw'><p>{badge if p.level != 'none' else ''}{escape(text)}</p></div>")
    ui.link("repeat", _("organizer.level.rule"))


def ladder() -> None:
    """How far its disputes went, and what came of each step."""
    st.header(_("organizer.ladder"))
    columns = [
        Column(_("organizer.step")),
        Column(_("resolution.reached"), numeric=True),
        Column(_("resolution.decided"), numeric=True),
        Column(_("organizers.column.resolved"), wide=True),
    ]
    rows = []
    for r in profile.stages.itertuples():
        share = int(r.reached) / profile.disputes if r.reached.isdecimal() else None  # no bar for a hidden count
        step = Cell(label("stage", r.stage, _.code), bar=share)
        if r.stage == "s1_self_check":  # nobody is asked there, so nothing is decided
            rows.append(Row([step, r.reached, "–", "–"]))
            continue
        rows.append(Row([step, r.reached, r.decided, rate_cell(_, r.relief_any, r.decided, r.rate, r.low, r.high)]))
    st.html(table(columns, rows, _("organizer.ladder.note")))


def reasons_and_names() -> None:
    """Why prizes were refused, and the names this organizer went by."""
    st.header(_("organizer.reasons"))
    rows = [Row([label("dispute_reason", r.dispute_reason, _.code), r.disputes]) for r in profile.reasons.itertuples()]
    columns = [Column(_("resolution.reason")), Column(_("organizers.column.disputes"), numeric=True)]
    st.html(table(columns, rows, _("organizer.reasons.note"), cards=False))
    if len(profile.aliases):
        st.header(_("organizer.names"))
        rows = [
            Row([a.name, _(f"organizer.name.{a.kind}"), _.day(a.seen_on) if a.seen_on == a.seen_on else "–"])
            for a in profile.aliases.itertuples()
        ]
        heads = [Column(_(f"organizer.names.{c}")) for c in ("name", "kind", "seen")]
        st.html(table(heads, rows, _("organizer.names.note"), cards=False))


if profile is None:
    st.title(_("organizer.none.title"))
    ui.paragraphs([_("organizer.none.text"), _("shell.no_record")])
else:
    kinds = [
        label("organizer_type", profile.organizer_type, _.code),
        label("legal_nature", profile.legal_nature, _.code),
    ]
    kinds.append(label("host_platform", profile.host_platform, _.code))
    ui.name_as_title(profile.name or f"#{profile.public_code}")
    ui.quiet(" · ".join([*kinds, f"#{profile.public_code}"]))
    sentence = _(
        "organizer.sentence",
        m=_.number(profile.reporters),
        k=_.number(profile.draws),
        n=_.number(profile.disputes),
        n2=_.number(profile.at_v2),
        r=_.number(profile.resolved),
        date=_.day(profile.as_of),
    )
    st.html(f"<p class='pw-sentence'>{escape(sentence)}</p>")
    numbers()
    if profile.reply in ("contests", "accepts", "says_resolved"):
        ui.paragraphs([_("organizer.reply", reply=label("organizer_reply", profile.reply, _.code))])
    level()
    if profile.breakdown:
        ladder()
        reasons_and_names()
        st.header(_("organizer.months"))
        figure = ui.drawn(figures_time.months, _, frame=profile.months, mark=profile.public_code)
        ui.chart(figure, _("organizer.months.alt"), "months")
        ui.caption(_, _.number(profile.disputes), profile.as_of)
        with st.expander(_("overview.trend.table")):
            heads = [
                Column(_("overview.month")),
                Column(_("overview.column.disputes"), numeric=True),
                Column(_("overview.column.resolved"), numeric=True),
            ]
            rows = [Row([_.month(m.month), m.disputes, m.resolved]) for m in profile.months.iloc[::-1].itertuples()]
            st.html(table(heads, rows, _("organizer.months"), cards=False))
    else:
        ui.quiet(_("organizer.no_breakdown"))
    if not reference:
        ui.link("report", _("organizer.report"), organizer=profile.public_code)
    ui.link("method", _("organizer.object"))
