"""Prizewatch: the composition root. `streamlit run app.py` finds `app` here and serves it.

Settings are read once, here. The register is opened before the first visitor; where there is none, a demo one is made.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import importlib
import logging
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from prizewatch import settings as settings_module
from prizewatch import ui
from prizewatch.errors import PrizewatchError
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Register

log = logging.getLogger("prizewatch")
SETTINGS = settings_module.read(os.environ)
#: What the first page needs; imported before the first visitor, so that nobody waits for it.
PRELOADED = (
    "plotly.graph_objects",
    "prizewatch.queries",
    "prizewatch.figures_outcomes",
    "prizewatch.figures_time",
    "prizewatch.exports",
    "prizewatch.intake",
)

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def open_register() -> Register:
    """The register of the settings; on the very first start the demo register is made."""
    if not SETTINGS.database.exists() and SETTINGS.database == settings_module.DEMO_REGISTER:
        from pipelines.demo import make_demo  # only ever needed once

        log.warning("Making the demo register at %s", SETTINGS.database)
        make_demo(SETTINGS.database, SETTINGS, now=ui.now())
    return Register.open(SETTINGS.database, SETTINGS, now=ui.now())


ui.serve(open_register)


def content_security_policy() -> str:
    """Own files only. The site's own small scripts, and Streamlit's inline one, pass by fingerprint."""
    index = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    inline = [*ui.SCRIPTS, *re.findall(r"<script>(.*?)</script>", index, re.DOTALL)]
    prints = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in inline
    )
    return (
        f"default-src 'self'; script-src 'self' {prints}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        "frame-ancestors 'none'; form-action 'self'"
    )


HEADERS = (
    (b"content-security-policy", content_security_policy().encode()),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
)


class SecurityHeaders:
    """Adds the headers to every HTTP answer that does not set them itself."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in HEADERS if h[0] not in have)]
            await send(message)

        await self.app(scope, receive, sent)


async def health(request: Request) -> JSONResponse:
    """200 with the data version when the register answers, 503 when it does not."""
    try:
        version = await anyio.to_thread.run_sync(lambda: str(ui.register().version()))
    except PrizewatchError as error:
        return JSONResponse({"status": "busy", "reason": error.key}, status_code=503)
    return JSONResponse({"status": "ok", "version": version})


async def no_such_route(request: Request) -> JSONResponse:
    """Unknown API paths are 404, not the site's front page."""
    return JSONResponse({"error": "not found"}, status_code=404)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the register and import what pages need, then tell the collector that none of it is garbage."""
    for name in PRELOADED:
        importlib.import_module(name)
    try:
        await anyio.to_thread.run_sync(ui.register)
    except PrizewatchError:
        log.warning("Serving without the register: every page tries to open it again")
    gc.collect()
    gc.freeze()
    yield {}
    ui.close()


def on_script_error(error: Exception) -> bool:
    """A visitor reads a sentence; the traceback goes to the log only."""
    chosen = st.query_params.get("lang")
    lang = language(chosen) if chosen in LANGUAGES else ui.words()
    st.error(lang("shell.error"))
    return True


app = st.App(
    Path(__file__).with_name("pages") / "shell.py",
    lifespan=lifespan,
    on_script_error=on_script_error,
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=list(SETTINGS.allowed_hosts)),
        Middleware(SecurityHeaders),
    ],
    routes=[
        Route("/api/v1/health", health),
        Route("/api/{rest:path}", no_such_route, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
    ],
)
