"""The desk over HTTP, for a browser: signing in and out, and the files of evidence.

Streamlit can set no cookie that scripts cannot read, so signing in is a plain page of its own: no script, one form,
sent to its own origin only. The cookie holds a random token; everything else about a session is in the register.
"""

from __future__ import annotations

import base64
import functools
import logging
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from . import accounts, audit, passphrases, vault
from .access import may
from .api_http import network
from .errors import PrizewatchError
from .i18n import LANGUAGES, Language, guess, language
from .store import Register
from .ui_html import escape

T = TypeVar("T")
log = logging.getLogger("prizewatch.desk")
COOKIE = "pw_desk"
ASSETS = Path(__file__).parent / "assets"
MOST_BYTES = 16 * 1024  # of a form that is sent here
AT_ONCE = 8
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
}
#: A file of a stranger: it may be looked at and nothing else, by this site only.
FILE_HEADERS = HEADERS | {
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    "cross-origin-resource-policy": "same-origin",
}
_PLACE = re.compile(r"[a-z_]{1,40}(\?[\w=&%.~+-]{0,300})?")


@functools.cache
def _style() -> str:
    return (ASSETS / "desk.css").read_text("utf-8")


@functools.cache
def _mark() -> str:
    return base64.b64encode((ASSETS / "mark.svg").read_bytes()).decode()


def words(request: Request) -> Language:
    """The language of the address, else what the browser prefers."""
    asked = request.query_params.get("lang")
    return language(asked if asked in LANGUAGES else guess(request.headers.get("accept-language")))


def place(asked: str) -> str:
    """Where to go afterwards: a page of this site and nothing else; the queue where it is none."""
    return asked if _PLACE.fullmatch(asked) else "desk"


def sent_from_here(request: Request) -> bool:
    """Whether a form was sent by a page of this very site."""
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return request.headers.get("sec-fetch-site") == "same-origin"


async def read_form(request: Request) -> dict[str, str] | None:
    """The fields of a small form; None for anything else."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10, errors="strict")
    except ValueError:
        return None
    return {name: values[-1] for name, values in fields.items()}


def page(_: Language, title: str, inside: str, status: int = 200, query: str = "") -> Response:
    """A whole page. `inside` is safe HTML; `query` what stands in the address beside the language."""
    other = next(code for code in LANGUAGES if code != _.code)
    switch = "?" + "&".join(part for part in (f"lang={other}", query) if part)
    text = (
        f"<!doctype html><html lang='{_.code}'><head><meta charset='utf-8'><title>{escape(title)} · "
        f"{escape(_('shell.name'))}</title><meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<meta name='robots' content='noindex'><style>{_style()}</style></head><body><header>"
        f"<a href='/?lang={_.code}'><img src='data:image/svg+xml;base64,{_mark()}' alt=''>"
        f"{escape(_('shell.name'))}</a><a class='other' href='{escape(switch)}' lang='{other}'>"
        f"{escape(_('shell.other_language'))}</a></header>"
        f"<main><h1>{escape(title)}</h1>{inside}</main></body></html>"
    )
    return HTMLResponse(text, status, HEADERS)


def _problem(words: str) -> str:
    return f"<p class='problem' role='alert' id='problem'>{escape(words)}</p>" if words else ""


def _field(name: str, label: str, kind: str, value: str = "", more: str = "") -> str:
    return (
        f"<label for='{name}'>{escape(label)}</label>"
        f"<input id='{name}' name='{name}' type='{kind}' value='{escape(value)}' {more}>"
    )


def sign_in_page(
    _: Language, then: str, *, name: str = "", problem: str = "", status: int = 200, oidc: bool = False
) -> Response:
    """The form; after a mistake with its sentence, and with what was typed but for the passphrase."""
    wrong = " aria-describedby='problem'" if problem else ""
    most = f" maxlength='{accounts.MOST_NAME}'"
    hint = ("autofocus", "") if not problem else ("", "autofocus")
    user = f"autocomplete='username' autocapitalize='none' spellcheck='false' required {hint[0]}{most}{wrong}"
    secret = f"autocomplete='current-password' required {hint[1]}{wrong}"
    inside = (
        f"<p>{escape(_('access.sign_in.lead'))}</p>{_problem(problem)}"
        f"<form method='post' action='sign-in?lang={_.code}'>"
        f"<input type='hidden' name='next' value='{escape(then)}'>"
        + _field("name", _("access.name"), "text", name, user)
        + _field("passphrase", _("access.passphrase"), "password", "", secret)
        + f"<button>{escape(_('access.sign_in.do'))}</button></form>"
        + (f"<p><a href='../desk?lang={_.code}'>{escape(_('access.sign_in.other'))}</a></p>" if oidc else "")
        + f"<p class='quiet'>{escape(_('access.sign_in.none'))}</p>"
    )
    return page(_, _("access.sign_in.title"), inside, status, urlencode({"next": then}))


def passphrase_page(_: Language, ticket: str, problem: str = "", status: int = 200) -> Response:
    """Where who was invited chooses a passphrase."""
    more = f"autocomplete='new-password' required minlength='{passphrases.LEAST_CHARACTERS}'"
    inside = (
        f"<p>{escape(_('access.choose.lead', least=passphrases.LEAST_CHARACTERS))}</p>{_problem(problem)}"
        f"<form method='post' action='passphrase?lang={_.code}'>"
        f"<input type='hidden' name='ticket' value='{escape(ticket)}'>"
        + _field("passphrase", _("access.passphrase"), "password", "", f"{more} autofocus")
        + _field("again", _("access.passphrase.again"), "password", "", more)
        + f"<button>{escape(_('access.choose.do'))}</button></form>"
    )
    return page(_, _("access.choose.title"), inside, status, urlencode({"ticket": ticket}))


def told(_: Language, key: str, status: int) -> Response:
    """A page that only says why not, with the way to sign in."""
    inside = f"<p>{escape(_(key))}</p><p><a href='sign-in?lang={_.code}'>{escape(_('access.sign_in.link'))}</a></p>"
    return page(_, _("access.sign_in.title"), inside, status)


def nothing_here(request: Request) -> Response:
    """What a stranger, a wrong fingerprint and an unknown one get alike."""
    _ = words(request)
    return page(_, _("access.nothing.title"), f"<p>{escape(_('access.nothing'))}</p>", 404)


def _cookie(response: Response, request: Request, token: str) -> Response:
    response.set_cookie(
        COOKIE, token, max_age=int(accounts.LASTS.total_seconds()), path="/", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


def _sent_on(_: Language, then: str) -> RedirectResponse:
    name, _mark, query = then.partition("?")
    kept = {key: value for key, value in parse_qs(query).items() if key != "lang"}
    query = urlencode(kept | {"lang": [_.code]}, doseq=True)
    return RedirectResponse(f"../{name}?{query}", 303, HEADERS)


def routes(open_register: Callable[[], Register], clock: Callable[[], datetime]) -> list[Route]:
    """The routes of the desk over a register. `open_register` may raise `PrizewatchError`; `clock` gives UTC."""
    threads: list[anyio.CapacityLimiter] = []

    async def in_thread(work: Callable[[], T]) -> T:
        if not threads:  # a limiter belongs to a running loop
            threads.append(anyio.CapacityLimiter(AT_ONCE))
        return await anyio.to_thread.run_sync(work, limiter=threads[0])

    def safe(answer: Callable[[Request, Language], Any]) -> Callable[[Request], Any]:
        """A register that cannot be opened, and any mistake of ours, are told as a sentence."""

        @functools.wraps(answer)
        async def safely(request: Request) -> Response:
            _ = words(request)
            if request.method == "POST" and not sent_from_here(request):
                return told(_, "access.elsewhere", 403)
            try:
                response: Response = await answer(request, _)
            except ClientDisconnect:
                raise
            except PrizewatchError as error:
                log.warning("The register does not answer: %s", error.key)
                return told(_, "shell.busy.help", 503)
            except Exception as error:  # its words may hold what was typed
                log.error("A request failed: %s", type(error).__name__)
                return told(_, "shell.error", 500)
            return response

        return safely

    def held(request: Request) -> str:
        return request.cookies.get(COOKIE, "")

    async def get_sign_in(request: Request, _: Language) -> Response:
        register = await in_thread(open_register)
        then = place(request.query_params.get("next", ""))
        return sign_in_page(_, then, oidc=bool(register.settings.oidc_client_id))

    async def post_sign_in(request: Request, _: Language) -> Response:
        form = await read_form(request)
        if form is None:
            return told(_, "access.unreadable", 400)
        now, name, then = clock(), form.get("name", ""), place(form.get("next", ""))

        def work() -> tuple[str | accounts.Refused, bool]:
            register = open_register()
            found = accounts.sign_in(register, name, form.get("passphrase", ""), network(request), now)
            if isinstance(found, str):
                accounts.sign_out(register, held(request), now)  # whoever sat here before
            return found, bool(register.settings.oidc_client_id)

        found, oidc = await in_thread(work)
        if isinstance(found, str):
            return _cookie(_sent_on(_, then), request, found)
        minutes = -(-found.seconds // 60)
        problem = _("access.sign_in.slowed", minutes) if minutes else _("access.sign_in.wrong")
        status = 429 if minutes else 401
        return sign_in_page(_, then, name=name[: accounts.MOST_NAME], problem=problem, status=status, oidc=oidc)

    async def post_sign_out(request: Request, _: Language) -> Response:
        await in_thread(lambda: accounts.sign_out(open_register(), held(request), clock()))
        response = told(_, "access.signed_out", 200)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        for name in request.cookies:
            if name.startswith("_streamlit_user"):  # what st.login keeps for a month
                response.delete_cookie(name, path="/", httponly=True, samesite="lax")
        return response

    async def get_session(request: Request, _: Language) -> Response:
        """The end of a sign-in at an identity provider: a ticket of the page becomes the cookie."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return told(_, "access.elsewhere", 403)
        ticket = request.query_params.get("ticket", "")
        token = await in_thread(lambda: accounts.redeem(open_register(), ticket, clock()))
        return _cookie(_sent_on(_, "desk"), request, token) if token else told(_, "access.ticket", 403)

    async def get_passphrase(request: Request, _: Language) -> Response:
        return passphrase_page(_, request.query_params.get("ticket", "")[:100])

    async def post_passphrase(request: Request, _: Language) -> Response:
        form = await read_form(request)
        if form is None:
            return told(_, "access.unreadable", 400)
        ticket, passphrase = form.get("ticket", ""), form.get("passphrase", "")
        least = passphrases.LEAST_CHARACTERS
        if len(passphrase) < least or len(passphrase) > passphrases.MOST_CHARACTERS:
            return passphrase_page(_, ticket, _("access.choose.short", least=least), 422)
        if passphrase != form.get("again", ""):
            return passphrase_page(_, ticket, _("access.choose.differ"), 422)
        token = await in_thread(lambda: accounts.choose_passphrase(open_register(), ticket, passphrase, clock()))
        return _cookie(_sent_on(_, "desk"), request, token) if token else told(_, "access.ticket", 403)

    async def get_evidence(request: Request, _: Language) -> Response:
        name = request.path_params["sha256"]

        def work() -> tuple[bytes, str] | None:
            register, now = open_register(), clock()
            actor = accounts.signed_in(register, held(request), now)
            if actor is None or not may(actor, "evidence.open"):
                return None
            found = vault.on_file(register, name)
            if found is None:
                return None
            audit.note(register, actor, "evidence.open", "dispute", found.dispute_id, now, name[:12])
            return found.content, found.media_type

        found = await in_thread(work)
        if found is None:
            return nothing_here(request)
        content, media_type = found
        shown = "inline" if media_type.startswith("image/") else "attachment"
        ending = media_type.rpartition("/")[2]
        more = {"content-disposition": f'{shown}; filename="{name[:12]}.{ending}"'}
        return Response(content, 200, FILE_HEADERS | more, media_type)

    return [
        Route("/desk/sign-in", safe(get_sign_in), methods=["GET"]),
        Route("/desk/sign-in", safe(post_sign_in), methods=["POST"]),
        Route("/desk/sign-out", safe(post_sign_out), methods=["POST"]),
        Route("/desk/session", safe(get_session), methods=["GET"]),
        Route("/desk/passphrase", safe(get_passphrase), methods=["GET"]),
        Route("/desk/passphrase", safe(post_passphrase), methods=["POST"]),
        Route("/desk/evidence/{sha256}", safe(get_evidence), methods=["GET"]),
    ]
