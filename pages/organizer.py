"""One organizer at its own address (?id=): the sentence and its reply, its numbers and what raised them, names."""

import streamlit as st

from prizewatch import brigading, edge, queries, ui_kept, ui_language, ui_links, ui_organizer, ui_text
from prizewatch.profile import sentence
from prizewatch.store import Kind
from prizewatch.ui_html import escape
from prizewatch.vocabulary import label

_ = ui_language.words()
register = edge.register()
reference = register.kind is Kind.REFERENCE
profile = ui_kept.answer(queries.organizer, st.query_params.get("id", "")[:40])

ui_links.link("organizers", _("organizer.back"))

if profile is None:
    st.title(_("organizer.none.title"))
    ui_text.paragraphs([_("organizer.none.text"), _("shell.no_record")])
else:
    kinds = [
        label("organizer_type", profile.organizer_type, _.code),
        label("legal_nature", profile.legal_nature, _.code),
        label("host_platform", profile.host_platform, _.code),
    ]
    ui_text.name_as_title(profile.name or f"#{profile.public_code}")
    ui_text.quiet(" · ".join([*kinds, f"#{profile.public_code}"]))
    ui_organizer.formerly(_, profile)
    st.html(f"<p class='pw-sentence'>{escape(sentence(_, profile))}</p>")
    ui_organizer.note(_, ui_kept.answer(brigading.public_note, profile.organizer_id))
    ui_organizer.numbers(_, profile, reference)
    if not reference:
        ui_organizer.replies(_, profile)
    ui_organizer.level(_, profile, reference)
    if profile.breakdown:
        ui_organizer.months(_, profile)
        ui_organizer.changed(_, profile)
        ui_organizer.steps(_, profile)
        ui_organizer.reasons(_, profile)
    else:
        ui_text.quiet(_("organizer.no_breakdown"))
    ui_organizer.names(_, profile)
    if not reference:
        ui_links.link("report", _("organizer.report"), organizer=profile.public_code)
        ui_links.link("notice", _("organizer.object"), record=profile.public_code)
    else:
        ui_links.link("method", _("organizer.object"))
