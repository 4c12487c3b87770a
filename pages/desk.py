"""The queue of moderators: what needs a person, oldest duty first; one matter at a time, and the last decision back."""

import streamlit as st

from prizewatch import (
    edge,
    queue,
    ui_alarm,
    ui_case,
    ui_decide,
    ui_desk,
    ui_erasure,
    ui_kinship,
    ui_language,
    ui_naming,
    ui_notice_desk,
    ui_queue,
    ui_reply_desk,
)

#: What a matter is about -> the screen that decides it. Other rooms add theirs: (words, register, actor, duty, after).
SCREENS = {
    "dispute": ui_case.show, "organizer": ui_naming.show, "proposal": ui_naming.proposal, "notice": ui_notice_desk.show,
    "reply": ui_reply_desk.show, "pair": ui_kinship.show, "alarm": ui_alarm.show,
    "erasure": ui_erasure.show,
}  # fmt: skip

_ = ui_language.words()
actor = ui_desk.actor("desk.see")
register = edge.register()

waiting = queue.waiting(register, edge.now(), actor)
asked = ui_queue.read(st.query_params.get("work", ""), waiting)
if asked is None or asked.subject_kind not in SCREENS:
    st.title(_("desk.title"))
    ui_decide.last(_)
    ui_queue.show(_, register, waiting)
else:
    after = ui_queue.following(_, waiting, asked)
    ui_queue.bar(_, waiting, asked)
    SCREENS[asked.subject_kind](_, register, actor, asked, after)
