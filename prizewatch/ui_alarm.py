"""An alarm on the desk: what came together, what speaks for a campaign and what does not, and the decision."""

from __future__ import annotations

import streamlit as st

from . import brigading, edge, rulings, ui_decide, ui_desk, ui_text
from .access import Actor
from .brigading import ACTIONS, Action, Alarm
from .duties import Duty
from .i18n import Language
from .store import Register
from .ui_html import escape, facts

state = st.session_state


def show(_: Language, register: Register, actor: Actor, duty: Duty, after: str) -> None:
    """One alarm."""
    found = brigading.alarm(register, duty.subject_id)
    if found is None:
        ui_text.paragraphs([_("errors.alarm.unknown")])
        return
    read, act = ui_decide.sides()
    with read:
        st.html(_document(_, found))
    with act:
        _decision(_, found, after)


def _document(_: Language, found: Alarm) -> str:
    badges = "".join(f"<span class='pw-badge'>{escape(_(f'desk.why.{code}'))}</span> " for code in found.signals)
    numbers = [
        (_("desk.alarm.reports"), _.number(found.reports), _("desk.alarm.since", day=_.day(found.since))),
        (_("desk.alarm.reporters"), _.number(found.reporters), _("desk.alarm.reporters.note")),
        (_("desk.alarm.places"), _.number(found.places), _("desk.alarm.places.note")),
        (_("desk.alarm.proven"), _.number(found.proven), _("desk.alarm.proven.note")),
    ]
    return (
        f"<article class='pw-case'><h2>{escape(_('desk.alarm.title', code=found.public_code))}</h2><p>{badges}</p>"
        f"{facts(numbers)}<p>{escape(_(f'desk.alarm.stands.{found.kind}'))}</p><p>{escape(_('desk.alarm.text'))}</p>"
        f"</article>"
    )


def _decision(_: Language, found: Alarm, after: str) -> None:
    key = f"desk-alarm-{found.alarm_id.hex[:12]}"
    chosen = st.radio(
        _("desk.alarm.decide"), ACTIONS, key=f"{key}-action", format_func=lambda a: _(f"desk.alarm.do.{a}"),
        captions=[_(f"desk.alarm.does.{a}") for a in ACTIONS],
    )  # fmt: skip
    st.text_area(_("desk.sentence"), key=f"{key}-sentence", height=90, max_chars=rulings.MOST_WORDS, on_change="ignore")
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("desk.decide", action=_(f"desk.alarm.do.{chosen}")), key="desk_decide", type="primary", shortcut="D",
            on_click=ui_desk.guarded("alarm.decide", decide), args=(found, chosen, key, after),
        )  # fmt: skip
        ui_decide.skip(_, after)


def decide(actor: Actor, found: Alarm, action: Action, key: str, after: str) -> None:
    """A decision was pressed; the next matter comes up."""
    if ui_decide.chosen_since(f"{key}-action", action):
        return
    words = str(state.get(f"{key}-sentence", "")).strip()
    brigading.decide(edge.register(), actor, found.alarm_id, action, edge.now(), words)
    ui_decide.done(f"desk.alarm.stands.{action}", after)
