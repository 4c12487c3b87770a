"""An admin imports a file in a real browser: a try, the rejects, the import. A moderator and a stranger cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from prizewatch.edge import now
from prizewatch.i18n import language
from prizewatch.store import Register
from scripts.server import Server
from tests.at_the_desk import person
from tests.conftest import settings_for
from tests.e2e.at_the_desk import goes, sits
from tests.e2e.conftest import running
from tests.e2e.window import DESK, SECOND, Windows, idle, press, saved
from tests.e2e.wire import wired
from tests.test_import_at_the_desk import MAPPING, rows

WRONG = "no such kind"


@dataclass
class Office:
    path: Path
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    path = tmp_path_factory.mktemp("import") / "register.duckdb"
    at = now()
    with Register.open(path, settings_for(path), now=at) as register:
        tokens = {name: person(register, name, role, at) for name, role in (("ada", "admin"), ("bo", "moderator"))}
    return Office(path, tokens)


@pytest.fixture
def site(office: Office) -> Iterator[Server]:
    with running(office.path, SECRET_KEY=settings_for(office.path).secret_key) as server:
        yield server
    assert WRONG not in server.log


def on_file(windows: Windows) -> int:
    """Disputes that count, as the overview tells."""
    page = windows("", lang="en")
    found = page.locator(".pw-facts").first.inner_text() if page.locator(".pw-facts").count() else ""
    page.context.close()
    return int(next((word for word in found.replace(",", "").split() if word.isdecimal()), "0"))


def test_a_file_is_tried_its_rejects_read_and_then_imported(look: Windows, office: Office) -> None:
    _ = language("en")
    before = on_file(look)
    ada = sits(look, office.tokens["ada"], "desk_import", size=DESK)
    press(ada, "import_try")
    expect(ada.get_by_role("alert")).to_be_visible()  # no file yet: a sentence
    chosen = ada.locator("input[type=file]")
    file = {"name": "rows.csv", "mimeType": "text/csv", "buffer": rows(30, prize_kind=WRONG)}
    chosen.nth(0).set_input_files([file])  # type: ignore[list-item]
    expect(ada.get_by_text("rows.csv")).to_be_visible()
    idle(ada)
    given = {"name": "map.toml", "mimeType": "text/plain", "buffer": MAPPING.encode()}
    chosen.nth(1).set_input_files([given])  # type: ignore[list-item]
    expect(ada.get_by_text("map.toml")).to_be_visible()
    idle(ada)
    press(ada, "import_try")
    expect(ada.locator(".st-key-import_do")).to_be_visible(timeout=60 * SECOND)
    assert on_file(look) == before, "a try writes nothing"
    rejects = saved(ada.locator(".st-key-import_rejects button")).path().read_text("utf-8-sig").splitlines()
    assert len(rejects) == 2
    assert WRONG in rejects[1]

    with wired(look.site, f"pw_desk={office.tokens['ada']}") as admin:
        for _turn in range(2):  # the first run begins anew once it has found the import
            admin.run("desk_import")
        buttons = [admin.ids["import_try"], admin.ids["import_do"]]
    for cookie in ("", f"pw_desk={office.tokens['bo']}"):
        with wired(look.site, cookie) as other:
            for button in (*buttons, *buttons):
                assert "rows.csv" not in other.run("desk_import", pressed=button)
            assert not {"import_try", "import_do"} & other.ids.keys()
    assert on_file(look) == before, "a forged press imports nothing"
    bo = sits(look, office.tokens["bo"], "desk_import", size=DESK)
    expect(bo.locator("input[type=file]")).to_have_count(0)

    press(ada, "import_do")
    expect(ada.get_by_role("heading", name=_("access.import.real"))).to_be_visible(timeout=60 * SECOND)
    expect(ada.get_by_test_id("stMain")).to_contain_text(_("access.import.written"), timeout=60 * SECOND)
    expect(ada.locator(".st-key-import_do")).to_have_count(0)
    assert on_file(look) == before + 29
    goes(ada, "desk_audit")
    expect(ada.get_by_test_id("stMain")).to_contain_text(_("access.action.import.run"))
