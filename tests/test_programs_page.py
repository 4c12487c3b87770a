"""What the pages for programs promise is so: every address stands there, and the lines to copy fetch what they say."""

from __future__ import annotations

import csv
import gzip
import http.client
import importlib.util
import io
import json
import re
import shlex
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from prizewatch import datasets, releases, ui_downloads, ui_programs
from prizewatch.api_schema import document
from prizewatch.api_schema_data import KINDS
from prizewatch.i18n import LANGUAGES, NeutralLanguage, language
from prizewatch.store import Register
from scripts.server import Server
from tests.browsing import browse, text
from tests.conftest import NOW, settings_for

TABLE = ui_programs.TABLE


@pytest.fixture(scope="module")
def running(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, bytes]]:
    """The site on a demo register, and the table that its release holds."""
    path = tmp_path_factory.mktemp("programs") / "site.duckdb"
    shutil.copy2(demo_path, path)
    with Register.open(path, settings_for(path), now=NOW) as register:
        content = releases.read(releases.make(register, NOW), TABLE, "csv").read_bytes()
    with Server(path, SECRET_KEY=settings_for(path).secret_key) as server:
        yield server, content


def test_every_address_of_the_document_stands_on_the_page(register: Register) -> None:
    told = set()
    for address in ui_programs.ADDRESSES:
        told |= {address.replace(ui_programs.ANY, kind) for kind in KINDS}
    assert told == set(document()["paths"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_lines_with_the_address_of_the_site(lang: str, settings: object, tmp_path: Path) -> None:
    own = settings_for(tmp_path / "r.duckdb", PUBLIC_URL="https://example.org")
    with Register.open(None, own, now=NOW) as register:
        app = browse(register, "programs", lang)
        assert not app.exception
        assert [code.value for code in app.code] == list(ui_programs.lines("https://example.org").values())
        shown, _ = text(app), language(lang)
        assert all(address in shown for address in ui_programs.ADDRESSES)
        assert _("programs.rule.licence") in shown
        assert _(f"exports.{TABLE}.title") in shown, "the table by the name it has on the downloads page"


def test_a_register_of_public_records_offers_no_look_up(reference: Register) -> None:
    shown = text(browse(reference, "programs", "en"))
    assert "/api/v1/organizers" in shown
    assert "/api/v1/organizers/lookup" not in shown
    assert "/api/v1/reports" not in shown


def test_the_line_for_curl_fetches_the_table(running: tuple[Server, bytes], tmp_path: Path) -> None:
    server, content = running
    lines = ui_programs.lines(server.url)
    curled(lines["curl"], tmp_path)
    assert (tmp_path / "resolution.csv").read_bytes() == content
    found = json.loads(curled(lines["search"], tmp_path))
    assert found["limit"] == 5
    assert found["organizers"], "an example that finds nothing in a demo teaches nobody"


def curled(line: str, folder: Path) -> bytes:
    """What the line gives; where no curl is, what it asks for is fetched as curl would."""
    if shutil.which("curl"):
        return subprocess.run(["sh", "-c", line], cwd=folder, check=True, capture_output=True, timeout=60).stdout
    name, *words = shlex.split(line)
    assert name == "curl"
    with urllib.request.urlopen(next(w for w in words if w.startswith("http")), timeout=60) as answer:
        content: bytes = answer.read()
    if "-o" in words:
        (folder / words[words.index("-o") + 1]).write_bytes(content)
    return content


def test_the_line_for_pandas_reads_the_table(running: tuple[Server, bytes], tmp_path: Path) -> None:
    server, content = running
    said: dict[str, pd.DataFrame] = {}
    exec(ui_programs.lines(server.url)["pandas"], {}, said)  # noqa: S102  the line that readers copy
    (tmp_path / "same.csv").write_bytes(content)
    pd.testing.assert_frame_equal(said["frame"], pd.read_csv(tmp_path / "same.csv"))
    assert said["frame"].columns[0] == "by", "the byte order mark is no part of a name"


def test_the_line_for_duckdb_reads_the_table(running: tuple[Server, bytes], tmp_path: Path) -> None:
    """By the signed extension where it is installed; else the same question to the file fetched before."""
    server, content = running
    line = ui_programs.lines(server.url)["duckdb"]
    (tmp_path / "same.csv").write_bytes(content)
    address = re.search(r"'([^']+)'", line)
    assert address
    with duckdb.connect() as connection:
        same = connection.execute(line.replace(address[1], str(tmp_path / "same.csv"))).fetchall()
        spec = importlib.util.find_spec("duckdb_extension_httpfs")
        places = spec.submodule_search_locations or [] if spec else []
        extension = next((path for place in places for path in Path(place).rglob("*.duckdb_extension")), None)
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
        assert [row[0] for row in same] == [row[0] for row in rows]
        if extension is not None:
            connection.execute(f"LOAD '{extension}'")
            assert connection.execute(line).fetchall() == same
            parquet = line.replace("read_csv", "read_parquet").replace(".csv", ".parquet")
            assert len(connection.execute(parquet).fetchall()) == len(same), "in ranges"


def test_the_running_site_answers_as_its_routes_do(running: tuple[Server, bytes]) -> None:
    """Through all of Streamlit's own layers: what is packed stays as we packed it, and nothing else is."""
    server, content = running
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()

    path = f"/api/v1/datasets/{TABLE}.csv"
    status, headers, body = ask(path)
    assert (status, body, headers["content-length"]) == (200, content, str(len(content)))
    assert "set-cookie" not in headers
    assert headers["access-control-allow-origin"] == "*"
    assert ask(path, Accept_Encoding="gzip, identity", Range="bytes=0-2")[1]["vary"] == "Accept-Encoding"
    assert headers["vary"] == "Accept-Encoding", "the packer adds its own"
    status, packed_headers, packed = ask(path, Accept_Encoding="gzip")
    assert (status, packed_headers["content-encoding"], gzip.decompress(packed)) == (200, "gzip", content)
    assert packed_headers["etag"] != headers["etag"]
    assert ask(path, If_None_Match=headers["etag"])[0] == 304
    assert ask(path, Range="bytes=0-2", Accept_Encoding="gzip")[2] == b"\xef\xbb\xbf"
    status, zip_headers, whole = ask("/api/v1/release.zip", Accept_Encoding="identity")
    assert (status, len(whole)) == (200, int(zip_headers["content-length"]))
    status, head_headers, nothing = ask(path, "HEAD")
    assert (status, nothing, head_headers["content-length"]) == (200, b"", str(len(content)))
    status, headers, body = ask("/api/v1/organizers?limit=50", Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert json.loads(gzip.decompress(body))["limit"] == 50
    status, headers, body = ask("/organizers?lang=en")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert b'<meta property="og:title" content="Look up an organizer' in body
    assert ask("/api/v1/organizers/lookup?host_platform=wechat&handle=word-in-no-log")[0] == 200
    for accept in ("*/*", "text/html"):
        status, headers, body = ask("/api", Accept=accept)
        assert (status, json.loads(body)["error"]) == (404, "not_found"), "no page, and no mark for a browser"
        assert "set-cookie" not in headers
    for nowhere, own in (("/api/v1/../mine", {}), ("/api/v1/health", {"Host": "elsewhere.example"})):
        assert ask(nowhere, **own)[::2] in ((400, b"Bad Request"), (400, b"Invalid host header")), "as the page says"
    connection.close()
    assert "word-in-no-log" not in server.log


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_downloads_page_shows_the_files_of_the_release(lang: str, demo: Register) -> None:
    app = browse(demo, "downloads", lang)
    assert not app.exception
    release, _, shown = releases.current(demo, NOW), language(lang), text(app)
    assert _("downloads.release", number=release.number, day=_.day(release.as_of)) in shown
    codes = [code.value for code in app.code]
    links = "".join(html.proto.body for html in app.get("html"))
    for name in datasets.NAMES:
        about = ui_downloads.described(release.folder)[name]
        columns = _.number(len(about["schema"]["fields"]))
        assert (_("downloads.preview.wide", columns=columns) in shown) == bool(release.rows[name])
        for kind in KINDS:  # each by itself: to follow, and to copy
            own = f"/api/v1/releases/{release.number}/datasets/{name}.{kind}"
            assert sum(code.endswith(own) for code in codes) == 1
            assert f"{own}'>" in links
        assert _(f"downloads.answers.{name}") in shown
        assert about["title_zh" if lang == "zh-CN" else "title"] in shown
        assert any(f"/api/v1/releases/{release.number}/datasets/{name}.parquet" in code for code in codes)
        first = releases.rows(release, name, 0, 10)
        count = _("downloads.preview.of", shown=len(first), rows=_.number(release.rows[name]))
        assert (count in shown) == bool(first)
    assert "CC BY 4.0" in codes[-1]
    assert str(release.number) in codes[-1]
    buttons = {b.proto.id.rsplit("-", 1)[-1] for b in app.get("download_button")}
    assert len(app.get("download_button")) == 2 + 3 * len(datasets.NAMES), buttons


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_question_of_a_register_of_public_records_is_about_prizes(lang: str, reference: Register) -> None:
    shown, _ = text(browse(reference, "downloads", lang)), NeutralLanguage(lang)
    questions = [_(f"downloads.answers.{name}") for name in datasets.NAMES]
    assert all(question in shown for question in questions)
    assert [
        q for q in questions if re.search("prize(?! draws here)|winner|中奖|兑|发起者|organizer|paid|paying", q)
    ] == []


def test_each_table_leads_to_a_page_that_is_there() -> None:
    from prizewatch import sitemap

    assert set(ui_downloads.SHOWN) == set(datasets.NAMES)
    assert {page for page, _ in ui_downloads.SHOWN.values()} <= set(sitemap.PAGES)
