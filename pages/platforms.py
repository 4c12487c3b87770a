"""Whether a platform acts more often when others complained before."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("platforms.title"))
ui.lead(_("platforms.lead"))
