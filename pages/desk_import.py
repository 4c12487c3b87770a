"""Admins import a file: mapping, dry run, rejects."""

import streamlit as st

from prizewatch import edge, ui_desk, ui_import, ui_language, ui_text

_ = ui_language.words()
ui_desk.actor("import.run")
register = edge.register()
st.title(_("desk_import.title"))
ui_text.lead(_("desk_import.lead"))
ui_import.show(_, register)
