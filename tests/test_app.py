"""The composition root: what a browser is told to allow, and the routes beside the pages."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import streamlit as st
from starlette.requests import Request

from prizewatch import ui
from prizewatch.errors import RegisterBusy
from prizewatch.settings import Settings
from prizewatch.store import Register
from tests.conftest import NOW


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    monkeypatch.setenv("PRIZEWATCH_DATABASE", str(tmp_path / "register.duckdb"))
    monkeypatch.setenv("PRIZEWATCH_SECRET_KEY", "0123456789abcdef" * 4)
    yield importlib.reload(importlib.import_module("app"))
    ui.close()


def request() -> Request:
    return Request({"type": "http", "method": "GET", "path": "/", "headers": []})


def answer(response: Any) -> tuple[int, dict[str, str]]:
    return response.status_code, json.loads(response.body)


def test_streamlit_finds_the_app_and_its_script(app: ModuleType) -> None:
    assert isinstance(app.app, st.App)
    assert Path(app.app.script_path).is_absolute()
    assert Path(app.app.script_path).is_file()


def test_only_the_sites_own_scripts_may_run(app: ModuleType) -> None:
    policy = dict(part.strip().split(" ", 1) for part in app.content_security_policy().split(";"))
    for script in ui.SCRIPTS:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy["script-src"]
    assert "unsafe" not in policy["script-src"]
    assert "http" not in app.content_security_policy()
    assert policy["frame-ancestors"] == "'none'"


def test_health_says_the_data_version_or_that_the_register_is_busy(app: ModuleType) -> None:
    status, body = answer(asyncio.run(app.health(request())))
    assert (status, body["status"]) == (200, "ok")
    assert body["version"] == str(ui.register().version())
    ui.close()

    def busy() -> Register:
        raise RegisterBusy("shell.busy.help")

    ui.serve(busy)
    status, body = answer(asyncio.run(app.health(request())))
    assert (status, body["status"]) == (503, "busy")


def test_an_unknown_route_is_no_page(app: ModuleType) -> None:
    assert answer(asyncio.run(app.no_such_route(request())))[0] == 404


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


def test_the_demo_register_is_made_only_where_nobody_named_one(app: ModuleType, settings: Settings) -> None:
    assert app.SETTINGS.database.name == "register.duckdb"
    with app.open_register() as opened:
        assert opened.kind.value == "live"
        assert opened.as_of(NOW) is not None
