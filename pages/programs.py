"""For programs: every address, and a line to copy for each language."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("programs.title"))
ui.lead(_("programs.lead"))
