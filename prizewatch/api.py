"""The register over HTTP, for programs: `POST /api/v1/reports`, the document that describes all addresses, and health.

Filing is from server to server: no cross-origin headers, nothing kept by caches, no word of a request in the log. The
figures that anybody may read are in `api_organizers` and `api_data`.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import api_data, api_filing, api_json, api_organizers, api_schema
from .api_http import (
    DAY_SECONDS,
    Body,
    Door,
    Refusal,
    Resource,
    Shared,
    answer,
    in_words_of,
    kept,
    network,
    words,
)
from .errors import PrizewatchError
from .store import Register

BODY_SECONDS = 20


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
    door = Door(open_register, clock)

    async def post_reports(request: Request) -> Response:
        key = read_key(request)
        raw = await read_body(request)
        try:
            body = api_json.read(raw)
        except api_json.Unreadable as error:
            raise Refusal(400, error.what) from None
        now = clock()

        def work(register: Register) -> tuple[api_filing.Filed, str]:
            return api_filing.file(register, body, key, network(request), now), register.settings.public_url

        filed, public_url = await door.work(work)
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
        return answer(201 if new else 200, said, in_words_of(_))

    @functools.cache
    def written(public_url: str) -> Body:
        return Body.of(api_schema.document(public_url))

    async def get_document(request: Request) -> Response:
        return kept(request, written(await door.work(lambda register: register.settings.public_url)), "no-cache")

    async def get_health(request: Request) -> Response:
        """200 with the data version when the register answers, 503 when it does not; threads of its own."""
        try:
            version = await anyio.to_thread.run_sync(lambda: str(open_register().version()))
        except PrizewatchError as error:
            return answer(503, {"status": "busy", "reason": error.key})
        return answer(200, {"status": "ok", "version": version})

    async def no_such_address(request: Request) -> Response:
        raise Refusal(404, "not_found")

    anything = ("get", "post", "put", "patch", "delete", "options", "trace")
    nothing = Shared(**dict.fromkeys(anything, no_such_address))  # a page of another site may be told so
    return [
        Route("/api/v1/reports", Resource(post=post_reports)),
        Route("/api/v1/openapi.json", Shared(get_document)),
        Route("/api/v1/health", Shared(get_health)),
        *api_organizers.routes(door),
        *api_data.routes(door),
        Route("/api", nothing),
        Route("/api/{rest:path}", nothing),
    ]
