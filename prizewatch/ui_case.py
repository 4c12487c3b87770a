"""One report on one screen: what it says, as written and as masked, its proof and its way, who it is about, what is
like it, what was decided; and beside it what may be decided now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st

from . import edge, kinship, queue, redaction, rulings, ui_decide, ui_desk, ui_links, vault
from .access import Actor
from .duties import Duty
from .errors import UnusableInput
from .i18n import Language
from .queue import Case, Words
from .store import Register
from .ui_decide import Matter
from .ui_html import escape
from .ui_queue import age
from .vocabulary import code_lists, label

#: Facts in the order they are read: field -> its code list, or what it is.
FACTS = {
    "organizer_type": "organizer_type", "legal_nature": "legal_nature", "host_platform": "host_platform",
    "lottery_tool": "lottery_tool", "draw_time": "day", "win_notice_on": "day", "prize_kind": "prize_kind",
    "prize_value": "money", "dispute_reason": "dispute_reason", "refusal_mode": "refusal_mode",
    "claim_made_on": "day", "refused_on": "day", "paid": "flag", "relation": "relation", "winner_age": "number",
    "withdraw_reason": "withdraw_reason", "consent_contact": "flag",
}  # fmt: skip
#: Words up to this length share a line.
SHORT = 28


def show(_: Language, register: Register, actor: Actor, duty: Duty, after: str) -> None:
    """The report a matter is about, and the decision."""
    try:
        case = _read(register, actor, duty.subject_id)
    except UnusableInput as error:
        st.html(f"<p class='pw-problem' role='alert'>{escape(_(error.key))}</p>")
        return
    read, act = ui_decide.sides()
    with read:
        st.html(document(_, register, case, duty))
    with act:
        ui_decide.panel(_, matter(_, case, after))
        _beside(_, case)
        if moved := kinship.moved(register, case.dispute_id):
            st.button(
                _("desk.move_back"), key="desk_move_back", args=((str(moved),), False, after),
                on_click=ui_desk.guarded("report.decide", ui_decide.take_back),
            )  # fmt: skip


def _read(register: Register, actor: Actor, dispute: UUID) -> Case:
    """The report, read anew with every change of the register; its opening is noted once."""
    version, kept = str(register.version()), st.session_state.get("desk_case")
    again = kept is not None and kept[0] == dispute
    if kept is not None and kept[:2] == (dispute, version):
        return kept[2]  # type: ignore[no-any-return]
    case = queue.case(register, actor, dispute, edge.now(), noted=again)
    st.session_state["desk_case"] = (dispute, version, case)
    return case


def matter(_: Language, case: Case, after: str) -> Matter:
    """What may be decided of the report as it stands."""
    standing, organizer = case.standing, case.organizer
    it = rulings.Report(
        standing["moderation"], standing["status"], standing["verification"], bool(organizer.get("named")),
        asks_more=bool(case.report["consent_contact"]), other="published_masked",
    )  # fmt: skip
    actions = [a for a in rulings.DISPUTE if not rulings.report_problem(a, it) and a != "move"]
    if not case.similar and "merge" in actions:
        actions.remove("merge")
    usual = "publish_masked" if "publish_masked" in actions else ""
    stays = standing["moderation"] in rulings.PUBLIC
    others = [
        (s.dispute_id, f"{code_of(s.dispute_id)} · {_.day(s.reported_on)} · {_why(_, s.why)}") for s in case.similar
    ]
    return Matter(
        "dispute", case.dispute_id, case.last_commit, actions, usual, others,
        said_in="en" if case.report["report_lang"] == "en" else "zh-CN", after=after,
        words={"publish_masked": "desk.do.stays"} if stays else {},
        without=frozenset() if it.asks_more else frozenset({("ask", "other")}),
    )  # fmt: skip


# ── the document ───────────────────────────────────────────────────────────────────────────────────────────────────


def document(_: Language, register: Register, case: Case, duty: Duty) -> str:
    """Everything about a report as HTML but those alike; every word of strangers escaped."""
    today = register.day_of(edge.now())
    parts = [
        _head(_, case, duty, today),
        _words(_, case.words),
        facts(_, {**case.report, "draw_time": register.day_of(case.report["draw_time"])}),
        "<div class='two'><div>",
        listed(_("desk.evidence"), (evidence_line(_, register, e) for e in case.evidence), _("desk.evidence.none")),
        listed(_("desk.ladder"), (_rung(_, event) for event in case.events), _("desk.ladder.none")),
        "</div><div>",
        organizer(_, case.organizer),
        listed(_("desk.history"), (happened(_, register, row) for row in reversed(case.history)), ""),
        "</div></div>",
    ]
    return "<article class='pw-case'>" + "".join(parts) + "</article>"


def _head(_: Language, case: Case, duty: Duty, today: date) -> str:
    standing = case.standing
    why = "".join(
        f"<span class='pw-badge'>{escape(_(f'desk.why.{code}'))}</span> "
        for code in dict.fromkeys((*case.screens, *duty.why))
    )
    said = (
        label("moderation_status", standing["moderation"], _.code), label("dispute_status", standing["status"], _.code),
        label("verification_level", standing["verification"], _.code),
        _("desk.filed", day=_.day(standing["reported_on"]), age=age(_, standing["reported_on"], today)),
    )  # fmt: skip
    title = _("desk.report", code=code_of(case.dispute_id))
    return f"<h2>{escape(title)} {why}</h2><p class='pw-quiet'>{escape(' · '.join(said))}</p>"


def _words(_: Language, words: Iterable[Words]) -> str:
    """Free words, short ones side by side."""
    rows = []
    for one in words:
        name = _(f"fields.{one.field}") + (f" · {label('stage', one.stage, _.code)}" if one.stage else "")
        wide = "" if len(one.stands) <= SHORT and not one.original else " class='wide'"
        rows.append(f"<div{wide}><dt>{escape(name)}</dt><dd>{_two(_, one)}</dd></div>")
    return f"<dl class='pw-words'>{''.join(rows)}</dl>" if rows else f"<p>{escape(_('desk.words.none'))}</p>"


def _two(_: Language, one: Words) -> str:
    """Words as they stand, and beside them as they were written where something was masked."""
    stands = f"<p>{_marked(one.stands)}</p>"
    if not one.original or one.original == one.stands:
        return stands
    heads = (escape(_("desk.words.stands")), escape(_("desk.words.original")))
    return (
        f"<div class='two'><div><small>{heads[0]}</small>{stands}</div>"
        f"<div><small>{heads[1]}</small><p>{_marked(one.original)}</p></div></div>"
    )


def _marked(text: str) -> str:
    """The words with what looks like personal data marked, escaped."""
    found = redaction.marked(text)
    out, at = [], 0
    for start, end, _kind in sorted((*found.spans, *found.names)):
        if start >= at:
            out.append(f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>")
            at = end
    return "".join(out) + escape(text[at:])


def facts(_: Language, report: Mapping[str, Any]) -> str:
    """What there is to know of a report, in the desk's words; what goes without saying is left out. `draw_time` is
    the day of the draw where the register stands.
    """
    usual = {"relation": "winner", "win_notice_on": report["draw_time"]}
    rows = []
    for name, holds in FACTS.items():
        value, own = report[name], f"desk.fact.{name}"  # the form asks some of them of "you"
        if value not in (None, "", False) and value != usual.get(name):
            named = _(own if _.has(own) else f"fields.{name}")
            rows.append(f"<div><dt>{escape(named)}</dt><dd>{escape(fact_words(_, holds, value))}</dd></div>")
    return f"<dl class='pw-facts-2'>{''.join(rows)}</dl>"


def fact_words(_: Language, holds: str, value: Any) -> str:
    """A value of a field as a moderator reads it."""
    if isinstance(value, date):
        return _.day(value)
    if holds == "money":
        return _.money(float(value))
    if holds == "flag":
        return _("desk.yes")
    return label(holds, str(value), _.code) if holds in code_lists() else str(value)


def evidence_line(_: Language, register: Register, item: Mapping[str, Any]) -> str:
    """An item of evidence as HTML, with the link that opens its file where that is kept."""
    said = f"{label('evidence_kind', item['kind'], _.code)} · {label('evidence_form', item['form'], _.code)}"
    if item["captured_on"]:
        said += f" · {_.day(item['captured_on'])}"
    if not item["sha256"]:
        return f"{escape(said)} <span>{escape(_('desk.evidence.no_file'))}</span>"
    if not vault.holds(register, item["sha256"]):
        return f"{escape(said)} <span>{escape(_('desk.evidence.not_kept'))}</span>"
    link = f"desk/evidence/{escape(item['sha256'])}"
    opens = f"{_('desk.evidence.open')}: {said}"  # else a screen reader's list of links is "open, open, open"
    return (
        f"{escape(said)} <a href='{link}' target='_blank' rel='noopener' aria-label='{escape(opens)}'>"
        f"{escape(_('desk.evidence.open'))}</a>"
    )


def _rung(_: Language, event: Mapping[str, Any]) -> str:
    said = [label("stage", event["stage"], _.code), label("stage_outcome", event["outcome"], _.code)]
    if event["platform_action"]:
        said.append(label("platform_action", event["platform_action"], _.code))
    if event["relief_value"] is not None:
        said.append(_.money(float(event["relief_value"])))
    days = [_.day(d) for d in (event["entered_on"], event["closed_on"] or event["relief_on"]) if d]
    return escape(" · ".join(said)) + f" <span>{escape(' – '.join(dict.fromkeys(days)))}</span>"


def organizer(_: Language, row: Mapping[str, Any]) -> str:
    """Where an organizer stands, for the desk: also what is not public."""
    if not row:
        return ""
    said = [
        _("desk.organizer.code", code=row["public_code"]), label("organizer_type", row["organizer_type"], _.code),
        label("legal_nature", row["legal_nature"], _.code), _("desk.organizer.disputes", row["disputes"]),
        _("desk.organizer.counts", draws=_.number(row["level_draws"]), reporters=_.number(row["level_reporters"]),
          k=_.number(row["k_ind"])),
        _("desk.organizer.named" if row["named"] else "desk.organizer.masked"),
        label("organizer_reply", row["reply"], _.code),
    ]  # fmt: skip
    names = row.get("handles") or ""
    name = f"<p><strong>{escape(names)}</strong></p>" if names else ""
    return f"<h3>{escape(_('desk.organizer'))}</h3>{name}<p>{escape(' · '.join(said))}</p>"


def _beside(_: Language, case: Case) -> None:
    """Reports like this one: below the decision, and on a phone before it (style.css has the order)."""
    alike = listed(_("desk.similar"), (_similar(_, s) for s in case.similar), _("desk.similar.none"))
    st.container(key="pw-case-alike").html(f"<aside class='pw-case'>{alike}</aside>")


def _similar(_: Language, one: queue.Similar) -> str:
    said = f"{_.day(one.reported_on)} · {label('moderation_status', one.moderation, _.code)} · {_why(_, one.why)}"
    return f"{reference(one.dispute_id)} {escape(said)}"


def reference(dispute: UUID) -> str:
    """A link to another report on the desk."""
    href = ui_links.address("desk", work=".".join(("report", "dispute", str(dispute))))
    return f"<a href='{escape(href)}'>{code_of(dispute)}</a>"


def code_of(dispute: UUID) -> str:
    """What a report is called on the desk."""
    return dispute.hex[:6].upper()


def _why(_: Language, codes: Iterable[str]) -> str:
    return ", ".join(_(f"desk.like.{code}") for code in codes)


def happened(_: Language, register: Register, row: Mapping[str, Any]) -> str:
    """One line of a history: what, why, by whom, when; what was taken back is struck through and says so."""
    if row["what"] == "version":
        said = _("desk.history.filed") if row["action"] == "1" else _("desk.history.version", n=row["action"])
    elif row["what"] == "answer":
        said = _("desk.history.answer")
    elif row["action"] == "undo":
        said = _("desk.history.undo")
    else:
        reason = row["reason_code"]
        lists = [name for name in ("verification_level", "moderation_reason") if reason in code_lists()[name]]
        said = " · ".join([_(f"desk.do.{row['action']}"), *(label(name, reason, _.code) for name in lists[:1])])
    text = escape(said)
    if row["undone"]:
        text = f"<s>{text}</s> {escape(_('desk.history.undone'))}"
    sentence = f"<b>{escape(row['sentence'])}</b>" if row["sentence"] else ""
    who, day = ui_decide.by(_, row), _.day(register.day_of(row["moment"]))
    return f"{text} <span>{escape(' · '.join(filter(None, [who, day])))}</span>{sentence}"


def listed(title: str, lines: Iterable[str], nothing: str) -> str:
    """A titled list of finished lines; `nothing` where there are none."""
    items = "".join(f"<li>{line}</li>" for line in lines)
    if not items:
        return f"<h3>{escape(title)}</h3><p class='pw-quiet'>{escape(nothing)}</p>" if nothing else ""
    return f"<h3>{escape(title)}</h3><ul>{items}</ul>"
