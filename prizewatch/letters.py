"""Letters to copy: to the organizer, the lottery tool, the host platform (two targets), and a report to 12315.

A letter is a row of sentences, and each names the facts it needs; a fact is there only if the report's fields give it.
So nothing is said that was not given, and a field left open leaves out its sentence, not a gap.

A letter is written in the language of who reads it (`written_in`), and told in the reader's own beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from .deadlines import dates, day_of
from .i18n import Language
from .next_step import NO_TOOL
from .vocabulary import code_lists, label

LETTERS = ("organizer", "lottery_tool", "host_mini_program", "host_account", "report_12315")
#: Codes that say that something is not known: no fact.
OPEN = frozenset({"", "unknown", "none_unknown", "other", "unclear", "none_stated"})
SHARING = frozenset({"share_moments", "repost", "invite_help"})
#: Grounds that are no delivery as announced.
UNPAID = frozenset({"declared_void", "not_shipped", "no_response", "blocked_after_address", "out_of_stock"})
CAP_CNY = 50_000
#: Platforms whose staff is written to in English; all others, and 12315, in Chinese.
ABROAD = frozenset({"instagram", "facebook", "tiktok", "x", "youtube"})
MINI_PROGRAMS = frozenset({"choujiang_zhushou", "other_miniprogram"})
#: No tool that could be written to.
NOBODY = OPEN | NO_TOOL
COMPLAINED = ("s3_lottery_platform", "s4_host_platform", "s5_mediation", "s6_regulator")

DAYS = ("draw_time", "win_notice_on", "claim_made_on", "refused_on", "first_try_on", "last_try_on", "reply_by")
CODES = ("host_platform", "lottery_tool", "prize_kind", "refusal_mode", "dispute_reason", "value_basis")
TEXTS = ("draw_title", "organizer_display", "organizer_handle", "refusal_text")

#: Facts made of several fields, and the fields each rests on.
DERIVED: dict[str, tuple[str, ...]] = {
    "value": ("prize_value", "currency"),
    "paid": ("amount_paid", "currency"),
    "tries": ("tries_count",),
    "conditions_met": ("conditions",),
    "no_conditions": ("conditions",),
    "sharing": ("conditions",),
    "data": ("data_given",),
    "not_stated": ("dispute_reason", "stated_before_entry"),
    "changed": ("dispute_reason", "stated_before_entry"),
    "unpaid": ("dispute_reason",),
    "above_cap": ("prize_value", "currency"),
    "business": ("organizer_type",),
    "promised": ("events",),
    "said_first": ("events",),
    "ship_by": ("win_notice_on", "lottery_tool", "today"),
    "evidence_held": ("evidence",),
}

#: A sentence: its key, and the facts it needs. Of several in one row the first that can be said is said.
Sentence = tuple[str, tuple[str, ...]]
Row = tuple[Sentence, ...]

DRAW: Row = (("draw.both", ("draw_title", "draw_time")), ("draw.title", ("draw_title",)), ("draw.time", ("draw_time",)))
PRIZE: Row = (
    ("prize.basis", ("prize_kind", "value", "value_basis")),
    ("prize.value", ("prize_kind", "value")),
    ("prize.kind", ("prize_kind",)),
)
CONDITIONS: Row = (("conditions", ("conditions_met",)), ("no_conditions", ("no_conditions",)))
REFUSAL: Row = (
    ("refusal.both", ("refused_on", "refusal_mode")),
    ("refusal.mode", ("refusal_mode",)),
    ("refusal.day", ("refused_on",)),
)
TRIES: Row = (
    ("tries.between", ("tries", "first_try_on", "last_try_on")),
    ("tries.count", ("tries",)),
)
PAID: Row = (("paid", ("paid",)),)
WON: Row = (("won", ("win_notice_on",)),)
DATA: Row = (("data", ("data",)),)
EVIDENCE: Row = (("evidence", ("evidence_held",)),)

#: What everyone but the organizer is told.
STORY: tuple[Row, ...] = (
    DRAW,
    (("name", ("organizer_display",)),),
    (("handle", ("organizer_handle",)),),
    (("platform", ("host_platform",)),),
    (("tool", ("lottery_tool",)),),
    WON,
    PRIZE,
    CONDITIONS,
    (("claim", ("claim_made_on",)),),
    DATA,
    TRIES,
    (("reason", ("dispute_reason",)),),
    REFUSAL,
    (("words", ("refusal_text",)),),
    (("not_stated", ("not_stated",)),),
    PAID,
    (("promised", ("promised",)),),
)

BODY: dict[str, tuple[Row, ...]] = {
    "organizer": (
        (("to.draw.both", DRAW[0][1]), ("to.draw.title", DRAW[1][1]), ("to.draw.time", DRAW[2][1])),
        WON,
        PRIZE,
        CONDITIONS,
        (("to.claim", ("claim_made_on",)),),
        (("to.data", ("data",)),),
        TRIES,
        (("to.promised", ("promised",)),),
        PAID,
        (("to.ask", ("prize_kind",)),),
        (("to.reply_by", ("reply_by",)),),
        (("to.ground", ("refusal_mode",)),),
    ),
    "lottery_tool": (
        *STORY,
        (("ship_by", ("ship_by",)),),
        EVIDENCE,
        (("tool.ask", ("dispute_reason",)),),
        (("tool.keep", ("draw_time",)),),
        (("tool.verify", ("business",)),),
    ),
    "host_mini_program": (
        *STORY,
        (("earlier", ("said_first",)),),
        EVIDENCE,
        (("program.ask", ("lottery_tool",)),),
        (("sharing", ("sharing",)),),
    ),
    "host_account": (
        *STORY,
        (("earlier", ("said_first",)),),
        EVIDENCE,
        (("account.ask_handle", ("organizer_handle",)), ("account.ask_name", ("organizer_display",))),
        (("sharing", ("sharing",)),),
    ),
    "report_12315": (
        *STORY,
        (("earlier", ("said_first",)),),
        EVIDENCE,
        (("report.changed", ("changed",)),),
        (("report.unpaid", ("unpaid",)),),
        (("report.cap", ("above_cap", "value")),),
        (("report.ask", ("dispute_reason",)),),
    ),
}


#: Letters that go into a form's text field.
SMALL_FIELD = frozenset({"lottery_tool", "host_mini_program", "host_account"})
#: What is left of a letter in a small text field.
CORE = frozenset(
    {key for key, _needs in (*DRAW, *PRIZE)}
    | {"name", "handle", "reason", "not_stated", "ship_by", "tool.ask", "program.ask"}
    | {"account.ask_handle", "account.ask_name"}
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: its title and one line on how to use it in the reader's language, its text in `lang`, and the
    sentences that made it. `meaning` is the text in the reader's language, empty where that is `lang`; `short` its
    core for a small text field, empty where it would hardly be shorter.
    """

    name: str
    title: str
    note: str
    text: str
    said: tuple[Sentence, ...]
    lang: str
    meaning: str = ""
    short: str = ""


def rests_on(sentence: Sentence) -> set[str]:
    """The fields a sentence rests on."""
    return {name for fact in sentence[1] for name in DERIVED.get(fact, (fact,))}


def written_in(name: str, host_platform: str, reader: str) -> str:
    """The language a letter is written in: that of who will read it.

    Chinese, but English to the staff of a platform abroad; an organizer abroad is written to in the reader's own.
    """
    if name == "report_12315" or host_platform not in ABROAD:
        return "zh-CN"
    return reader if name == "organizer" else "en"


def write(name: str, fields: Mapping[str, object], _: Language, *, zone: ZoneInfo) -> Letter | None:
    """One letter from a report's fields (names of `fields`; times in UTC), or None when there is nothing to say.

    Besides them: `events` and `evidence` as lists of such dicts, `today`, and `reply_by`, the day to ask an answer by.
    Nothing is asked for once the prize came. Raises `KeyError` for an unknown letter.
    """
    rows = BODY[name]
    tool = _text(fields.get("lottery_tool"))
    if (name == "lottery_tool" and tool in NOBODY) or (name == "host_mini_program" and tool not in MINI_PROGRAMS):
        return None
    if any(event.get("outcome") == "relief_full" for event in _list(fields, "events")):
        return None
    to = Language(written_in(name, _text(fields.get("host_platform")), _.code))
    facts = facts_of(fields, to, zone)
    said = [next((one for one in row if all(fact in facts for fact in one[1])), None) for row in rows]
    told = tuple(one for one in said if one)
    if not told:
        return None
    core = tuple(one for one in told if one[0] in CORE)
    return Letter(
        name,
        _(f"letters.title.{name}"),
        _(f"letters.note.{name}"),
        _body(told, facts, to),
        told,
        to.code,
        "" if to.code == _.code else _body(told, facts_of(fields, _, zone), _),
        ("" if to.zh else " ").join(_lines(core, facts, to))
        if name in SMALL_FIELD and core and len(core) < len(told) / 2
        else "",
    )


def _lines(told: Iterable[Sentence], facts: Mapping[str, str], to: Language) -> list[str]:
    return [to(f"letters.{key}", **{fact: facts[fact] for fact in needs}) for key, needs in told]


def _body(told: Iterable[Sentence], facts: Mapping[str, str], to: Language) -> str:
    return "\n".join([to("letters.greeting"), *_lines(told, facts, to), to("letters.closing")])


def write_all(fields: Mapping[str, object], _: Language, *, zone: ZoneInfo) -> list[Letter]:
    """All letters that have something to say, in the order of the ladder."""
    return [letter for name in LETTERS if (letter := write(name, fields, _, zone=zone))]


def facts_of(fields: Mapping[str, object], _: Language, zone: ZoneInfo) -> dict[str, str]:
    """Everything the fields give, in the reader's words. What is empty or not known is not there."""
    facts: dict[str, str] = {}
    for name in DAYS:
        if day := day_of(fields.get(name), zone):
            facts[name] = _.day(day)
    for name in CODES:
        code = _text(fields.get(name))
        if code not in OPEN:
            facts[name] = label(name, code, _.code)
    for name in TEXTS:
        if text := _text(fields.get(name)):
            facts[name] = text
    facts |= _numbers(fields, _)
    facts |= _lists(fields, _)
    events = _list(fields, "events")
    facts |= _events(events, _, zone)
    today = day_of(fields.get("today"), zone)
    if today:
        for one in dates(fields, events, zone=zone):
            if one.reason == "ship_by_tool" and one.day < today:
                facts["ship_by"] = _("letters.day_over", (today - one.day).days, day=_.day(one.day))
    return facts


def _numbers(fields: Mapping[str, object], _: Language) -> dict[str, str]:
    facts = {}
    currency = _text(fields.get("currency"))
    for name, fact in (("prize_value", "value"), ("amount_paid", "paid")):
        amount = _number(fields.get(name))
        if amount > 0 and currency:
            facts[fact] = _.money(float(amount), currency)
    if currency == "CNY" and _number(fields.get("prize_value")) > CAP_CNY:
        facts["above_cap"] = "yes"
    if tries := int(_number(fields.get("tries_count"))):
        facts["tries"] = _.number(tries)
    return facts


def _lists(fields: Mapping[str, object], _: Language) -> dict[str, str]:
    facts: dict[str, str] = {}
    comma = _("letters.comma")
    conditions = [part.split(":") for part in _text(fields.get("conditions")).split(";") if part]
    stated = [part for part in conditions if len(part) == 3 and part[1] == "yes" and part[0] != "other"]
    if met := [part[0] for part in stated if part[2] == "yes"]:
        facts["conditions_met"] = comma.join(label("condition_kind", kind, _.code) for kind in met)
    if [part[0] for part in conditions] == ["none_stated"]:
        facts["no_conditions"] = "yes"
    if shared := [part[0] for part in stated if part[0] in SHARING]:
        facts["sharing"] = comma.join(label("condition_kind", kind, _.code) for kind in shared)
    if given := [code for code in _text(fields.get("data_given")).split(";") if code]:
        facts["data"] = comma.join(label("data_given", code, _.code) for code in given)
    kinds = dict.fromkeys(_text(one.get("kind")) for one in _list(fields, "evidence"))
    if held := [kind for kind in kinds if kind not in OPEN]:
        facts["evidence_held"] = comma.join(label("evidence_kind", kind, _.code) for kind in held)
    reason = _text(fields.get("dispute_reason"))
    if reason == "unstated_condition" and _text(fields.get("stated_before_entry")) == "no":
        facts["not_stated"] = facts["changed"] = "yes"
    if reason == "prize_changed":
        facts["changed"] = "yes"
    if reason in UNPAID:
        facts["unpaid"] = "yes"
    kind = _text(fields.get("organizer_type"))
    if kind and code_lists()["organizer_type"][kind].group == "O":
        facts["business"] = "yes"
    return facts


def _events(events: Sequence[Mapping[str, object]], _: Language, zone: ZoneInfo) -> dict[str, str]:
    facts, told = {}, []
    for event in events:
        stage, outcome = _text(event.get("stage")), _text(event.get("outcome"))
        promised, entered = day_of(event.get("promised_on"), zone), day_of(event.get("entered_on"), zone)
        if outcome == "promised" and promised and stage == "s2_organizer":
            facts["promised"] = _.day(promised)
        if stage in COMPLAINED and entered and outcome not in OPEN | {"skipped", "withdrawn"}:
            words = {"day": _.day(entered), "stage": label("stage", stage, _.code)}
            words["outcome"] = label("stage_outcome", outcome, _.code)
            if number := _text(event.get("case_ref")):
                told.append(_("letters.earlier.numbered", number=number, **words))
            else:
                told.append(_("letters.earlier.plain", **words))
    if told:
        facts["said_first"] = _("letters.semicolon").join(told)
    return facts


def _list(fields: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    found = fields.get(name) or ()
    return list(found) if isinstance(found, Iterable) else []


def _text(value: object) -> str:
    """A field as one line of text."""
    return " ".join(str(value).split()) if value is not None else ""


def _number(value: object) -> Decimal:
    return Decimal(str(value)) if value not in (None, "") else Decimal(0)
