"""How many disputes reach each step, and how they end there."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("ladder.title"))
ui.lead(_("ladder.lead"))
