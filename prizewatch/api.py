"""The register over HTTP, for programs: `POST /api/v1/reports` and the document that describes it.

From server to server: no cross-origin headers, nothing kept by caches, no word of a request in the log.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import math
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import api_filing, api_json, api_schema
from .errors import PrizewatchError
from .i18n import Language, guess, language
from .store import Register

log = logging.getLogger("prizewatch.api")
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
BODY_SECONDS = 20
BUSY_SECONDS = 5
DAY_SECONDS = 86_400
AT_ONCE = 32  # requests at work; the others wait, and pages have threads of their own

Handler = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """A request that is answered with an error: status, code of the sentence, further headers, problems."""

    def __init__(
        self, status: int, error: str, headers: dict[str, str] | None = None, problems: list[Any] | None = None
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = headers or {}
        self.problems = problems or []


class Resource:
    """One address: its handlers by method, and an answer in JSON whatever goes wrong."""

    def __init__(self, **handlers: Handler) -> None:
        self.handlers = {name.upper(): handler for name, handler in handlers.items()}
        if "GET" in self.handlers:
            self.handlers["HEAD"] = self.handlers["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Refusal as refusal:
            response = refused(request, refusal)
        except PrizewatchError as error:
            log.warning("The register does not answer: %s", error.key)
            response = refused(request, Refusal(503, "busy", {"retry-after": str(BUSY_SECONDS)}))
        except Exception as error:  # its words may hold what was sent
            log.error("A request failed: %s", type(error).__name__)
            response = refused(request, Refusal(500, "failed"))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        handler = self.handlers.get(request.method)
        if handler is None:
            raise Refusal(405, "method_not_allowed", {"allow": ", ".join(sorted(self.handlers))})
        return await handler(request)


def words(request: Request) -> Language:
    """The language asked for: the most wanted of Accept-Language, Chinese where there is none."""
    wanted: list[tuple[float, int, str]] = []
    for at, part in enumerate(request.headers.get("accept-language", "").split(",")[:20]):
        tag, _, weight = part.strip().partition(";")
        found = re.fullmatch(r"\s*q=([01](?:\.\d{1,3})?)\s*", weight)
        share = float(found[1]) if found else 1.0
        if re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", tag) and share:
            wanted.append((-share, at, tag))
    return language(guess(min(wanted)[2] if wanted else None))


def answer(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """JSON that no cache keeps."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    return Response(text.encode(), status, HEADERS | (headers or {}), "application/json")


def refused(request: Request, refusal: Refusal) -> Response:
    """The error in the words of the asker."""
    _ = words(request)
    body = {"error": refusal.error, "message": _(f"api.error.{refusal.error}"), "problems": refusal.problems}
    return answer(refusal.status, body, _spoken(_) | refusal.headers)


def _spoken(_: Language) -> dict[str, str]:
    return {"content-language": _.code, "vary": "accept-language"}


async def read_body(request: Request) -> bytes:
    """The body, as long as it is JSON in UTF-8, not too large and not too slow."""
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", rest, re.IGNORECASE)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if kind.strip().lower() != "application/json" or encoding != "identity":
        raise Refusal(415, "unsupported_type")
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise Refusal(400, "encoding")
    close = {"connection": "close"}  # what was not read cannot be the next request
    if int(re.sub(r"\D", "", request.headers.get("content-length", ""))[:12] or 0) > api_schema.MOST_BYTES:
        raise Refusal(413, "too_large", close)
    body = bytearray()
    with anyio.move_on_after(BODY_SECONDS) as scope:
        async for chunk in request.stream():
            body += chunk
            if len(body) > api_schema.MOST_BYTES:
                raise Refusal(413, "too_large", close)
    if scope.cancelled_caught:
        raise Refusal(408, "too_slow", close)
    return bytes(body)


def read_key(request: Request) -> str:
    """The sender's name for the request."""
    key = request.headers.get("idempotency-key", "")
    if not re.fullmatch(api_schema.KEY, key):
        raise Refusal(400, "key_missing")
    return key


def _wait(faults: list[api_filing.Fault], now: datetime) -> int:
    """Seconds until more reports are taken, as far as the door says."""
    waits = [
        (datetime.fromisoformat(fault.again).astimezone(UTC) - now.replace(tzinfo=UTC)).total_seconds()
        for fault in faults
        if fault.again
    ]
    return max(1, math.ceil(max(waits, default=DAY_SECONDS)))


def routes(open_register: Callable[[], Register], clock: Callable[[], datetime]) -> list[Route]:
    """The routes of the API over a register. `open_register` may raise `PrizewatchError`; `clock` gives UTC."""
    threads: list[anyio.CapacityLimiter] = []

    async def in_thread(work: Callable[[], Any]) -> Any:
        if not threads:  # a limiter belongs to a running loop
            threads.append(anyio.CapacityLimiter(AT_ONCE))
        return await anyio.to_thread.run_sync(work, limiter=threads[0])

    async def post_reports(request: Request) -> Response:
        key = read_key(request)
        raw = await read_body(request)
        try:
            body = api_json.read(raw)
        except api_json.Unreadable as error:
            raise Refusal(400, error.what) from None
        network = request.client.host if request.client else "local"
        now = clock()

        def work() -> tuple[api_filing.Filed, str]:
            register = open_register()
            return api_filing.file(register, body, key, network, now), register.settings.public_url

        filed, public_url = await in_thread(work)
        _ = words(request)
        told = [fault.told(_) for fault in filed.faults]
        if filed.other_words:
            raise Refusal(409, "key_used")
        if filed.errors:
            if {fault.code for fault in filed.errors} <= set(api_filing.TOO_MANY):
                wait = str(_wait(filed.errors, now))
                raise Refusal(429, "too_many", {"retry-after": wait}, told)
            raise Refusal(422, "rules", problems=told)
        url = f"{public_url}/mine"
        receipts = [{"report": n, "code": code, "status_url": url} for n, code in enumerate(filed.codes)]
        new = filed.known < len(receipts)
        said = {"receipts": receipts, "filed": len(receipts), "known": filed.known, "warnings": told}
        return answer(201 if new else 200, said, _spoken(_))

    @functools.cache
    def written(public_url: str) -> tuple[bytes, str]:
        text = json.dumps(api_schema.document(public_url), ensure_ascii=False, indent=1).encode()
        return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'

    async def get_document(request: Request) -> Response:
        register = await in_thread(open_register)
        text, etag = written(register.settings.public_url)
        headers = HEADERS | {"etag": etag, "cache-control": "no-cache"}
        asked = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
        if etag in asked or "*" in asked:
            return Response(status_code=304, headers=headers)
        return Response(text, 200, headers, "application/json")

    async def get_health(request: Request) -> Response:
        """200 with the data version when the register answers, 503 when it does not."""
        try:
            version = await anyio.to_thread.run_sync(lambda: str(open_register().version()))
        except PrizewatchError as error:
            return answer(503, {"status": "busy", "reason": error.key})
        return answer(200, {"status": "ok", "version": version})

    async def no_such_address(request: Request) -> Response:
        raise Refusal(404, "not_found")

    anything = ("get", "post", "put", "patch", "delete", "options", "trace")
    return [
        Route("/api/v1/reports", Resource(post=post_reports)),
        Route("/api/v1/openapi.json", Resource(get=get_document)),
        Route("/api/v1/health", Resource(get=get_health)),
        Route("/api/{rest:path}", Resource(**dict.fromkeys(anything, no_such_address))),
    ]
