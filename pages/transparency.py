"""What came in, was published, hidden, removed, objected to, and how soon; for everyone."""

import streamlit as st

from prizewatch import edge, transparency, ui_kept, ui_language, ui_links, ui_text, ui_transparency

_ = ui_language.words()
register = edge.register()
told = ui_kept.answer(transparency.counts)

st.title(_("transparency.title"))
ui_text.lead(_("transparency.lead"))
ui_transparency.summary(_, told)
ui_transparency.months(_, told, register.version().as_of)
ui_transparency.activity(_, told)
ui_transparency.reasons(_, told)
ui_transparency.notices(_, told)
ui_transparency.rules(_, told)
ui_links.link("method", _("transparency.method"))
ui_links.link("notice", _("transparency.notice"))
