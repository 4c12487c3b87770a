"""Before I enter: who runs the draw, what its announcement states, what to save now. The result is in the address."""

import streamlit as st

from prizewatch import edge, ui_before, ui_language, ui_text

_ = ui_language.words()
st.title(_("before.title"))
ui_text.lead(_("before.lead"))
with st.container(key="pw-form"):
    organizer = ui_before.who(_, edge.now())
    check = ui_before.ticks(_)
    ui_before.result(_, check, organizer)
