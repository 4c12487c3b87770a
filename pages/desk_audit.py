"""Who saw and did what."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("desk_audit.title"))
ui.lead(_("desk_audit.lead"))
