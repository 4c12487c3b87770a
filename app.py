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
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from prizewatch import (
    api,
    desk_routes,
    edge,
    previews,
    queries,
    sitemap,
    ui_kept,
    ui_language,
    ui_scripts,
    ui_visitor,
    wordless,
)
from prizewatch import settings as settings_module
from prizewatch.api_http import Door, unchanged
from prizewatch.errors import PrizewatchError
from prizewatch.i18n import LANGUAGES, language, preferred
from prizewatch.scheduler import Scheduler
from prizewatch.store import Register

wordless.install()
log = logging.getLogger("prizewatch")
SETTINGS = settings_module.read(os.environ)
#: The page all screens are drawn in.
INDEX = Path(st.__file__).parent / "static" / "index.html"
#: What the first page and the pages behind its doors need; imported before the first visitor, so nobody waits for it.
PRELOADED = (
    "plotly.graph_objects",
    "prizewatch.queries",
    "prizewatch.figures_outcomes",
    "prizewatch.figures_time",
    "prizewatch.ui_figure",
    "prizewatch.ui_outcomes",
    "prizewatch.ui_before",
    "prizewatch.ui_way",
)

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def open_register() -> Register:
    """The register of the settings; on the very first start the demo register is made."""
    if not SETTINGS.database.exists() and SETTINGS.database == settings_module.DEMO_REGISTER:
        from pipelines.demo import make_demo  # only ever needed once

        log.warning("Making the demo register at %s", SETTINGS.database)
        make_demo(SETTINGS.database, SETTINGS, now=edge.now())
    return Register.open(SETTINGS.database, SETTINGS, now=edge.now())


edge.serve(open_register)


def content_security_policy() -> str:
    """Own files only. The site's own small scripts, and Streamlit's inline one, pass by fingerprint."""
    inline = [*ui_scripts.SCRIPTS, *re.findall(r"<script>(.*?)</script>", INDEX.read_text("utf-8"), re.DOTALL)]
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


def each_once(header: bytes) -> bytes:
    """A list of names, each once: Streamlit's packer adds Accept-Encoding to Vary also where it stands already."""
    return b", ".join(dict.fromkeys(name.strip() for name in header.split(b",")))


class SecurityHeaders:
    """Adds the headers to every HTTP answer that does not set them itself, and names once what it varies by."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                own = [(k, each_once(v) if k.lower() == b"vary" else v) for k, v in message["headers"]]
                message["headers"] = [*own, *(h for h in HEADERS if h[0] not in have)]
            await send(message)

        await self.app(scope, receive, sent)


class DeviceMark:
    """Gives a browser a random mark with its first page, for the limit of reports a device; only its hash is kept."""

    NAME = ui_visitor.DEVICE_COOKIE
    DAYS = 180

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http" or re.fullmatch(r"[\w-]{24}", Request(scope).cookies.get(self.NAME, "")):
            await self.app(scope, receive, send)
            return

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                kinds = [value for name, value in message["headers"] if name.lower() == b"content-type"]
                if any(kind.startswith(b"text/html") for kind in kinds):
                    message["headers"] = [*message["headers"], (b"set-cookie", self._cookie(scope["scheme"]))]
            await send(message)

        await self.app(scope, receive, sent)

    def _cookie(self, scheme: str) -> bytes:
        secure = "; Secure" if scheme == "https" else ""
        age = self.DAYS * 86_400
        mark = secrets.token_urlsafe(18)
        return f"{self.NAME}={mark}; Max-Age={age}; Path=/; HttpOnly; SameSite=Lax{secure}".encode()


class Previews:
    """Serves the page's HTML with the title and description of what its address shows, so that a chat can tell."""

    #: What a person may have mistyped; files, Streamlit's own addresses and that of programs are none.
    LIKE_A_PAGE = re.compile(r"(?!_|oauth2callback$|api$)[^/.]+")

    def __init__(self, app: Any) -> None:
        self.app = app
        self.index = INDEX.read_text("utf-8")
        self.door = Door(edge.register, edge.now)

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        page = scope["path"][1:] or "overview" if scope["type"] == "http" else ""
        if not page or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        chosen = request.query_params.get("lang", "")
        lang = chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))
        if page not in sitemap.PAGES:
            no_page = self.LIKE_A_PAGE.fullmatch(page) and "text/html" in request.headers.get("accept", "")
            answer = HTMLResponse(previews.missing(language(lang)), status_code=404) if no_page else self.app
            await answer(scope, receive, send)
            return
        text = previews.into(self.index, await self._head(request, page, lang)).encode()
        mark = hashlib.sha256(text).hexdigest()[:32]
        headers = {"cache-control": "no-cache", "vary": "Accept-Language", "etag": f'"{mark}"'}
        same = unchanged(request, mark)
        answer = Response(status_code=304, headers=headers) if same else HTMLResponse(text, headers=headers)
        await answer(scope, receive, send)

    async def _head(self, request: Request, page: str, lang: str) -> previews.Head:
        given = dict(request.query_params)
        base = SETTINGS.public_url or str(request.base_url).rstrip("/")

        def work(register: Register) -> previews.Head:
            _ = ui_language.words_in(lang)
            return previews.head(register, _, page, given, base, lambda code: ui_kept.answer(queries.organizer, code))

        try:
            return await self.door.work(work)
        except Exception as error:  # a page without its words is better than none
            log.warning("A page is served without its own title: %s", type(error).__name__)
            return previews.neutral(language(lang), base)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the register and import what pages need, then tell the collector that none of it is garbage; while the site
    runs, the scheduler does what is due.
    """
    for name in PRELOADED:
        importlib.import_module(name)
    try:
        await anyio.to_thread.run_sync(edge.register)
    except PrizewatchError:
        log.warning("Serving without the register: every page tries to open it again")
    gc.collect()
    gc.freeze()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(Scheduler(edge.register, edge.now).run)
        yield {}
        tasks.cancel_scope.cancel()
    edge.close()


async def picture(request: Request) -> Response:
    """What chats show beside the words of a link."""
    return FileResponse(previews.PICTURE, headers={"cache-control": "public, max-age=86400"})


def on_script_error(error: Exception) -> bool:
    """A visitor reads a sentence; the traceback goes to the log only, without the words of the error (`wordless`)."""
    chosen = st.query_params.get("lang")
    lang = language(chosen) if chosen in LANGUAGES else ui_language.words()
    st.error(lang("shell.error"))
    return True


app = st.App(
    Path(__file__).with_name("pages") / "shell.py",
    lifespan=lifespan,
    on_script_error=on_script_error,
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=list(SETTINGS.allowed_hosts)),
        Middleware(SecurityHeaders),
        Middleware(DeviceMark),
        Middleware(Previews),
    ],
    routes=[
        Route(f"/{previews.PICTURE.name}", picture),
        *api.routes(edge.register, edge.now),
        *desk_routes.routes(edge.register, edge.now),
    ],
    secrets={"auth": {**provider}} if (provider := SETTINGS.sign_in_elsewhere()) else None,
)
