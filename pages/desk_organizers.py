"""Moderators merge and split organizers, invite them to answer, and move what is about somebody who used a name."""

import streamlit as st

from prizewatch import ui, ui_casefile, ui_decide, ui_desk, ui_kinship

_ = ui.words()
actor = ui_desk.actor("organizer.merge")
register = ui.register()

st.title(_("desk_organizers.title"))
ui.lead(_("desk_organizers.lead"))
ui_decide.last(_)
ui_kinship.one_by_one(_, register, actor)
ui_kinship.suggested(_, register, actor)
ui_casefile.desk(_, register, actor)
