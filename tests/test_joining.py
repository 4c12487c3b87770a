"""Several winners of one draw: by a link they share, or by the public code of an organizer, they end up together."""

from __future__ import annotations

from typing import Any

import pytest

from prizewatch import followup, identity, queries
from prizewatch.intake import Receipt, accept, check, joined
from prizewatch.store import Register
from tests.intake_rows_by_hand import FORM, NOW, Rows
from tests.log_by_hand import decision, organizer, put, rows_of
from tests.reporter import file
from tests.test_attacks import BOTH, COMPANY, only_organizer, report

PERSON = {"organizer_type": "individual", "legal_nature": "natural_person", "organizer_handle": "zhangsan88"}
FILED = """SELECT CAST(organizer_id AS VARCHAR) AS organizer, CAST(draw_id AS VARCHAR) AS draw
    FROM log.filing ORDER BY commit_no"""


def link(register: Register, nth: int = 0) -> str:
    """The share token of the first report on file, or another."""
    names = FILED.replace("FROM", ", dispute_id FROM")
    row = rows_of(register, names)[nth]
    return identity.share_token(register.key, row["organizer"], row["draw"], row["dispute_id"])


def join(register: Register, row: str, **change: Any) -> Receipt:
    """A report of another winner who does not know the organizer's handle, about a draw remembered as another day."""
    words = {"organizer_handle": None, "network": f"net-{row}", "win_notice_on": "2026-06-02", **change}
    words["draw_time"] = "2026-06-02 12:00:00"
    evidence = [file(register, *about, content + row.encode()) for *about, content in BOTH]
    return accept(register, Rows().add(row, words, evidence=evidence).batch(), FORM, NOW)


def test_who_follows_the_link_is_another_reporter_of_the_same_draw(register: Register) -> None:
    report(register, "a", 1, **COMPANY)
    receipt = join(register, "b", join=link(register))
    assert receipt.problems == []
    assert len({(row["organizer"], row["draw"]) for row in rows_of(register, FILED)}) == 1
    shop = only_organizer(register)
    assert (shop["disputes"], shop["reporters"], shop["draws"], shop["k_ind"]) == (2, 2, 1, 1)


def test_one_person_is_one_dispute_even_by_the_link(register: Register) -> None:
    report(register, "a", 1, reporter="me@example.org")
    receipt = join(register, "b", join=link(register), reporter="me@example.org")
    assert receipt.problems == []
    assert [row["screen"] for row in rows_of(register, "SELECT screen FROM log.filing ORDER BY commit_no")] == [
        "",
        "reported_before",
    ]


def test_a_joiner_neither_renames_nor_retypes_nor_moves_the_organizer(register: Register) -> None:
    for n in (1, 2, 3):
        report(register, f"p{n}", n, **PERSON)
    other = {"organizer_type": "brand_company", "legal_nature": "company", "host_platform": "weibo"}
    for n in range(4):
        assert join(register, f"j{n}", join=link(register), reporter=f"j{n}@example.org", **other).accepted == 1
    person = only_organizer(register)
    assert (person["organizer_type"], person["legal_nature"], person["host_platform"]) == (
        "individual", "natural_person", "wechat",
    )  # fmt: skip
    assert person["publication"] == "lookup"
    assert rows_of(register, "SELECT count(*) AS n FROM log.organizer") == [{"n": 1}]
    join(register, "named", join=link(register), organizer_handle="gh_other", **other)
    seen = rows_of(
        register, "SELECT organizer_type, legal_nature, host_platform, handle FROM log.organizer ORDER BY commit_no"
    )
    assert seen[1:] == [{"organizer_type": None, "legal_nature": None, "host_platform": None, "handle": "gh_other"}]
    assert only_organizer(register)["legal_nature"] == "natural_person"


def test_the_form_learns_of_a_draw_what_its_sharer_said_and_no_name_that_is_not_public(register: Register) -> None:
    report(register, "a", 1, **COMPANY)
    found = joined(register, link(register))
    assert found is not None
    assert (found.organizer_type, found.legal_nature, found.host_platform) == ("online_shop", "company", "wechat")
    assert (found.lottery_tool, found.prize_kind, str(found.draw_on)) == ("choujiang_zhushou", "goods", "2026-06-01")
    assert (found.name, found.public_code) == (None, None)
    report(register, "b", 2, **COMPANY)
    shop = only_organizer(register)
    assert joined(register, link(register)).public_code == shop["public_code"]  # type: ignore[union-attr]
    put(register, moderation=[decision(shop["organizer_id"], "name", kind="organizer")])
    assert joined(register, link(register)).name == "Honest Shop"  # type: ignore[union-attr]


def test_a_link_to_what_no_longer_stands_says_as_little_as_a_wrong_one(register: Register) -> None:
    receipt = report(register, "a", 1)
    token = link(register)
    assert joined(register, token) is not None
    assert joined(register, token[:-4] + "AAAA") is joined(register, "") is None
    put(register, moderation=[decision(next(iter(receipt.ids.values())), "reject")])
    assert joined(register, token) is None


def test_the_code_of_a_listed_organizer_stands_for_its_handle(register: Register) -> None:
    report(register, "a", 1, **COMPANY)
    report(register, "b", 2, **COMPANY)
    code = only_organizer(register)["public_code"]
    receipt = join(register, "c", organizer_code=f" {code.lower()} ", organizer_type="unknown", host_platform="weibo")
    assert receipt.problems == []
    assert rows_of(register, FILED)[2] == rows_of(register, FILED)[1]  # the same draw: by its day
    shop = only_organizer(register)
    assert (shop["disputes"], shop["draws"], shop["organizer_type"], shop["host_platform"]) == (
        3, 2, "online_shop", "wechat",
    )  # fmt: skip


def test_the_code_leads_to_where_a_merged_organizer_is_now(register: Register) -> None:
    for n, day in enumerate((1, 2, 3)):
        report(register, f"r{n}", day, organizer_handle="gh_old" if n == 2 else "gh_new")
    old, new = (identity.organizer_id(register.key, "wechat", h) for h in ("gh_old", "gh_new"))
    put(register, organizer=[organizer(old, "merged", into_id=new, reason="renamed")])
    shop = only_organizer(register)
    assert join(register, "c", organizer_code=shop["public_code"]).accepted == 1
    assert only_organizer(register)["disputes"] == 4
    assert [p.code for p in join(register, "d", organizer_code=identity.public_code(old)).problems] == [
        "organizer_code.unknown"
    ]


def test_a_code_tells_nobody_whether_an_unlisted_organizer_is_on_file(register: Register) -> None:
    report(register, "a", 1, **COMPANY)
    unlisted, nobody = only_organizer(register)["public_code"], "0000-0000"
    answers = [join(register, f"x{n}", organizer_code=code) for n, code in enumerate((unlisted, nobody))]
    assert [(p.code, p.severity) for a in answers for p in a.problems] == [("organizer_code.unknown", "error")] * 2
    assert [a.accepted for a in answers] == [0, 0]


@pytest.mark.parametrize("token", ["", " ", "0" * 86, "drop table", "ü" * 64])
def test_a_broken_link_is_said_and_an_empty_one_is_none(register: Register, token: str) -> None:
    rows = Rows().add("a", {"organizer_handle": None, "join": token})
    wanted = "join.unknown" if token.strip() else "organizer_handle.required"
    assert [p.code for p in check(register, rows.batch(), FORM, NOW).errors] == [wanted]


def test_who_tells_that_a_listed_name_was_borrowed_tells_of_another_organizer(register: Register) -> None:
    report(register, "a", 1, **COMPANY)
    report(register, "b", 2, **COMPANY)
    shop = only_organizer(register)
    for n in range(2):
        borrowed = {"dispute_reason": "impersonation", "stated_before_entry": None}
        receipt = join(register, f"i{n}", organizer_code=shop["public_code"], **borrowed)
        put(register, moderation=[decision(receipt.ids[f"i{n}"], "publish_masked")])
    assert len({row["organizer"] for row in rows_of(register, FILED)[2:]}) == 1
    profile = queries.organizer(register, shop["public_code"])
    assert profile is not None
    assert profile.disputes == 2


def test_a_link_tells_nothing_of_a_held_report_of_somebody_else(register: Register) -> None:
    """File about a draw of a person, keep the link, take the report back: it must not say who else reported."""
    report(register, "held", 1, dispute_reason="rigged_winner", stated_before_entry=None, **PERSON)
    mine = report(register, "curious", 1, lottery_tool="none_unknown", **PERSON)
    assert joined(register, link(register)) is None
    found = joined(register, link(register, 1))
    assert found is not None
    assert found.lottery_tool == "none_unknown"
    report(register, "third", 1, lottery_tool="weibo_lottery", **PERSON)
    assert followup.take_back(register, next(iter(mine.codes.values())), NOW)
    assert joined(register, link(register, 1)) is None  # not even now that somebody else's is published
