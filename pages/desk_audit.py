"""Who saw and did what, and who may come to the desk."""

import streamlit as st

from prizewatch import ui, ui_audit, ui_desk
from prizewatch.access import may

_ = ui.words()
actor = ui_desk.actor("audit.read")
register = ui.register()
st.title(_("desk_audit.title"))
ui.lead(_("desk_audit.lead"))

ui_audit.entries(_, register)
if may(actor, "account.manage"):
    ui_audit.people(_, register, actor)
