"""An organizer that was picked from the register: letters and My report call it by its public name."""

from __future__ import annotations

import re

from prizewatch import draws, intake
from prizewatch.store import Register
from tests.casefiles import PROOF, SHOP, file, shop_id
from tests.intake_rows_by_hand import IMPORT, NOW, Rows
from tests.log_by_hand import decision, put, rows_of
from tests.my_report import Screen
from tests.reporter import Reporter


def picked(register: Register) -> dict[str, str]:
    """What is public of the organizer of a report that was filed by its public code alone."""
    code = rows_of(register, "SELECT public_code FROM mart.organizer")[0]["public_code"]
    said = {"organizer_code": code, "organizer_handle": None, "organizer_display": None, "draw_ref": "a new one"}
    receipt = intake.accept(register, Rows().add("picked", said, evidence=PROOF).batch(), IMPORT, NOW)
    assert receipt.rejected == 0, receipt.problems
    return draws.public_names(register, receipt.ids["picked"])


def test_letters_name_an_organizer_that_was_picked(register: Register) -> None:
    file(register, 4)
    assert picked(register) == {"organizer_display": "案卷小店", "organizer_handle": SHOP}


def test_a_name_that_no_moderator_let_stand_is_in_no_letter(register: Register) -> None:
    file(register, 4)
    put(register, moderation=[decision(shop_id(register), "unname", kind="organizer")])
    assert picked(register) == {}


def test_my_report_says_which_report_it_is(register: Register) -> None:
    file(register, 4)
    reporter = Reporter(register, organizer_handle=SHOP, draw_ref="a new one", prize_value="80.50", currency="CNY")
    page = Screen(register).types(reporter.code)
    assert re.search(r"案卷小店 · Draw of \d+ \w+ \d{4} · \w+ · CN¥80\.50", page.shown)
