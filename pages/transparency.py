"""What came in, was published, hidden, removed, objected to, and how soon; for everyone."""

import streamlit as st

from prizewatch import transparency, ui, ui_transparency

_ = ui.words()
register = ui.register()
told = ui.kept(transparency.counts)

st.title(_("transparency.title"))
ui.lead(_("transparency.lead"))
ui_transparency.summary(_, told)
ui_transparency.months(_, told, register.version().as_of)
ui_transparency.activity(_, told)
ui_transparency.reasons(_, told)
ui_transparency.notices(_, told)
ui_transparency.rules(_, told)
ui.link("method", _("transparency.method"))
ui.link("notice", _("transparency.notice"))
