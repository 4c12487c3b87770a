"""Decisions of moderators: from which standing, by whom, by how many, once, taken back; and that figures follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from prizewatch import moderation, rulings
from prizewatch.access import Actor
from prizewatch.errors import NotAllowed
from prizewatch.moderation import Decision, Outcome
from prizewatch.store import Kind, Register
from prizewatch.vocabulary import codes
from tests.conftest import settings_for
from tests.log_by_hand import both_proofs, filing, fresh, organizer, put, rows_of, uid
from tests.test_fold import NOW, one, org

ANN, BEN, ADA = Actor("ann", "moderator"), Actor("ben", "moderator"), Actor("ada", "admin")
D, OTHER = uid("d"), uid("other")
#: A word for every standing of a report, and the decisions that lead there from a held one.
WAYS: dict[str, tuple[str, ...]] = {
    "pending": (), "needs_info": ("ask",), "published_masked": ("publish_masked",),
    "published_named": ("publish_masked", "publish_named"), "hold_legal": ("hold",), "rejected": ("reject",),
    "removed": ("publish_masked", "remove"), "merged": ("merge",),
}  # fmt: skip
FROM_REPORTER = {"draft"}  # the reporter's own consent, nobody's decision


def opened(**variables: str) -> Register:
    settings = settings_for(Path("in-memory.duckdb"), **variables)
    return Register.open(None, settings, kind=Kind.DEMO, clock_on=NOW.date(), now=NOW)


@pytest.fixture(scope="module")
def shared() -> Iterator[Register]:
    with opened() as register:
        yield register


class Case:
    """A held report of an organizer of its own, and what is decided about them."""

    def __init__(self, register: Register, **given: Any) -> None:
        self.register, self.id, self.organizer, self.now = register, fresh(), fresh(), NOW
        self.other = fresh()
        rows = [
            filing(self.id, organizer_id=self.organizer, **{"screen": "insult", **given}),
            filing(self.other, organizer_id=self.organizer, reporter_key=str(self.other), draw_id=fresh()),
        ]
        seen = organizer(
            self.organizer,
            organizer_type="brand_company",
            legal_nature="company",
            host_platform="wechat",
            display_name="甲公司",
            handle="jia",
        )
        proof = [*both_proofs(self.id), *both_proofs(self.other)]
        put(register, filing=rows, organizer=[seen], evidence=proof)

    def decides(self, action: str, actor: Actor = ANN, **given: Any) -> Outcome:
        kind = "organizer" if action in rulings.ORGANIZER else "dispute"
        said = {"reason_code": rulings.RULES[kind][action].reasons[0], "sentence": "why", "event_id": fresh()}
        said |= {"related_id": self.other} if action == "merge" else {}
        subject = self.organizer if kind == "organizer" else self.id
        decision = Decision(**{"subject_kind": kind, "subject_id": subject, "action": action, **said, **given})
        return moderation.decide(self.register, actor, decision, self.now)

    def does(self, *actions: str) -> list[UUID]:
        done = [self.decides(action) for action in actions]
        assert {o.state for o in done} <= {"done"}, done
        return [o.event_id for o in done]

    def undoes(self, event: UUID, actor: Actor = BEN) -> Outcome:
        return moderation.undo(self.register, actor, event, self.now)

    @property
    def standing(self) -> str:
        return str(one(self.register, self.id)["moderation"])

    def named(self) -> Case:
        """With its name on the list, decided by two."""
        self.decides("publish_masked")
        proposed = self.decides("name", reason_code="no_public_contact")
        assert proposed.state == "proposed", proposed
        assert moderation.confirm(self.register, BEN, proposed.event_id, self.now).state == "done"
        return self


# ── every standing is reached, and left again ──────────────────────────────────────────────────────────────────────


def test_the_ways_lead_to_every_standing() -> None:
    assert WAYS.keys() | FROM_REPORTER == set(codes("moderation_status"))


@pytest.mark.parametrize("standing", WAYS)
def test_every_standing_is_reached_and_each_step_taken_back(shared: Register, standing: str) -> None:
    case = Case(shared)
    if standing == "published_named":
        case.named()
    stood = [case.standing]
    events = []
    for action in WAYS[standing]:
        if action == "publish_masked" and case.standing == "published_masked":
            continue
        events += case.does(action)
        stood.append(case.standing)
    assert stood[-1] == standing
    for event in reversed(events):
        stood.pop()
        assert case.undoes(event).state == "done"
        assert case.standing == stood[-1]
    assert case.standing == ("published_masked" if standing == "published_named" else "pending")


#: What may be decided of an open report by where it stands, written out.
HELD = {
    "publish_masked",
    "publish_named",
    "ask",
    "merge",
    "reject",
    "hold",
    "remove",
    "set_level",
    "move",
    "find_ineligible",
}
ALLOWED = {
    "draft": set(), "pending": HELD, "needs_info": HELD, "published_masked": HELD,
    "published_named": HELD - {"publish_named"}, "hold_legal": {"hold", "move", "remove", "restore", "set_level"},
    "rejected": {"restore"}, "removed": {"restore"}, "merged": {"restore"},
}  # fmt: skip


@pytest.mark.parametrize("standing", codes("moderation_status"))
def test_what_may_be_decided_from_where(standing: str) -> None:
    it = rulings.Report(standing, "open", "V2", named=True, other="published_masked")
    assert {a for a in rulings.DISPUTE if not rulings.report_problem(a, it)} == ALLOWED[standing]


def test_what_may_not_be_decided_as_things_stand_is_refused(shared: Register) -> None:
    case = Case(shared)
    assert case.decides("restore").problem == "not_now"
    assert case.decides("publish_named").problem == "not_nameable"
    assert case.standing == "pending"


@pytest.mark.parametrize("agreed", [True, False, None])
def test_what_the_check_needs_is_asked_of_anybody_and_more_only_of_who_agreed(shared: Register, agreed: object) -> None:
    case = Case(shared, consent_contact=agreed)
    more = case.decides("ask", reason_code="other")
    assert (more.state, more.problem) == (("done", "") if agreed else ("refused", "asks_no_more"))
    assert case.decides("ask", reason_code="unclear").state == "done"


def test_ineligible_and_back_open_and_back(shared: Register) -> None:
    case = Case(shared, gave_up_on=NOW.date())
    assert one(shared, case.id)["status"] == "closed_unresolved"
    (reopened,) = case.does("reopen")
    assert one(shared, case.id)["status"] == "open"
    (found,) = case.does("find_ineligible")
    assert one(shared, case.id)["status"] == "closed_ineligible"
    case.does("find_eligible")
    assert one(shared, case.id)["status"] != "closed_ineligible"
    assert case.undoes(found).problem == "decided_since"
    assert case.undoes(reopened).problem == "decided_since"


def test_a_level_is_set_and_taken_back(shared: Register) -> None:
    case = Case(shared)
    before = one(shared, case.id)["verification"]
    (event,) = case.does("set_level")
    assert one(shared, case.id)["verification"] == "V0" != before
    case.undoes(event)
    assert one(shared, case.id)["verification"] == before


def test_restored_after_a_name_is_shown_as_before(shared: Register) -> None:
    case = Case(shared).named()
    case.does("publish_named", "hold", "restore")
    assert case.standing == "published_named"


# ── once, by whom it may, on what was shown ────────────────────────────────────────────────────────────────────────


def test_the_same_event_twice_is_one_decision(shared: Register) -> None:
    case, event = Case(shared), fresh()
    assert case.decides("hold", event_id=event).state == "done"
    assert case.decides("hold", event_id=event) == Outcome("known", "", event)
    assert case.undoes(event).state == "done"
    assert case.undoes(event).state == "known"
    rows = rows_of(shared, "SELECT action FROM log.moderation WHERE subject_id = ? ORDER BY commit_no", [case.id])
    assert [r["action"] for r in rows] == ["hold", "undo"]


def test_who_decided_on_what_has_changed_is_told_and_the_other_decision_stands(shared: Register) -> None:
    case = Case(shared)
    with shared.read() as cur:
        found = moderation.report_on_file(cur, case.id)
    assert found is not None
    shown = found[1]
    assert case.decides("reject", BEN, seen=shown).state == "done"
    late = case.decides("publish_masked", seen=shown)
    assert (late.state, late.problem) == ("refused", "changed")
    assert case.standing == "rejected"
    with shared.read() as cur:
        found = moderation.report_on_file(cur, case.id)
    assert found is not None
    assert case.decides("restore", seen=found[1]).state == "done"


@pytest.mark.parametrize("actor", [Actor("eve", "reader"), Actor("eve", "")])
def test_who_may_not_decides_nothing(shared: Register, actor: Actor) -> None:
    case = Case(shared)
    (event,) = case.does("hold")
    for attempt in (
        lambda: case.decides("restore", actor), lambda: case.undoes(event, actor),
        lambda: moderation.confirm(shared, actor, fresh(), NOW),
        lambda: moderation.decline(shared, actor, fresh(), "", NOW),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            attempt()
    assert case.standing == "hold_legal"


@pytest.mark.parametrize(
    ("action", "given", "problem"),
    [
        ("ask", {"sentence": " "}, "no_words"),
        ("reject", {"reason_code": "other", "sentence": ""}, "no_words"),
        ("reject", {"reason_code": "because"}, "no_reason"),
        ("reject", {"sentence": "x" * (rulings.MOST_WORDS + 1)}, "too_long"),
        ("merge", {"related_id": None}, "no_other"),
        ("merge", {"related_id": OTHER}, "no_other"),
        ("hold", {"subject_id": OTHER}, "unknown"),
        ("name", {"subject_id": OTHER}, "unknown"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_written(
    shared: Register, action: str, given: dict[str, Any], problem: str
) -> None:
    case = Case(shared)
    version = shared.version()
    assert case.decides(action, **given).problem == problem
    assert shared.version() == version


def test_a_report_is_not_merged_into_itself(shared: Register) -> None:
    case = Case(shared)
    assert case.decides("merge", related_id=case.id).problem == "no_other"


def test_many_are_decided_at_once_and_a_refused_one_leaves_the_others(shared: Register) -> None:
    cases = [Case(shared) for _ in range(5)]
    cases[2].does("reject")
    decisions = [Decision(fresh(), "dispute", c.id, "publish_masked", "checked") for c in cases]
    before = shared.version().commit_no
    done = moderation.decide_all(shared, ANN, decisions, NOW)
    assert [o.state for o in done] == ["done", "done", "refused", "done", "done"]
    assert shared.version().commit_no == before + 1
    assert [c.standing for c in cases].count("published_masked") == 4
    with pytest.raises(ValueError, match="two decisions"):
        moderation.decide_all(shared, ANN, [decisions[0], decisions[0]], NOW)


# ── by two ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_needs_another_person_and_is_taken_away_by_one(shared: Register) -> None:
    case = Case(shared)
    case.does("publish_masked")
    proposed = case.decides("name", reason_code="no_public_contact")
    assert proposed.state == "proposed"
    assert not org(shared, case.organizer)["named"]
    assert case.decides("name", BEN, reason_code="no_public_contact").problem == "proposed_already"
    assert moderation.confirm(shared, ANN, proposed.event_id, NOW).problem == "same_person"
    confirmed = moderation.confirm(shared, BEN, proposed.event_id, NOW)
    assert confirmed.state == "done"
    assert org(shared, case.organizer)["named"]
    (row,) = rows_of(shared, "SELECT actor, second FROM log.moderation WHERE event_id = ?", [confirmed.event_id])
    assert row == {"actor": "ann", "second": "ben"}
    assert moderation.confirm(shared, BEN, proposed.event_id, NOW).state == "known"
    assert case.undoes(confirmed.event_id, ANN).state == "done"
    assert not org(shared, case.organizer)["named"]


def test_taking_back_that_a_name_was_taken_away_names_again_and_needs_two(shared: Register) -> None:
    case = Case(shared).named()
    (event,) = case.does("unname")
    proposed = case.undoes(event, ANN)
    assert proposed.state == "proposed"
    assert not org(shared, case.organizer)["named"]
    assert moderation.confirm(shared, BEN, proposed.event_id, NOW).state == "done"
    assert org(shared, case.organizer)["named"]


def test_a_declined_proposal_is_over(shared: Register) -> None:
    case = Case(shared)
    case.does("publish_masked")
    first = case.decides("name", reason_code="no_public_contact")
    assert moderation.decline(shared, ANN, first.event_id, "too early", NOW).state == "done"
    assert moderation.confirm(shared, BEN, first.event_id, NOW).problem == "no_proposal"
    assert case.decides("name", reason_code="no_public_contact").state == "proposed"


def test_a_proposal_is_judged_again_when_it_is_confirmed(shared: Register) -> None:
    case = Case(shared)
    case.does("publish_masked")
    proposed = case.decides("name", reason_code="no_public_contact")
    case.does("hold")  # one draw less: the organizer leaves the list
    assert moderation.confirm(shared, BEN, proposed.event_id, NOW).problem == "not_nameable"


def test_an_organizer_is_invited_a_week_before_it_is_named(shared: Register) -> None:
    case = Case(shared)
    case.does("publish_masked")
    assert case.decides("name").problem == "reply_first"
    case.does("invite_reply")
    case.now += timedelta(days=6, hours=23)
    assert case.decides("name").problem == "reply_first"
    case.now += timedelta(hours=1)
    assert case.decides("name").state == "proposed"


def test_a_person_or_a_single_report_is_not_named(shared: Register) -> None:
    case = Case(shared)  # one of its two draws is held: below the list
    assert case.decides("name", reason_code="no_public_contact").problem == "not_nameable"
    person = Case(shared)
    put(shared, organizer=[organizer(person.organizer, organizer_type="individual", legal_nature="natural_person",
                                     reason="checked")])  # fmt: skip
    person.does("publish_masked")
    assert person.decides("name", reason_code="no_public_contact").problem == "not_nameable"


def test_two_become_one_and_two_again(shared: Register) -> None:
    case, into = Case(shared), Case(shared)
    proposed = case.decides("merge_organizers", related_id=into.organizer)
    merged = moderation.confirm(shared, BEN, proposed.event_id, NOW)
    assert merged.state == "done"
    assert one(shared, case.id)["organizer_id"] == into.organizer
    assert case.decides("name").problem == "merged_already"
    assert into.decides("merge_organizers", related_id=case.organizer).problem == "no_other"
    back = case.undoes(merged.event_id, ANN)
    assert back.state == "proposed"
    assert moderation.confirm(shared, BEN, back.event_id, NOW).state == "done"
    assert one(shared, case.id)["organizer_id"] == case.organizer
    proposed = case.decides("merge_organizers", related_id=into.organizer)
    moderation.confirm(shared, BEN, proposed.event_id, NOW)
    split = case.decides("split_organizer")
    split = moderation.confirm(shared, BEN, split.event_id, NOW)
    assert one(shared, case.id)["organizer_id"] == case.organizer
    again = case.undoes(split.event_id)
    assert moderation.confirm(shared, ADA, again.event_id, NOW).state == "done"
    assert one(shared, case.id)["organizer_id"] == into.organizer


def test_a_team_of_one_names_alone_and_the_log_says_so() -> None:
    with opened(TWO_PERSONS="0") as register:
        case = Case(register)
        case.does("publish_masked")
        done = case.decides("name", reason_code="no_public_contact")
        assert done.state == "done"
        assert org(register, case.organizer)["named"]
        (row,) = rows_of(register, "SELECT second FROM log.moderation WHERE event_id = ?", [done.event_id])
        assert row["second"] == rulings.ALONE


def test_an_invitation_cannot_be_taken_back(shared: Register) -> None:
    case = Case(shared)
    (event,) = case.does("invite_reply")
    assert case.undoes(event).problem == "not_undoable"


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_reason_has_its_words_and_each_is_used() -> None:
    assert rulings.every_reason() | {"public_source"} == set(codes("moderation_reason"))
