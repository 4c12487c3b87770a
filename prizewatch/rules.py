"""The rule set as SQL: field rules made from `fields.py`, cross rules read from `sql/rules/*.sql`, one boolean each.

Every rule becomes one expression of a list, so that a whole batch is judged by one statement a table. Planning such a
wide statement is what a batch of one pays for; columns nobody filled in are left out, with the rules only they break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from babel.numbers import list_currencies

from .fields import OWN_CODES, TABLES, Field
from .i18n import Language
from .vocabulary import codes

RULES = Path(__file__).parent / "sql" / "rules"
Severity = Literal["error", "warning"]

#: Days that may lie ahead: a deadline and a promise. Every other day has already been.
MAY_BE_AHEAD = frozenset({"claim_deadline", "promised_on"})

PREFIX = {"dispute": "", "stage_event": "event.", "evidence": "evidence."}
_HEAD = re.compile(r"^-- ([a-z0-9_]+\.[a-z0-9_.]+) ([a-z0-9_]+)((?: [a-z0-9_=]+)*)$", re.M)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `broken` is SQL, true where a row breaks it; `needs` the field without which it cannot be."""

    code: str
    table: str
    field: str
    broken: str
    severity: Severity = "error"
    live_only: bool = False
    needs: str = ""
    kind: str = ""
    least: int | None = None
    most: int | None = None

    def limits(self, _: Language) -> dict[str, str]:
        """What the sentence may say: the least and the most that is allowed."""
        return {k: _.number(v) for k, v in (("least", self.least), ("most", self.most)) if v is not None}


@cache
def static_rules(file: str) -> tuple[Rule, ...]:
    """The rules of one file of sql/rules, in its order."""
    text = (RULES / f"{file}.sql").read_text("utf-8")
    table = {"ladder": "stage_event", "story": "dispute"}.get(file, file)
    heads = list(_HEAD.finditer(text))
    found = []
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)]
        sql = "\n".join(line for line in body.splitlines() if not line.startswith("--")).strip()
        flags = head[3].split()
        needs = next((f[3:] for f in flags if f.startswith("if=")), "")
        severity: Severity = "warning" if "warning" in flags else "error"
        found.append(Rule(head[1], table, head[2], sql.removesuffix(";"), severity, "live" in flags, needs))
    return tuple(found)


def known_codes(field: Field) -> tuple[str, ...]:
    """The codes a field may hold."""
    if field.codes == "credited_stage":
        return (*codes("stage"), "ambiguous")
    return OWN_CODES.get(field.codes) or codes(field.codes)


@cache
def field_rules(table: str) -> tuple[Rule, ...]:
    """What `fields.py` says of each field by itself."""
    found: list[Rule] = []
    for field in TABLES[table]:
        name, given = field.name, f"{field.name}_"

        def rule(what: str, broken: str, needs: str | None = None, live: bool = False, field: Field = field) -> None:
            code = f"{PREFIX[table]}{field.name}.{what}"
            needed = field.name if needs is None else needs
            kind, least, most = field.kind, field.least, field.most
            found.append(Rule(code, table, field.name, broken, "error", live, needed, kind, least, most))

        if field.required:
            rule(
                "required",
                f"{given} IS NULL",
                needs="",
                live=name not in ("stage", "outcome", "entered_on", "kind", "form"),
            )
        if field.kind in ("date", "time", "flag", "integer", "money", "id"):
            rule("type", f"{given} IS NOT NULL AND {name} IS NULL")
        if field.kind in ("date", "time"):
            rule("too_old", f"{name} < DATE '1990-01-01'")
            today = "$now" if field.kind == "time" else "$today"
            ahead = f"{name} > DATE '2100-01-01'" if name in MAY_BE_AHEAD else f"{name} > {today}"
            rule("too_far" if name in MAY_BE_AHEAD else "future", ahead)
        if field.kind == "code":
            # One text to look in instead of a long IN: a tenth of the planning. The line feeds keep codes apart.
            haystack = "\n" + "\n\n".join(known_codes(field)) + "\n"
            rule("code", f"NOT contains('{haystack}', concat(chr(10), {given}, chr(10))) AND {given} IS NOT NULL")
        if field.kind == "codes":
            one = "|".join(known_codes(field))
            rule("code", f"NOT regexp_full_match({given}, '({one})(;({one}))*')")
        if field.kind == "conditions":
            kinds, said = (
                "|".join(c for c in known_codes(field) if c != "none_stated"),
                "|".join(codes("stated_or_met")),
            )
            one = f"({kinds}):({said}):({said})"
            rule("code", f"NOT regexp_full_match({given}, 'none_stated|{one}(;{one})*')")
        if name == "currency":
            known = ";".join(sorted(list_currencies()))
            rule("code", f"NOT contains(';{known};', concat(';', {given}, ';')) AND {given} IS NOT NULL")
        if field.kind == "text" and field.most is not None and name != "currency":
            rule("too_long", f"length({given}) > {field.most}")
        if field.kind == "text" and field.least is not None:
            rule("too_short", f"length({given}) < {field.least}")
        if field.kind in ("integer", "money") and field.most is not None:
            rule("too_high", f"{name} > {field.most}")
        if field.kind == "integer" and field.least is not None:
            rule("too_low", f"{name} < {field.least}")
    return tuple(found)


#: Words that no report of a stranger may hold, the gravest first (`manners`).
UNKIND = ("harassment", "threat", "insult")
#: Fields that ask for the other side's words: there only a call to harass is the reporter's own.
QUOTES = frozenset({"refusal_text"})


@cache
def word_rules(table: str) -> tuple[Rule, ...]:
    """What the free texts of a table may not hold; found while words are looked at."""
    return tuple(
        Rule(f"{PREFIX[table]}{field.name}.{kind}", table, field.name, "", live_only=True)
        for field in TABLES[table]
        if field.free_text
        for kind in (UNKIND[:1] if field.name in QUOTES else UNKIND)
    )


#: What only somebody who comes back to a report can do wrong (`followup`).
COMING_BACK = (
    Rule("dispute.too_many_changes", "dispute", "event_id", "", most=30),
    Rule("dispute.changed_meanwhile", "dispute", "version", ""),
    Rule("organizer_handle.again", "dispute", "organizer_handle", ""),
    Rule("gave_up_on.not_open", "dispute", "gave_up_on", ""),
    Rule("partial_accepted_on.not_open", "dispute", "partial_accepted_on", ""),
    Rule("answer.nothing_asked", "dispute", "answer", ""),
    Rule("answer.too_long", "dispute", "answer", "", most=1000),
    Rule("event.outcome.changed_meanwhile", "stage_event", "outcome", ""),
    Rule("event.outcome.needs_proof", "stage_event", "outcome", ""),
    Rule("event.stage.ineligible", "stage_event", "stage", ""),
)

#: Rules that are no expression over a row: found while rows are put together.
DIRECT = (
    Rule("row.missing", "dispute", "row", ""),
    Rule("row.twice", "dispute", "row", ""),
    Rule("row.unknown", "stage_event", "row", ""),
    Rule("dispute.already_on_file", "dispute", "event_id", ""),
    Rule("stage_events.required", "dispute", "stage_events", "", live_only=True),
    Rule("stage_events.too_many", "dispute", "stage_events", "", most=60, live_only=True),
    Rule("network.too_many", "dispute", "network", "", live_only=True),
    Rule("device.too_many", "dispute", "device", "", live_only=True),
    Rule("join.unknown", "dispute", "join", "", live_only=True),
    Rule("organizer_code.unknown", "dispute", "organizer_code", "", live_only=True),
    Rule("evidence.sha256.not_kept", "evidence", "sha256", "", live_only=True),
    Rule("evidence.sha256.too_many", "evidence", "sha256", "", most=10, live_only=True),
    Rule("event.seq.type", "stage_event", "seq", "", kind="integer"),
    Rule("event.seq.twice", "stage_event", "seq", ""),
    *COMING_BACK,
)


@cache
def every_rule() -> dict[str, Rule]:
    """All rules by code."""
    rules = [*DIRECT]
    for table in TABLES:
        rules += [*field_rules(table), *static_rules(table), *word_rules(table)]
    rules += [*static_rules("ladder"), *static_rules("story")]
    by_code = {rule.code: rule for rule in rules}
    if len(by_code) != len(rules):
        raise ValueError(f"two rules have one code: {sorted(r.code for r in rules if by_code[r.code] is not r)}")
    return by_code


@cache
def applicable(source: str, present: frozenset[str], reference: bool) -> tuple[Rule, ...]:
    """The rules of a table (field rules included) or of `ladder` / `story`, for a profile and the fields given."""
    rules = (*(field_rules(source) if source in TABLES else ()), *static_rules(source))
    return tuple(r for r in rules if not (reference and r.live_only) and (not r.needs or r.needs in present))


def typed_columns(table: str, present: frozenset[str]) -> str:
    """The SELECT list that reads given text `x_` into typed `x`."""
    return ",\n".join(_typed(field, field.name in present) for field in TABLES[table])


def _typed(field: Field, given: bool) -> str:
    name, text = field.name, f"{field.name}_"
    if not given:
        return f'NULL::{field.sql_type} AS "{name}", NULL::VARCHAR AS {text}'
    if field.kind in ("text", "code", "codes", "conditions"):
        return f'{text} AS "{name}", {text}'
    if field.kind == "integer":  # a cast alone would round 1.5
        return f"CASE WHEN NOT contains({text}, '.') THEN try_cast({text} AS BIGINT) END AS {name}, {text}"
    if field.kind == "money":  # a cast alone would round fractions of a cent
        exact = f"try_cast({text} AS DECIMAL(18,6))"
        return f"CASE WHEN {exact} % 0.01 = 0 THEN try_cast({text} AS DECIMAL(12,2)) END AS {name}, {text}"
    read = f"try_cast({text} AS {field.sql_type})"
    if field.kind in ("date", "time"):  # DuckDB also reads infinity and years that Python has not
        read = f"CASE WHEN {read} BETWEEN DATE '0001-01-01' AND DATE '9999-12-01' THEN {read} END"
    return f"{read} AS {name}, {text}"


def broken_list(rules: tuple[Rule, ...]) -> str:
    """The list of booleans of these rules, NULL for a row that breaks none."""
    return "[" + ",\n".join(f"({rule.broken})" for rule in rules) + "]" if rules else "[false]"
