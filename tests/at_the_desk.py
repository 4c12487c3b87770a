"""People of the desk for tests: accounts, sessions, and a browser connection that carries their cookie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.applications import Starlette
from streamlit.runtime import context

from prizewatch import accounts, desk_routes, edge, sessions, ui_desk
from prizewatch.access import TERMINAL, Actor
from prizewatch.store import Register

PASSPHRASE = "a lantern in the rain"  # noqa: S105  of invented people


def person(register: Register, name: str, role: str, now: datetime) -> str:
    """An account and a session of theirs; returns the token of it. Hashing is left out: it is slow by design."""
    if not any(account.name == name for account in accounts.listed(register)):
        accounts.add(register, TERMINAL, name, role, now)
    return sessions.begin(register, accounts.key_of(name), Actor(name, role), now, "passphrase")


@contextmanager
def connected(token: str = "") -> Iterator[None]:
    """While this lasts, pages that AppTest runs come over a connection with this cookie (AppTest knows none itself)."""
    real = context._get_client_context
    cookies = {ui_desk.COOKIE: token} if token else {}
    context._get_client_context = lambda: SimpleNamespace(cookies=cookies, headers=[], remote_ip="127.0.0.1")
    try:
        yield
    finally:
        context._get_client_context = real


class Client:
    """A browser without a screen on the routes of the desk: keeps its cookies, follows nothing."""

    def __init__(self, portal: BlockingPortal, register: Register, base: str) -> None:
        app = Starlette(routes=desk_routes.routes(lambda: register, edge.now))
        transport = httpx.ASGITransport(app, client=("203.0.113.9", 1))
        self._portal, self._http = portal, httpx.AsyncClient(transport=transport, base_url=base)
        self.cookies = self._http.cookies

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self._portal.call(partial(self._http.get, path, **given))

    def post(self, path: str, **given: Any) -> httpx.Response:
        return self._portal.call(partial(self._http.post, path, **given))


@contextmanager
def browsing(register: Register, base: str = "http://testserver") -> Iterator[Client]:
    """A client for the routes over this register."""
    with start_blocking_portal() as portal:
        yield Client(portal, register, base)
