"""How the tests speak to the API: the real routes over a register, in this process, by the requests library."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from schemathesis.python.asgi import ASGIClient
from starlette.applications import Starlette

from prizewatch import api
from prizewatch.api_schema import EXAMPLE
from prizewatch.store import Register
from tests.conftest import NOW

REPORTS = "/api/v1/reports"


def application(open_register: Callable[[], Register], now: datetime = NOW) -> Starlette:
    """The API by itself."""
    return Starlette(routes=api.routes(open_register, lambda: now))


class Program:
    """A program that files reports."""

    def __init__(self, open_register: Callable[[], Register], now: datetime = NOW) -> None:
        self.client = ASGIClient(application(open_register, now))

    def ask(self, method: str, path: str = REPORTS, **more: Any) -> Any:
        with self.client:
            return self.client.request(method, path, timeout=60, **more)

    def file(self, body: Any, key: str = "key-00000001", lang: str = "en", **headers: str) -> Any:
        """Sends a body, bytes as they are."""
        content = {"data": body} if isinstance(body, bytes) else {"json": body}
        said = {"Idempotency-Key": key, "Accept-Language": lang, "Content-Type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", **content, headers={k: v for k, v in {**said, **named}.items() if v})


def report(name: str = "a", **change: Any) -> dict[str, Any]:
    """The example's report by somebody else; `None` takes a field out."""
    own = copy.deepcopy(EXAMPLE["reports"][0])
    own |= {"reporter": f"{name}@example.org", "organizer_handle": f"gh_{name}_shop", **change}
    return {k: v for k, v in own.items() if v is not None}


def request(*reports: dict[str, Any]) -> dict[str, Any]:
    return {"reports": list(reports)}
