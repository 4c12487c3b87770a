"""An organizer answers, by the link of an invitation (?t=)."""

import streamlit as st

from prizewatch import edge, replying, ui_language, ui_links, ui_reply, ui_text
from prizewatch.ui_html import escape
from prizewatch.ui_visitor import network

_ = ui_language.words()
register = edge.register()
token = st.query_params.get("t", "")[:80]
found = replying.opened(register, token, edge.now(), network()) if token else None

st.title(_("reply.title"))
if found is None:
    ui_text.paragraphs([_("reply.gone"), _("reply.gone.instead")])
    ui_links.link("notice", _("reply.gone.notice"))
else:
    ui_text.lead(_("reply.lead", day=_.day(register.day_of(found.good_until))))
    if st.session_state.pop("reply_sent", False):
        st.html(f"<div class='pw-aside' role='status'><p>{escape(_('reply.sent'))}</p></div>")
    ui_reply.earlier(_, register, found)
    ui_reply.on_file(_, register, found)
    if found.closed:
        ui_text.paragraphs([_("reply.closed" if found.refused >= replying.MOST_REFUSED else "reply.waits")])
    else:
        ui_reply.ask(_, register, token, found)
    ui_links.link("notice", _("reply.notice"), record=found.public_code)
