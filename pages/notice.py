"""A notice of somebody who is named here: takedown, correction, objection, with its clocks."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("notice.title"))
ui.lead(_("notice.lead"))
