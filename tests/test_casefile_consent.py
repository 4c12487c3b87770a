"""Consent: given one by one, changed with the receipt, respected at the next making; and no canary in a case file."""

from __future__ import annotations

from uuid import UUID

import pytest

from prizewatch import audit, casefile, identity
from prizewatch.errors import PrizewatchError
from prizewatch.store import Register
from tests.canaries import AMOUNTS, FINGERPRINT, SEALED, WORDS, spellings
from tests.casefiles import PROOF, SHOP, everything, file, made, publish, shop_id
from tests.intake_rows_by_hand import NOW
from tests.log_by_hand import decision, organizer, put, rows_of
from tests.reporter import Reporter, proof


def visible_shop(register: Register) -> UUID:
    return identity.organizer_id(register.key, "wechat", "gh_namedshop")


def test_no_canary_is_in_a_case_file_of_either_kind_or_its_log(
    canaries: Register, caplog: pytest.LogCaptureFixture
) -> None:
    for found in (made(canaries, visible_shop(canaries)), made(canaries, visible_shop(canaries), with_files=True)):
        said = everything(found) + found.name
        assert "Visible Shop" in said  # else this proves nothing
        assert found.disputes == 6
        assert FINGERPRINT in said
        assert "canary" not in said.replace(FINGERPRINT, "").casefold()
        assert WORDS["network"] not in said
        assert [name for name, amount in AMOUNTS.items() for way in spellings(amount) if way in said] == []
    assert "canary" not in caplog.text.casefold()


def test_only_the_named_and_the_masked_organizer_have_one(canaries: Register) -> None:
    with canaries.read() as cur:
        everybody = [row[0] for row in cur.execute("SELECT organizer_id FROM mart.organizer").fetchall()]
    found = {one: casefile.make(canaries, one, NOW) for one in everybody}
    there = [one for one, made_of in found.items() if made_of is not None]
    assert there == [visible_shop(canaries)]  # the masked one was not reviewed: it is at `watch`
    assert [one.organizer_id for one in casefile.reachable(canaries)] == there


def test_no_key_of_a_person_or_a_report_is_in_it(canaries: Register) -> None:
    said = everything(made(canaries, visible_shop(canaries)))
    columns = "reporter_key, network_key, receipt_hash, dispute_id, draw_id, organizer_id, event_id"
    filings = rows_of(canaries, f"SELECT {columns} FROM log.filing")
    assert any(row["reporter_key"] for row in filings)
    for row in filings:
        assert [name for name, key in row.items() if key is not None and str(key) in said] == []


def test_what_hides_a_report_takes_it_out_at_the_next_making(register: Register) -> None:
    receipt = file(register, 5)
    one = UUID(receipt.ids[f"{SHOP} 1"])
    assert made(register).disputes == 5
    for action, back in (("hold", "restore"), ("remove", "restore"), ("ask", "publish_masked"), ("reject", "restore")):
        put(register, moderation=[decision(one, action)])
        assert made(register).disputes == 4, action
        put(register, moderation=[decision(one, back)])
        assert made(register).disputes == 5, action


def somebody(register: Register, n: int, **change: str) -> Reporter:
    """A reporter of the shop with files on both sides."""
    said = {
        "organizer_handle": SHOP,
        "organizer_display": "案卷小店",
        "draw_ref": f"draw {n}",
        "consent_case_file": "true",
    }
    both = [proof(register, "win_page", "screen_recording"), proof(register, "chat_refusal", "screen_recording")]
    return Reporter(register, f"person {n}", **{**said, **change}, evidence=both)


@pytest.fixture
def people(register: Register) -> list[Reporter]:
    found = [somebody(register, n) for n in range(4)]
    put(register, moderation=[decision(shop_id(register), "review", kind="organizer")])
    return found


def test_consent_is_taken_back_and_given_again_with_the_receipt(register: Register, people: list[Reporter]) -> None:
    assert made(register).disputes == 4
    people[0].says(dispute={"consent_case_file": "false"})
    assert made(register).disputes == 3
    assert casefile.for_reporter(register, people[0].id, NOW) is None
    people[0].says(dispute={"consent_case_file": "true"})
    assert made(register).disputes == 4


def test_the_consent_to_be_counted_is_taken_back_and_given_again(register: Register, people: list[Reporter]) -> None:
    people[0].says(dispute={"consent_publish": "false"})
    assert (people[0].mart()["moderation"], people[0].mart()["in_base"]) == ("draft", False)
    assert made(register).disputes == 3
    people[0].says(dispute={"tries_count": "3"})  # what was agreed to before does not stand in the way of the rest
    people[0].says(dispute={"consent_publish": "true"})
    assert people[0].mart()["in_base"] is True
    assert made(register).disputes == 4


@pytest.mark.parametrize("reason", ["mistake", "privacy", "pressured", "other"])
def test_who_withdraws_is_out_whatever_the_reason(register: Register, people: list[Reporter], reason: str) -> None:
    people[0].withdraws(reason)
    assert made(register).disputes == 3


def test_nobody_agreed_who_was_not_asked(register: Register) -> None:
    file(register, 4, consent_case_file=None)
    assert casefile.make(register, shop_id(register), NOW) is None


def test_a_reporter_gets_it_only_inside_and_with_proof_of_both_sides(
    register: Register, people: list[Reporter]
) -> None:
    ticked = Reporter(
        register, "ticked", organizer_handle=SHOP, organizer_display="案卷小店", draw_ref="draw 9",
        consent_case_file="true", evidence=PROOF,
    )  # fmt: skip
    outside = somebody(register, 8, consent_case_file="false")
    publish(register)  # what the screens hold of six reports in a minute
    assert made(register).disputes == 5
    inside = casefile.for_reporter(register, people[0].id, NOW)
    assert inside is not None
    assert not any(name.startswith("evidence/") for name in inside.files)
    assert casefile.for_reporter(register, ticked.id, NOW) is None
    assert casefile.for_reporter(register, outside.id, NOW) is None
    assert casefile.taken_by_reporter(register, outside.id, "zip", NOW) is None
    assert audit.count(register, action="casefile.make") == 0, "what was not made is not noted"
    for _ in range(casefile.NOTED + 2):
        assert casefile.taken_by_reporter(register, people[0].id, "zip", NOW) == inside
    noted = audit.entries(register, action="casefile.make")
    assert len(noted) == casefile.NOTED, "nobody fills the audit by pressing"
    assert noted.iloc[0][["actor", "role", "subject_kind", "detail"]].tolist() == ["", "reporter", "dispute", "zip"]
    assert str(noted.iloc[0]["subject_id"]) == str(people[0].id)
    assert casefile.place(register, outside.id) == casefile.Place(shop_id(register), 5, False, True)
    assert casefile.place(register, UUID(int=9)).subject is None


def test_a_duplicate_hands_nothing_of_its_own_to_the_file(register: Register) -> None:
    receipt = file(register, 4)
    early = {"claim_made_on": "2026-05-09", "prize_value": "4321", "draw_ref": "draw 0", "win_notice_on": "2026-05-08"}
    early["draw_time"] = "2026-05-01 12:00:00"
    other = Reporter(register, "double", organizer_handle=SHOP, consent_case_file="true", evidence=PROOF, **early)
    other.moderated("merge", related_id=UUID(receipt.ids[f"{SHOP} 0"]))
    said = everything(made(register))
    assert "2026-05-09" not in said
    assert "4321" not in said


def test_a_merged_organizer_brings_its_reports_and_not_its_name(register: Register) -> None:
    file(register, 3)
    file(register, 2, organizer_handle="gh_before", organizer_display="从前的店")
    put(register, organizer=[organizer(shop_id(register, "gh_before"), "merged", into_id=shop_id(register))])
    found = made(register)
    assert found.disputes == 5
    assert casefile.make(register, shop_id(register, "gh_before"), NOW) is None


def test_the_sealed_canary_counts_in_public_figures(canaries: Register) -> None:
    """Else its absence from the file would prove nothing."""
    sealed = rows_of(canaries, "SELECT in_base FROM mart.dispute WHERE prize_cents = ?", [int(SEALED.replace(".", ""))])
    assert sealed == [{"in_base": True}]


def test_no_error_of_a_case_file_tells_of_a_report(canaries: Register) -> None:
    hidden = rows_of(canaries, "SELECT draw_id FROM mart.dispute WHERE NOT in_base")
    assert hidden
    try:
        assert [casefile.make(canaries, row["draw_id"], NOW) for row in hidden] == [None] * len(hidden)
    except PrizewatchError as error:  # pragma: no cover
        raise AssertionError(repr(error)) from error
