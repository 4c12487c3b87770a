"""People of the desk for tests: accounts, sessions, and a browser connection that carries their cookie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace

from streamlit.runtime import context

from prizewatch import accounts, ui_desk
from prizewatch.access import TERMINAL, Actor
from prizewatch.store import Register

PASSPHRASE = "a lantern in the rain"  # noqa: S105  of invented people


def person(register: Register, name: str, role: str, now: datetime) -> str:
    """An account and a session of theirs; returns the token of it. Hashing is left out: it is slow by design."""
    if not any(account.name == name for account in accounts.listed(register)):
        accounts.add(register, TERMINAL, name, role, now)
    return accounts._open_session(register, accounts.key_of(name), Actor(name, role), now, "passphrase")


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
