"""A notice of somebody who is named here: takedown, correction, objection, with its clocks; or what became of one."""

import streamlit as st

from prizewatch import edge, ui_language, ui_notice, ui_text

_ = ui_language.words()
register = edge.register()

st.title(_("notice.title"))
if "notice_filed" in st.session_state:
    ui_notice.receipt(_)
else:
    ui_text.lead(_("notice.lead"))
    view = st.segmented_control(
        _("notice.view"), ["file", "see"], key="notice_view", default="file", required=True,
        format_func=lambda v: _(f"notice.view.{v}"), label_visibility="collapsed",
    )  # fmt: skip
    if view == "see":
        ui_notice.see(_, register)
    else:
        ui_text.paragraphs([_("notice.before")])
        ui_notice.ask(_, register)
