"""The composition root: what a browser is told to allow, and the routes beside the pages."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import importlib
import io
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
import streamlit as st
from PIL import Image
from schemathesis.python.asgi import ASGIClient
from starlette.applications import Starlette
from streamlit import error_util

from prizewatch import edge, previews, ui_scripts
from prizewatch.settings import Settings
from tests.conftest import NOW


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    monkeypatch.setenv("PRIZEWATCH_DATABASE", str(tmp_path / "register.duckdb"))
    monkeypatch.setenv("PRIZEWATCH_SECRET_KEY", "0123456789abcdef" * 4)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # pytest's own comes back afterwards
    yield importlib.reload(importlib.import_module("app"))
    edge.close()


def test_streamlit_finds_the_app_and_its_script(app: ModuleType) -> None:
    assert isinstance(app.app, st.App)
    assert Path(app.app.script_path).is_absolute()
    assert Path(app.app.script_path).is_file()


def test_only_the_sites_own_scripts_may_run(app: ModuleType) -> None:
    policy = dict(part.strip().split(" ", 1) for part in app.content_security_policy().split(";"))
    for script in ui_scripts.SCRIPTS:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy["script-src"]
    assert "unsafe" not in policy["script-src"]
    assert "http" not in app.content_security_policy()
    assert policy["frame-ancestors"] == "'none'"


def headers_of(app: Any, scope: dict[str, Any], kind: bytes = b"text/html; charset=utf-8") -> list[tuple[bytes, bytes]]:
    """The headers of an answer of this type that went through a middleware."""
    sent: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(inner)({"type": "http", "headers": [], "scheme": "http", **scope}, None, send))
    return list(sent[0]["headers"])


def mark_in(headers: list[tuple[bytes, bytes]]) -> str:
    return next((value.decode() for name, value in headers if name == b"set-cookie"), "")


def test_the_first_page_gives_a_browser_its_mark(app: ModuleType) -> None:
    given = mark_in(headers_of(app.DeviceMark, {}))
    found = re.fullmatch(r"pw_device=([\w-]{24}); Max-Age=15552000; Path=/; HttpOnly; SameSite=Lax", given)
    assert found
    assert mark_in(headers_of(app.DeviceMark, {})) != given
    assert mark_in(headers_of(app.DeviceMark, {"scheme": "https"})).endswith("; Secure")
    back = {"headers": [(b"cookie", f"other=1; pw_device={found[1]}".encode())]}
    assert mark_in(headers_of(app.DeviceMark, back)) == ""
    bent = {"headers": [(b"cookie", b"pw_device=mine")]}
    assert mark_in(headers_of(app.DeviceMark, bent)) != ""


def test_nothing_but_a_page_gives_a_mark(app: ModuleType) -> None:
    for kind in (b"application/json", b"text/css", b"image/svg+xml"):
        assert mark_in(headers_of(app.DeviceMark, {}, kind)) == ""


def test_the_routes_of_the_api_are_served(app: ModuleType) -> None:
    assert [route.path for route in app.app._user_routes][1:3] == ["/api/v1/reports", "/api/v1/openapi.json"]


def test_the_picture_of_shared_links_is_where_their_heads_say_and_as_large(app: ModuleType) -> None:
    site = ASGIClient(Starlette(routes=[app.app._user_routes[0]]))
    with site:
        answer = site.request("GET", "/mark.png", timeout=60)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.content)).size == (previews.SIDE, previews.SIDE)
    assert answer.content == previews.PICTURE.read_bytes()


def test_headers_are_added_once_to_every_answer(app: ModuleType) -> None:
    sent: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        own = [(b"Referrer-Policy", b"no-referrer")]
        await send({"type": "http.response.start", "status": 200, "headers": own})

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app.SecurityHeaders(inner)({"type": "http"}, None, send))
    names = [name.lower() for name, _ in sent[0]["headers"]]
    assert {name for name, _ in app.HEADERS} == set(names)
    assert names.count(b"referrer-policy") == 1


def test_what_an_answer_varies_by_is_named_once(app: ModuleType) -> None:
    assert app.each_once(b"Accept-Encoding, Accept-Encoding") == b"Accept-Encoding"
    assert app.each_once(b"Accept-Language, Cookie,Accept-Language") == b"Accept-Language, Cookie"


def test_the_demo_register_is_made_only_where_nobody_named_one(app: ModuleType, settings: Settings) -> None:
    assert app.SETTINGS.database.name == "register.duckdb"
    with app.open_register() as opened:
        assert opened.kind.value == "live"
        assert opened.as_of(NOW) is not None


def test_the_log_tells_of_a_failing_page_its_kind_and_place_and_no_word_of_it(
    app: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """DuckDB's errors hold the value they fell over; what Streamlit logs of a page must not."""
    words, written, logger = "canary" + "-words", io.StringIO(), error_util._LOGGER
    monkeypatch.setattr(logger, "handlers", [logging.StreamHandler(written)])
    try:
        try:
            duckdb.execute("SELECT CAST(? AS DATE)", [words])
        except duckdb.Error as error:
            raise KeyError(f"{words} {error}") from error
    except KeyError as error:
        error_util.handle_user_script_exception(error, lambda _error: True)
    for said in ("Uncaught app execution", "test_app.py", "builtins.KeyError", "ConversionException"):
        assert said in written.getvalue()
    printed = capfd.readouterr()
    assert words not in written.getvalue() + printed.out + printed.err


def test_the_log_tells_of_a_failed_thread_its_kind_and_place_and_no_word_of_it(
    app: ModuleType, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    words = "canary" + "-words"

    def fail() -> None:
        duckdb.execute("SELECT CAST(? AS DATE)", [words])

    thread = threading.Thread(target=fail, name="import")
    thread.start()
    thread.join()
    for said in ("A thread failed: import", "test_app.py", "ConversionException"):
        assert said in caplog.text
    printed = capfd.readouterr()
    assert words not in caplog.text + printed.out + printed.err
