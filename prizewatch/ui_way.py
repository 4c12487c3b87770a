"""The way through the report form: which step is open, leaving it when it is right, the draft under its code, sending.

Every step is judged when it is left, by the rules it will be filed by; only what belongs to the step is said there.
A step that is left is kept on the register's desk, so that a reload or a restart finds it again by the address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import streamlit as st

from . import answers, drafts, draws, intake, redaction, ui_visitor
from .asking import PROOF_OF, SAID_BEFORE, STEPS, far_above, step_of, steps
from .errors import PrizewatchError
from .fields import FREE_TEXTS
from .i18n import Language
from .intake import Problem
from .store import Register
from .ui_html import escape
from .ui_receipt import Filed
from .ui_report import PREFIX, drop, given, put
from .ui_who import join, pick_listed

SOURCE = intake.Source("form", trusted=False)
#: So long the receipt is shown again to who comes back with the draft's address: a line may drop at the last press.
RECEIPT_STAYS = timedelta(minutes=10)
#: Answers no link fills in: whoever gave one of them has begun.
BY_HAND = frozenset({"win_notice_on", "prize_value", "dispute_reason", "refusal_mode"})
state = st.session_state


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here: the reader's language, the register, the network address, and the clock (UTC) for each press."""

    lang: Language
    register: Register
    network: str
    clock: Callable[[], datetime]

    def day(self) -> date:
        """The day it is where the register stands."""
        return self.clock().replace(tzinfo=UTC).astimezone(self.register.settings.time_zone).date()


# ── beginning, and coming back ────────────────────────────────────────────────────────────────────────────────────


def begin(visit: Visit) -> None:
    """A new report, the one a draft's address names, or one that a link filled in."""
    code = st.query_params.get("draft")
    if code and code != state.get("report_draft"):
        _restore(visit, code)
    elif state.get("report_draft") and code is None:
        st.query_params["draft"] = state["report_draft"]  # the menu's links leave it out
    if "report_event" not in state:
        state["report_event"], state["report_opened"] = str(uuid4()), visit.clock().isoformat()
        state["report_step"] = STEPS[0]
    token, organizer = st.query_params.get("join"), st.query_params.get("organizer")
    if token and state.get("report_token") != token:
        state["report_token"] = token
        state["report_joined"] = join(visit.register, token)
    if organizer and state.get("report_token") != organizer:
        state["report_token"] = organizer
        pick_listed(organizer)


def _restore(visit: Visit, code: str) -> None:
    """The draft under a code, put where the questions look; after sending its receipt, for a while."""
    now = visit.clock()
    draft = drafts.load(visit.register, code, now)
    forget()
    if draft is None:
        state["report_gone"] = True
        del st.query_params["draft"]
        return
    state["report_draft"], state["report_event"] = code, draft.event_id
    kept = dict(draft.answers)
    if "_sent" in kept:
        if now - draft.saved_at <= RECEIPT_STAYS:
            again = Filed.again(visit.register, draft.event_id, kept["_sent"], draft.saved_at, visit.day())
            state["report_receipt"] = again
        else:
            forget()
            state["report_sent"] = True
            del st.query_params["draft"]
        return
    state["report_step"] = kept.pop("_step", STEPS[0])
    state["report_opened"] = kept.pop("_opened", now.isoformat())
    state["report_back_again"] = draft.saved_at
    put(kept)


def save(visit: Visit) -> None:
    """Keep what was answered, and where the reader is."""
    code = state.get("report_draft")
    if not code:
        code = state["report_draft"] = drafts.new_code()
    st.query_params["draft"] = code
    kept = _kept()
    drafts.save(visit.register, code, state["report_event"], kept, visit.clock(), visit.network)
    state["report_saved"] = kept


def keep_up(visit: Visit) -> None:
    """Keep the open step as far as it is filled in, so that a reload finds that too. A link that was only opened leaves
    no draft. What cannot be kept now is kept, or said, when the step is left.
    """
    kept = _kept()
    if (state.get("report_draft") or BY_HAND & kept.keys()) and kept != state.get("report_saved"):
        with suppress(PrizewatchError):
            save(visit)


def _kept() -> dict[str, Any]:
    """What a draft holds: the answers, and where the reader is."""
    said = {name: value for name, value in given().items() if value not in (None, "", [], ())}
    return said | {"_step": state["report_step"], "_opened": state["report_opened"]}


def forget() -> None:
    """Empty the form."""
    ui_visitor.forget(PREFIX, "report_")


def start_over(visit: Visit) -> None:
    """Erase the draft and begin anew."""
    if code := state.get("report_draft"):
        drafts.discard(visit.register, code)
    forget()
    for name in ("draft", "join", "organizer"):
        if name in st.query_params:
            del st.query_params[name]


# ── judging ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _filled(visit: Visit) -> answers.Filled:
    seconds = (visit.clock() - datetime.fromisoformat(state["report_opened"])).total_seconds()
    said = given() | {
        "filled_seconds": int(seconds),
        "device": ui_visitor.device(),
    }
    zone = visit.register.settings.time_zone
    return answers.fill(
        said, lang=visit.lang.code, event_id=state["report_event"], network=visit.network, today=visit.day(), zone=zone
    )


def _judged(visit: Visit, filled: answers.Filled) -> dict[str, list[Problem]]:
    """All that is wrong so far, by question."""
    return _by_question(filled, intake.check(visit.register, filled.batch, SOURCE, visit.clock()).problems)


def _by_question(filled: answers.Filled, problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.code not in SAID_BEFORE and (name := filled.question(problem)):
            found.setdefault(name, []).append(problem)
    return found


def _stops(name: str, problem: Problem) -> bool:
    """Whether a problem keeps the reader here: an error does, a warning once."""
    if problem.severity == "error":
        return True
    return (problem.code, str(given().get(name))) not in state["report_warned"]


def _remember(problems: dict[str, list[Problem]]) -> None:
    """What has been said; a warning that was read is not said again for the same answer."""
    said = given()
    state["report_problems"], state["report_tried"], state["report_told"] = problems, said, True
    for name, found in problems.items():
        state["report_warned"] |= {(p.code, str(said.get(name))) for p in found if p.severity == "warning"}


def _second_look(visit: Visit, step: str) -> dict[str, list[str]]:
    """Notes that ask for one more look at a step: words that are masked, a value a hundred times the usual."""
    said, notes = given(), {}
    looked: dict[str, Any] = state.setdefault("report_looked", {})
    for name in FREE_TEXTS:
        text = said.get(name)
        if not isinstance(text, str) or step_of(name) != step or looked.get(name) == text:
            continue
        marked = redaction.marked(text)
        if marked.masked != text or marked.names:
            looked[name] = text
            notes[name] = [before_after(visit.lang, marked)]
    value = said.get("prize_value")
    if step == "what" and value and not said.get("value_unknown") and looked.get("prize_value") != value:
        usual = draws.usual_value(visit.register, str(said.get("prize_kind")))
        if far_above(float(value), usual):
            looked["prize_value"] = value
            said_so = escape(visit.lang("report.far_above"))
            notes["prize_value"] = [f"<p class='pw-problem warning' role='alert'>{said_so}</p>"]
    return notes


def before_after(_: Language, marked: redaction.Marked) -> str:
    """What was written, with what is masked in it marked, and what is kept."""
    parts, at = [], 0
    for span in sorted((*marked.spans, *marked.names), key=lambda s: s.start):
        if span.start < at:
            continue
        parts.append(escape(marked.text[at : span.start]))
        parts.append(f"<mark>{escape(marked.text[span.start : span.end])}</mark>")
        at = span.end
    before = "".join(parts) + escape(marked.text[at:])
    names = f"<p>{escape(_('report.masked.names'))}</p>" if marked.names else ""
    return (
        f"<div class='pw-masked' role='status'><p><strong>{escape(_('report.masked.head'))}</strong></p>"
        f"<dl><dt>{escape(_('report.masked.before'))}</dt><dd>{before}</dd>"
        f"<dt>{escape(_('report.masked.after'))}</dt><dd>{escape(marked.masked)}</dd></dl>{names}"
        f"<p>{escape(_('report.masked.then'))}</p></div>"
    )


# ── moving ────────────────────────────────────────────────────────────────────────────────────────────────────────


def forward(visit: Visit) -> None:
    """On to the next step, if nothing of this one is wrong."""
    step = state["report_step"]
    state.setdefault("report_warned", set())
    problems = _judged(visit, _filled(visit))
    here: dict[str, list[Problem]] = {}
    for name, found in problems.items():
        if mine := [p for p in found if step_of(name, p.code) == step]:
            here[name] = mine
    stops = any(_stops(name, p) for name, found in here.items() for p in found)
    notes = {} if stops else _second_look(visit, step)  # one thing at a time
    state["report_notes"] = notes or (state.get("report_notes", {}) if stops else {})
    if stops or notes:
        _remember(here)
        return
    if step == "check":
        _proofs()
    state["report_problems"] = {}
    order = steps(given())
    to = "send" if state.pop("report_mending", False) else order[min(order.index(step) + 1, len(order) - 1)]
    _go(to, visit)


def back(visit: Visit) -> None:
    """One step back; what was typed stays."""
    order = steps(given())
    _go(order[max(order.index(state["report_step"]) - 1, 0)], visit)


def mend(step: str) -> None:
    """From the summary to a step, and from there straight back to the summary."""
    state["report_step"], state["report_mending"], state["report_notes"] = step, True, {}


def _go(step: str, visit: Visit) -> None:
    state["report_step"], state["report_notes"] = step, {}
    for said in ("gone", "sent", "ended", "back_again", "joined"):
        state.pop(f"report_{said}", None)
    try:
        save(visit)
        state["report_failed"] = ""
    except PrizewatchError as error:  # the way goes on; only a reload would lose it
        state["report_failed"] = visit.lang(error.key, **error.values)


def _proofs() -> None:
    """The conditions somebody can prove are ticked in the checklist."""
    said = given()
    held = list(said.get("evidence_a") or ())
    found = [PROOF_OF[kind] for kind in said.get("proved") or () if kind in PROOF_OF]
    held += [kind for kind in found if kind not in held and kind != "payment_record"]
    if held:
        put({"evidence_a": list(dict.fromkeys(held))})


def send(visit: Visit) -> None:
    """Judge the answers by all rules and file them; anything wrong leads back to its step, what was typed stays."""
    state.setdefault("report_warned", set())
    filled, now = _filled(visit), visit.clock()
    try:
        problems = _judged(visit, filled)
        stop = any(_stops(name, p) for name, found in problems.items() for p in found)
        _remember(problems if stop else {})
        if stop:
            return
        receipt = intake.accept(visit.register, filled.batch, SOURCE, now, on_warning="accept")
        if not receipt.codes:
            _remember(_by_question(filled, receipt.problems))
            return
        code, dispute_id = next(iter(receipt.codes.values())), next(iter(receipt.ids.values()))
        state["report_receipt"] = Filed.of(filled.batch, code, dispute_id, now, visit.day(), state["report_event"])
        state["report_failed"] = ""
        if state.get("report_draft"):  # the answers go; that it was sent stays for a reload in the next minutes
            drafts.save(visit.register, state["report_draft"], state["report_event"], {"_sent": dispute_id}, now)
        drop(*given())
    except PrizewatchError as error:
        state["report_failed"] = visit.lang(error.key, **error.values)
