"""Admins import a file: mapping, dry run, rejects."""

import streamlit as st

from prizewatch import ui, ui_desk, ui_import

_ = ui.words()
ui_desk.actor("import.run")
register = ui.register()
st.title(_("desk_import.title"))
ui.lead(_("desk_import.lead"))
ui_import.show(_, register)
