"""My report: opened by its code; where it stands, what may be done about it, and one screen for each change."""

import streamlit as st

from prizewatch import (
    edge,
    ui_language,
    ui_mine_change,
    ui_mine_erase,
    ui_mine_open,
    ui_mine_question,
    ui_mine_report,
    ui_text,
)
from prizewatch.store import Kind

_ = ui_language.words()
register = edge.register()

st.title(_("mine.title"))
if register.kind is Kind.REFERENCE:
    ui_text.paragraphs([_("mine.reference")])
elif "mine_gone" in st.session_state:
    ui_mine_open.show_gone(_, register)
    ui_mine_erase.withdrawn(_, register, "mine_gone")
else:
    report = ui_mine_open.opened(register)
    if report is None:
        ui_text.lead(_("mine.lead"))
        ui_mine_open.ask_code(_, register)
        ui_mine_erase.withdrawn(_, register, "mine_typed")
    elif view := st.session_state.get("mine_view"):
        ui_mine_change.screen(_, register, report, view)
    else:
        ui_mine_erase.standing(_, register, report)
        ui_mine_question.show(_, register, report)
        ui_mine_report.show(_, register, report)
