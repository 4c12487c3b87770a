"""An organizer answers, by the link of an invitation."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("reply.title"))
ui.lead(_("reply.lead"))
