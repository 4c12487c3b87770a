"""What to look for, and what to save now in case it is needed later."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("before.title"))
ui.lead(_("before.lead"))
