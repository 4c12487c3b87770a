"""The desk over HTTP, for a browser: signing in and out, and the files of evidence.

Streamlit can set no cookie that scripts cannot read, so signing in is a plain page of its own (`desk_html`), whose form
is taken from its own origin only. The cookie holds a random token; everything else about a session is in the register.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from . import accounts, audit, desk_html, passphrases, sessions, tickets, vault
from .access import may
from .api_http import Door, network
from .errors import PrizewatchError
from .i18n import LANGUAGES, Language, guess, language
from .store import Register

log = logging.getLogger("prizewatch.desk")
COOKIE = "pw_desk"
MOST_BYTES = 16 * 1024  # of a form that is sent here
AT_ONCE = 8  # a passphrase that is looked at takes much memory
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

Handler = Callable[[Request, Language], Awaitable[Response]]


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


def shown(html: str, status: int = 200) -> Response:
    """A page of `desk_html` as an answer."""
    return HTMLResponse(html, status, HEADERS)


def told(_: Language, key: str, status: int) -> Response:
    """An answer that only says why not."""
    return shown(desk_html.sentence(_, key), status)


def safely(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The handler's answer, in the language asked for; or, as a sentence, why there is none: a form was sent from
    elsewhere, the register cannot be opened, or we made a mistake.
    """

    @functools.wraps(handler)
    async def answer(request: Request) -> Response:
        _ = words(request)
        if request.method == "POST" and not sent_from_here(request):
            return told(_, "access.elsewhere", 403)
        try:
            return await handler(request, _)
        except ClientDisconnect:
            raise
        except PrizewatchError as error:
            log.warning("The register does not answer: %s", error.key)
            return told(_, "shell.busy.help", 503)
        except Exception as error:  # its words may hold what was typed
            log.error("A request failed: %s", type(error).__name__)
            return told(_, "shell.error", 500)

    return answer


def _with_cookie(response: Response, request: Request, token: str) -> Response:
    response.set_cookie(
        COOKIE, token, max_age=int(sessions.LASTS.total_seconds()), path="/", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


def _sent_on(_: Language, then: str) -> RedirectResponse:
    name, _mark, query = then.partition("?")
    kept = {key: value for key, value in parse_qs(query).items() if key != "lang"}
    query = urlencode(kept | {"lang": [_.code]}, doseq=True)
    return RedirectResponse(f"../{name}?{query}", 303, HEADERS)


def _held(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


class Desk:
    """What the desk answers, one method an address and a verb."""

    def __init__(self, door: Door) -> None:
        self.door = door

    async def get_sign_in(self, request: Request, _: Language) -> Response:
        """The form."""
        oidc = await self.door.work(lambda register: bool(register.settings.oidc_client_id))
        return shown(desk_html.sign_in(_, place(request.query_params.get("next", "")), oidc=oidc))

    async def post_sign_in(self, request: Request, _: Language) -> Response:
        """The cookie, or the form again with what is wrong."""
        form = await read_form(request)
        if form is None:
            return told(_, "access.unreadable", 400)
        now, name, then = self.door.clock(), form.get("name", ""), place(form.get("next", ""))

        def sign_in(register: Register) -> tuple[str | sessions.Refused, bool]:
            found = sessions.sign_in(register, name, form.get("passphrase", ""), network(request), now)
            if isinstance(found, str):
                sessions.sign_out(register, _held(request), now)  # whoever sat here before
            return found, bool(register.settings.oidc_client_id)

        found, oidc = await self.door.work(sign_in)
        if isinstance(found, str):
            return _with_cookie(_sent_on(_, then), request, found)
        minutes = -(-found.seconds // 60)
        problem = _("access.sign_in.slowed", minutes) if minutes else _("access.sign_in.wrong")
        html = desk_html.sign_in(_, then, name=name[: accounts.MOST_NAME], problem=problem, oidc=oidc)
        return shown(html, 429 if minutes else 401)

    async def post_sign_out(self, request: Request, _: Language) -> Response:
        """The session is over, here and in the register."""
        await self.door.work(lambda register: sessions.sign_out(register, _held(request), self.door.clock()))
        response = told(_, "access.signed_out", 200)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        for name in request.cookies:
            if name.startswith("_streamlit_user"):  # what st.login keeps for a month
                response.delete_cookie(name, path="/", httponly=True, samesite="lax")
        return response

    async def get_session(self, request: Request, _: Language) -> Response:
        """The end of a sign-in at an identity provider: a ticket of the page becomes the cookie."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return told(_, "access.elsewhere", 403)
        ticket = request.query_params.get("ticket", "")
        token = await self.door.work(lambda register: tickets.redeem(register, ticket, self.door.clock()))
        return self._arrived(request, _, token)

    async def get_passphrase(self, request: Request, _: Language) -> Response:
        """Where who was invited chooses a passphrase."""
        return shown(desk_html.passphrase(_, request.query_params.get("ticket", "")[:100]))

    async def post_passphrase(self, request: Request, _: Language) -> Response:
        """The cookie, or the form again with what is wrong."""
        form = await read_form(request)
        if form is None:
            return told(_, "access.unreadable", 400)
        ticket, chosen = form.get("ticket", ""), form.get("passphrase", "")
        least = passphrases.LEAST_CHARACTERS
        if len(chosen) < least or len(chosen) > passphrases.MOST_CHARACTERS:
            return shown(desk_html.passphrase(_, ticket, _("access.choose.short", least=least)), 422)
        if chosen != form.get("again", ""):
            return shown(desk_html.passphrase(_, ticket, _("access.choose.differ")), 422)
        token = await self.door.work(
            lambda register: tickets.choose_passphrase(register, ticket, chosen, self.door.clock())
        )
        return self._arrived(request, _, token)

    def _arrived(self, request: Request, _: Language, token: str | None) -> Response:
        return _with_cookie(_sent_on(_, "desk"), request, token) if token else told(_, "access.ticket", 403)

    async def get_evidence(self, request: Request, _: Language) -> Response:
        """A file of evidence, noted in the journal. A stranger, a wrong fingerprint and an unknown one get the same."""
        name, token = request.path_params["sha256"], _held(request)
        found = await self.door.work(lambda register: _opened(register, token, name, self.door.clock()))
        if found is None:
            return shown(desk_html.nothing(_), 404)
        kind = found.media_type
        way = "inline" if kind.startswith("image/") else "attachment"
        more = {"content-disposition": f'{way}; filename="{name[:12]}.{kind.rpartition("/")[2]}"'}
        return Response(found.content, 200, FILE_HEADERS | more, kind)


def _opened(register: Register, token: str, name: str, now: datetime) -> vault.Kept | None:
    """The file, if it is there and who holds the token may open it."""
    actor = sessions.signed_in(register, token, now)
    if actor is None or not may(actor, "evidence.open"):
        return None
    found = vault.on_file(register, name)
    if found is not None:
        audit.note(register, actor, "evidence.open", "dispute", found.dispute_id, now, name[:12])
    return found


def routes(open_register: Callable[[], Register], clock: Callable[[], datetime]) -> list[Route]:
    """The routes of the desk over a register. `open_register` may raise `PrizewatchError`; `clock` gives UTC."""
    desk = Desk(Door(open_register, clock, AT_ONCE))
    return [
        Route("/desk/sign-in", safely(desk.get_sign_in), methods=["GET"]),
        Route("/desk/sign-in", safely(desk.post_sign_in), methods=["POST"]),
        Route("/desk/sign-out", safely(desk.post_sign_out), methods=["POST"]),
        Route("/desk/session", safely(desk.get_session), methods=["GET"]),
        Route("/desk/passphrase", safely(desk.get_passphrase), methods=["GET"]),
        Route("/desk/passphrase", safely(desk.post_passphrase), methods=["POST"]),
        Route("/desk/evidence/{sha256}", safely(desk.get_evidence), methods=["GET"]),
    ]
