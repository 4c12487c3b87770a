"""What a program may send and what it gets back: an OpenAPI 3.1 document made from the fields, code lists and rules.

The door for programs judges by this very schema, so that it cannot promise anything else than what is done.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from . import __version__, api_schema_data
from .api_schema_data import closed
from .fields import TABLES, Field
from .i18n import LANGUAGES, language
from .rules import every_rule, known_codes
from .vocabulary import code_lists

MOST_REPORTS = 20
MOST_ROWS = 40  # stage events, items of evidence and conditions of one report
MOST_BYTES = 256 * 1024
MOST_PROBLEMS = 200
KEY = r"^[\x21-\x7e]{8,200}$"

#: What the register finds out by itself or only a person at the form can give, by table.
NOT_GIVEN = {
    "dispute": {
        "reported_at", "network", "filled_seconds", "trap", "withdrawn_on", "withdraw_reason",
    },
    "stage_event": set(),
    "evidence": {"sha256", "media_type", "size_bytes"},
}  # fmt: skip

#: A valid request: shown in the document, and in the READMEs as a command.
EXAMPLE: dict[str, Any] = {
    "reports": [
        {
            "report_lang": "zh",
            "reporter": "winner-20461@example.org",
            "is_first_hand": True,
            "relation": "winner",
            "organizer_type": "online_shop",
            "legal_nature": "company",
            "organizer_handle": "gh_example_shop",
            "host_platform": "wechat",
            "lottery_tool": "choujiang_zhushou",
            "draw_time": "2026-06-01T20:00:00+08:00",
            "win_notice_on": "2026-06-01",
            "prize_kind": "goods",
            "prize_value": "199.00",
            "currency": "CNY",
            "value_basis": "stated",
            "conditions": [{"kind": "repost", "stated": "yes", "met": "yes"}],
            "claim_made_on": "2026-06-02",
            "refused_on": "2026-06-05",
            "dispute_reason": "declared_void",
            "refusal_mode": "explicit",
            "refusal_text": "This draw is void.",
            "consent_publish": True,
            "truth_statement": True,
            "stage_events": [
                {"stage": "s1_self_check", "entered_on": "2026-06-02", "outcome": "passed"},
                {
                    "stage": "s2_organizer",
                    "target_entity": "organizer",
                    "entered_on": "2026-06-02",
                    "closed_on": "2026-06-05",
                    "outcome": "refused",
                },
            ],
            "evidence": [{"kind": "win_page", "form": "screenshot"}],
        }
    ]
}


def given_fields(table: str) -> tuple[Field, ...]:
    """The fields of a table that a program may give."""
    return tuple(field for field in TABLES[table] if field.name not in NOT_GIVEN[table])


def _labels(name: str, codes: tuple[str, ...]) -> str:
    known = {**code_lists().get("stage", {}), **code_lists().get(name, {})}
    lines = [f"- `{code}`: {known[code].zh} / {known[code].en}" for code in codes if code in known]
    return "\n\n" + "\n".join(lines) if lines else ""


def _codes(name: str, codes: tuple[str, ...], about: str = "") -> dict[str, Any]:
    return {"type": "string", "enum": list(codes), "description": about + _labels(name, codes)}


def _field(field: Field) -> dict[str, Any]:
    """The schema of one field by its kind."""
    about = {"description": field.meaning}
    codes = known_codes(field) if field.codes else ()
    length = {k: v for k, v in (("minLength", field.least), ("maxLength", field.most)) if v is not None}
    match field.kind:
        case "code":
            return _codes(field.codes, codes, field.meaning)
        case "codes":
            one = _codes(field.codes, codes)
            return about | {"type": "array", "maxItems": len(codes), "uniqueItems": True, "items": one}
        case "conditions":
            told = f"{field.meaning.split(':')[0]}. An empty list: none was stated."
            item = {"$ref": "#/components/schemas/Condition"}
            return {"description": told, "type": "array", "maxItems": MOST_ROWS, "items": item}
        case "date":
            return about | {"type": "string", "format": "date"}
        case "time":
            return about | {"type": "string", "format": "date-time"}
        case "flag":
            return about | {"type": "boolean"}
        case "integer":
            return about | {"type": "integer", "minimum": field.least or 0, "maximum": field.most or 2**31}
        case "money":
            return about | {
                "type": ["string", "number"], "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$", "minimum": 0,
                "maximum": field.most,
            }  # fmt: skip
    return about | {"type": "string", **length}


def _object(table: str, more: dict[str, Any] | None = None, required: tuple[str, ...] = ()) -> dict[str, Any]:
    fields = given_fields(table)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [f.name for f in fields if f.required] + list(required),
        "properties": {f.name: _field(f) for f in fields} | (more or {}),
    }


def _list_of(name: str, most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "minItems": least, "maxItems": most, "items": {"$ref": f"#/components/schemas/{name}"}}


def _schemas() -> dict[str, Any]:
    conditions = next(f for f in TABLES["dispute"] if f.kind == "conditions")
    kinds = tuple(code for code in known_codes(conditions) if code != "none_stated")
    said = tuple(code_lists()["stated_or_met"])
    text, count = {"type": "string"}, {"type": "integer", "minimum": 0}
    problem = {
        "report": count | {"description": "Which report of the request, from 0 on."},
        "table": {"type": "string", "enum": ["request", *TABLES]},
        "seq": count | {"description": "Which stage event or item of evidence, from 0 on."},
        "field": text,
        "code": text | {"description": "The rule that is broken; see x-rules."},
        "severity": {"type": "string", "enum": ["error", "warning"]},
        "value": text | {"description": "What was given; never of a secret field."},
        "pointer": text | {"description": "JSON pointer (RFC 6901) to the place."},
        "message": text | {"description": "The problem as a sentence in the language asked for."},
    }
    problems = _list_of("Problem", MOST_PROBLEMS)
    receipt = {
        "report": count,
        "code": text | {"description": "Opens the report again. Give it to the person and keep it nowhere else."},
        "status_url": text | {"format": "uri-reference", "description": "The page that asks for the code."},
    }
    return {
        "Reports": {
            "type": "object",
            "additionalProperties": False,
            "required": ["reports"],
            "properties": {"reports": _list_of("Report", MOST_REPORTS, 1)},
        },
        "Report": _object(
            "dispute",
            {
                "stage_events": _list_of("StageEvent", MOST_ROWS, 1)
                | {"description": "The steps that were taken, in their order; the first is the self-check."},
                "evidence": _list_of("Evidence", MOST_ROWS)
                | {"description": "What the person holds. Files are added on the site, with the receipt's code."},
            },
            ("stage_events",),
        ),
        "StageEvent": _object("stage_event"),
        "Evidence": _object("evidence"),
        "Condition": {
            "type": "object",
            "additionalProperties": False,
            "required": ["kind", "stated", "met"],
            "properties": {
                "kind": _codes("condition_kind", kinds, "What was asked of entrants."),
                "stated": _codes("stated_or_met", said, "Was it shown before entry?"),
                "met": _codes("stated_or_met", said, "Did the winner meet it?"),
            },
        },
        "Filed": closed({
            "receipts": _list_of("Receipt", MOST_REPORTS, 1),
            "filed": count | {"description": "Reports that are on file because of this request."},
            "known": count | {"description": "Reports that were on file already: the request was sent before."},
            "warnings": problems,
        }),
        "Receipt": closed(receipt),
        "Problem": {
            "type": "object", "additionalProperties": False, "required": ["code", "message", "severity", "pointer"],
            "properties": problem,
        },
        "Refused": closed({
            "error": text | {"description": "What is the matter, as a code."},
            "message": text | {"description": "The same as a sentence in the language asked for."},
            "problems": problems,
        }),
    }  # fmt: skip


LANGUAGE = {
    "name": "Accept-Language", "in": "header", "required": False,
    "description": "Language of the sentences: zh-CN (also where nothing is asked for) or en.",
    "schema": {"type": "string", "examples": ["zh-CN", "en"]},
}  # fmt: skip
IDEMPOTENCY = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "8 to 200 printable characters without a blank, new for every request and the same when it is sent "
    "again; a UUID does well. Remembered for 30 days.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": KEY},
    "example": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
}  # fmt: skip

#: Status -> what it means; the body is `Refused`.
REFUSALS = {
    400: "The request cannot be read: a parameter that is not known or not well given; in a body, no key, no JSON "
    "in UTF-8, a name given twice, a number beyond all sense.",
    404: "Nothing is there.",
    405: "Another method than those of this address.",
    406: "Only other types are taken.",
    408: "The body came too slowly.",
    409: "The key was used for another request.",
    413: f"More than {MOST_BYTES // 1024} KiB.",
    415: "Another type than application/json in UTF-8.",
    416: "The file has nothing in this range.",
    422: "Rules are broken; nothing was filed. Every problem is told.",
    429: "Too many reports, searches or look-ups from this network or device.",
    500: "The register failed; nothing was filed.",
    503: "The register is busy.",
}


def _refusal(status: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": REFUSALS[status],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}},
    }
    if status in (429, 503):
        seconds = {"type": "integer", "minimum": 1}
        said["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": seconds, "required": True}}
    if header := {405: "Allow", 416: "Content-Range"}.get(status):
        said["headers"] = {header: {"schema": {"type": "string"}, "required": True}}
    return said


def _refusals(*statuses: int) -> dict[str, Any]:
    return {str(status): _refusal(status) for status in statuses}


def _filed(description: str) -> dict[str, Any]:
    body = {"schema": {"$ref": "#/components/schemas/Filed"}}
    return {"description": description, "content": {"application/json": body}}


@cache
def document(public_url: str = "") -> dict[str, Any]:
    """The OpenAPI document of a site at an address (empty: wherever it is asked)."""
    etag = {"ETag": {"schema": {"type": "string"}, "required": True}}
    health = closed({"status": {"type": "string", "const": "ok"}, "version": {"type": "string"}})
    busy = {
        "type": "object", "required": ["status"], "properties": {"status": {"type": "string", "const": "busy"}},
    }  # fmt: skip
    spoken = [language(lang) for lang in reversed(LANGUAGES)]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": " ".join(dict.fromkeys(said("shell.name") for said in spoken)),
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "\n\n".join(said("api.about") for said in spoken),
        },
        "servers": [{"url": public_url or "/"}],
        "paths": {
            "/api/v1/reports": {
                "post": {
                    "operationId": "file_reports",
                    "summary": "Files up to 20 reports, all of them or none.",
                    "parameters": [IDEMPOTENCY, LANGUAGE],
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Reports"},
                                "examples": {"one": {"summary": "One report", "value": EXAMPLE}},
                            }
                        },
                    },
                    "responses": {
                        "201": _filed("On file, durable."),
                        "200": _filed("Was on file already: the receipts of then."),
                        **_refusals(400, 408, 409, 413, 415, 422, 429, 500, 503),
                    },
                }
            },
            **api_schema_data.paths(_refusals),
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "describe",
                    "summary": "This document.",
                    "responses": {
                        "200": {
                            "description": "The document.",
                            "headers": etag,
                            "content": {"application/json": {"schema": {"type": "object"}}},
                        },
                        "304": {"description": "Unchanged since the ETag of If-None-Match.", "headers": etag},
                        **_refusals(406, 500, 503),
                    },
                }
            },
            "/api/v1/health": {
                "get": {
                    "operationId": "health",
                    "summary": "Does the register answer?",
                    "responses": {
                        "200": {"description": "It does.", "content": {"application/json": {"schema": health}}},
                        "503": {"description": "Not now.", "content": {"application/json": {"schema": busy}}},
                    },
                }
            },
        },
        "components": {"schemas": _schemas() | api_schema_data.schemas()},
        "x-rules": {
            rule.code: {"table": rule.table, "field": rule.field, "severity": rule.severity}
            for rule in every_rule().values()
            if rule.field not in NOT_GIVEN[rule.table]
        },
    }


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 10 and value.isascii() and bool(date.fromisoformat(value)))


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or (value[10:11] in "Tt " and datetime.fromisoformat(value).tzinfo is not None)


@cache
def validator() -> Draft202012Validator:
    """Judges a request body by the document's own schema."""
    formats = FormatChecker(())
    formats.checks("date", ValueError)(_is_date)
    formats.checks("date-time", ValueError)(_is_time)
    whole = {"$ref": "#/components/schemas/Reports", "components": document()["components"]}
    return Draft202012Validator(whole, format_checker=formats)
