"""Repeat organizers: who reaches watch, repeat or pervasive, with the rule in words beside the list."""

import streamlit as st

from prizewatch import queries, ui
from prizewatch.store import Kind
from prizewatch.ui_html import Cell, Column, Row, escape
from prizewatch.vocabulary import label

MOST = 100

_ = ui.words()
reference = ui.register().kind is Kind.REFERENCE
levels = ("repeat", "watch") if reference else ("pervasive", "repeat", "watch")  # the third needs known draws
st.title(_("repeat.title"))
ui.lead(_("repeat.lead"))

listed = ui.kept(queries.repeat_organizers)
level = ui.pick_one(
    "level", _("organizers.level"), levels, lambda c: _(f"organizers.level.{c}"), all_label=_("organizers.all")
)
shown = listed[listed["level"] == level] if level else listed


def rows() -> list[Row]:
    """The first of them, each with the numbers of its rule."""
    made = []
    for r in shown.head(MOST).itertuples():
        share = "–"
        if r.share == r.share:  # NaN where the number of draws is not known
            known = _("shell.k_of_n", k=_.number(r.disputed_draws), n=_.number(r.draws_known))
            at_least = _("repeat.at_least", share=_.percent(r.share)) if r.share < 1 else _.percent(r.share)
            share = Cell(known, note=at_least, bar=r.share)
        name = Cell(
            r.name if isinstance(r.name, str) else f"#{r.public_code}",
            note=label("organizer_type", r.organizer_type, _.code),
            href=ui.address("organizer", id=r.public_code),
            badge=_(f"organizers.level.{r.level}"),
            badge_kind=r.level,
        )
        draws = [] if reference else [_.number(r.level_draws), _.number(r.level_reporters), share]
        made.append(Row([name, _.number(r.k_ind), *draws]))
    return made


rules = "".join(
    f"<div><dt><span class='pw-badge {name}'>{escape(_(f'organizers.level.{name}'))}</span></dt>"
    f"<dd><small>{escape(_(f'repeat.rule.{name}'))}</small></dd></div>"
    for name in reversed(levels)
)
st.html(f"<dl class='pw-facts'>{rules}</dl>")

if len(shown) == 0:
    st.header(_("repeat.empty.title"))
    ui.paragraphs([_("repeat.empty.text"), _("shell.no_record")])
else:
    columns = [
        Column(_("organizers.column.name")),
        Column(_("repeat.k"), numeric=True),
    ]
    if not reference:
        columns += [Column(_("repeat.draws"), numeric=True), Column(_("repeat.reporters"), numeric=True)]
        columns.append(Column(_("repeat.share"), wide=True))
    ui.table("repeat", columns, rows, _("organizers.found", len(shown)), level)
    if len(shown) > MOST:
        ui.quiet(_("repeat.more", n=_.number(MOST)))
        ui.link("organizers", _("repeat.more.link"))
    ui.caption(_, _.number(len(shown)), ui.register().version().as_of, _("repeat.order"), "organizers")

st.header(_("repeat.how.title"))
ui.paragraphs([_("repeat.how.1"), _("repeat.how.2"), _("repeat.how.3")])
