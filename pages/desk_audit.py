"""Who saw and did what, and who may come to the desk."""

import streamlit as st

from prizewatch import edge, ui_audit, ui_desk, ui_language, ui_text
from prizewatch.access import may

_ = ui_language.words()
actor = ui_desk.actor("audit.read")
register = edge.register()
st.title(_("desk_audit.title"))
ui_text.lead(_("desk_audit.lead"))

ui_audit.entries(_, register)
if may(actor, "account.manage"):
    ui_audit.people(_, register, actor)
