"""Who saw and did what."""

import streamlit as st

from prizewatch import ui, ui_desk

_ = ui.words()
actor = ui_desk.actor("audit.read")
st.title(_("desk_audit.title"))
ui.lead(_("desk_audit.lead"))
