"""From the claim to the prize, or to giving up."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("time.title"))
ui.lead(_("time.lead"))
