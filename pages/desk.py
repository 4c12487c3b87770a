"""The queue of moderators: what needs a person, oldest duty first."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("desk.title"))
ui.lead(_("desk.lead"))
