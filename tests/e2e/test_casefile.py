"""A reporter agrees on My report, gets the case file, takes the consent back, and it is gone."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from prizewatch.edge import now
from prizewatch.i18n import language
from prizewatch.store import Register
from scripts.server import Server
from tests.casefiles import text_of_pdf
from tests.conftest import settings_for
from tests.e2e.conftest import running
from tests.e2e.window import PHONE, Open, idle
from tests.my_report import some_weeks_ago
from tests.reporter import Reporter, proof


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The register, and the receipt of one of three winners of a draw; the other two agreed to a case file."""
    path = tmp_path_factory.mktemp("case") / "register.duckdb"
    at = now() - timedelta(hours=1)
    with Register.open(path, settings_for(path), now=at) as register:
        codes = []
        for n in range(3):
            both = [proof(register, kind, "screen_recording") for kind in ("win_page", "chat_refusal")]
            said = some_weeks_ago(at) | {"reporter": f"w{n}", "evidence": both}
            agreed = {"consent_case_file": "true"} if n else {}
            codes.append(Reporter(register, f"winner {n}", at=at, **said | agreed).code)
        return path, codes[0]


@pytest.fixture
def site(filed: tuple[Path, str]) -> Iterator[Server]:
    path, _code = filed
    with running(path, SECRET_KEY=settings_for(path).secret_key) as server:
        yield server


def test_agree_get_the_case_file_and_take_the_consent_back(look: Open, filed: tuple[Path, str]) -> None:
    _ = language("zh-CN")
    page = look("mine", lang="zh-CN", size=PHONE)

    def press(key: str) -> None:
        page.locator(f".st-key-{key} button").first.click()
        idle(page)

    def turn(name: str, on: bool) -> None:
        press("mine_do_consent")
        box = page.locator(f".st-key-mine_answer_{name}").get_by_role("checkbox")
        box.click(force=True)
        expect(box).to_be_checked(checked=on)
        press("mine_send")
        expect(page.get_by_text(_("mine.done.consent"))).to_be_visible()

    box = page.locator(".st-key-mine_typed input")
    box.fill(filed[1])
    box.press("Tab")
    press("mine_open")
    expect(page.get_by_text(_("consent.case.invited", 2))).to_have_count(0)  # who did not agree to be asked is not
    turn("consent_case_file", True)
    expect(page.get_by_text(_("consent.case.inside", 3))).to_be_visible()
    with page.expect_download() as got:
        page.locator(".st-key-mine_case_zip button").click()
    with zipfile.ZipFile(got.value.path()) as read:
        names = read.namelist()
        assert "[D1–D3]" in read.read("letters/report_12315.zh-CN.txt").decode()
    with page.expect_download() as got:
        page.locator(".st-key-mine_case_pdf button").click()
    assert got.value.suggested_filename == "prizewatch-case.zh-CN.pdf"
    assert "[D1–D3]" in text_of_pdf(got.value.path().read_bytes())
    assert {"case-file.zh-CN.html", "case-file.zh-CN.pdf"} <= set(names)
    assert not any(name.startswith("evidence/") for name in names)
    turn("consent_case_file", False)
    expect(page.locator(".st-key-mine_case_zip")).to_have_count(0)
