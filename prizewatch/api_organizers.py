"""Organizers over HTTP: the search of the page, one organizer with the masks of its page, and the exact-handle answer.

Only what `queries` gives leaves here. Whoever is not listed gets the answer of whoever is not there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import brigading, made_of, queries
from .api_http import (
    JSON,
    Asked,
    Body,
    Door,
    Refusal,
    Resource,
    Shared,
    acceptable,
    answer,
    in_words_of,
    kept,
    network,
    words,
)
from .api_schema_data import LEVELS, MOST, MOST_HANDLE, MOST_OFFSET, MOST_WORDS, ORGANIZER_FRAMES, ORGANIZER_PLAIN, PAGE
from .i18n import LANGUAGES, Language, NeutralLanguage
from .organizers import SORTS
from .profile import sentence
from .queries import LookupAnswer
from .store import Kind, Register
from .vocabulary import codes

FOLLOWED = "public, max-age=60"  # a name that is taken down is gone everywhere within a minute
KEPT = 1000  # finished answers; those of older versions of the data fall out
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
#: What only a register of reports knows; public records tell of complaints, not of draws and people.
OF_REPORTS = ("reporters", "draws")


def _plain(value: Any) -> Any:
    """A value as JSON has it: no NaN, days as text."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, float):
        return round(float(value), 4)
    return value.item() if hasattr(value, "item") else value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, a hidden count as its marker and no number."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def found(register: Register, asked: tuple[Any, ...]) -> Body:
    """One page of the search as JSON, and the address of the next one."""
    text, types, platforms, levels, offset, limit, sort = asked
    frame, total = queries.matching_organizers(register, text, types, platforms, levels, offset, limit, sort)
    rows = records(frame.drop(columns="organizer_id"))
    if register.kind is Kind.REFERENCE:
        rows = [row | dict.fromkeys(OF_REPORTS) for row in rows]
    base = register.settings.public_url
    for row in rows:
        row["url"] = f"{base}/api/v1/organizers/{row['public_code']}"
    more = ""
    if offset + limit < total:
        given = {"q": text, "type": types, "host_platform": platforms, "level": levels, "sort": sort}
        query = {name: value for name, value in given.items() if value} | {"offset": offset + limit, "limit": limit}
        more = f"{base}/api/v1/organizers?{urlencode(query, doseq=True)}"
    lookup = None
    if text.strip() and len(text) <= MOST_HANDLE and len(platforms) == 1 and register.kind is not Kind.REFERENCE:
        lookup = f"{base}/api/v1/organizers/lookup?{urlencode({'host_platform': platforms[0], 'handle': text})}"
    said = {
        "organizers": rows,
        "total": total,
        "offset": offset,
        "limit": limit,
        "next": more or None,
        "lookup": lookup,
        "as_of": register.version().as_of.isoformat(),
    }
    return Body.of(said, {"link": f'<{more}>; rel="next"'} if more else None)


def profile(register: Register, code: str) -> Body | None:
    """What the page of an organizer shows, as JSON; None where there is no such page."""
    p = queries.organizer(register, code)
    if p is None:
        return None
    said = {name: _plain(getattr(p, name)) for name in ORGANIZER_PLAIN}
    if register.kind is Kind.REFERENCE:
        reported = (
            *OF_REPORTS,
            "at_v2",
            "level_reporters",
            "level_draws",
            "matched_draws",
            "further_draws",
            "withdrawn",
            "reply",
        )
        said |= dict.fromkeys(reported)
    spoken = NeutralLanguage if register.kind is Kind.REFERENCE else Language
    said |= {name: records(getattr(p, name)) for name in ORGANIZER_FRAMES}
    said["being_checked"] = brigading.public_note(register, p.organizer_id)
    said["sentence"] = {code: sentence(spoken(code), p) for code in LANGUAGES}
    said["page"] = f"{register.settings.public_url}/organizer?id={p.public_code}"
    return Body.of(said)


def routes(door: Door) -> list[Route]:
    """The addresses of organizers."""

    @lru_cache(maxsize=KEPT)
    def made(make: Callable[[Register, Any], Any], register: Register, version: str, asked: Any) -> Any:
        return make(register, asked)

    def of_today(make: Callable[[Register, Any], Any], asked: Any) -> Callable[[Register], Any]:
        """Work that is done once for each version of the data."""
        return lambda register: made(make, register, made_of.stamp(register), asked)

    async def get_organizers(request: Request) -> Response:
        asked = Asked(request, "q", "type", "host_platform", "level", "sort", "offset", "limit")
        page = (
            asked.text("q", MOST_WORDS),
            asked.codes("type", codes("organizer_type")),
            asked.codes("host_platform", codes("host_platform")),
            asked.codes("level", LEVELS),
            asked.number("offset", 0, 0, MOST_OFFSET),
            asked.number("limit", PAGE, 1, MOST),
            asked.code("sort", SORTS, SORTS[0]),
        )

        def work(register: Register) -> Body:
            wait = queries.search_wait(register, door.clock(), network(request)) if page[0].strip() else 0
            if wait:
                raise Refusal(429, "too_many_searches", {"retry-after": str(wait)})
            body: Body = of_today(found, page)(register)
            return body

        return kept(request, await door.work(work), FOLLOWED)

    async def get_organizer(request: Request) -> Response:
        Asked(request)
        code = request.path_params["code"].upper()
        body = await door.work(of_today(profile, code)) if CODE.fullmatch(code) else None
        if body is None:
            raise Refusal(404, "no_organizer")
        return kept(request, body, FOLLOWED)

    async def get_lookup(request: Request) -> Response:
        """Yes, or nothing; kept nowhere, and not for the scripts of other sites: their visitors would ask for them."""
        acceptable(request, JSON)
        asked = Asked(request, "host_platform", "handle")
        handle, host = asked.text("handle", MOST_HANDLE), asked.code("host_platform", codes("host_platform"))
        for name, value in (("host_platform", host), ("handle", handle.strip())):
            if not value:
                raise Refusal(400, "parameter_missing", name=name)
        now = door.clock()

        def work(register: Register) -> tuple[LookupAnswer | None, int]:
            if register.kind is Kind.REFERENCE:
                return None, 0
            wait = queries.lookup_wait(register, now, network(request))
            return queries.lookup_handle(register, handle, host, now, network(request)), wait

        said, wait = await door.work(work)
        if said is None:
            raise Refusal(404, "not_found")
        if said is LookupAnswer.TOO_MANY:
            raise Refusal(429, "too_many_lookups", {"retry-after": str(max(1, wait))})
        _ = words(request)
        return answer(200, {"answer": said.value, "message": _(f"organizers.exact.{said.value}")}, in_words_of(_))

    return [
        Route("/api/v1/organizers", Shared(get_organizers)),
        Route("/api/v1/organizers/lookup", Resource(get=get_lookup)),
        Route("/api/v1/organizers/{code}", Shared(get_organizer)),
    ]
