"""Organizers: search, filters, pages of results; and the exact-handle look-up for everyone who is never listed."""

from typing import Any

import streamlit as st

from prizewatch import edge, queries, ui_filters, ui_kept, ui_language, ui_links, ui_text, ui_visitor
from prizewatch.frames import each
from prizewatch.queries import LookupAnswer
from prizewatch.store import Kind
from prizewatch.ui_html import Cell, Column, Row, rate_cell
from prizewatch.vocabulary import codes, label

SORTS = ("last_report", "disputes", "reporters")

_ = ui_language.words()
register = edge.register()
reference = register.kind is Kind.REFERENCE
levels = ("watch", "repeat") if reference else ("watch", "repeat", "pervasive")  # the third needs known draws

st.title(_("organizers.title"))
ui_text.lead(_("organizers.lead"))

text = ui_filters.pick_text("q", _("organizers.search"), _("organizers.search.placeholder"))
with st.grid(4, min_column_width=150):
    kind = ui_filters.pick_one(
        "type",
        _("organizers.type"),
        codes("organizer_type"),
        lambda c: label("organizer_type", c, _.code),
        all_label=_("organizers.all"),
    )
    platform = ui_filters.pick_one(
        "platform",
        _("organizers.platform"),
        codes("host_platform"),
        lambda c: label("host_platform", c, _.code),
        all_label=_("organizers.all"),
    )
    level = ui_filters.pick_one(
        "level", _("organizers.level"), levels, lambda c: _(f"organizers.level.{c}"), all_label=_("organizers.all")
    )
    sort = ui_filters.pick_one("sort", _("organizers.sort"), SORTS, lambda c: _(f"organizers.sort.{c}"))

found = ui_kept.answer(
    queries.search_organizers,
    text,
    (kind,) if kind else (),
    (platform,) if platform else (),
    (level,) if level else (),
    ui_filters.page_number(),
    20,
    sort,
)


def name_cell(row: Any) -> Cell:
    """The organizer's name or code, its kind and platform, its level, and the way to its own page."""
    kind_words = label("organizer_type", row.organizer_type, _.code)
    platform_words = label("host_platform", row.host_platform, _.code)
    return Cell(
        row.name if isinstance(row.name, str) else f"#{row.public_code}",
        note=f"{kind_words} · {platform_words}",
        href=ui_links.address("organizer", id=row.public_code),
        badge=_(f"organizers.level.{row.level}") if row.level in levels else "",
        badge_kind=row.level,
    )


def row(r: Any) -> Row:
    """One organizer; a reference register knows of no draws, nor who reported."""
    people = [] if reference else [_.number(r.reporters), _.number(r.draws)]
    settled = rate_cell(_, str(r.resolved), str(r.decided), r.rate, r.low, r.high)
    return Row([name_cell(r), _.number(r.disputes), *people, settled, _.day(r.last_report_on)])


if found.total:
    asked = (text, kind, platform, level, sort, found.page)
    columns = [
        Column(_("organizers.column.name")),
        Column(_("organizers.column.disputes"), numeric=True),
        *([] if reference else [Column(_(f"organizers.column.{c}"), numeric=True) for c in ("reporters", "draws")]),
        Column(_("organizers.column.resolved"), wide=True),
        Column(_("organizers.column.last")),
    ]
    heading = _("organizers.found", found.total)
    ui_kept.table("organizers", columns, lambda: map(row, each(found.frame)), heading, *asked)
    here = _("organizers.page", page=_.number(found.page), pages=_.number(found.pages))
    ui_filters.pager(found.pages, found.page, here, (_("organizers.page.back"), _("organizers.page.on")))
    ui_text.caption(_, _.number(found.total), register.version().as_of, _("organizers.definition"), "organizers")
elif text or kind or platform or level:
    st.header(_("organizers.none.title"))
    ui_text.paragraphs([_("shell.no_record"), _("organizers.none.text")])
else:
    st.header(_("organizers.empty.title"))
    ui_text.paragraphs([_("organizers.empty.text"), _("shell.no_record")])

if not reference:
    st.header(_("organizers.exact.title"))
    ui_text.quiet(_("organizers.exact.help"))
    with st.form("exact", border=False):
        handle = st.text_input(_("organizers.exact.handle"), max_chars=64, key="exact_handle", autocomplete="off")
        host = st.selectbox(
            _("organizers.platform"), codes("host_platform"), key="exact_host",
            format_func=lambda c: label("host_platform", c, _.code),
        )  # fmt: skip
        sent = st.form_submit_button(_("organizers.exact.ask"))
    if sent and handle.strip():
        answer = queries.lookup_handle(register, handle, host, edge.now(), ui_visitor.network())
        st.html(f"<p class='pw-sentence' role='status'>{_(f'organizers.exact.{LookupAnswer(answer).value}')}</p>")
        ui_text.quiet(_("shell.no_record"))
