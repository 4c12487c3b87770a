"""Report: the guided form, a step at a time, that files one dispute through the one door; then its receipt."""

import streamlit as st

from prizewatch import edge, intake, ui_language, ui_receipt, ui_scripts, ui_text, ui_visitor, ui_way
from prizewatch.asking import check_outcome, step_of, steps
from prizewatch.store import Kind
from prizewatch.ui_html import escape
from prizewatch.ui_report import Form, given, still_wrong
from prizewatch.ui_steps import BODY

_ = ui_language.words()
register = edge.register()
state = st.session_state
visit = ui_way.Visit(_, register, ui_visitor.network(), edge.now)


def problem_list(form: Form, step: str) -> bool:
    """What is wrong and has no question on this screen, with the way to its step. Whether there are only warnings."""
    every = [(name, p) for name, found in form.problems.items() for p in found]
    elsewhere = [(name, p) for name, p in every if name not in form.asked]
    warned = bool(every) and all(p.severity == "warning" for _name, p in every)
    if every:
        head = _("report.warned") if warned else _("report.wrong", len(every))
        st.html(f"<p class='pw-problem' role='alert'>{escape(head)}</p>")
    for name, problem in elsewhere:
        st.html(f"<p class='pw-problem {problem.severity}'>{escape(intake.problem_sentence(_, problem))}</p>")
        at = step_of(name)
        if at != step:
            st.button(
                _("report.go", step=_(f"report.step.{at}")), key=f"report_go_{name}_{problem.code}", type="tertiary",
                on_click=ui_way.mend, args=(at,),
            )  # fmt: skip
    return warned


def remarks() -> None:
    """What happened before this screen: a draft found or gone, a link that was followed, a report taken back."""
    for key in ("gone", "sent", "ended", "back_again"):
        if state.get(f"report_{key}"):
            ui_text.quiet(_(f"report.{key}"))
    if state.get("report_joined") is not None:
        ui_text.quiet(_("report.join.hello" if state["report_joined"] else "report.join.gone"))


def show_step() -> None:
    """The open step: progress, questions, what is wrong, onward and back."""
    order = steps(given())
    step = state["report_step"] = state["report_step"] if state["report_step"] in order else order[-1]
    number = order.index(step) + 1
    with st.container(key="pw-top-frame"):  # always there: nothing below it moves under a finger
        if state.setdefault("report_shown", step) != step:
            state["report_shown"] = step
            ui_scripts.to_top(step)
        if state.pop("report_told", False):
            ui_scripts.to_problem()
    st.title(_("report.title"))
    if number == 1:
        ui_text.lead(_("report.lead"))
    remarks()
    bar = "".join(f"<i class='{'done' if n <= number else ''}'></i>" for n in range(1, len(order) + 1))
    where = _("report.progress", at=_.number(number), of=_.number(len(order)), step=_(f"report.step.{step}"))
    after = _("report.progress.next", step=_(f"report.step.{order[number]}")) if number < len(order) else ""
    st.html(
        f"<div class='pw-progress'><h2 tabindex='-1'>{escape(where)}</h2>"
        f"<div class='pw-steps' aria-hidden='true'>{bar}</div><p class='pw-quiet'>{escape(after)}</p></div>"
    )
    problems = still_wrong(state.get("report_problems", {}), state.get("report_tried", {}))
    form = Form(_, visit.day(), problems, state.get("report_notes", {}))
    with st.container(key="pw-form"):
        BODY[step](form, register)
        ui_way.keep_up(visit)
        warned = problem_list(form, step)
        if state.get("report_failed"):
            st.html(f"<p class='pw-problem' role='alert'>{escape(state['report_failed'])}</p>")
        last = step == order[-1]
        words = "report.send" if last else "report.mended" if state.get("report_mending") else "report.next"
        failed = step == "check" and check_outcome(form.answers) == "self_disqualified"
        if failed:
            words = "report.failed.file"
            st.button(_("report.failed.end"), key="report_end", type="primary", width="stretch", on_click=end)
        st.button(
            _(f"{words}_anyway") if warned and last else _(words), key="report_send" if last else "report_next",
            type="secondary" if failed else "primary", width="stretch",
            on_click=ui_way.send if last else ui_way.forward, args=(visit,),
        )  # fmt: skip
        if number > 1:
            st.button(f"← {_('report.back')}", key="report_back", type="tertiary", on_click=ui_way.back, args=(visit,))
        if last:
            ui_text.quiet(_("report.privacy"))
        if state.get("report_draft"):
            ui_text.quiet(_("report.draft"))
            with st.popover(_("report.restart"), type="tertiary"):  # a slip of the thumb erases nothing
                ui_text.quiet(_("report.restart.sure"))
                st.button(_("report.restart.do"), key="report_restart", on_click=ui_way.start_over, args=(visit,))


def end() -> None:
    """A stated condition was missed and the reader files nothing: everything typed is erased."""
    ui_way.start_over(visit)
    state["report_ended"] = True


if register.kind is Kind.REFERENCE:
    st.title(_("report.title"))
    ui_text.paragraphs([_("report.reference")])
elif state.get("report_taken_back"):
    ui_way.start_over(visit)
    st.title(_("report.taken_back.title"))
    ui_text.paragraphs([_("report.taken_back")])
    st.button(_("report.another"), key="report_another", on_click=ui_way.start_over, args=(visit,))
else:
    ui_way.begin(visit)
    if "report_receipt" in state:
        if state.setdefault("report_shown", "receipt") != "receipt":
            state["report_shown"] = "receipt"
            ui_scripts.to_top("receipt")
        ui_receipt.show(_, register, state["report_receipt"], edge.now)
        st.button(_("report.another"), key="report_another", on_click=ui_way.start_over, args=(visit,))
    else:
        show_step()
