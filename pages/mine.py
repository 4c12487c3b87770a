"""Open your own report with the code of its receipt."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("mine.title"))
ui.lead(_("mine.lead"))
