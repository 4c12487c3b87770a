"""The files of the releases over HTTP: streamed from where they lie, packed once for whoever unpacks, in ranges.

The first who asks where there is no release yet has one made, in a worker thread; the others wait for it.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import releases
from .api_http import (
    HEADERS,
    Asked,
    Body,
    Door,
    Refusal,
    Shared,
    acceptable,
    etag,
    kept,
    takes_gzip,
    unchanged,
)
from .api_schema_data import KINDS, MOST_OFFSET, MOST_ROWS, ROWS, WHOLE
from .datasets import NAMES
from .i18n import LANGUAGES, language
from .releases import Release
from .store import Register

NEWEST = "public, max-age=300"  # a release a day: five minutes late is soon enough
FOR_GOOD = "public, max-age=86400"  # a release never changes, but may be taken back
KEPT = 500  # finished answers in JSON
CHARSET = {"text/csv": "text/csv; charset=utf-8; header=present", "text/markdown": "text/markdown; charset=utf-8"}
BASE = "/api/v1"

_packing = threading.Lock()


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release as it is handed out: what it is called there, its type, and where it lies."""

    release: Release
    inside: str  # its path in the release
    media: str
    path: Path
    about: os.stat_result
    packed: Path | None = None  # where the same lies packed
    packed_about: os.stat_result | None = None

    @property
    def mark(self) -> str:
        """What the ETag is made of: the head of the file's SHA-256."""
        return self.release.sha256[self.inside][:32]

    @property
    def name(self) -> str:
        """What it is called when it is saved."""
        return f"prizewatch-{self.release.number}-{Path(self.inside).name}"


def inside(file: str) -> tuple[str, str]:
    """Where a file lies in a release, and its media type. Raises 404 for what no release has."""
    if file in WHOLE:
        return file, WHOLE[file]
    name, _, kind = file.removeprefix("datasets/").rpartition(".")
    if not file.startswith("datasets/") or name not in NAMES or kind not in KINDS:
        raise Refusal(404, "no_file")
    return file, KINDS[kind]


def of_number(register: Register, number: int | None, clock: Callable[[], Any]) -> Release:
    """The release of that number, without one the newest; the first ever is made here."""
    if number is None:
        return releases.current(register, clock())
    for release in releases.all(register):
        if release.number == number:
            return release
    raise Refusal(404, "no_release")


def opened(release: Release, file: str, packed: bool) -> File:
    """The file, and where it is wanted packed, packed now if nobody did before."""
    place, media = inside(file)
    path = release.folder / place
    try:
        about = path.stat()
    except FileNotFoundError:
        raise Refusal(404, "no_file") from None
    if not packed:
        return File(release, place, media, path, about)
    beside = releases.packed_beside(release) / f"{place}.gz"
    with _packing:
        if not beside.exists():
            _pack(path, beside)
    return File(release, place, media, path, about, beside, beside.stat())


def _pack(path: Path, beside: Path) -> None:
    """Packs a file in pieces; it takes its name only when it is whole."""
    beside.parent.mkdir(parents=True, exist_ok=True)
    part = beside.with_name(f"{beside.name}.part")
    with path.open("rb") as plain, part.open("wb") as out, gzip.GzipFile("", "wb", 6, out, mtime=0) as packed:
        shutil.copyfileobj(plain, packed)
    part.replace(beside)


class Ranged(FileResponse):
    """A file, or one range of it. Several ranges at once, and what is no range in bytes, get the whole file; a range
    beyond its end gets 416, before anything is sent.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._one_range(scope):
            scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"range"]}
        await super().__call__(scope, receive, send)

    @staticmethod
    def _one_range(scope: Scope) -> bool:
        return any(name == b"range" and RANGE.fullmatch(value.decode("latin-1")) for name, value in scope["headers"])


RANGE = re.compile(r"\s*bytes\s*=\s*(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))\s*", re.IGNORECASE)


def in_bounds(request: Request, size: int) -> None:
    """Raises 416 for a range that the file has nothing of."""
    found = RANGE.fullmatch(request.headers.get("range", ""))
    if found is None or "if-range" in request.headers:
        return
    first, last, suffix = found.groups()
    if (first and (int(first) >= size or (last and int(last) < int(first)))) or suffix in ("0", "00"):
        raise Refusal(416, "range", {"content-range": f"bytes */{size}", "accept-ranges": "bytes"})


def handed_out(request: Request, file: File, cache: str) -> Response:
    """The file as it is asked for: whole, packed, a range of it, or only that it is what the asker has."""
    packed = file.packed is not None
    headers = {
        **HEADERS,
        "cache-control": cache,
        "vary": "Accept-Encoding",
        "etag": etag(file.mark, packed),
        "content-location": f"{BASE}/releases/{file.release.number}/{file.inside}",
    }
    if unchanged(request, file.mark):
        return Response(status_code=304, headers=headers)
    if file.media != "application/json":
        headers["content-disposition"] = f'attachment; filename="{file.name}"'
    media = CHARSET.get(file.media, file.media)
    if file.packed:
        headers["content-encoding"] = "gzip"
        return Ranged(file.packed, headers=headers, media_type=media, stat_result=file.packed_about)
    in_bounds(request, file.about.st_size)
    return Ranged(file.path, headers=headers, media_type=media, stat_result=file.about)


def told(release: Release) -> dict[str, Any]:
    """What is said of a release."""
    return {
        "number": release.number,
        "made_on": release.made_on.isoformat(),
        "as_of": release.as_of.isoformat(),
        "version": str(release.version),
    }


def listed(register: Register, release: Release) -> Body:
    """The files of a release as JSON, each with the address it keeps."""
    url = f"{register.settings.public_url}{BASE}/releases/{release.number}"

    def one(place: str) -> dict[str, Any]:
        return {"url": f"{url}/{place}", "bytes": release.bytes[place], "sha256": release.sha256[place]}

    def said(key: str) -> dict[str, str]:
        return {lang: language(lang)(key) for lang in LANGUAGES}

    made = [
        {
            "name": name,
            "title": said(f"exports.{name}.title"),
            "about": said(f"exports.{name}.about"),
            "rows": release.rows[name],
            "files": {kind: one(f"datasets/{name}.{kind}") for kind in KINDS},
        }
        for name in NAMES
    ]
    return Body.of({"release": told(release), "datasets": made, "whole": {file: one(file) for file in WHOLE}})


def some_rows(register: Register, release: Release, under: str, name: str, offset: int, limit: int) -> Body:
    """Some rows of a table as JSON, and the address of the next ones, which begins with `under`."""
    total, more = release.rows[name], None
    if offset + limit < total:
        more = f"{register.settings.public_url}{under}/datasets/{name}.json?offset={offset + limit}&limit={limit}"
    rows = [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
        for row in releases.rows(release, name, offset, limit)
    ]
    said = {
        "name": name, "as_of": release.as_of.isoformat(), "total": total, "offset": offset, "limit": limit,
        "next": more, "rows": rows,
    }  # fmt: skip
    return Body.of(said, {"link": f'<{more}>; rel="next"'} if more else None)


def routes(door: Door) -> list[Route]:
    """The addresses of the data."""

    @lru_cache(maxsize=KEPT)
    def made(make: Callable[..., Body], register: Register, number: int, *arguments: Any) -> Body:
        """What is said of a release: it never changes, so it is said once."""
        return make(register, of_number(register, number, door.clock), *arguments)

    def newest(register: Register, number: int | None = None) -> Release:
        return of_number(register, number, door.clock)

    async def get_datasets(request: Request) -> Response:
        Asked(request)
        body = await door.work(lambda register: made(listed, register, newest(register).number))
        return kept(request, body, NEWEST)

    async def get_releases(request: Request) -> Response:
        Asked(request)

        def work(register: Register) -> Body:
            newest(register)
            url = f"{register.settings.public_url}{BASE}/releases"
            rows = [told(r) | {"url": f"{url}/{r.number}/datapackage.json"} for r in reversed(releases.all(register))]
            return Body.of({"releases": rows})

        return kept(request, await door.work(work), NEWEST)

    async def get_file(request: Request) -> Response:
        number = request.path_params.get("number")
        under, cache = (BASE, NEWEST) if number is None else (f"{BASE}/releases/{number}", FOR_GOOD)
        file, media = inside(request.url.path.removeprefix(f"{under}/"))
        acceptable(request, media)
        in_parts = file.startswith("datasets/") and file.endswith(".json")
        asked = Asked(request, *(("offset", "limit") if in_parts else ()))
        if asked.pairs:
            part = Path(file).stem, asked.number("offset", 0, 0, MOST_OFFSET), asked.number("limit", ROWS, 1, MOST_ROWS)
            body = await door.work(
                lambda register: made(some_rows, register, newest(register, number).number, under, *part)
            )
            return kept(request, body, cache)
        packed = takes_gzip(request) and "range" not in request.headers
        found = await door.work(lambda register: opened(newest(register, number), file, packed))
        return handed_out(request, found, cache)

    return [
        Route(f"{BASE}/datasets", Shared(get_datasets)),
        Route(f"{BASE}/releases", Shared(get_releases)),
        *(
            Route(f"{BASE}{of}/{file}", Shared(get_file))
            for of in ("", "/releases/{number:int}")
            for file in (*WHOLE, "datasets/{file}")
        ),
    ]
