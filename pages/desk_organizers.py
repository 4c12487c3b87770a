"""Moderators merge, split and name organizers."""

import streamlit as st

from prizewatch import ui, ui_desk

_ = ui.words()
actor = ui_desk.actor("organizer.merge")
st.title(_("desk_organizers.title"))
ui.lead(_("desk_organizers.lead"))
