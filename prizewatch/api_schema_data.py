"""What a program may read: the part of the OpenAPI document about files, releases and organizers."""

from __future__ import annotations

from typing import Any

from .datasets import NAMES
from .organizers import SORTS
from .vocabulary import codes

KINDS = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}
#: Files of the whole release: file name -> media type.
WHOLE = {
    "datapackage.json": "application/json",
    "README.md": "text/markdown",
    "release.zip": "application/zip",
}
LEVELS = ("none", "watch", "repeat", "pervasive")
PAGE, MOST = 20, 100  # organizers of one answer: unless asked, at most
ROWS, MOST_ROWS = 100, 1000  # rows of a dataset of one answer
MOST_OFFSET = 1_000_000
MOST_WORDS, MOST_HANDLE = 80, 64

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
MAYBE_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
SHARE: Schema = {"type": ["number", "null"]}
DAY: Schema = {"type": "string", "format": "date"}
MAYBE_DAY: Schema = {"type": ["string", "null"], "format": "date"}
ROW: Schema = {"type": "object"}
BOTH: Schema = {"type": "object", "required": ["zh-CN", "en"], "additionalProperties": TEXT}


def closed(properties: Schema) -> Schema:
    """An object with these properties, all of them and no other."""
    return {
        "type": "object", "additionalProperties": False, "required": list(properties), "properties": properties,
    }  # fmt: skip


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _told(about: str, schema: Schema) -> Schema:
    return schema | {"description": about}


INTERVAL = {
    "rate": _told("Settled of decided; null under ten decided.", SHARE),
    "low": _told("Lower end of its 95 % interval.", SHARE),
    "high": _told("Upper end.", SHARE),
}
FOUND = {
    "public_code": _told("The code an organizer is shown by.", TEXT),
    "name": _told("Null where it is not shown.", MAYBE_TEXT),
    "organizer_type": TEXT,
    "host_platform": TEXT,
    "level": {"type": "string", "enum": list(LEVELS)},
    "disputes": COUNT,
    "reporters": _told("Null in a register of public records.", MAYBE_COUNT),
    "draws": _told("Null in a register of public records.", MAYBE_COUNT),
    "resolved": COUNT,
    "decided": COUNT,
    **INTERVAL,
    "last_report_on": MAYBE_DAY,
}
_OF_PROFILE = {
    **FOUND,
    "legal_nature": TEXT,
    "at_v2": _told("Disputes with both kinds of proof.", MAYBE_COUNT),
    "closed_unresolved": COUNT,
    "undecided": COUNT,
    "strict": SHARE,
    "optimistic": SHARE,
    "shrunken": _told("The rate drawn toward those of its group, as far as few are decided.", SHARE),
    "shrunken_low": SHARE,
    "shrunken_high": SHARE,
    "k_ind": _told("Draws that can be matched with a reporter of their own.", COUNT),
    "level_reporters": MAYBE_COUNT,
    "level_draws": MAYBE_COUNT,
    "matched_draws": MAYBE_COUNT,
    "further_draws": MAYBE_COUNT,
    "draws_known": _told("All draws it is known to have held; null without a source and a day.", MAYBE_COUNT),
    "draws_source": MAYBE_TEXT,
    "draws_counted_on": MAYBE_DAY,
    "disputed_draws": MAYBE_COUNT,
    "share": SHARE,
    "first_report_on": MAYBE_DAY,
    "reply": MAYBE_TEXT,
    "as_of": DAY,
    "withdrawn": _told("Withdrawn a day or more after filing; null for 1 to 4, and under five reports.", MAYBE_COUNT),
}
_OF_FRAMES = {
    **{
        name: _told("Empty under five disputes. Counts are text (`<5` or `…`: hidden) beside a number.", _list(ROW))
        for name in ("stages", "reasons", "months")
    },
    "replies": _told("What it answers to all reports.", _list(ROW)),
    "aliases": _told("Names it went by; empty where none is shown.", _list(ROW)),
}
ORGANIZER = {
    **_OF_PROFILE,
    **_OF_FRAMES,
    "being_checked": _told("Why new reports are being checked before they count; null where they are not.", MAYBE_TEXT),
    "sentence": _told("The sentence to show with these numbers, in both languages.", BOTH),
    "page": _told("The page with the same figures.", TEXT),
}
#: What is taken from a profile as it is, and its frames; whatever else a profile may hold stays where it is.
ORGANIZER_PLAIN, ORGANIZER_FRAMES = tuple(_OF_PROFILE), tuple(_OF_FRAMES)
FILE = {"url": _told("The same file of this release, for good.", TEXT), "bytes": COUNT, "sha256": TEXT}
RELEASE = {
    "number": COUNT,
    "made_on": DAY,
    "as_of": _told("The day of the data.", DAY),
    "version": _told("The version of the data: last commit and day.", TEXT),
}


def schemas() -> Schema:
    """Schemas of what is read, by name."""
    file = {"$ref": "#/components/schemas/File"}
    return {
        "Organizers": closed({
            "organizers": _list(closed({**FOUND, "url": TEXT})),
            "total": COUNT,
            "offset": COUNT,
            "limit": COUNT,
            "next": _told("The address of the next ones; null where these are the last.", MAYBE_TEXT),
            "lookup": _told(
                "With `q` and one `host_platform`: where to ask whether reports exist for exactly this handle, "
                "listed or not. Null else.",
                MAYBE_TEXT,
            ),
            "as_of": DAY,
        }),
        "Organizer": closed(ORGANIZER),
        "Lookup": closed({
            "answer": {"type": "string", "enum": ["reports_exist", "nothing_to_say"]},
            "message": _told("The same as a sentence in the language asked for.", TEXT),
        }),
        "File": closed(FILE),
        "Datasets": closed({
            "release": closed(RELEASE),
            "datasets": _list(
                closed({
                    "name": {"type": "string", "enum": list(NAMES)},
                    "title": BOTH,
                    "about": BOTH,
                    "rows": COUNT,
                    "files": closed(dict.fromkeys(KINDS, file)),
                })
            ),
            "whole": closed(dict.fromkeys(WHOLE, file)),
        }),
        "Releases": closed({"releases": _list(closed({**RELEASE, "url": TEXT}))}),
        "Rows": {
            "type": "object",
            "required": ["name", "as_of", "total", "offset", "rows"],
            "properties": {
                "name": TEXT,
                "as_of": DAY,
                "total": COUNT,
                "offset": COUNT,
                "limit": COUNT,
                "next": MAYBE_TEXT,
                "rows": _list(ROW),
            },
        },
    }  # fmt: skip


def _query(name: str, about: str, schema: Schema, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": required, "description": about, "schema": schema}


def _number(name: str, about: str, default: int, least: int, most: int) -> Schema:
    return _query(name, about, {"type": "integer", "minimum": least, "maximum": most, "default": default})


def _codes(name: str, about: str, known: tuple[str, ...]) -> Schema:
    many = {"type": "array", "items": {"type": "string", "enum": list(known)}}  # one given twice counts once
    return _query(name, about, many) | {"explode": True, "style": "form"}


def _in_path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _content(schema: str) -> Schema:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _bytes(kind: str) -> Schema:
    return {kind: {"schema": {"type": "object"} if kind.endswith("json") else {"type": "string"}}}


def _given(content: Schema, about: str) -> Schema:
    etag = {"ETag": {"schema": TEXT, "required": True}}
    return {
        "200": {"description": about, "headers": etag, "content": content},
        "304": {"description": "Unchanged since the ETag of If-None-Match.", "headers": etag},
    }


def _file(content: Schema) -> Schema:
    """A file, or a part of it. The part has no schema: it is a piece of the text, whatever the type of the whole."""
    told = {name: {"schema": TEXT, "required": True} for name in ("Content-Range", "ETag")}
    return _given(content, "The file.") | {"206": {"description": "The range that was asked for.", "headers": told}}


def paths(refusals: Any) -> Schema:
    """The addresses that are read. `refusals(*statuses)` gives the answers that are errors."""
    name = _in_path("name", {"type": "string", "enum": list(NAMES)})
    number = _in_path("number", {"type": "integer", "minimum": 1})
    page = [
        _number("offset", "Rows to leave out.", 0, 0, MOST_OFFSET),
        _number("limit", "Rows of one answer; without `offset` and `limit` the file comes whole.", ROWS, 1, MOST_ROWS),
    ]
    described: Schema = {
        "/api/v1/datasets": _get(
            "list_datasets", "The files of the newest release: what each holds, its rows, size and fingerprint.",
            _given(_content("Datasets"), "The list."), refusals(400, 406, 500, 503),
        ),
        "/api/v1/releases": _get(
            "list_releases", "Every release, newest first. A release never changes.",
            _given(_content("Releases"), "The list."), refusals(400, 406, 500, 503),
        ),
    }  # fmt: skip
    ranged = {
        "name": "Range", "in": "header", "required": False, "schema": TEXT,
        "description": "One range in bytes; whatever else it says is left aside, and the file comes whole.",
    }  # fmt: skip
    for kind, media in KINDS.items():
        content = _content("Rows") if kind == "json" else _bytes(media)
        more = page if kind == "json" else []
        form = {"csv": "UTF-8 with a byte order mark, CRLF.", "parquet": "", "json": "Whole, or some rows."}[kind]
        files = _file(content), refusals(400, 404, 406, 416, 500, 503), ranged
        of = {"parquet": "Parquet"}.get(kind, kind.upper())
        described[f"/api/v1/datasets/{{name}}.{kind}"] = _get(
            f"get_{kind}", f"One table of the newest release as {of}. {form}".strip(), *files, name, *more
        )
        described[f"/api/v1/releases/{{number}}/datasets/{{name}}.{kind}"] = _get(
            f"get_{kind}_of_release", f"The same of another release as {of}.", *files, number, name, *more
        )
    for file, media in WHOLE.items():
        given = _file(_bytes(media)), refusals(400, 404, 406, 416, 500, 503), ranged
        word = file.partition(".")[0].lower()
        about = {"datapackage": "The Frictionless data package.", "readme": "Every column, in both languages."}
        summary = about.get(word, "Everything in one zip, with licence, citation, method and fingerprints.")
        described[f"/api/v1/{file}"] = _get(f"get_{word}", summary, *given)
        described[f"/api/v1/releases/{{number}}/{file}"] = _get(f"get_{word}_of_release", summary, *given, number)
    return described | _organizers(refusals)


def _organizers(refusals: Any) -> Schema:
    host = {"type": "string", "enum": list(codes("host_platform"))}
    code = {"type": "string", "pattern": "^[0-9A-Za-z]{4}-[0-9A-Za-z]{4}$"}
    return {
        "/api/v1/organizers": _get(
            "find_organizers",
            "Listed organizers: the search of the site. Best match first, then by `sort`. One network may search "
            "by `q` only so often in ten minutes.",
            _given(_content("Organizers"), "One page of them."), refusals(400, 406, 429, 500, 503),
            _query("q", "Part of a name, handle or code; pinyin does too.", TEXT | {"maxLength": MOST_WORDS}),
            _codes("type", "Only these types; repeat the parameter for several.", codes("organizer_type")),
            _codes("host_platform", "Only on these platforms.", codes("host_platform")),
            _codes("level", "Only of these levels.", LEVELS),
            _query("sort", "The order, highest or latest first.", {"type": "string", "enum": list(SORTS)}),
            _number("offset", "Organizers to leave out.", 0, 0, MOST_OFFSET),
            _number("limit", "Organizers of one answer.", PAGE, 1, MOST),
        ),
        "/api/v1/organizers/{code}": _get(
            "get_organizer", "All that is public of one listed organizer; 404 for any other, known or not.",
            _given(_content("Organizer"), "The organizer."), refusals(400, 404, 406, 500, 503),
            _in_path("code", code),
        ),
        "/api/v1/organizers/lookup": _get(
            "look_up_handle",
            "Do reports from at least two people exist for exactly this account? For everybody who is not listed; "
            "the handle is not kept, and one network may ask a few times in ten minutes only.",
            {"200": {"description": "The answer.", "content": _content("Lookup")}},
            refusals(400, 404, 406, 429, 500, 503),
            _query("host_platform", "Where the account is.", host, required=True),
            _query("handle", "The whole handle.", TEXT | {"minLength": 1, "maxLength": MOST_HANDLE}, required=True),
        ),
    }  # fmt: skip


def _get(operation: str, summary: str, given: Schema, refused: Schema, *parameters: Schema) -> Schema:
    return {
        "get": {
            "operationId": operation, "summary": summary, "parameters": list(parameters),
            "responses": {**given, **refused},
        }
    }  # fmt: skip
