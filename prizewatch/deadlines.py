"""Dates that matter to one dispute, from its own fields: when the prize is due, when a wait is over, when rights end.

How long each period is stands in `data/reference` (periods, waits, tool rules), dated where it was checked; here is
only the counting. A date that rests on a field that was not given is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from .i18n import Language
from .vocabulary import label, reference_rows

CASH = frozenset({"cash_transfer", "red_packet"})
COME_BACK = ("come_back_1", "come_back_2", "come_back_3")
#: After one of these nothing is due any more: the prize came, or a stated condition was not met.
ENDED = frozenset({"relief_full", "self_disqualified"})
LINE = 75  # octets a line of a calendar file may hold (RFC 5545, 3.1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date. `reason` is the key of its words (`deadlines.<reason>.title`, `.why`), `values` fill them."""

    reason: str
    day: date
    values: Mapping[str, object] = field(default_factory=dict)

    def title(self, _: Language) -> str:
        """What is on that day."""
        return _(f"deadlines.{self.reason}.title", **self._words(_))

    def why(self, _: Language) -> str:
        """What the date rests on."""
        return _(f"deadlines.{self.reason}.why", **self._words(_))

    def _words(self, _: Language) -> dict[str, str]:
        words = {"day": _.day(self.day)}
        for name, value in self.values.items():
            if isinstance(value, date):
                words[name] = _.day(value)
            elif name in ("stage", "lottery_tool"):
                words[name] = label(name, str(value), _.code)
            else:
                words[name] = str(value)
        return words


@cache
def _rows(name: str, key: str) -> dict[str, dict[str, str]]:
    return {row[key]: row for row in reference_rows(name)}


def _period(name: str) -> int:
    return int(_rows("periods", "period")[name]["length"])


def wait_days(stage: str) -> int | None:
    """The usual wait at a rung, in days; None where there is none."""
    row = _rows("wait", "stage").get(stage)
    return int(row["days"]) if row else None


def tool_terms(tool: str) -> dict[str, int]:
    """Days by the rules of a tool, as far as known: claim (to send the address), ship (goods), cash (working days)."""
    row = _rows("tool_rules", "tool").get(tool, {})
    return {name: int(row[f"{name}_days"]) for name in ("claim", "ship", "cash") if row.get(f"{name}_days")}


def day_of(value: object, zone: ZoneInfo) -> date | None:
    """A field as a day: a date, ISO text, or a time in UTC, which is a day only where the register stands (`zone`).

    None where nothing was given. Raises `TypeError` for what is none of these, `ValueError` for text that is no day.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone).date()
    if isinstance(value, date):
        return value
    raise TypeError(f"not a day: {value!r}")


def add_years(day: date, years: int) -> date:
    """The same day years later; 29 February becomes the 28th, the last day of that month (Civil Code art. 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def add_working_days(day: date, count: int) -> date:
    """So many Mondays to Fridays later. Public holidays are not known here, so the true day may be later."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def dates(
    dispute: Mapping[str, object],
    events: Iterable[Mapping[str, object]],
    *,
    zone: ZoneInfo,
    filed_on: date | None = None,
) -> list[Deadline]:
    """All dates of a dispute, earliest first, past ones too. None once it is settled or the winner not eligible.

    `dispute` and `events` carry the names of `fields`, values as dates or ISO text; `filed_on` is when it was reported.
    """
    events = list(events)
    if any(event.get("outcome") in ENDED for event in events):
        return []
    found = [*_prize(dispute, zone), *_ladder(events, zone), *_rights(dispute, zone)]
    if filed_on is not None:
        found += [
            Deadline(name, filed_on + timedelta(days=_period(name)), {"days": _period(name)}) for name in COME_BACK
        ]
    return sorted(found, key=lambda one: (one.day, one.reason, str(one.values)))


def _prize(dispute: Mapping[str, object], zone: ZoneInfo) -> list[Deadline]:
    """Until when to claim, and until when the prize is due."""
    found = []
    won = day_of(dispute.get("win_notice_on"), zone)
    tool = str(dispute.get("lottery_tool") or "")
    rule = tool_terms(tool)
    if not dispute.get("claim_made_on"):
        announced = day_of(dispute.get("claim_deadline"), zone)
        if announced:
            found.append(Deadline("claim_by_announced", announced))
        elif won and "claim" in rule:
            days = rule["claim"]
            values = {"start": won, "days": days, "lottery_tool": tool}
            found.append(Deadline("claim_by_tool", won + timedelta(days=days), values))
    if won is None:
        return found
    if dispute.get("prize_kind") in CASH and "cash" in rule:
        days = rule["cash"]
        values = {"start": won, "days": days, "lottery_tool": tool}
        found.append(Deadline("cash_by_tool", add_working_days(won, days), values))
    elif "ship" in rule:
        days = rule["ship"]
        values = {"start": won, "days": days, "lottery_tool": tool}
        found.append(Deadline("ship_by_tool", won + timedelta(days=days), values))
    else:
        days = _period("ship_by")
        found.append(Deadline("ship_by_usual", won + timedelta(days=days), {"start": won, "days": days}))
    return found


def _ladder(events: Sequence[Mapping[str, object]], zone: ZoneInfo) -> list[Deadline]:
    """When a wait is over and when a promise counts as broken."""
    found = []
    for event in events:
        stage = str(event.get("stage") or "")
        entered, promised = day_of(event.get("entered_on"), zone), day_of(event.get("promised_on"), zone)
        days = wait_days(stage)
        if event.get("outcome") == "pending" and entered and days:
            values = {"stage": stage, "start": entered, "days": days}
            found.append(Deadline("wait_over", entered + timedelta(days=days), values))
        if event.get("outcome") == "promised" and promised:
            days = _period("promise_grace")
            values = {"start": promised, "days": days}
            found.append(Deadline("promise_broken", promised + timedelta(days=days), values))
    return found


def _rights(dispute: Mapping[str, object], zone: ZoneInfo) -> list[Deadline]:
    """Limitation, counted from the earliest day it can run from so that the shown day is safe, and records."""
    found = []
    refused, won = day_of(dispute.get("refused_on"), zone), day_of(dispute.get("win_notice_on"), zone)
    start = refused or won
    if start:
        reason = "limitation_refused" if refused else "limitation_won"
        rule = _rows("periods", "period")["limitation"]
        years, checked = int(rule["length"]), date.fromisoformat(rule["checked_on"])
        found.append(Deadline(reason, add_years(start, years), {"start": start, "years": years, "checked": checked}))
    drawn = day_of(dispute.get("draw_time"), zone)
    if drawn:
        years = _period("records_kept")
        found.append(Deadline("records_kept", add_years(drawn, years), {"start": drawn, "years": years}))
    return found


def calendar(deadlines: Iterable[Deadline], _: Language, *, now: datetime, seed: str, link: str = "") -> bytes:
    """The dates as an iCalendar file (RFC 5545): whole days, a reminder at nine in the morning. Same input, same bytes.

    `seed` tells this dispute's entries from others' (never a receipt code: the hash would let it be guessed at);
    `now` is UTC.
    """
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Prizewatch//Dates//EN", "CALSCALE:GREGORIAN"]
    lines.append("X-WR-CALNAME:" + _escape(_("deadlines.calendar")))
    for one in deadlines:
        what = "|".join(["prizewatch", seed, one.reason, one.day.isoformat(), str(sorted(one.values.items()))])
        title = _escape(_("deadlines.entry", title=one.title(_)))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{sha256(what.encode()).hexdigest()[:32]}@prizewatch",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{title}",
            f"DESCRIPTION:{_escape(one.why(_))}",
            *([f"URL:{link}"] if link and link.isascii() and link.isprintable() else []),
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{title}",
            "TRIGGER:PT9H",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_fold(line) for line in lines)


def _escape(text: str) -> str:
    """Text as a calendar value: backslash, semicolon, comma and line ends have a meaning there."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def _fold(line: str) -> bytes:
    """One content line with CRLF, cut into lines of at most 75 octets and never inside a letter."""
    parts, part = [], b""
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > LINE:
            parts.append(part)
            part = b" "  # the blank that begins a folded line counts
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
