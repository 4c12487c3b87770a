"""A register of canaries: words planted where nobody but the register may read them.

The reports come in by the only door and are moderated as moderators would.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import duckdb

from prizewatch import identity, intake
from prizewatch.store import Register
from tests.intake_rows_by_hand import IMPORT, NOW, Rows
from tests.log_by_hand import decision, fresh, organizer, put, stamp

PROOF = [{"kind": "win_page", "form": "screen_recording"}, {"kind": "chat_refusal", "form": "screen_recording"}]
#: Everything a report holds that is restricted or secret and takes free words.
WORDS = {
    "reporter": "canary-reporter@example.org",
    "network": "203.0.113.77",
    "draw_title": "Canary draw title",
    "draw_ref": "canary-draw-ref",
    "refusal_text": "Canary refusal words",
    "narrative": "Canary narrative that is long enough to be taken in",
}
#: Amounts only these reports against the named organizer have; what hides each is said beside it. All but the first
#: agreed to a case file; the first counts in public figures and is sealed to case files.
SEALED = "7001.01"
AMOUNTS = {
    "sealed": SEALED, "rejected": "7002.02", "removed": "7003.03", "held": "7004.04", "asked": "7005.05",
    "merged": "7006.06", "left": "7007.07", "pressed": "7008.08", "waiting": "90009.09",
}  # fmt: skip
#: Of a file of a report that agreed to a case file: in its index of evidence, and nowhere else.
FINGERPRINT = "canary" + "0" * 58
ACTIONS = {"rejected": "reject", "removed": "remove", "held": "hold", "asked": "ask", "merged": "merge"}
EVENTS = [
    {"stage": "s1_self_check", "entered_on": "2026-06-02", "outcome": "passed"},
    {
        "stage": "s2_organizer", "target_entity": "organizer", "entered_on": "2026-06-02", "closed_on": "2026-06-05",
        "outcome": "refused", "channel": "Canary channel", "case_ref": "CANARY-CASE-1",
    },
]  # fmt: skip


def spellings(amount: str) -> tuple[str, ...]:
    """An amount as a file, a page in either language or a fold in cents may write it."""
    whole, cents = amount.split(".")
    return amount, f"{int(whole):,}.{cents}", whole + cents


def found_in(text: str | bytes) -> list[str]:
    """What a text tells of the canaries: planted words, the network, amounts. Empty: nothing."""
    said = (text if isinstance(text, str) else text.decode("utf-8", "replace")).casefold()
    told = [words for words in ("canary", WORDS["network"]) if words in said]
    return told + [name for name, amount in AMOUNTS.items() for way in spellings(amount)[:2] if way in said]


def reports(rows: Rows, name: str, count: int, **change: str) -> None:
    """`count` reports against one organizer, each by another person about another draw, with both kinds of proof."""
    for i in range(count):
        day = f"2026-05-{i + 11:02}"
        words = {**WORDS, "reporter": f"{name}-{i}-{WORDS['reporter']}", "draw_ref": f"{WORDS['draw_ref']}-{name}-{i}"}
        words |= {"consent_case_file": "true", "draw_time": f"{day} 12:00:00", "win_notice_on": day}
        rows.add(f"{name}{i}", {**words, **change}, events=EVENTS, evidence=PROOF)


def plant(register: Register) -> intake.Receipt:
    """Files and moderates all of it; one organizer, `Visible Shop`, is named, one is listed without a name."""
    rows = Rows()
    reports(rows, "named", 6, organizer_handle="gh_namedshop", organizer_display="Visible Shop")
    left = {"withdrawn_on": "2026-07-01", "withdraw_reason": "privacy"}
    pressed = {"withdrawn_on": "2026-07-01", "withdraw_reason": "pressured"}
    for name, amount in AMOUNTS.items():
        more = {"sealed": {"consent_case_file": "false"}, "left": left, "pressed": pressed}.get(name, {})
        shop = {"organizer_handle": "gh_namedshop", "organizer_display": "Visible Shop", "prize_value": amount}
        reports(rows, name, 1, **shop, **more)
    reports(rows, "masked", 4, organizer_handle="canary_masked_handle", organizer_display="Canary Masked Ltd")
    reports(rows, "once", 1, organizer_handle="canary_once_handle", organizer_display="Canary Once Ltd")
    for kind in ("reject", "remove", "hold", "merge", "ask"):
        reports(rows, kind, 3, organizer_handle=f"canary_{kind}_handle", organizer_display=f"Canary {kind} Ltd")
    reports(
        rows, "withdrawn", 3, organizer_handle="canary_gone_handle", organizer_display="Canary Gone Ltd",
        withdrawn_on="2026-07-01", withdraw_reason="privacy",
    )  # fmt: skip
    reports(
        rows, "pending", 3, organizer_handle="canary_rich_handle", organizer_display="Canary Rich Ltd",
        prize_value="90000", prize_kind="goods",
    )  # fmt: skip
    reports(
        rows, "person", 4, organizer_handle="canary_person_handle", organizer_type="individual",
        legal_nature="natural_person",
    )  # fmt: skip
    receipt = intake.accept(register, rows.batch(), IMPORT, NOW)
    assert receipt.rejected == 0, [(p.row, p.code) for p in receipt.problems if p.severity == "error"][:5]
    refused = Rows().add("refused", {**WORDS, "draw_time": "2030-01-01 00:00:00"})
    assert intake.accept(register, refused.batch(), IMPORT, NOW).rejected == 1
    moderate(register, receipt.ids)
    return receipt


def hidden_codes(register: Register) -> list[str]:
    """The public codes of organizers that are not listed."""
    with register.read() as cur:
        rows = cur.execute("SELECT public_code FROM mart.organizer WHERE publication <> 'listed'").fetchall()
    return [code for (code,) in rows]


def moderate(register: Register, ids: dict[str, str]) -> None:
    """Names one organizer; rejects, removes, holds, merges and asks back about the others."""
    named = identity.organizer_id(register.key, "wechat", "gh_namedshop")
    decisions = [decision(named, action, kind="organizer", sentence="Canary sentence") for action in ("review", "name")]
    keep = UUID(ids["named0"])
    for name, action in ACTIONS.items():
        related = {"related_id": keep} if action == "merge" else {}
        decisions.append(decision(UUID(ids[f"{name}0"]), action, sentence="Canary sentence", **related))
    for i in range(3):
        decisions += [
            decision(UUID(ids[f"{a}{i}"]), a, sentence="Canary sentence") for a in ("reject", "remove", "hold", "ask")
        ]
        decisions.append(decision(UUID(ids[f"merge{i}"]), "merge", related_id=keep, actor="canary-moderator"))
    put(
        register, moderation=decisions, organizer=[organizer(named, handle="gh_namedshop", display_name="Visible Shop")]
    )
    desk(register, UUID(ids["named0"]))


def desk(register: Register, dispute: UUID) -> None:
    """A draft, words as they were before masking, an answer to a moderator, the file of a proof."""
    put(register, answer=[{**stamp(1), "dispute_id": dispute, "answered": "Canary answer to a moderator"}])
    proof = {**stamp(1), "dispute_id": dispute, "kind": "win_page", "form": "screenshot", "captured_on": None}
    put(register, evidence=[{**proof, "sha256": FINGERPRINT, "redacted": None}])
    until = NOW + timedelta(days=7)
    draft = ["canary-draft-key", str(fresh()), NOW, until, '{"narrative": "Canary draft"}']
    original = [str(fresh()), "narrative", "Canary original, 16012345678", until]
    register.write(_insert, ("draft", draft))
    register.write(_insert, ("original", original))


def _insert(cur: duckdb.DuckDBPyConnection, items: list[tuple[str, list[Any]]]) -> list[None]:
    for table, row in items:
        cur.execute(f"INSERT INTO desk.{table} VALUES ({', '.join('?' * len(row))})", row)
    return [None] * len(items)
