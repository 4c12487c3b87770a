"""Moderators merge, split and name organizers."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("desk_organizers.title"))
ui.lead(_("desk_organizers.lead"))
