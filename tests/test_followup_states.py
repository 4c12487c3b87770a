"""Every transition of 3-model.md 3.4 by somebody who comes back: cells of the ladder, states of the dispute."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from prizewatch import drafts, followup, settings, vault
from prizewatch.followup import Revised, Unknown
from prizewatch.store import Register
from prizewatch.vocabulary import codes
from tests.intake_rows_by_hand import NOW, S1, S2, attempt
from tests.log_by_hand import rows_of
from tests.reporter import HOME, Reporter, day, proof
from tests.test_ladder import FRAUD, OUTCOMES, STAGES, TABLE, WAY, next_step

S3, S4, S5 = STAGES[2:5]
PAID = {"outcome": "relief_full", "relief": "full_prize", "relief_value": "100"}
PART = {"outcome": "relief_partial", "relief": "partial_value", "relief_value": "30"}


def somebody(register: Register, name: str, **change: object) -> Reporter:
    """A reporter of a draw and an organizer of their own."""
    return Reporter(register, name, **{"organizer_handle": f"gh {name}", **change})


# ── the ladder ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("start", TABLE)
def test_every_cell_of_the_table_by_coming_back(still: Register, start: str) -> None:
    """The way to a stage is filed; the next step is added by a change and refused as in a batch."""
    names = [f"{start} to s{number}" for number in range(1, 9)]
    filed = {name: {"organizer_handle": f"gh {name}", "events": WAY[start], **FRAUD} for name in names}
    found = {}
    with still.counting_later():
        for number, me in enumerate(Reporter.several(still, filed).values(), 1):
            other = {"target_entity": "official_account"} if number == 4 else {}
            change = followup.Change(me.fresh(), events=[next_step(f"s{number}", **other)])
            judged = followup.revise(still, me.code, change, me.now, HOME, on_warning="refuse")
            assert isinstance(judged, Revised)
            found[f"s{number}"] = {p.code for p in judged.problems if p.severity == "error"}
    expected = {
        f"s{number}": {
            "skip": {"ladder.skip_reason"},
            "": {"ladder.transition"},
        }.get(cell, set())
        for number, cell in enumerate(TABLE[start], 1)
    }
    assert found == expected


@pytest.mark.parametrize("number", range(2, 9))
def test_pending_closes_once_with_what_the_stage_allows(still: Register, number: int) -> None:
    """pending -> one outcome; a later word is a new version, and nothing else of the row changes."""
    stage, short = STAGES[number - 1], f"s{number}"
    way = {"s2": WAY["s1"], "s3": WAY["s2"], "s4": WAY["s3"]}.get(short, WAY["s2"])
    allowed = set(OUTCOMES[short].split()) - {"pending", "skipped"}
    start = attempt(stage, "pending", "2026-06-30")
    me = somebody(still, f"closes {short}", events=[*way, start], **FRAUD, conditions="repost:yes:no")
    version = 1
    with still.counting_later():
        for outcome in codes("stage_outcome"):
            if outcome in ("pending", "skipped"):
                continue
            closing = attempt(stage, outcome, "2026-06-30") | (PART if outcome == "relief_partial" else {})
            errors = me.errors(events=[{**closing, "stage_event_id": me.event(short)}])
            assert errors == (set() if outcome in allowed else {"ladder.outcome_not_allowed"}), outcome
            version += outcome in allowed
            last = me.opened().events[-1]
            assert (last["outcome"], last["version"]) == (outcome if outcome in allowed else "pending", version)
            if outcome in allowed:  # the wrong line was touched: still pending
                emptied = dict.fromkeys(("relief", "relief_value", "relief_on", "platform_action"), "")
                me.closes(short, **emptied, outcome="pending")
                version += 1


def test_one_open_event_a_stage_and_target_two_targets_at_step_four(me: Reporter) -> None:
    step = attempt(S4, "pending", "2026-08-01")
    me.adds(attempt(S3, "pending", "2026-07-20"))
    me.adds(step)
    assert me.errors(events=[step | {"entered_on": "2026-08-02"}]) >= {"ladder.open_twice"}
    me.adds(step | {"target_entity": "official_account"})
    me.closes("s3", outcome="rejected", platform_action="unknown")
    me.adds(attempt(S3, "pending", "2026-08-10"))  # again, now that the first is over
    assert len(me.opened().events) == 6


def test_rungs_left_out_come_with_their_reasons(me: Reporter) -> None:
    skip = attempt(S3, "skipped", "2026-08-01")
    assert me.errors(events=[attempt(S4, "pending", "2026-08-01")]) == {"ladder.skip_reason"}
    assert me.errors(events=[skip, attempt(S4, "pending", "2026-08-01")]) == set()


# ── the dispute ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_open_to_resolved_in_full_and_nothing_after(me: Reporter) -> None:
    me.adds(attempt(S3, "pending", "2026-08-01"))
    me.closes("s3", **PAID, relief_on="2026-08-15", platform_action="unknown")
    assert (me.status, me.mart()["credited_stage"], me.mart()["relief_on"]) == ("resolved_full", S3, date(2026, 8, 15))
    assert me.errors(events=[attempt(S4, "pending", "2026-08-16")]) == {"ladder.ended"}
    assert me.errors(dispute={"gave_up_on": day(NOW)}) == {"gave_up_on.not_open"}


def test_open_to_resolved_in_part_only_when_accepted(me: Reporter) -> None:
    assert me.errors(dispute={"partial_accepted_on": day(NOW)}) == {"partial_accepted_on.without_partial"}
    me.adds(attempt(S3, "pending", "2026-08-01"))
    me.closes("s3", **PART, relief_on="2026-08-15", platform_action="unknown")
    assert me.status == "open"
    me.says(dispute={"partial_accepted_on": day(NOW)})
    assert me.status == "resolved_partial"
    assert me.errors(dispute={"gave_up_on": day(NOW)}) == {"gave_up_on.not_open"}


@pytest.mark.parametrize(("after", "status"), [(180, "open"), (181, "resolved_partial")])
def test_resolved_in_part_opens_while_the_rest_is_pursued_within_180_days(
    register: Register, after: int, status: str
) -> None:
    me = somebody(register, f"rest after {after}")
    me.adds(attempt(S3, "relief_partial", "2026-08-01", **{k: v for k, v in PART.items() if k != "outcome"}))
    me.says(dispute={"partial_accepted_on": day(NOW)})
    me.now += timedelta(days=after)
    me.adds(attempt(S4, "pending", day(me.now)))
    assert me.status == status


def test_giving_up_and_taking_up_again(me: Reporter) -> None:
    me.says(dispute={"gave_up_on": day(NOW)})
    assert me.status == "closed_unresolved"
    assert me.errors(dispute={"partial_accepted_on": day(NOW)}) >= {"partial_accepted_on.not_open"}
    me.says(dispute={"gave_up_on": ""})
    assert me.status == "open"


@pytest.mark.parametrize(("back", "status"), [(0, "open"), (1, "closed_unresolved")])
def test_closed_unresolved_opens_with_a_new_step_but_not_with_a_forgotten_one(
    register: Register, back: int, status: str
) -> None:
    me = somebody(register, f"new step {back}")
    me.says(dispute={"gave_up_on": day(NOW)})
    before = me.id
    me.adds(attempt(S3, "pending", day(NOW, back)))
    assert (me.status, me.id) == (status, before)


def test_all_routes_ended_is_closed_unresolved_and_a_new_step_opens_it(register: Register) -> None:
    ladder = [S1, S2, *(attempt(STAGES[n], "rejected", f"2026-0{n + 4}-10") for n in (2, 3))]
    ladder += [attempt(STAGES[4], "rejected", "2026-08-01"), attempt(STAGES[5], "rejected", "2026-08-02")]
    ladder += [attempt(STAGES[6], "rejected", "2026-08-03"), attempt(STAGES[7], "rejected", "2026-08-04")]
    me = somebody(register, "all routes", events=ladder, **FRAUD)
    assert me.status == "closed_unresolved"
    me.adds(attempt(STAGES[1], "pending", "2026-08-05"))
    assert me.status == "open"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, "open"),
        ({"events": [attempt(S3, "pending", "2026-08-10")]}, "open"),
        ({"dispute": {"gave_up_on": "2026-09-01"}}, "closed_unresolved"),
        ({"events": [attempt(S3, "relief_full", "2026-08-10")]}, "resolved_full"),
    ],
    ids=["nothing new", "a step of then", "gave up", "paid"],
)
def test_lost_to_followup_returns_with_true_dates(
    tmp_path, request: pytest.FixtureRequest, said: dict[str, object], status: str
) -> None:
    with Register.open(None, settings.read({}), now=NOW) as own:
        me = Reporter(own).later(days=91)
        assert me.status == "lost_to_followup"
        me.says(**said)
        assert me.status == status
        if status == "resolved_full":
            assert me.mart()["relief_on"] == date(2026, 8, 10)
        if status == "open":
            assert me.later(days=90).status == "open"
            assert me.later(days=1).status == "lost_to_followup"


@pytest.mark.parametrize("late", [False, True])
def test_a_prize_that_proves_fake_opens_with_proof_and_waits_for_a_moderator(register: Register, late: bool) -> None:
    me = somebody(register, f"fake {late}")
    me.adds(attempt(S3, "pending", "2026-08-01"))
    me.closes("s3", **PAID, relief_on="2026-08-15", platform_action="unknown")
    me.now += timedelta(hours=25 if late else 1)
    undo = {"outcome": "rejected", "relief": "", "relief_value": "", "relief_on": "", "closed_on": "2026-08-15"}
    undo["stage_event_id"] = me.event("s3")
    if late:
        assert me.errors(events=[undo]) == {"event.outcome.needs_proof"}
        assert me.errors(events=[undo], evidence=[{"kind": "shipping_record", "form": "screenshot"}]) == {
            "event.outcome.needs_proof"
        }
        assert me.status == "resolved_full"
        me.says(events=[undo], evidence=[proof(register, "shipping_record")])
    else:
        me.says(events=[undo])  # the wrong line was touched
    mart = me.mart()
    assert (mart["status"], mart["credited_stage"], mart["relief_on"]) == ("open", None, None)
    assert mart["moderation"] == ("pending" if late else "published_masked")
    me.moderated("publish_masked")
    assert (me.mart()["moderation"], me.mart()["in_base"]) == ("published_masked", True)
    me.adds(attempt(S4, "pending", day(me.now)))
    assert me.mart()["in_base"]


def test_closed_as_ineligible_opens_with_new_evidence_or_by_a_moderator(register: Register) -> None:
    failed = [S1 | {"outcome": "self_disqualified"}]
    own = somebody(register, "own doubt", events=failed, conditions="repost:yes:no")
    assert own.status == "closed_ineligible"
    assert own.errors(events=[S2]) == {"ladder.ended", "event.stage.ineligible"}
    own.now += timedelta(days=2)
    mended = {"events": [{"stage_event_id": own.event("s1"), "outcome": "passed"}]}
    mended["dispute"] = {"conditions": "repost:yes:yes"}
    assert own.errors(**mended) == {"event.outcome.needs_proof"}
    own.says(**mended, evidence=[proof(register, "follow_proof")])
    assert (own.status, own.mart()["moderation"]) == ("open", "pending")

    found = somebody(register, "found so")
    found.moderated("find_ineligible")
    assert found.status == "closed_ineligible"
    assert found.errors(events=[attempt(S3, "pending", "2026-08-01")]) == {"event.stage.ineligible"}
    assert found.errors(dispute={"gave_up_on": day(NOW)}) == {"gave_up_on.not_open"}
    found.says(evidence=[proof(register, "follow_proof")])
    assert found.status == "closed_ineligible"
    found.moderated("find_eligible")
    assert found.status == "open"


# ── withdrawing ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", ["mistake", "privacy", "other"])
def test_withdrawn_leaves_the_figures_and_keeps_its_stone(register: Register, reason: str) -> None:
    me = somebody(register, f"withdraws {reason}")
    assert me.mart()["in_base"]
    done = me.withdraws(reason)
    assert done.report is not None
    assert (me.status, me.mart()["in_base"]) == ("withdrawn", False)
    assert len(rows_of(register, "FROM log.filing WHERE dispute_id = ?", [me.id])) == 2


def test_pressed_to_withdraw_stays_counted_and_masked(me: Reporter) -> None:
    me.moderated("publish_named")
    me.withdraws("pressured")
    assert (me.status, me.mart()["moderation"], me.mart()["in_base"]) == ("open", "published_masked", True)


def test_settled_must_come_as_resolved(me: Reporter) -> None:
    refused = me.withdraws("settled")
    assert ([p.code for p in refused.problems], refused.report) == (["withdraw_reason.settled_needs_relief"], None)
    assert me.opened().version == 1
    me.adds(attempt(S3, "relief_partial", "2026-08-01", **{k: v for k, v in PART.items() if k != "outcome"}))
    me.withdraws("settled")
    assert (me.status, me.mart()["in_base"]) == ("resolved_partial", True)
    assert me.opened().status == "resolved_partial"  # it stays in its reporter's hands
    other = somebody(me.register, "paid in full")
    other.adds(attempt(S3, "relief_full", "2026-08-01"))
    other.withdraws("settled")
    assert other.status == "resolved_full"


def test_a_reason_that_is_none_is_refused(me: Reporter) -> None:
    assert {p.code for p in me.withdraws("bored").problems} == {"withdraw_reason.code"}


@pytest.mark.parametrize(("days", "opens"), [(30, True), (31, False)])
def test_withdrawn_opens_within_thirty_days_for_who_knows_code_and_contact(
    register: Register, days: int, opens: bool
) -> None:
    me = somebody(register, f"back after {days}")
    me.withdraws("privacy")
    me.now += timedelta(days=days)
    assert me.reopens("someone else") == Unknown()
    done = me.reopens(f"  {me.phrase} ")
    assert isinstance(done, Revised) is opens
    assert me.status == ("open" if opens else "withdrawn")


def test_only_what_was_withdrawn_can_be_reopened(me: Reporter) -> None:
    assert me.reopens() == Unknown()
    assert me.opened().version == 1


@pytest.mark.parametrize(("minutes", "goes"), [(10, True), (10.1, False)])
def test_taken_back_within_ten_minutes_is_gone_with_its_files(register: Register, minutes: float, goes: bool) -> None:
    files = [proof(register, "win_page"), proof(register, "chat_refusal")]
    me = somebody(register, f"takes back {minutes}", evidence=files)
    somebody(register, f"won too {minutes}", evidence=files[1:])

    def keep_words(cur, items):
        own = "SELECT event_id FROM log.filing WHERE dispute_id = ?"
        cur.execute(f"INSERT INTO desk.original SELECT event_id, 'narrative', 'words', ? FROM ({own})", [NOW, me.id])
        return [None for _ in items]

    register.write(keep_words, None)
    assert me.opened().take_back_until == NOW + timedelta(minutes=10)
    me.now += timedelta(minutes=minutes)
    assert [followup.take_back(register, me.code, me.now) for _ in range(2)] == [goes, goes]
    assert (me.status, me.mart()["in_base"]) == (("withdrawn", False) if goes else ("open", True))
    assert [vault.holds(register, f["sha256"]) for f in files] == [not goes, True]  # the second is another's, too
    assert bool(rows_of(register, "FROM desk.original")) is not goes
    if goes:
        assert me.reopens() == Unknown()  # gone for good
    else:
        assert me.opened().take_back_until is None


def test_a_wrong_code_takes_nothing_back(register: Register) -> None:
    assert not followup.take_back(register, "0" * 20, NOW)


def test_what_is_taken_back_keeps_a_file_that_a_draft_holds(register: Register) -> None:
    item = proof(register, "win_page")
    me = somebody(register, "takes back, begins anew", evidence=[item])
    drafts.save(register, drafts.new_code(), me.fresh(), {"files": [{"sha256": item["sha256"]}]}, me.now)
    assert followup.take_back(register, me.code, me.now)
    assert vault.holds(register, item["sha256"])
