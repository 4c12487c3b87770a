"""Report: one page that files one dispute, in the order of the ladder, through the one door; then a receipt."""

import uuid

import streamlit as st

from prizewatch import answers, intake, ui, ui_receipt
from prizewatch.errors import PrizewatchError
from prizewatch.i18n import language
from prizewatch.store import Kind
from prizewatch.ui_html import escape
from prizewatch.ui_report import ask, forget, given, still_wrong

_ = ui.words()
register = ui.register()
state = st.session_state


def send(lang: str, network: str, even_if_warned: bool) -> None:
    """Judge the answers by all rules and file them; anything wrong is kept for its question, what was typed stays."""
    now, zone = ui.now(), register.settings.time_zone
    filled = answers.fill(
        given(), lang=lang, event_id=state["report_event"], network=network, today=ui.today(), zone=zone
    )
    source = intake.Source("form", trusted=False)
    state["report_problems"], state["report_failed"], state["report_tried"] = {}, "", given()
    try:
        on_warning = "accept" if even_if_warned else "refuse"
        receipt = intake.accept(register, filled.batch, source, now, on_warning=on_warning)
    except PrizewatchError as error:
        state["report_failed"] = language(lang)(error.key, **error.values)
        return
    if receipt.codes:
        batch = filled.batch
        state["report_receipt"] = ui_receipt.Filed(
            code=next(iter(receipt.codes.values())),
            day=ui.today(),
            event_id=state["report_event"],
            dispute=batch.disputes.to_pylist()[0],
            events=batch.events.to_pylist(),
            evidence=batch.evidence.to_pylist(),
        )
        return
    if receipt.known and not receipt.problems:
        return  # the same report once more: its receipt is on the screen already
    for problem in receipt.problems:
        if problem.code == "draw_time.required":
            continue  # the day of the draw is the day of the win, unless said otherwise: only that one is asked for
        stage = filled.stages.get(problem.seq) if problem.seq else None
        name = {"draw_time": "draw_on", "conditions": "condition_kinds"}.get(problem.field, problem.field)
        state["report_problems"].setdefault(f"{stage}.{name}" if stage else name, []).append(problem)


def show_receipt() -> None:
    """The code, what to do next, the dates that matter, letters to copy."""
    filed: ui_receipt.Filed = state["report_receipt"]
    zone = register.settings.time_zone
    st.title(_("report.done.title"))
    ui.lead(_("report.done.lead"))
    ui_receipt.show_code(_, filed, register.settings.public_url or _("shell.name"))
    ui_receipt.show_next_step(_, filed)
    ui_receipt.show_dates(_, filed, zone, ui.now())
    ui_receipt.show_letters(_, filed, zone)
    st.button(_("report.done.another"), on_click=forget)


if register.kind is Kind.REFERENCE:
    st.title(_("report.title"))
    ui.paragraphs([_("report.reference")])
elif "report_receipt" in state:
    show_receipt()
else:
    state.setdefault("report_event", str(uuid.uuid4()))
    problems = still_wrong(state.get("report_problems", {}), state.get("report_tried", {}))
    st.title(_("report.title"))
    ui.lead(_("report.lead"))
    with st.container(key="pw-form"):
        asked = ask(_, ui.today(), problems)
    if state.get("report_failed"):
        st.html(f"<p class='pw-problem' role='alert'>{escape(state['report_failed'])}</p>")
    in_order = sorted(problems, key=lambda name: asked.index(name) if name in asked else len(asked))
    found = [p for name in in_order for p in problems[name]]
    only_warnings = bool(found) and all(p.severity == "warning" for p in found)
    if found:
        sentences = "".join(f"<li>{escape(intake.problem_sentence(_, p))}</li>" for p in found)
        head = _("report.warned") if only_warnings else _("report.wrong", len(found))
        st.html(f"<div class='pw-problem' role='alert'><p>{escape(head)}</p><ul>{sentences}</ul></div>")
    st.button(
        _("report.send_anyway" if only_warnings else "report.send"), key="report_send", type="primary", on_click=send,
        args=(_.code, st.context.ip_address or "local", only_warnings),
    )  # fmt: skip
    ui.quiet(_("report.privacy"))
