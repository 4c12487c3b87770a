"""Every rule has words in both languages and a row that breaks it and no other; so no rule is dead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from prizewatch import settings
from prizewatch.fields import TABLES
from prizewatch.i18n import LANGUAGES, catalogue, language
from prizewatch.intake import Problem, check, field_label, problem_sentence, rule_sentence
from prizewatch.rules import COMING_BACK, DIRECT, PREFIX, every_rule
from prizewatch.store import Kind, Register
from tests.intake_rows_by_hand import FORM, IMPORT, MEDIATED, NOW, RECORD, S1, S2, Rows, attempt


@dataclass
class Case:
    """How to break one rule: a change of the dispute, or other events; `record`: in a reference register."""

    change: dict[str, Any] = field(default_factory=dict)
    events: Any = None
    evidence: Any = ()
    record: bool = False


def last(**change: Any) -> list[dict[str, Any]]:
    return [S1, S2 | change]


FULL = attempt("s2_organizer", "relief_full", "2026-06-03")
CREDIT = {"credited_stage": "s2_organizer"}
CARD = "91350100M000100Y43"  # the example of GB 32100

BY_HAND: dict[str, Case] = {
    "event_id.required": Case({"event_id": None}),
    "event_id.type": Case({"event_id": "one"}),
    "stage_events.too_many": Case({}, [S1, *(S2 | {"closed_on": f"2026-06-{5 + n % 20:02}"} for n in range(60))]),
    "reported_at.not_trusted": Case({"reported_at": "2026-08-01 00:00:00"}),
    "is_first_hand.must_be_true": Case({"is_first_hand": "false"}),
    "truth_statement.must_be_true": Case({"truth_statement": "false"}),
    "consent_publish.must_be_true": Case({"consent_publish": "false"}),
    "relation.guardian": Case({"winner_age": "15"}),
    "organizer_handle.required": Case({"organizer_handle": None}),
    "join.unknown": Case({"join": "no token of ours"}),
    "organizer_code.unknown": Case({"organizer_code": "0000-0000", "organizer_handle": None}),
    "organizer_display.not_kept": Case(
        {"organizer_display": "小美", "organizer_type": "individual", "legal_nature": "natural_person"}
    ),
    "entity_reg_no.companies_only": Case({"entity_reg_no": CARD, "legal_nature": "unknown"}),
    "entity_reg_no.check_digit": Case({"entity_reg_no": CARD[:-1] + "4"}),
    "draw_time.too_early": Case({"draw_time": "2014-06-01"}),
    "entered_on.after_draw": Case({"entered_on": "2026-06-02"}),
    "win_notice_on.before_draw": Case({"win_notice_on": "2026-05-31"}),
    "winners_count.above_entrants": Case({"winners_count": "5", "entrants_count": "4"}),
    "draws_source.required": Case({"draws_known": "5", "draws_counted_on": "2026-08-01"}),
    "draws_counted_on.required": Case({"draws_known": "5", "draws_source": "press"}),
    "draws_known.required": Case({"draws_source": "press"}),
    "prize_value.required": Case({"prize_value": None, "value_unknown": "false"}),
    "prize_value.not_above_zero": Case({"prize_value": "0"}),
    "prize_value.and_unknown": Case({"value_unknown": "true"}),
    "prize_value.above_cap": Case({"prize_value": "50000.01"}),
    "prize_value.ask_again": Case({"prize_value": "100000.01", "currency": "USD"}),
    "value_unknown.noted": Case({"value_unknown": "true", "prize_value": None, "currency": None}),
    "currency.required": Case({"currency": None}),
    "claim_made_on.before_win": Case({"claim_made_on": "2026-05-31"}),
    "claim_made_on.required": Case({"claim_made_on": None}),
    "claim_deadline.missed": Case({"claim_deadline": "2026-06-01"}),
    "refused_on.required": Case({"refused_on": None}),
    "refused_on.before_win": Case({"refused_on": "2026-05-31"}),
    "reasons_secondary.repeats_primary": Case({"reasons_secondary": "not_shipped;unstated_condition"}),
    "reason_other.required": Case({"dispute_reason": "other"}),
    "refusal_text.required": Case({"refusal_text": None}),
    "stated_before_entry.required": Case({"stated_before_entry": None}),
    "stated_before_entry.was_stated": Case({"stated_before_entry": "yes"}),
    "amount_paid.required": Case({"dispute_reason": "pay_to_claim", "paid": "true", "amount_paid": "0"}),
    "amount_paid.below_zero": Case({"amount_paid": "-1"}),
    "last_try_on.before_first": Case({"first_try_on": "2026-06-10", "last_try_on": "2026-06-09"}),
    "withdraw_reason.required": Case({"withdrawn_on": "2026-08-01"}),
    "withdrawn_on.required": Case({"withdraw_reason": "mistake"}),
    "withdraw_reason.settled_needs_relief": Case({"withdrawn_on": "2026-08-01", "withdraw_reason": "settled"}),
    "cross.void_needs_explicit": Case({"dispute_reason": "declared_void", "refusal_mode": "conditional"}),
    "cross.blocked_needs_data": Case(
        {"dispute_reason": "blocked_after_address", "refusal_mode": "blocked", "data_given": "name;bank"}
    ),
    "cross.blocked_needs_block": Case({"dispute_reason": "blocked_after_address", "data_given": "name;phone"}),
    "cross.no_response_tries": Case(
        {"dispute_reason": "no_response", "tries_count": "1", "first_try_on": "2026-06-02", "last_try_on": "2026-06-05"}
    ),
    "cross.no_response_apart": Case(
        {"dispute_reason": "no_response", "tries_count": "2", "first_try_on": "2026-06-02", "last_try_on": "2026-06-04"}
    ),
    "cross.no_response_wait": Case(
        {"dispute_reason": "no_response", "tries_count": "2", "first_try_on": "2026-08-14", "last_try_on": "2026-08-17"}
    ),
    "cross.forged_needs_platform": Case(
        {"dispute_reason": "forged_evidence"}, [S1, S2, attempt("s3_lottery_platform", "pending")]
    ),
    "cross.not_shipped_wait": Case(
        {
            "dispute_reason": "not_shipped",
            "draw_time": "2026-07-21",
            "win_notice_on": "2026-07-21",
            "claim_made_on": "2026-07-21",
            "refused_on": "2026-07-21",
        }
    ),
    "cross.ineligible_needs_condition": Case({}, [S1 | {"outcome": "self_disqualified"}]),
    "cross.full_needs_value": Case(CREDIT, [S1, FULL | {"relief": "partial_value", "relief_value": "89.99"}]),
    "cross.not_relief": Case(CREDIT, [S1, FULL | {"relief": "costs_refund"}]),
    "cross.no_tool_no_s3": Case({"lottery_tool": "group_manual"}, [S1, S2, attempt("s3_lottery_platform", "rejected")]),
    "cross.platform_self_no_s3": Case(
        {"organizer_type": "platform_self"}, [S1, S2, attempt("s3_lottery_platform", "rejected")]
    ),
    "credited_stage.required": Case({}, [S1, FULL]),
    "credited_stage.without_relief": Case({"credited_stage": "s4_host_platform"}, [S1, FULL]),
    "partial_accepted_on.without_partial": Case({"partial_accepted_on": "2026-07-01"}),
    "event.target_entity.required": Case({}, last(target_entity=None)),
    "event.closed_on.before_entered": Case({}, last(closed_on="2026-06-01")),
    "event.closed_on.still_open": Case({}, last(outcome="pending")),
    "event.promised_on.before_entered": Case({}, last(promised_on="2026-06-01")),
    "event.platform_action.required": Case(
        {}, [S1, S2, attempt("s3_lottery_platform", "rejected", platform_action="")]
    ),
    "event.skip_reason.required": Case({}, [S1, S2, attempt("s3_lottery_platform", "skipped", skip_reason="")]),
    "event.relief.required": Case(CREDIT, [S1, FULL | {"relief": ""}]),
    "event.relief_value.required": Case(CREDIT, [S1, FULL | {"relief_value": ""}]),
    "event.relief_on.required": Case(CREDIT, [S1, FULL | {"relief_on": ""}]),
    "event.relief_value.not_above_zero": Case(CREDIT, [S1, FULL | {"relief_value": "0"}]),
    "event.relief_value.far_above_prize": Case(CREDIT, [S1, FULL | {"relief_value": "150.01"}]),
    "event.relief_value.above_prize": Case(CREDIT, [S1, FULL | {"relief_value": "100.01"}]),
    "event.relief_value.too_high": Case(CREDIT | {"prize_value": "9000000"}, [S1, FULL | {"relief_value": "10000001"}]),
    "event.relief_on.before_entered": Case(CREDIT, [S1, FULL | {"relief_on": "2026-06-01"}]),
    "event.entered_on.before_win": Case({"win_notice_on": "2026-06-02"}, last(entered_on="2026-06-01")),
    "event.case_ref.form": Case({}, last(case_ref="no #1")),
    "event.seq.type": Case({}, [S1 | {"seq": "1"}, S2 | {"seq": "zwei"}]),
    "event.seq.twice": Case({}, [S1 | {"seq": "1"}, S2 | {"seq": "1"}]),
    "evidence.sha256.form": Case(evidence=[{"kind": "win_page", "form": "screenshot", "sha256": "xyz"}]),
    "stage_events.required": Case({}, []),
    "ladder.outcome_not_allowed": Case({}, last(outcome="rejected")),
    "ladder.start": Case({}, [S2]),
    "ladder.ended": Case(CREDIT, [S1, FULL, attempt("s3_lottery_platform", "pending")]),
    "ladder.transition": Case(
        {}, [S1, S2, attempt("s5_mediation", "rejected"), attempt("s3_lottery_platform", "pending", "2026-08-01")]
    ),
    "ladder.skip_reason": Case({}, [S1, S2, attempt("s4_host_platform", "pending")]),
    "ladder.fraud_only": Case({}, [S1, S2, attempt("s7_police", "pending")]),
    "ladder.direct_fraud": Case({"data_given": "code"}, [S1, S2, attempt("s7_police", "pending", skip_reason="")]),
    "ladder.open_twice": Case(
        {}, [S1, S2, *(attempt("s3_lottery_platform", "pending", d) for d in ("2026-07-01", "2026-08-01"))]
    ),
    "ladder.same_target": Case(
        {},
        [
            S1,
            S2,
            attempt("s3_lottery_platform", "rejected"),
            *(attempt("s4_host_platform", "rejected", d) for d in ("2026-07-10", "2026-08-01")),
        ],
    ),
    "ladder.date_order": Case({}, [S1, S2, S2 | {"entered_on": "2026-06-01"}]),
    "ladder.early": Case(
        {},
        [S1, S2 | {"outcome": "pending", "closed_on": None}, attempt("s3_lottery_platform", "pending", "2026-06-08")],
    ),
    "row.missing": Case({"row": None}, []),
    "row.twice": Case(),
    "row.unknown": Case(),
    "network.too_many": Case(),
    "dispute.already_on_file": Case(),
}

#: Seen by tests of their own, below, in test_intake.py and test_followup.py: they need more than one row.
ELSEWHERE = {"row.missing", "row.twice", "row.unknown", "network.too_many", "dispute.already_on_file"}
ELSEWHERE |= {"device.too_many", "evidence.sha256.not_kept", "evidence.sha256.too_many"}
ELSEWHERE |= {rule.code for rule in COMING_BACK}


def generated(code: str) -> Case:
    """A breaking row for a rule made from fields.py."""
    rule = every_rule()[code]
    what = code.rsplit(".", 1)[1]
    item = next(f for f in TABLES[rule.table] if f.name == rule.field)
    if what in ("too_long", "too_short"):
        value: Any = "字" * ((item.most or 0) + 1 if what == "too_long" else (item.least or 0) - 1)
    else:
        value = {
            "required": None,
            "type": "neither",
            "code": "nonsense",
            "future": "2027-01-01",
            "too_far": "2150-01-01",
            "too_old": "1980-01-01",
            "too_high": str((item.most or 0) + 1),
            "too_low": str((item.least or 0) - 1),
            "harassment": "我按规则做了。他的电话在网上，大家一起去打爆他！",
            "threat": "我按规则做了，他不认账。再不发货我弄死他，等着收尸吧。",
            "insult": "我按规则做了，他不认账。这种人就是个骗子，人渣一个。",
        }[what]
    change = {rule.field: value}
    if rule.table == "evidence":
        return Case(
            evidence=[{k: v for k, v in ({"kind": "win_page", "form": "screenshot"} | change).items() if v is not None}]
        )
    record = what == "too_old"
    if rule.table == "stage_event":
        return Case({}, [MEDIATED | change] if record else last(**change), record=record)
    if rule.field in ("draws_known", "draws_source", "draws_counted_on"):
        change = {"draws_known": "5", "draws_source": "press", "draws_counted_on": "2026-08-01"} | change
    if rule.field == "withdrawn_on":
        change["withdraw_reason"] = "mistake"
    if rule.field == "withdraw_reason":
        change["withdrawn_on"] = "2026-08-01"
    if rule.field == "partial_accepted_on":
        part = attempt("s2_organizer", "relief_partial", "2026-06-03", relief="partial_value", relief_value="10")
        return Case(change | CREDIT, [part] if record else [S1, part], record=record)
    if rule.field == "credited_stage":
        return Case(change, [S1, FULL])
    if rule.field == "entrants_count" and what == "too_low":
        change["winners_count"] = None
    return Case(change, record=record)


def case_of(code: str) -> Case:
    return BY_HAND.get(code) or generated(code)


def trusted(code: str) -> bool:
    return every_rule()[code].field == "reported_at" and code != "reported_at.not_trusted"


@pytest.fixture(scope="module")
def broken() -> Iterator[dict[str, list[Problem]]]:
    """code -> the problems of the row that should break that rule; all rows of a kind in one batch."""
    found: dict[str, list[Problem]] = {}
    for record in (False, True):
        with Register.open(None, settings.read({}), kind=Kind.REFERENCE if record else Kind.LIVE, now=NOW) as register:
            for source in (FORM, IMPORT):
                rows = Rows()
                for code in every_rule():
                    if code in ELSEWHERE:
                        continue
                    case = case_of(code)
                    if case.record != record or (trusted(code) or record) != source.trusted:
                        continue
                    found[code] = []
                    if record:
                        events = [MEDIATED] if case.events is None else case.events
                        rows.add(code, case.change, events=events, evidence=case.evidence, base=RECORD)
                    else:
                        rows.add(code, case.change, events=case.events, evidence=case.evidence)
                if rows.disputes:
                    for problem in check(register, rows.batch(), source, NOW).problems:
                        found[problem.row].append(problem)
    return found


@pytest.mark.parametrize("code", [c for c in every_rule() if c not in ELSEWHERE])
def test_a_row_breaks_this_rule_and_no_other(broken: dict[str, list[Problem]], code: str) -> None:
    severity = every_rule()[code].severity
    assert {p.code for p in broken[code] if p.severity == "error"} == ({code} if severity == "error" else set())
    assert code in {p.code for p in broken[code]}


def test_no_case_is_for_a_rule_that_is_gone() -> None:
    assert BY_HAND.keys() <= every_rule().keys()
    assert {rule.code for rule in DIRECT} >= ELSEWHERE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_has_a_sentence(lang: str) -> None:
    _ = language(lang)
    for code, rule in every_rule().items():
        words = rule_sentence(_, code)
        assert len(words) >= 8, code
        assert "{" not in words, code
        problem = Problem("1", rule.table, None, rule.field, code, "", rule.severity)
        assert problem_sentence(_, problem) == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_has_a_label(lang: str) -> None:
    _ = language(lang)
    for table, fields in TABLES.items():
        for item in fields:
            assert field_label(_, table, item.name)
    assert field_label(_, "stage_event", "entered_on") != field_label(_, "dispute", "entered_on")


def test_the_catalogues_hold_no_words_for_rules_or_fields_that_are_gone() -> None:
    names = {f.name for fields in TABLES.values() for f in fields} | {rule.field for rule in DIRECT} | {"event_id"}
    kinds = (
        {f"any.{code.rsplit('.', 1)[1]}" for code in every_rule()}
        | {"any.again_at", "any.again_later"}
        | {f"any.type.{k}" for k in ("date", "time", "flag", "integer", "money")}
    )
    for lang in LANGUAGES:
        for key in catalogue(lang):
            if key.startswith("rules."):
                assert key.removeprefix("rules.") in every_rule().keys() | kinds, key
            if key.startswith("fields."):
                assert key.rsplit(".", 1)[1] in names, key


def test_codes_name_their_field_or_kind() -> None:
    for code, rule in every_rule().items():
        prefix = PREFIX[rule.table]
        assert code.startswith(
            (f"{prefix}{rule.field}.", "cross.", "ladder.", "row.", "dispute.", "stage_events.", "event.seq")
        ), code
