"""What came in, was published, hidden, removed, objected to, and how soon; for everyone."""

import streamlit as st

from prizewatch import ui

_ = ui.words()
st.title(_("transparency.title"))
ui.lead(_("transparency.lead"))
