"""What every address of the API has in common: methods, errors in the reader's words, worker threads, and how an answer
is kept, packed, and read from elsewhere.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .errors import PrizewatchError
from .i18n import Language, language, preferred, weight
from .store import Register

log = logging.getLogger("prizewatch.api")
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
JSON = "application/json"
BUSY_SECONDS = 5
AT_ONCE = 32  # requests at work; the others wait, and pages have threads of their own
PACKED_FROM = 500  # bytes; packing less saves nothing
DAY_SECONDS = 86_400

SHARED = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Accept-Ranges, Content-Disposition, Content-Location, Content-Range, ETag, Link, "
    "Retry-After",
}
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "Accept-Language, If-None-Match, If-Range, Range",
    "access-control-max-age": str(DAY_SECONDS),
}

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """A request that is answered with an error: status, code of the sentence, further headers, problems, and values of
    the sentence.
    """

    def __init__(
        self,
        status: int,
        error: str,
        headers: dict[str, str] | None = None,
        problems: list[Any] | None = None,
        **values: object,
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = headers or {}
        self.problems = problems or []
        self.values = values


class Resource:
    """One address: its handlers by method, and an answer in JSON whatever goes wrong."""

    headers: Mapping[str, str] = {}  # of every answer

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
            response = refused(request, Refusal(500, "failed" if "POST" in self.handlers else "failed_reading"))
        response.headers.update(self.headers)
        await response(scope, receive, send)

    @property
    def allow(self) -> str:
        """The methods it answers, for the header of that name."""
        return ", ".join(sorted(self.handlers))

    async def _answer(self, request: Request) -> Response:
        handler = self.handlers.get(request.method)
        if handler is None:
            raise Refusal(405, "method_not_allowed", {"allow": self.allow})
        return await handler(request)


class Shared(Resource):
    """An address that pages of other sites may read: public figures, no cookies."""

    headers = SHARED

    def __init__(self, get: Handler, **more: Handler) -> None:
        super().__init__(**{"get": get, "options": self._preflight, **more})

    async def _preflight(self, request: Request) -> Response:
        return Response(status_code=204, headers={"allow": self.allow, **PREFLIGHT})


@dataclass
class Door:
    """The way from a request to the register. `open_register` may raise `PrizewatchError`; `clock` gives UTC;
    `at_once`: how many may be at work, the others wait.
    """

    open_register: Callable[[], Register]
    clock: Callable[[], datetime]
    at_once: int = AT_ONCE
    _threads: list[anyio.CapacityLimiter] = field(default_factory=list)

    async def work(self, work: Callable[[Register], T]) -> T:
        """`work(register)` in a worker thread, so that nobody else waits for it."""
        if not self._threads:  # a limiter belongs to a running loop
            self._threads.append(anyio.CapacityLimiter(self.at_once))
        return await anyio.to_thread.run_sync(lambda: work(self.open_register()), limiter=self._threads[0])


# ── errors and languages ──────────────────────────────────────────────────────────────────────────────────────────


def words(request: Request) -> Language:
    """The language asked for: the most wanted of Accept-Language, Chinese where there is none."""
    return language(preferred(request.headers.get("accept-language", "")))


def answer(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """JSON that no cache keeps."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    return Response(text.encode(), status, {**HEADERS, **(headers or {})}, JSON)


def refused(request: Request, refusal: Refusal) -> Response:
    """The error in the words of the asker."""
    _ = words(request)
    message = _(f"api.error.{refusal.error}", **refusal.values)
    body = {"error": refusal.error, "message": message, "problems": refusal.problems}
    return answer(refusal.status, body, in_words_of(_) | refusal.headers)


def in_words_of(_: Language) -> dict[str, str]:
    """Headers of an answer that says something in a language."""
    return {"content-language": _.code, "vary": "Accept-Language"}


# ── answers that are kept ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Body:
    """A finished answer in JSON: its bytes, the same packed, and its mark, which another text does not have."""

    plain: bytes
    packed: bytes
    mark: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, headers: Mapping[str, str] | None = None) -> Body:
        """The body that says `value`."""
        plain = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1).encode()
        packed = gzip.compress(plain, 6, mtime=0) if len(plain) >= PACKED_FROM else b""
        return cls(plain, packed, hashlib.sha256(plain).hexdigest()[:32], headers or {})


def kept(request: Request, body: Body, cache: str) -> Response:
    """The body as it is asked for: packed or not, or only that it is what the asker has."""
    acceptable(request, JSON)
    packed = bool(body.packed) and takes_gzip(request)
    headers = {**HEADERS, **body.headers, "cache-control": cache, "vary": "Accept-Encoding"}
    headers["etag"] = etag(body.mark, packed)
    if unchanged(request, body.mark):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(body.packed if packed else body.plain, 200, headers, JSON)


def etag(mark: str, packed: bool) -> str:
    """The validator of a text, one of its own where it is packed (RFC 9110, 8.8.3.3)."""
    return f'"{mark}.gz"' if packed else f'"{mark}"'


def unchanged(request: Request, mark: str) -> bool:
    """Whether the asker has this text already, packed or not."""
    header = request.headers.get("if-none-match", "")
    asked = {tag.strip().removeprefix("W/") for tag in header.split(",")[:50]}
    return not asked.isdisjoint(("*", etag(mark, packed=False), etag(mark, packed=True)))


def takes_gzip(request: Request) -> bool:
    """Whether the asker unpacks gzip."""
    offered = {}
    for part in request.headers.get("accept-encoding", "").lower().split(",")[:20]:
        name, _, rest = part.strip().partition(";")
        offered[name.strip()] = weight(rest)
    return offered.get("gzip", offered.get("x-gzip", offered.get("*", 0.0))) > 0


def acceptable(request: Request, kind: str) -> None:
    """Raises 406 where the asker takes other types only."""
    header = request.headers.get("accept", "").strip()
    if not header:
        return
    kinds = (kind, kind.partition("/")[0] + "/*", "*/*")
    for part in header.lower().split(",")[:50]:
        name, _, rest = part.strip().partition(";")
        if name.strip() in kinds and weight(rest) > 0:
            return
    raise Refusal(406, "not_acceptable", kind=kind)


# ── what stands behind the question mark ──────────────────────────────────────────────────────────────────────────


class Asked:
    """The parameters of an address, read strictly: what is misspelt is told, not left out in silence."""

    def __init__(self, request: Request, *names: str) -> None:
        self.pairs = request.query_params.multi_items()
        if not {name for name, _ in self.pairs} <= set(names):
            raise Refusal(400, "parameter_unknown" if names else "parameter_none", names=", ".join(names))

    def given(self, name: str) -> bool:
        """Whether a parameter stands in the query, empty or not."""
        return any(key == name for key, _ in self.pairs)

    def text(self, name: str, most: int) -> str:
        """Free words; empty where none are given."""
        values = [value for key, value in self.pairs if key == name]
        if len(values) > 1:
            raise Refusal(400, "parameter_twice", name=name)
        if values and len(values[0]) > most:
            raise Refusal(400, "parameter_long", name=name, most=most)
        return values[0] if values else ""

    def codes(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Codes of a list; several are given by naming the parameter again."""
        values = tuple(value for key, value in self.pairs if key == name)
        if not set(values) <= set(known):
            raise Refusal(400, "parameter_code", name=name, codes=", ".join(known))
        return tuple(dict.fromkeys(values))

    def code(self, name: str, known: Collection[str], default: str = "") -> str:
        """One code of a list."""
        value = self.text(name, 80) if self.given(name) else default
        if self.given(name) and value not in known:
            raise Refusal(400, "parameter_code", name=name, codes=", ".join(known))
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        if not self.given(name):
            return default
        value = self.text(name, 80)
        if not (value.isascii() and value.isdecimal() and least <= int(value) <= most):
            raise Refusal(400, "parameter_number", name=name, least=least, most=most)
        return int(value)


def network(request: Request) -> str:
    """The address a request comes from."""
    return request.client.host if request.client else "local"
