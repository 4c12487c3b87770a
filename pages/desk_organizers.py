"""Moderators merge and split organizers, invite them to answer, and move what is about somebody who used a name."""

import streamlit as st

from prizewatch import ui, ui_casefile, ui_desk, ui_kinship
from prizewatch.ui_html import escape

_ = ui.words()
actor = ui_desk.actor("organizer.merge")
register = ui.register()

st.title(_("desk_organizers.title"))
ui.lead(_("desk_organizers.lead"))
if note := st.session_state.pop("kin_note", ""):
    st.html(f"<div class='pw-aside' role='status'><p>{escape(note)}</p></div>")
ui_kinship.one_by_one(_, register, actor)
ui_kinship.suggested(_, register, actor)
ui_casefile.desk(_, register, actor)
