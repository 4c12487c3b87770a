"""What one stranger can do to somebody else's record through the door, and what moderators decided meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from prizewatch import queries
from prizewatch.intake import Receipt, accept
from prizewatch.store import Register
from tests.handed_out import handed_out
from tests.intake_rows_by_hand import FORM, IMPORT, NOW, Rows
from tests.log_by_hand import decision, put, rows_of
from tests.reporter import Reporter, file, proof

BOTH = (
    ("win_page", "screenshot", b"the page"),
    ("chat_refusal", "screenshot", b"the talk"),
)
COMPANY = {"organizer_display": "Honest Shop"}
PERSON = {"organizer_type": "individual", "legal_nature": "natural_person", "organizer_handle": "zhangsan88"}


def report(register: Register, row: str, day: int = 1, evidence: Any = BOTH, **change: str | None) -> Receipt:
    """A report of a draw on a day, from a network of its own."""
    on = f"2026-06-0{day}"
    dates = {"draw_time": f"{on} 02:00:00", "win_notice_on": on}
    dates |= {"claim_made_on": "2026-06-05", "refused_on": "2026-06-05"}
    events = [
        {"stage": "s1_self_check", "entered_on": "2026-06-05", "outcome": "passed"},
        {"stage": "s2_organizer", "target_entity": "organizer", "entered_on": "2026-06-05", "closed_on": "2026-06-05",
         "outcome": "refused"},
    ]  # fmt: skip
    evidence = [file(register, *about, content + row.encode()) for *about, content in evidence]
    rows = Rows().add(row, {**dates, "network": f"net-{row}", **change}, events=events, evidence=evidence)
    receipt = accept(register, rows.batch(), FORM, NOW)
    assert receipt.accepted == 1, receipt.problems
    return receipt


def test_the_same_file_from_two_people_waits_for_a_moderator(register: Register) -> None:
    """A picture that is passed on proves something for one of them at most, at filing and later."""
    same = [file(register, *item) for item in BOTH]

    def files(row: str, **change: Any) -> None:
        rows = Rows().add(row, {"network": f"net-{row}", **change}, evidence=same)
        assert accept(register, rows.batch(), FORM, NOW).accepted == 1

    files("a")
    files("b")
    files("a again", reporter="a@example.org", organizer_handle="gh_other")
    later = Reporter(register, "c", network="net-c")
    later.says(evidence=[same[0]])
    later.says(evidence=[proof(register, "win_page")])
    assert later.mart()["moderation"] == "pending"
    screens = [r["screen"] for r in rows_of(register, "SELECT screen FROM log.filing ORDER BY commit_no")]
    assert screens == ["", "same_file", "", "", "same_file", "same_file"]
    both = Rows().add("d", {"network": "net-d"}, evidence=[file(register, "win_page", "screenshot", b"one")])
    both.add("e", {"network": "net-e"}, evidence=[file(register, "win_page", "screenshot", b"one")])
    assert accept(register, both.batch(), FORM, NOW).accepted == 2
    at_once = rows_of(register, "SELECT screen FROM log.filing WHERE screen <> '' ORDER BY commit_no")
    assert [r["screen"] for r in at_once][3:] == ["same_file"]


def only_organizer(register: Register) -> dict[str, Any]:
    found = rows_of(register, "SELECT * FROM mart.organizer")
    assert len(found) == 1
    return found[0]


def named_shop(register: Register) -> dict[str, Any]:
    """A company with reports of two draws, named by a moderator."""
    report(register, "a", 1, **COMPANY)
    report(register, "b", 2, **COMPANY)
    shop = only_organizer(register)
    put(register, moderation=[decision(shop["organizer_id"], "name", kind="organizer")])
    return only_organizer(register)


@pytest.mark.parametrize("words", ["Rename 13812345678", "Another Shop"], ids=["held", "published"])
def test_a_report_does_not_rename_a_named_organizer(register: Register, words: str) -> None:
    shop = named_shop(register)
    assert (shop["named"], shop["display_name"]) == (True, "Honest Shop")
    report(register, "stranger", 3, organizer_display=words, organizer_handle="GH_demo_shop")
    assert only_organizer(register)["display_name"] == "Honest Shop"
    said = [content.decode("utf-8", "replace") for content in handed_out(register, NOW).values()]
    said += [repr(queries.organizer(register, shop["public_code"]))]
    said += [queries.search_organizers(register).frame.to_csv()]
    assert not [text for text in said if words in text or "GH_demo_shop" in text]
    assert queries.search_organizers(register, words).total == 0
    register.rebuild(NOW)
    assert only_organizer(register)["display_name"] == "Honest Shop"


def test_a_moderator_who_names_again_takes_the_new_name(register: Register) -> None:
    shop = named_shop(register)
    report(register, "customer", 3, organizer_display="Honest Shop Two")
    put(register, moderation=[decision(shop["organizer_id"], "name", kind="organizer")])
    assert only_organizer(register)["display_name"] == "Honest Shop Two"
    aliases = queries.organizer(register, shop["public_code"]).aliases
    assert set(aliases["name"]) == {"Honest Shop", "Honest Shop Two", "gh_demo_shop"}


@pytest.mark.parametrize(
    "change",
    [{"dispute_reason": "rigged_winner", "stated_before_entry": None}, {"evidence": ()}, {}],
    ids=["held", "without evidence", "with evidence"],
)
def test_one_report_makes_no_business_of_a_person(register: Register, change: dict[str, Any]) -> None:
    for n in (1, 2, 3):
        report(register, f"p{n}", n, **PERSON)
    assert only_organizer(register)["publication"] == "lookup"
    business = {**PERSON, "organizer_type": "brand_company", "legal_nature": "company", "organizer_display": "张三公司"}
    report(register, "stranger", 4, **{**business, **change})
    person = only_organizer(register)
    assert (person["organizer_type"], person["legal_nature"]) == ("individual", "natural_person")
    assert (person["publication"], person["level"]) == ("lookup", "none")
    assert queries.search_organizers(register).total == 0
    assert queries.organizer(register, person["public_code"]) is None


def test_what_most_people_vouch_for_counts(register: Register) -> None:
    report(register, "first", 1, **PERSON)
    business = {**PERSON, "organizer_type": "brand_company", "legal_nature": "company"}
    for n in (2, 3):
        report(register, f"b{n}", n, **business)
    assert only_organizer(register)["publication"] == "listed"


def test_reports_of_impersonation_say_nothing_of_whose_name_it_is(register: Register) -> None:
    shop = named_shop(register)
    for n in (3, 4):
        report(register, f"i{n}", n, dispute_reason="impersonation", stated_before_entry=None, **COMPANY)
        report(register, f"o{n}", n, dispute_reason="impersonation", organizer_handle="honest_other")
    held = rows_of(register, "SELECT dispute_id FROM mart.dispute WHERE moderation = 'pending'")
    assert len(held) == 4
    put(register, moderation=[decision(row["dispute_id"], "publish_masked") for row in held])
    assert queries.overview(register).disputes == 6
    assert queries.organizer(register, shop["public_code"]).disputes == 2
    assert queries.lookup_handle(register, "honest_other", "wechat", NOW, "a") == "nothing_to_say"


def test_one_network_is_one_reporter_until_a_moderator_has_looked(register: Register) -> None:
    for n in (1, 2, 3):
        report(register, f"contact{n}", n, network="203.0.113.7", **COMPANY)
    shop = only_organizer(register)
    assert (shop["disputes"], shop["k_ind"], shop["publication"]) == (1, 1, "lookup")
    screens = [row["screen"] for row in rows_of(register, "SELECT screen FROM log.filing ORDER BY commit_no")]
    assert screens == ["", "same_network", "same_network"]
    assert queries.lookup_handle(register, "gh_demo_shop", "wechat", NOW, "a") == "nothing_to_say"
    mine = {"network": "203.0.113.7", "reporter": "contact1@example.org", "organizer_handle": "gh_other"}
    report(register, "again", 4, **mine)
    report(register, "once more", 5, **mine)
    assert rows_of(register, "SELECT count(*) AS n FROM log.filing WHERE screen = ''") == [{"n": 3}]


@pytest.mark.parametrize("many", [1, 300])
def test_unseen_characters_do_not_come_in(register: Register, many: int) -> None:
    """Neither one by one nor in a file: no turned words, no control characters, no second name for the same handle."""
    rows = Rows()
    for n in range(many):
        rows.add(
            f"r{n}",
            {
                "organizer_display": "Shop\u202egnp.exe\u2066\x07\x00\U000e0041\nTwo",
                "organizer_handle": "gh_\u202ashop\u2069",
                "refusal_text": f"{n} 不\u202e给\n\u200b了",
            },
        )
    assert accept(register, rows.batch(), IMPORT, NOW).accepted == many
    seen = rows_of(register, "SELECT display_name, handle FROM log.organizer")
    assert seen == [{"display_name": "Shopgnp.exe Two", "handle": "gh_shop"}]
    assert rows_of(register, "SELECT refusal_text AS t FROM log.filing ORDER BY 1")[0]["t"] == "0 不给\n了"


def test_a_file_that_never_came_and_an_eleventh_are_refused_at_the_first_filing_too(register: Register) -> None:
    def broken(evidence: list[dict[str, str]]) -> set[str]:
        receipt = accept(register, Rows().add("made up", evidence=evidence).batch(), FORM, NOW)
        assert receipt.accepted == 0
        return {p.code for p in receipt.errors}

    real = proof(register, "chat_refusal")
    assert broken([real, {**real, "kind": "win_page", "sha256": "a1" * 32}]) == {"evidence.sha256.not_kept"}
    eleven = [proof(register, "other") for _ in range(11)]
    assert broken(eleven) == {"evidence.sha256.too_many"}
    assert accept(register, Rows().add("honest", evidence=eleven[:10]).batch(), FORM, NOW).accepted == 1
    trusted = Rows().add("import", {"network": None}, evidence=[{**real, "sha256": "a1" * 32}])
    assert accept(register, trusted.batch(), IMPORT, NOW).accepted == 1


def test_one_network_stays_one_reporter_when_reports_are_corrected_onto_one_organizer(register: Register) -> None:
    """Filed about three shops, then all corrected to be about the same: still one person in one place."""
    home = {"network": "203.0.113.7", "device": "one browser"}
    reporters = [Reporter(register, n, organizer_handle=f"gh_{n}", **home) for n in ("x", "y", "z")]
    for me in reporters:
        me.says(dispute={"organizer_handle": "gh_victim"})
    assert [me.mart()["moderation"] for me in reporters] == ["published_masked", "pending", "pending"]
    screens = rows_of(register, "SELECT screen FROM log.filing WHERE version = 2 ORDER BY commit_no")
    assert [row["screen"] for row in screens] == ["", "same_network;same_device", "same_network;same_device"]
    stranger = Reporter(register, "w", organizer_handle="gh_w", network="192.0.2.9")
    stranger.says(dispute={"organizer_handle": "gh_victim"})
    assert stranger.mart()["moderation"] == "published_masked"


def test_an_answer_to_a_moderator_is_kept_masked(register: Register) -> None:
    me = Reporter(register)
    me.moderated("ask", sentence="When?")
    me.says(answer="On Monday, call 13800138000")
    (row,) = rows_of(register, "SELECT answered FROM log.answer")
    assert row["answered"].startswith("On Monday")
    assert "13800138000" not in row["answered"]
