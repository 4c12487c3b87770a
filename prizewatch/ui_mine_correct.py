"""Correcting what was said in a report: topic by topic, shown with what stands there now; only what differs is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from . import edge
from .answers import conditions_of, conditions_said
from .fields import TABLES
from .followup import Change, OwnReport
from .store import Register
from .story import text
from .ui_mine import PREFIX, Asking, given
from .ui_mine_consent import asked
from .ui_steps import ASK
from .vocabulary import codes

Make = Callable[[str], Change]
#: What may be corrected together.
TOPICS: dict[str, tuple[str, ...]] = {
    "draw": ("win_notice_on", "draw_on", "draw_title", "claim_made_on", "claim_deadline"),
    "prize": ("prize_kind", "prize_value", "value_unknown", "value_basis"),
    "conditions": ("condition_kinds", "conditions_after", "met", "not_met"),
    "organizer": (
        "organizer_handle", "organizer_display", "organizer_type", "legal_nature", "entity_reg_no", "host_platform",
        "lottery_tool",
    ),
    "refusal": (
        "dispute_reason", "reason_other", "stated_before_entry", "paid", "amount_paid", "first_try_on", "last_try_on",
        "tries_count", "refusal_mode", "refused_on", "refusal_text", "data_given",
    ),
    "words": ("narrative", "consent_narrative"),
}  # fmt: skip
FIELDS = {field.name: field for field in TABLES["dispute"]}


def correct(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """What was said, topic by topic, with what stands there now."""
    topic = st.pills(
        form._("mine.q.topic"), list(TOPICS), format_func=lambda t: form._(f"mine.topic.{t}"), key=PREFIX + "topic",
        on_change="rerun",
    )  # fmt: skip
    if not topic:
        return None
    now = today_values(report)
    form.seed(now)
    for name in TOPICS[topic]:
        if form.holds(name):
            _ask(form, name) if name in FIELDS or name == "draw_on" else ASK[name](form)
    return partial(_correct, topic, report, now)


def consent(form: Asking, register: Register, report: OwnReport) -> Make:
    """What may be done with the report, each by itself, as it stands now; what is unticked is taken back."""
    names = asked(report)
    form.quiet("consent.how")
    form.seed({name: bool(report.dispute[name]) for name in names})
    for name in names:
        form.tick(name)

    def change(change_id: str) -> Change:
        ticked = {name: bool(given().get(name)) for name in names}
        said = {name: text(now) for name, now in ticked.items() if now != bool(report.dispute[name])}
        return Change(change_id, said | ({"version": str(report.version)} if said else {}))

    return change


def today_values(report: OwnReport) -> dict[str, Any]:
    """Every field that may be corrected, as its widget wants it."""
    values: dict[str, Any] = {}
    for name in (n for names in TOPICS.values() for n in names if n in report.dispute):
        value = report.dispute[name]
        if FIELDS[name].kind == "codes":
            value = value.split(";") if value else []
        values[name] = float(value) if isinstance(value, Decimal) else value
    values |= conditions_said(text(report.dispute["conditions"]))
    drawn = report.dispute["draw_time"]
    if drawn is not None:
        values["draw_on"] = drawn.replace(tzinfo=UTC).astimezone(edge.settings().time_zone).date()
    return values


def _ask(form: Asking, name: str) -> None:
    field = FIELDS.get(name)
    if field is None or field.kind == "date":
        form.day(name, ahead=name == "claim_deadline")
    elif field.kind == "codes":
        form.many(name, codes(field.codes), field.codes)
    elif field.kind == "code":
        form.one(name, codes(field.codes), field.codes)
    elif field.kind == "flag":
        form.tick(name)
    elif field.kind in ("money", "integer"):
        form.number(name, whole=field.kind == "integer")
    elif name == "narrative":
        form.lines(name)
    else:
        form.line(name)


def _correct(topic: str, report: OwnReport, now: dict[str, Any], change_id: str) -> Change:
    """Only what differs from what stands there."""
    said, changed = given(), {}
    for name in TOPICS[topic]:
        value, was = said.get(name), now.get(name)
        if name not in said or (value or None) == (was or None):
            continue
        if name == "draw_on":
            local = datetime.combine(value, time(0), edge.settings().time_zone) if value else None
            changed["draw_time"] = text(local.astimezone(UTC).replace(tzinfo=None)) if local else ""
        elif isinstance(value, list | tuple):
            changed[name] = ";".join(value)
        else:
            changed[name] = money(value) if isinstance(value, float) else text(value)
    if topic == "conditions":
        conditions = conditions_of(said)
        changed = {} if conditions == conditions_of(now) else {"conditions": conditions or ""}
    if changed.get("value_unknown") == "true":
        changed["prize_value"] = ""
    if changed.get("prize_value"):
        changed |= {"currency": report.dispute["currency"] or "CNY", "value_unknown": "false"}
    return Change(change_id, changed | ({"version": str(report.version)} if changed else {}))


def money(value: Any) -> str:
    """An amount as text of a batch."""
    return "" if value is None else str(Decimal(str(value)).quantize(Decimal("0.01")))
