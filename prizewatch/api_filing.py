"""What a program sends, on its way through the same door as the form: judged by the schema and the rules, filed whole.

A request is filed once. Its reports' ids come from its key and its words, so that sending it again finds them on file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import duckdb
from jsonschema import ValidationError

from . import identity, intake
from .api_schema import MOST_PROBLEMS, given_fields, validator
from .fields import TABLES, Field
from .i18n import Language
from .rules import PREFIX, every_rule
from .store import Register

SOURCE = intake.Source("api", trusted=False)
REMEMBERED = timedelta(days=30)
TOO_MANY = ("network.too_many", "device.too_many")
_LISTS = {"stage_events": "stage_event", "evidence": "evidence"}
#: How a broken keyword of the schema is called among the rules.
_AS_RULE = {
    "required": ("required",), "enum": ("code",), "maxLength": ("too_long",), "minLength": ("too_short",),
    "maximum": ("too_high",), "minimum": ("too_low", "not_above_zero", "below_zero"), "format": ("type",),
    "pattern": ("type",),
}  # fmt: skip
#: Keywords that break the shape, in words of our own.
_AS_SHAPE = {
    "additionalProperties": "unknown", "type": "type", "maxItems": "too_many", "minItems": "too_few",
    "uniqueItems": "twice", "required": "missing", "enum": "type",
}  # fmt: skip
_FIELDS = {table: {f.name: f for f in fields} for table, fields in TABLES.items()}
_NOTHING = "?"
_TEXT_MOST = 200  # characters of a value that are said back


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a request: the report, its table, the event or item in it, the field; and the JSON pointer."""

    report: int | None
    table: str
    seq: int | None
    field: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule at a place. `value` is what was given, empty for secret fields."""

    place: Place
    code: str
    severity: str = "error"
    value: str = field(default="", repr=False)
    again: str = field(default="", repr=False)

    def told(self, _: Language) -> dict[str, Any]:
        """As the document's `Problem`."""
        place = {"report": self.place.report, "table": self.place.table, "seq": self.place.seq}
        said = {name: value for name, value in place.items() if value is not None}
        if self.place.field:
            said["field"] = self.place.field
        if self.value:
            said["value"] = self.value[:_TEXT_MOST]
        said |= {"code": self.code, "severity": self.severity, "pointer": self.place.pointer}
        return said | {"message": self._sentence(_)}

    def _sentence(self, _: Language) -> str:
        if self.code.startswith("shape."):
            return _(f"api.{self.code}")
        problem = intake.Problem("", self.place.table, None, self.place.field, self.code, self.again or self.value)
        return intake.problem_sentence(_, problem)


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a request. `codes` are the receipts of its reports in order; none where a fault is an error."""

    faults: list[Fault]
    codes: list[str] = field(default_factory=list, repr=False)
    known: int = 0
    other_words: bool = False

    @property
    def errors(self) -> list[Fault]:
        """The faults for which nothing is filed."""
        return [fault for fault in self.faults if fault.severity == "error"]


@dataclass(frozen=True, eq=False)
class _Request:
    register: Register
    request_key: str
    body_key: str
    batch: intake.Batch
    now: datetime


def file(register: Register, body: Any, key: str, network: str, now: datetime) -> Filed:
    """Judges the body of a request and files all its reports in one transaction, or none.

    `body` is what `api_json.read` gave, `key` the sender's name for the request, `network` its address, `now` UTC.
    """
    shape = list(islice(_shape_faults(body), MOST_PROBLEMS))
    if any(fault.code.startswith("shape.") for fault in shape):
        return Filed(shape)
    reports: list[dict[str, Any]] = body["reports"]
    body_key = identity.keyed(register.key, "request-body", json.dumps(body, sort_keys=True, default=str))
    batch = _batch(register.key, reports, key, body_key, network)
    if shape:  # the rules have their say, too, so that everything is told at once
        receipt = intake.check(register, batch, SOURCE, now)
        told = {_where(fault) for fault in shape}
        more = [fault for fault in _rule_faults(receipt, reports) if _where(fault) not in told]
        return Filed(sorted([*shape, *more], key=_order)[:MOST_PROBLEMS])
    work = _Request(register, identity.keyed(register.key, "request", key), body_key, batch, now)
    answer: intake.Receipt | None = register.write(_handle, work)
    if answer is None:
        return Filed([], other_words=True)
    faults = list(_rule_faults(answer, reports))[:MOST_PROBLEMS]
    if answer.rejected:
        return Filed(faults)
    return Filed(faults, [answer.codes[str(n)] for n in range(len(reports))], answer.known)


def _handle(cur: duckdb.DuckDBPyConnection, works: list[_Request]) -> list[intake.Receipt | None]:
    """The writer's handler: None for a request whose key was used for other words, else what the door said."""
    known: dict[str, str] = {}
    for work in works:
        sql = "SELECT body_key FROM desk.request WHERE request_key = ?"
        if found := cur.execute(sql, [work.request_key]).fetchall():
            known[work.request_key] = found[0][0]
    answers: dict[int, intake.Receipt] = {}
    for round_ in _rounds(works):
        fit = [work for work in round_ if known.get(work.request_key, work.body_key) == work.body_key]
        if not fit:
            continue
        receipts = intake.accept_whole(cur, fit[0].register, [w.batch for w in fit], SOURCE, max(w.now for w in fit))
        for work, receipt in zip(fit, receipts, strict=True):
            answers[id(work)] = receipt
            if not receipt.rejected and work.request_key not in known:
                row = [work.request_key, work.body_key, work.now + REMEMBERED]
                cur.execute("INSERT INTO desk.request VALUES (?, ?, ?)", row)
                known[work.request_key] = work.body_key
    return [answers.get(id(work)) for work in works]


def _rounds(works: list[_Request]) -> Iterator[list[_Request]]:
    """Requests that wait together, those of one key one after the other."""
    waiting = works
    while waiting:
        first = {work.request_key: work for work in reversed(waiting)}
        yield [work for work in waiting if first[work.request_key] is work]
        waiting = [work for work in waiting if first[work.request_key] is not work]


def _batch(
    key: bytes,
    reports: list[dict[str, Any]],
    request: str,
    body_key: str,
    network: str,
) -> intake.Batch:
    """The reports as tables of text."""
    rows: dict[str, list[dict[str, str]]] = {table: [] for table in TABLES}
    for n, report in enumerate(reports):
        event_id = str(identity.keyed_uuid(key, "request-report", request, body_key, str(n)))
        own = {"row": str(n), "event_id": event_id, "network": network}
        rows["dispute"].append(own | _texts("dispute", report))
        for name, table in _LISTS.items():
            rows[table] += [{"row": str(n)} | _texts(table, item) for item in report.get(name, [])]
    return intake.Batch.of(rows["dispute"], rows["stage_event"], rows["evidence"])


def _texts(table: str, given: Mapping[str, Any]) -> dict[str, str]:
    return {f.name: _text(f, given[f.name]) for f in given_fields(table) if f.name in given}


def _text(of: Field, value: Any) -> str:
    """A value as the door reads it; one of another type than the field's as something no field takes."""
    try:
        if of.kind == "flag":
            return {True: "true", False: "false"}[value] if isinstance(value, bool) else _NOTHING
        if of.kind == "codes":
            return ";".join(value) if isinstance(value, list) else _NOTHING
        if of.kind == "conditions":
            return ";".join(f"{c['kind']}:{c['stated']}:{c['met']}" for c in value) or "none_stated"
        if of.kind == "time":
            return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    except (TypeError, KeyError):
        return _NOTHING
    except (ValueError, OverflowError):
        return str(value)
    if of.kind in ("integer", "money") and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return value if isinstance(value, str) else _NOTHING


def _shape_faults(body: Any) -> Iterator[Fault]:
    """What the schema finds, under the rule's name where a rule says the same."""
    told: set[str] = set()
    for error in validator().iter_errors(body):
        path = list(error.absolute_path)
        if error.validator == "required":
            # One error names one missing property; it is the one the message begins with.
            names: Iterable[str] = [n for n in error.validator_value if error.message.startswith(f"{n!r} is")]
        elif error.validator == "additionalProperties":
            names = sorted(set(error.instance) - set(error.schema["properties"]))
        else:
            names = [""]
        for name in names:
            place = _place([*path, name] if name else path)
            if place.pointer not in told:  # a number is no text, and for that no code either
                told.add(place.pointer)
                yield _fault(error, place)


def _fault(error: ValidationError, place: Place) -> Fault:
    keyword = str(error.validator)
    known = _FIELDS.get(place.table, {}).get(place.field)
    kinds = _AS_RULE.get(keyword, ())
    if place.field == "stage_events" and keyword in ("required", "minItems"):
        return Fault(place, "stage_events.required")
    if known is not None and keyword != "additionalProperties":
        deep = place.pointer.count("/") > (3 if place.seq is None else 5)
        if deep or (keyword == "type" and known.kind in ("code", "codes", "conditions")):
            kinds = ("code",)
        elif keyword == "type":
            kinds = ("type",)
        codes = [f"{PREFIX[place.table]}{place.field}.{kind}" for kind in kinds]
        if code := next((code for code in codes if code in every_rule()), None):
            value = "" if known.privacy == "secret" or not isinstance(error.instance, str) else error.instance
            return Fault(place, code, value=value if keyword != "required" else "")
    return Fault(place, f"shape.{_AS_SHAPE.get(keyword, 'type')}")


def _place(path: list[Any]) -> Place:
    """Report, table, number and field of a path into the request."""
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    report = path[1] if len(path) > 1 and isinstance(path[1], int) else None
    rest = path[2:]
    if report is not None and len(rest) > 1 and rest[0] in _LISTS and isinstance(rest[1], int):
        return Place(report, _LISTS[rest[0]], rest[1], _known(_LISTS[rest[0]], rest[2:]), pointer)
    if report is not None:
        return Place(report, "dispute", None, _known("dispute", rest), pointer)
    return Place(None, "request", None, "", pointer)


def _known(table: str, rest: list[Any]) -> str:
    """The field, if it is one; a name that a stranger made up stands in the pointer only."""
    return str(rest[0]) if rest and (rest[0] in _FIELDS[table] or rest[0] in _LISTS) else ""


def _rule_faults(receipt: intake.Receipt, reports: list[dict[str, Any]]) -> Iterator[Fault]:
    met: Counter[tuple[str, ...]] = Counter()
    for problem in receipt.problems:
        report = int(problem.row)
        path: list[Any] = ["reports", report]
        seq = None if problem.seq is None else problem.seq - 1
        if problem.table == "evidence":  # its items have no number: the next one that holds this value
            seq = _next_item(problem, reports[report]["evidence"], met)
        if seq is not None:
            path += [next(name for name, table in _LISTS.items() if table == problem.table), seq]
        of = _FIELDS[problem.table].get(problem.field)
        if of in given_fields(problem.table):
            path.append(problem.field)
        place = Place(report, problem.table, seq, problem.field, "".join(f"/{part}" for part in path))
        shown = problem.value if of is not None and of.privacy != "secret" else ""
        again = problem.value if problem.code in TOO_MANY else ""
        yield Fault(place, problem.code, problem.severity, shown, again)


def _next_item(problem: intake.Problem, items: list[dict[str, Any]], met: Counter[tuple[str, ...]]) -> int | None:
    held = [_texts("evidence", item).get(problem.field, "").strip() for item in items]
    same = [at for at, value in enumerate(held) if value == problem.value]
    key = (problem.row, problem.code, problem.value)
    met[key] += 1
    return same[met[key] - 1] if met[key] <= len(same) else None


def _where(fault: Fault) -> tuple[int | None, str, int | None, str]:
    return fault.place.report, fault.place.table, fault.place.seq, fault.place.field


def _order(fault: Fault) -> tuple[int, str, int]:
    return fault.place.report or 0, fault.place.table, fault.place.seq or 0
