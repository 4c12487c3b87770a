"""Why prizes are refused, and how reports come in over the months."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("trends.title"))
ui.lead(_("trends.lead"))
