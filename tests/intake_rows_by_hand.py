"""Rows written by hand for the tests of the door: a valid report, and how to bend it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from prizewatch.intake import Batch, Source

NOW = datetime(2026, 8, 20, 4, 0)
FORM = Source("form", trusted=False)
IMPORT = Source("import", trusted=True)
_SPACE = UUID("6f1d1c5e-7a6f-4d8e-9c61-0d3a5b2f9e11")

DISPUTE = {
    "report_lang": "zh",
    "reporter": "someone@example.org",
    "is_first_hand": "true",
    "relation": "winner",
    "organizer_type": "online_shop",
    "legal_nature": "company",
    "organizer_handle": "gh_demo_shop",
    "host_platform": "wechat",
    "lottery_tool": "choujiang_zhushou",
    "draw_time": "2026-06-01 12:00:00",
    "win_notice_on": "2026-06-01",
    "prize_kind": "goods",
    "prize_value": "100",
    "currency": "CNY",
    "value_basis": "stated",
    "conditions": "repost:yes:yes",
    "claim_made_on": "2026-06-02",
    "refused_on": "2026-06-05",
    "dispute_reason": "unstated_condition",
    "refusal_mode": "explicit",
    "refusal_text": "不是好友，不给",
    "stated_before_entry": "no",
    "consent_publish": "true",
    "truth_statement": "true",
}

S1 = {"stage": "s1_self_check", "entered_on": "2026-06-02", "outcome": "passed"}
S2 = {
    "stage": "s2_organizer",
    "target_entity": "organizer",
    "entered_on": "2026-06-02",
    "closed_on": "2026-06-05",
    "outcome": "refused",
}

#: A record of a public source: no draw, no reporter, no self-check.
RECORD = {
    "organizer_type": "brand_company",
    "legal_nature": "company",
    "organizer_handle": "Acme Air Conditioning",
    "host_platform": "offline",
    "lottery_tool": "none_unknown",
    "prize_kind": "service_experience",
    "dispute_reason": "other",
    "reported_at": "2015-03-01 12:00:00",
}
MEDIATED = {"stage": "s5_mediation", "target_entity": "public_body", "entered_on": "2015-03-02", "outcome": "rejected"}


def attempt(stage: str, outcome: str, day: str = "2026-07-01", **more: str) -> dict[str, str]:
    """A stage event with what its outcome needs."""
    targets = {
        "s1": "",
        "s2": "organizer",
        "s3": "lottery_tool",
        "s4": "mini_program",
        "s5": "public_body",
        "s6": "public_body",
        "s7": "public_body",
        "s8": "court",
    }
    event = {"stage": stage, "target_entity": targets[stage[:2]], "entered_on": day, "outcome": outcome}
    if outcome == "skipped":
        event |= {"skip_reason": "reporter_choice", "target_entity": ""}
    if stage[:2] in ("s3", "s4") and outcome not in ("skipped", "pending", "promised"):
        event["platform_action"] = "unknown"
    if outcome in ("relief_full", "relief_partial"):
        event |= {"relief": "full_prize", "relief_value": "100", "relief_on": day}
    if stage[:2] == "s7":
        event["skip_reason"] = event.get("skip_reason", "direct_fraud")
    return event | more


def event_id(name: str) -> str:
    """The same id for the same name."""
    return str(uuid5(_SPACE, name))


class Rows:
    """Collects reports into one batch."""

    def __init__(self) -> None:
        self.disputes: list[dict[str, str]] = []
        self.events: list[dict[str, str]] = []
        self.evidence: list[dict[str, str]] = []

    def add(
        self,
        row: str,
        change: dict[str, Any] | None = None,
        *,
        events: Any = None,
        evidence: Any = (),
        base: Any = None,
    ) -> Rows:
        """One report called `row`: the valid one with changes (`None` takes a field out)."""
        dispute = {"row": row, "event_id": event_id(row), **(DISPUTE if base is None else base)}
        if base is None:
            dispute["reporter"] = f"{row}@example.org"
        dispute |= change or {}
        self.disputes.append({k: v for k, v in dispute.items() if v is not None})
        for event in [S1, S2] if events is None else events:
            self.events.append({"row": row, **{k: v for k, v in event.items() if v is not None}})
        self.evidence += [{"row": row, **item} for item in evidence]
        return self

    def batch(self) -> Batch:
        return Batch.of(self.disputes, self.events, self.evidence)
