"""Admins import a file: mapping, dry run, rejects."""

import streamlit as st

from prizewatch import ui, ui_desk

_ = ui.words()
actor = ui_desk.actor("import.run")
st.title(_("desk_import.title"))
ui.lead(_("desk_import.lead"))
