"""What should I do: the ladder, step by step, for the kind of organizer the reader met."""

import streamlit as st

from prizewatch import advice, ui
from prizewatch.ui_html import escape
from prizewatch.vocabulary import label

_ = ui.words()
st.title(_("advice.title"))
ui.lead(_("advice.lead"))

group = ui.pick_one("who", _("advice.who"), advice.GROUPS, lambda c: _(f"advice.who.{c}"))
parts = ("evidence", "where", "expect")
steps = "".join(
    f"<li data-step='{escape(step.stage[1])}'><h2>{escape(label('stage', step.stage, _.code))}</h2>"
    f"<p>{escape(step.do)}</p>"
    + "".join(
        f"<p><strong>{escape(_(f'advice.{part}'))}</strong>{escape(getattr(step, part))}</p>"
        for part in parts
        if getattr(step, part).strip("— -")
    )
    + "</li>"
    for step in advice.ladder(group, _.code)
)
st.html(f"<ol class='pw-ladder'>{steps}</ol>")
ui.quiet(_("advice.caution"))
ui.link("report", _("advice.report"))
