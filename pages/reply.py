"""An organizer answers, by the link of an invitation (?t=)."""

import streamlit as st

from prizewatch import replying, ui, ui_reply
from prizewatch.ui_html import escape
from prizewatch.ui_mine import network

_ = ui.words()
register = ui.register()
token = st.query_params.get("t", "")[:80]
found = replying.opened(register, token, ui.now(), network()) if token else None

st.title(_("reply.title"))
if found is None:
    ui.paragraphs([_("reply.gone"), _("reply.gone.instead")])
    ui.link("notice", _("reply.gone.notice"))
else:
    ui.lead(_("reply.lead", day=_.day(register.day_of(found.good_until))))
    if st.session_state.pop("reply_sent", False):
        st.html(f"<div class='pw-aside' role='status'><p>{escape(_('reply.sent'))}</p></div>")
    ui_reply.earlier(_, register, found)
    ui_reply.on_file(_, register, found)
    if found.closed:
        ui.paragraphs([_("reply.closed" if found.refused >= replying.MOST_REFUSED else "reply.waits")])
    else:
        ui_reply.ask(_, register, token, found)
    ui.link("notice", _("reply.notice"), record=found.public_code)
