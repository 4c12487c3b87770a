"""Admins import a file: mapping, dry run, rejects."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("desk_import.title"))
ui.lead(_("desk_import.lead"))
