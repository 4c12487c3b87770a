"""What the announcement of a draw should state, and what its lack means: `data/reference/announcement.csv`.

The fifteen items of art. 13 of the Interim Provisions on Promotions (SAMR Order 32), warning signs, and what to save
now. No score is made of them: a full announcement is no promise, and a short one no proof of anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from . import deadlines
from .advice import Source, sources
from .i18n import Language
from .vocabulary import codes, label, reference_rows

#: Short groups the items are asked in, in this order; words: `before.group.<group>`.
GROUPS = ("prize", "entry", "claim", "hand_over")
#: In an address: the announcement was read and states none of the items.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Item:
    """One item, sign or thing to save, in one language: what it is, why it matters, what to save or do."""

    code: str
    group: str
    name: str
    why: str
    save: str
    sources: tuple[Source, ...]
    checked_on: date


@cache
def items(kind: Literal["stated", "warning", "save"], lang: str) -> tuple[Item, ...]:
    """All items of a kind, in the order of the file."""
    end = "zh" if lang.startswith("zh") else "en"
    return tuple(
        Item(
            row["code"],
            row["group"],
            row[end],
            row[f"why_{end}"],
            row[f"save_{end}"],
            sources(row["sources"], lang),
            date.fromisoformat(row["checked_on"]),
        )
        for row in reference_rows("announcement")
        if row["kind"] == kind
    )


@dataclass(frozen=True, slots=True)
class Check:
    """What was ticked, as codes. `read` says that the announcement was looked at: only then is anything missing."""

    has: frozenset[str]
    seen: frozenset[str]
    tool: str
    read: bool

    def missing(self, lang: str) -> tuple[Item, ...]:
        """Items the announcement does not state."""
        return tuple(one for one in items("stated", lang) if self.read and one.code not in self.has)

    def warnings(self, lang: str) -> tuple[Item, ...]:
        """Warning signs that were seen."""
        return tuple(one for one in items("warning", lang) if one.code in self.seen)


def read(has: str = "", seen: str = "", tool: str = "") -> Check:
    """A check from an address: codes joined by commas; what is no code is left out."""
    ticked = _known("stated", has.split(","))
    signs = _known("warning", seen.split(","))
    known = tool if tool in codes("lottery_tool") else ""
    return Check(ticked, signs, known, bool(ticked) or has == NONE)


def _known(kind: Literal["stated", "warning"], given: Collection[str]) -> frozenset[str]:
    return frozenset(one.code for one in items(kind, "en")) & frozenset(given)


def joined(kind: Literal["stated", "warning"], ticked: Collection[str]) -> str:
    """Codes as they stand in an address, always in the order of the file."""
    return ",".join(one.code for one in items(kind, "en") if one.code in ticked)


def terms(tool: str, _: Language) -> list[str]:
    """What the rules of a tool say about dates, in sentences; none where no rule is known."""
    rule = deadlines.tool_terms(tool)
    named = {"lottery_tool": label("lottery_tool", tool, _.code)} if tool else {}
    return [_(f"before.term.{name}", days, **named) for name, days in rule.items()]


def as_text(check: Check, _: Language, *, organizer: str = "", link: str = "") -> str:
    """The result as a short text to keep or to send to a friend."""
    lines = [_("before.text.head")]
    if organizer:
        lines.append(_("before.text.organizer", name=organizer))
    if signs := check.warnings(_.code):
        lines += ["", _("before.result.warnings"), *(f"· {one.name}{_('before.colon')}{one.save}" for one in signs)]
    if check.read:
        missing = check.missing(_.code)
        told = [f"· {one.name}{_('before.colon')}{one.why}" for one in missing] or [_("before.result.complete")]
        lines += ["", _("before.result.missing"), *told] if missing else ["", *told]
    lines += ["", _("before.result.save"), *(f"· {one.name}" for one in items("save", _.code))]
    lines += [f"· {words}" for words in terms(check.tool, _)]
    return "\n".join([*lines, *(["", link] if link else [])])
