"""My report: opened by its code; where it stands, what may be done about it, and one screen for each change."""

import streamlit as st

from prizewatch import ui, ui_mine, ui_mine_change, ui_mine_erase, ui_mine_question
from prizewatch.store import Kind

_ = ui.words()
register = ui.register()

st.title(_("mine.title"))
if register.kind is Kind.REFERENCE:
    ui.paragraphs([_("mine.reference")])
elif "mine_gone" in st.session_state:
    ui_mine.show_gone(_, register)
    ui_mine_erase.withdrawn(_, register, "mine_gone")
else:
    report = ui_mine.opened(register)
    if report is None:
        ui.lead(_("mine.lead"))
        ui_mine.ask_code(_, register)
        ui_mine_erase.withdrawn(_, register, "mine_typed")
    elif view := st.session_state.get("mine_view"):
        ui_mine_change.screen(_, register, report, view)
    else:
        ui_mine_erase.standing(_, register, report)
        ui_mine_question.show(_, register, report)
        ui_mine.show(_, register, report)
