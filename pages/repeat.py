"""Repeat organizers: the ledger with the rule in words, and each group against what chance would do (funnel)."""

import streamlit as st

from prizewatch import edge, figures_repeat, queries, ui_figure, ui_filters, ui_kept, ui_language, ui_repeat, ui_text
from prizewatch.store import Kind
from prizewatch.ui_html import escape
from prizewatch.vocabulary import codes, label

PAGE = 20  # organizers: what a thumb scrolls through

_ = ui_language.words()
as_of = edge.register().version().as_of
reference = edge.register().kind is Kind.REFERENCE
levels = ("repeat", "watch") if reference else ("pervasive", "repeat", "watch")  # the third needs known draws
st.title(_("repeat.title"))
ui_text.lead(_("repeat.lead"))

listed = ui_kept.answer(queries.repeat_organizers)
level = ui_filters.pick_one(
    "level", _("organizers.level"), levels, lambda c: _(f"organizers.level.{c}"), all_label=_("organizers.all")
)
shown = listed[listed["level"] == level] if level else listed

rules = "".join(
    f"<div><dt><span class='pw-badge {name}'>{escape(_(f'organizers.level.{name}'))}</span></dt>"
    f"<dd><small>{escape(_(f'repeat.rule.{name}'))}</small></dd></div>"
    for name in reversed(levels)
)
st.html(f"<dl class='pw-facts'>{rules}</dl>")

if len(shown) == 0:
    st.header(_("repeat.empty.title"))
    ui_text.paragraphs([_("repeat.empty.text"), _("shell.no_record")])
else:
    pages = -(-len(shown) // PAGE)
    page = min(ui_filters.page_number(), pages)
    part = shown.iloc[(page - 1) * PAGE : page * PAGE]
    heading = _("organizers.found", len(shown))
    columns = ui_repeat.ledger_columns(_, reference)
    ui_kept.table("repeat", columns, lambda: ui_repeat.ledger(_, part, reference), heading, level, page)
    here = _("organizers.page", page=_.number(page), pages=_.number(pages))
    ui_filters.pager(pages, page, here, (_("organizers.page.back"), _("organizers.page.on")))
    ui_text.caption(_, _.number(len(shown)), as_of, _("repeat.order"), "organizers")

st.header(_("repeat.how.title"))
ui_text.paragraphs([_("repeat.how.1"), _("repeat.how.2"), _("repeat.how.3")])

funnels = {group: ui_kept.answer(queries.funnel, group) for group in codes("analysis_group") if group != "I"}
groups = [group for group, found in funnels.items() if len(found.points)]
if groups:
    st.divider()
    group = ui_filters.pick_one("group", _("ladder.group"), groups, lambda c: label("analysis_group", c, _.code))
    found = funnels[group]
    ui_figure.show(
        _, "funnel", _("repeat.funnel"), ui_kept.figure(figures_repeat.funnel, _, frame=found, mark=group),
        answer=ui_repeat.funnel_answer(_, found), n=_.number(len(found.points)), as_of=as_of, of="organizers",
        table_columns=ui_repeat.funnel_columns(_), table_rows=lambda: ui_repeat.funnel_rows(_, found.points),
        frame=found.points, file="funnel", note=_("repeat.funnel.note"), mark=(group,),
    )  # fmt: skip
