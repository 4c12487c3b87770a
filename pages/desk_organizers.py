"""Moderators merge and split organizers, invite them to answer, and move what is about somebody who used a name."""

import streamlit as st

from prizewatch import edge, ui_casefile, ui_decide, ui_desk, ui_kinship, ui_language, ui_text

_ = ui_language.words()
actor = ui_desk.actor("organizer.merge")
register = edge.register()

st.title(_("desk_organizers.title"))
ui_text.lead(_("desk_organizers.lead"))
ui_decide.last(_)
ui_kinship.one_by_one(_, register, actor)
ui_kinship.suggested(_, register, actor)
ui_casefile.desk(_, register, actor)
