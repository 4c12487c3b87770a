"""The rows of a case file in full: one block a report with its five claim elements, and the index of evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from . import casefile_facts as facts
from .casefile_rows import Case, Claim, Step
from .i18n import Language
from .ui_html import escape
from .vocabulary import label

Linked = Callable[[str], str]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], ids: Iterable[str], numeric: Sequence[int] = ()) -> str:
    """A table of finished cells; `ids` name its rows."""

    def cell(tag: str, n: int, inside: str) -> str:
        kind = " class='n'" if n in numeric else " class='ref'" if n == 0 and tag == "td" else ""
        return f"<{tag}{kind}>{inside}</{tag}>"

    head = "".join(cell("th", n, escape(one)) for n, one in enumerate(heads))
    body = "".join(
        f"<tr id='{ref}'>{''.join(cell('td', n, one) for n, one in enumerate(row))}</tr>"
        for ref, row in zip(ids, rows, strict=True)
    )
    return f"<div class='wide'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def iso(day: date | None) -> str:
    """A day in a table, the same for every reader and on one line."""
    return f"<span class='day'>{day.isoformat()}</span>" if day else "–"


def section(title: str, inside: str, note: str = "", *, new_page: bool = False) -> str:
    """A part of the page under its heading."""
    quiet = f"<p class='quiet'>{escape(note)}</p>" if note else ""
    kind = "page" if new_page else "part"
    return f"<section class='{kind}'><h2>{escape(title)}</h2>{quiet}{inside}</section>"


def details(case: Case, _: Language, linked: Linked) -> str:
    """Every report: A met the conditions, B was refused, C who, D what was lost, E what was tried."""
    blocks = "".join(_block(claim, _, linked) for claim in case.claims)
    return section(_("casefile.details"), blocks, _("casefile.details.note"), new_page=True)


def _block(claim: Claim, _: Language, linked: Linked) -> str:
    elements = {"A": _met(claim, _), "B": _refused(claim, _), "C": _who(claim, _), "D": _loss(claim, _)}
    rows = ""
    for group, told in elements.items():
        rows += f"<dt>{escape(_(f'casefile.element.{group}'))}</dt><dd>{linked(_said(claim, group, told, _))}</dd>"
    rows += f"<dt>{escape(_('casefile.element.E'))}</dt><dd>{_tried(claim, _, linked)}</dd>"
    if claim.said["reply"]:
        answer = label("organizer_reply", claim.said["reply"], _.code)
        when = _("casefile.replied", answer=answer, day=_.day(claim.said["replied_on"]))
        said = f"<blockquote>{escape(claim.said['reply_words'])}</blockquote>" if claim.said["reply_words"] else ""
        rows += f"<dt>{escape(_('casefile.organizer_says'))}</dt><dd>{escape(when)}{said}</dd>"
    words = "".join(
        f"<p class='quiet'>{escape(_(f'casefile.words.{name}'))}</p><blockquote>{escape(claim.said[name])}</blockquote>"
        for name in ("refusal_text", "narrative", "reason_other")
        if claim.said[name]
    )
    head = linked(_("casefile.block", row=f"[{claim.ref}]", draw=f"[{claim.draw}]"))
    level = escape(label("verification_level", claim.said["verification"], _.code))
    return f"<div class='dispute' id='{claim.ref}'><h3>{head} · {level}</h3><dl>{rows}</dl>{words}</div>"


def _said(claim: Claim, group: str, told: list[str], _: Language) -> str:
    """What was told, and the proof for it or that there is none."""
    proof = claim.proven(group)
    kinds = _("letters.comma").join(f"{label('evidence_kind', p.kind, _.code)} [{p.ref}]" for p in proof)
    return facts.told([*told, _("casefile.proof", kinds=kinds) if proof else _("casefile.no_proof")], _)


def _met(claim: Claim, _: Language) -> list[str]:
    given = str(claim.said["conditions"] or "")
    if not given:
        return []
    if given == "none_stated":
        return [_("casefile.conditions.none")]
    told = []
    for part in given.split(";"):
        kind, stated, met = [*part.split(":"), "unclear", "unclear"][:3]
        told.append(
            _("casefile.condition", kind=label("condition_kind", kind, _.code),
              stated=_(f"casefile.stated.{stated}"), met=_(f"casefile.met.{met}"))
        )  # fmt: skip
    return [_("letters.semicolon").join(told) + _("casefile.stop")]


def _refused(claim: Claim, _: Language) -> list[str]:
    said = claim.said
    told = [_("casefile.reason", reason=label("dispute_reason", said["dispute_reason"], _.code))]
    if further := [code for code in str(said["reasons_secondary"] or "").split(";") if code]:
        named = _("letters.comma").join(label("dispute_reason", code, _.code) for code in further)
        told.append(_("casefile.reasons_further", reasons=named))
    if said["claim_made_on"]:
        told.append(_("casefile.claimed", day=_.day(said["claim_made_on"])))
    if said["refusal_mode"]:
        mode = label("refusal_mode", said["refusal_mode"], _.code)
        day = said["refused_on"]
        told.append(_("casefile.refused.day", mode=mode, day=_.day(day)) if day else _("casefile.refused", mode=mode))
    if said["stated_before_entry"] == "no" and said["dispute_reason"] == "unstated_condition":
        told.append(_("casefile.not_stated.one"))
    if said["tries_count"]:
        told.append(_("casefile.tries", n=_.number(int(said["tries_count"]))))
    return told


def _who(claim: Claim, _: Language) -> list[str]:
    host = label("host_platform", claim.said["host_platform"], _.code)
    return [_("casefile.place", host=host, tool=label("lottery_tool", claim.said["lottery_tool"], _.code))]


def _loss(claim: Claim, _: Language) -> list[str]:
    said, kind = claim.said, label("prize_kind", claim.said["prize_kind"], _.code)
    currency = str(said["currency"] or "CNY")
    if said["prize_value"] is None:
        told = [_("casefile.prize.unknown", kind=kind)]
    elif said["value_basis"]:
        basis = label("value_basis", said["value_basis"], _.code)
        told = [_("casefile.prize.basis", kind=kind, value=_.money(float(said["prize_value"]), currency), basis=basis)]
    else:
        told = [_("casefile.prize", kind=kind, value=_.money(float(said["prize_value"]), currency))]
    if said["paid"] and said["amount_paid"]:
        told.append(_("casefile.amount_paid", value=_.money(float(said["amount_paid"]), currency)))
    return told


def _tried(claim: Claim, _: Language, linked: Linked) -> str:
    """The steps, each with its own row; then the proof of them."""
    rows = "".join(f"<li id='{step.ref}'>{linked(_step(step, claim, _))}</li>" for step in claim.steps)
    proof = claim.proven("E") + claim.proven("")
    kinds = _("letters.comma").join(f"{label('evidence_kind', p.kind, _.code)} [{p.ref}]" for p in proof)
    told = _("casefile.proof", kinds=kinds) if proof else _("casefile.no_proof")
    return (f"<ol>{rows}</ol>" if rows else f"{escape(_('casefile.nothing_tried'))} ") + linked(told)


def _step(step: Step, claim: Claim, _: Language) -> str:
    said = step.said
    about = [label("stage", step.stage, _.code)]
    if said["target_entity"] and step.stage == "s4_host_platform":
        about.append(label("target_entity", said["target_entity"], _.code))
    told = [f"[{step.ref}]", _.day(said["entered_on"]), _("casefile.colon").join(about)]
    came = label("stage_outcome", step.outcome, _.code)
    ended = said["relief_on"] or said["closed_on"]
    told.append(_("casefile.came.day", came=came, day=_.day(ended)) if ended else _("casefile.came", came=came))
    for name, key in (("response_kind", "response_kind"), ("platform_action", "platform_action"), ("relief", "relief")):
        if said[name] and said[name] != "unknown":
            told.append(label(key, said[name], _.code))
    if said["promised_on"]:
        told.append(_("casefile.promised", day=_.day(said["promised_on"])))
    if said["relief_value"]:
        told.append(_.money(float(said["relief_value"]), str(claim.said["currency"] or "CNY")))
    return " · ".join(told)


def evidence_index(case: Case, _: Language) -> str:
    """Every item: what it shows, how and when it was taken, its fingerprint, whether the file lies in the register."""
    heads = [_(f"casefile.head.{name}") for name in ("row", "group", "kind", "form", "taken", "file", "sha256")]
    found = facts.proofs(case)
    rows: list[tuple[Any, ...]] = [
        (
            p.ref, escape(p.group or "–"), escape(label("evidence_kind", p.kind, _.code)),
            escape(label("evidence_form", p.form, _.code)),
            iso(p.captured_on),
            escape(_("casefile.file.held" if p.held else "casefile.file.listed")),
            f"<span class='hash'>{escape(p.sha256)}</span>" if p.sha256 else "–",
        )
        for p in found
    ]  # fmt: skip
    made = table(heads, rows, [p.ref for p in found]) if found else f"<p>{escape(_('casefile.evidence.none'))}</p>"
    return section(_("casefile.evidence"), made, _("casefile.evidence.note"), new_page=True)
