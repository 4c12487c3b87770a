"""Nothing hidden reaches a browser: not in what is drawn, not in one byte that the site sends to a page or as a file.

The register is that of `tests/canaries.py`: words planted in reports that are pending, held, rejected, removed, merged,
withdrawn or about individuals, and in every field that a public reader may not see.
"""

from __future__ import annotations

import csv
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from prizewatch import datasets, sitemap
from prizewatch.i18n import language
from prizewatch.identity import organizer_id, public_code
from prizewatch.store import Kind, Register
from scripts.server import Server
from tests.canaries import FINGERPRINT, found_in, plant
from tests.conftest import settings_for
from tests.e2e.conftest import run_pipelines, running
from tests.e2e.window import Open, Windows, idle
from tests.intake_rows_by_hand import NOW


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register of canaries as a file. Its clock stands still, so that the organizers stay listed."""
    path = tmp_path_factory.mktemp("canaries") / "canaries.duckdb"
    settings = settings_for(path, SECRET_KEY="")
    with Register.open(path, settings, kind=Kind.DEMO, clock_on=NOW.date(), now=NOW) as register:
        plant(register)
    return path


@pytest.fixture(scope="module")
def written(planted: Path) -> Path:
    """What `pipelines export` writes of it."""
    out = planted.with_name("written")
    run_pipelines("export", "--database", str(planted), "--out", str(out))
    return out


@pytest.fixture(scope="module")
def codes(written: Path) -> dict[str, str]:
    """Public code -> name of the listed organizers."""
    with (written / "datasets" / "organizers.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["public_code"]: row["name"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def quiet_site(planted: Path, written: Path) -> Iterator[Server]:
    """The site on it. Nobody reports anything here."""
    with running(planted) as server:
        yield server
    assert found_in(server.log) == []


@pytest.fixture
def peek(browser: Browser, quiet_site: Server) -> Iterator[Open]:
    """Opens pages of that site."""
    with Windows(browser, quiet_site) as windows:
        yield windows


@pytest.fixture(scope="module")
def hidden(planted: Path) -> list[str]:
    """Codes of organizers that are not there for a visitor."""
    key = settings_for(planted, SECRET_KEY=planted.with_name(f"{planted.name}.key").read_text().strip()).secret_key
    return [public_code(organizer_id(key.encode(), "wechat", f"canary_{kind}_handle")) for kind in ("person", "hold")]


def test_no_canary_is_in_anything_a_page_receives_or_shows(
    peek: Open, codes: dict[str, str], hidden: list[str]
) -> None:
    assert sorted(codes.values()) == ["", "Visible Shop"]
    received: list[str] = []

    def note(data: str | bytes) -> None:
        received.append(data if isinstance(data, str) else data.decode("utf-8", "replace"))

    pages = [page for page in sitemap.PAGES if page not in ("overview", "organizer")]
    addresses = [
        "",
        *pages,
        *(f"organizer?id={code}" for code in codes),
        "organizers?q=masked+ltd",
        "resolution?by=type",
        # what is wrong, or not for this visitor
        "organizer?id=ZZZZ-ZZZZ",
        *(f"organizer?id={code}" for code in hidden),
        "organizer?id=%00&id=x",
        "resolution?by=moon&stage=%27",
        "mine?code=0000-0000-0000-0000",
        "reply?ticket=nobody",
        "desk?case=1",
    ]
    for address in addresses:
        page = peek(address, lang="en", on_data=note)
        folds = page.get_by_test_id("stExpander").locator("summary")
        for number in range(folds.count()):
            folds.nth(number).click()
        assert found_in(idle(page).inner_text("body") + page.content()) == [], address
        page.context.close()
    everything = "".join(received).casefold()
    assert "visible shop" in everything  # else this proves nothing
    assert found_in(everything) == []


def test_the_exact_handle_of_an_individual_gets_yes_and_no_more(peek: Open) -> None:
    _ = language("en")
    page = peek("organizers", lang="en")
    for handle, answer in (("canary_person_handle", "reports_exist"), ("canary_once_handle", "nothing_to_say")):
        box = page.get_by_role("textbox", name=_("organizers.exact.handle"))
        box.fill(handle)
        box.press("Tab")
        idle(page)
        page.get_by_role("button", name=_("organizers.exact.ask")).click()
        expect(page.get_by_text(_(f"organizers.exact.{answer}"))).to_be_visible()


def test_page_export_and_http_hand_out_the_same_bytes(peek: Open, quiet_site: Server, written: Path) -> None:
    files = {"get-zip": "release.zip", "get-readme": "README.md"}
    files |= {f"get-{name}": f"datasets/{name}.csv" for name in datasets.NAMES}
    files |= {
        f"get-{name}-{kind}": f"datasets/{name}.{kind}" for name in datasets.NAMES for kind in ("parquet", "json")
    }
    for number, (key, file) in enumerate(files.items()):
        if number % 8 == 0:  # the browser asks before it takes the eleventh file from one page
            page = peek("downloads", lang="zh-CN")
        with page.expect_download() as got:
            page.locator(f".st-key-{key} button").click()
        content = Path(got.value.path()).read_bytes()
        assert content == (written / file).read_bytes(), file
        with urllib.request.urlopen(f"{quiet_site.url}/api/v1/{file}", timeout=60) as answer:
            assert answer.read() == content, file
            tag = answer.headers["etag"]
        assert asked(quiet_site, f"/api/v1/{file}", {"If-None-Match": tag}) == (304, b"")
        assert found_in(content) == [], file


def asked(site: Server, path: str, headers: dict[str, str], body: bytes | None = None) -> tuple[int, bytes]:
    """Status and words of the running site's answer."""
    sent = urllib.request.Request(f"{site.url}{path}", body, headers)
    try:
        with urllib.request.urlopen(sent, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_no_error_of_the_running_site_tells_of_a_canary(quiet_site: Server, hidden: list[str]) -> None:
    """Every kind of error, asked for with what somebody may know of a hidden report; its log is read at the end."""
    kind = {"Content-Type": "application/json", "Idempotency-Key": "k" * 8}
    wrong = {"reports": [{"organizer_handle": "gh_x", "prize_value": "much"}]}
    asks: list[tuple[int, str, dict[str, str], bytes | None]] = [
        (404, f"/api/v1/organizers/{hidden[0]}", {}, None),
        (404, "/api/v1/releases/9/release.zip", {}, None),
        (404, "/api/v1/canary", {}, None),
        (404, "/nowhere", {"Accept": "text/html"}, None),
        (404, f"/desk/evidence/{FINGERPRINT}", {}, None),
        (400, "/api/v1/organizers?colour=canary", {}, None),
        (406, "/api/v1/datasets/monthly.csv", {"Accept": "image/png"}, None),
        (416, "/api/v1/datasets/monthly.csv", {"Range": "bytes=999999999-"}, None),
        (422, "/api/v1/reports", kind, json.dumps(wrong).encode()),
        (400, "/api/v1/reports", kind, b'{"canary"'),
        (415, "/api/v1/reports", kind | {"Content-Type": "text/canary"}, b"{}"),
        (403, "/desk/sign-in", {}, b"name=canary&passphrase=canary"),
    ]
    for status, path, headers, body in asks:
        got, said = asked(quiet_site, path, headers, body)
        assert (got, found_in(said)) == (status, []), path
    for n in range(12):
        got, said = asked(quiet_site, f"/api/v1/organizers/lookup?host_platform=wechat&handle=canary_{n}", {})
        assert found_in(said) == []
    assert got == 429
