"""Taking a notice: what it must say, whom it is about, and how many one sender may file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import duckdb

from . import followup, identity, manners, redaction
from .followup import Slowed, Unknown
from .notice_log import Wrong
from .statements import statement
from .store import Register, next_commit

MOST_WORDS = 2000
LEAST_WORDS = 10
CONTACT_KEPT = timedelta(days=180)
DAY, YEAR = timedelta(hours=24), timedelta(days=365)
SUSPENDED = timedelta(days=90)
#: Notices in bad faith within a year -> the most notices a day after that; from three on none for a while.
SLOWED = {1: 2, 2: 1}
_CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{4})-?([0-9A-HJKMNP-TV-Z]{4})$")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a sender says. `event_id` (a UUID made once a screen) makes a retry safe. `record`: the code of an
    organizer, a link to its page, or the receipt code of one's own report.
    """

    event_id: str
    sender: str
    name: str
    contact: str
    record: str
    wish: str
    ground: str
    words: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """The code that shows what becomes of a notice; or what is wrong; or the hours until the next may be sent."""

    code: str = ""
    wrong: tuple[Wrong, ...] = ()
    hours: int = 0


def file(register: Register, notice: Notice, network: str, now: datetime) -> Filed:
    """Take a notice, or say everything that is wrong with it. It is acknowledged by the code that comes back."""
    wrong = _beside_the_record(notice)
    organizer, dispute, said = _record(register, notice.record, network, now)
    if said:
        wrong.append(Wrong("record", said))
    if wrong:
        return Filed(wrong=tuple(wrong))
    return register.write(_file, (register, notice, network, organizer, dispute, now))


def _beside_the_record(notice: Notice) -> list[Wrong]:
    found = [Wrong(field, f"{field}_missing") for field in ("sender", "wish", "ground") if not getattr(notice, field)]
    found += [Wrong(f, f"{f}_missing") for f in ("name", "contact") if len(getattr(notice, f).strip()) < 2]
    words = notice.words.strip()
    if len(words) < LEAST_WORDS:
        found.append(Wrong("words", "words_missing"))
    elif len(words) > MOST_WORDS:
        found.append(Wrong("words", "words_long"))
    elif manners.unkind(words):
        found.append(Wrong("words", "unkind"))
    if notice.link.strip() and not re.match(r"https?://[^\s.]+\.\S+$", notice.link.strip()):
        found.append(Wrong("link", "link"))
    return found


def _record(register: Register, said: str, network: str, now: datetime) -> tuple[UUID | None, UUID | None, str]:
    """The organizer, the sender's own report, or why neither was found."""
    text = identity.normalise(said).upper()
    if not text:
        return None, None, "record_missing"
    code = _CODE.search(text.partition("?ID=")[2][:9] or text.removeprefix("#"))
    if code and (len(text) <= 10 or "?ID=" in text):
        sql = "SELECT organizer_id FROM mart.organizer WHERE public_code = ?"
        with register.read() as cur:
            found = cur.execute(sql, ["-".join(code.groups())]).fetchall()
        return (found[0][0], None, "") if found else (None, None, "record_unknown")
    own = followup.open_report(register, said, now, network)
    if isinstance(own, Slowed):
        return None, None, "record_slowed"
    if isinstance(own, Unknown):
        return None, None, "record_unknown"
    with register.read() as cur:
        sql = "SELECT organizer_id FROM mart.dispute WHERE dispute_id = ?"
        found = cur.execute(sql, [own.dispute_id]).fetchall()
    return (found[0][0] if found else None), UUID(own.dispute_id), ""


def _file(cur: duckdb.DuckDBPyConnection, items: list[Any]) -> list[Filed]:
    return [_file_one(cur, *item) for item in items]


def _file_one(
    cur: duckdb.DuckDBPyConnection,
    register: Register,
    notice: Notice,
    network: str,
    organizer: UUID | None,
    dispute: UUID | None,
    now: datetime,
) -> Filed:
    key, notice_id = register.key, UUID(notice.event_id)
    code = identity.receipt_code(key, str(notice_id))
    if cur.execute("SELECT 1 FROM log.notice WHERE notice_id = ?", [notice_id]).fetchall():
        return Filed(code)
    sender = identity.keyed(key, "notice-sender", identity.fold_handle(notice.contact))
    place = identity.keyed(key, "network", identity.network_of(network))
    if hours := _wait(cur, register, place, now):
        return Filed(hours=hours)
    commit = next_commit(cur, "notice", now, 1)
    masked = redaction.marked(notice.words.strip(), company=True)
    cur.execute(
        "INSERT INTO log.notice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            notice_id, commit, now, notice_id, identity.receipt_hash(key, code), sender, place, notice.sender,
            notice.wish, notice.ground, organizer, dispute, masked.masked, notice.link.strip() or None,
        ],
    )  # fmt: skip
    who = [notice_id, notice.name.strip(), notice.contact.strip(), now + CONTACT_KEPT]
    cur.execute("INSERT INTO desk.contact VALUES (?, ?, ?, ?)", who)
    days = register.settings.originals_days
    if days and masked.masked != notice.words.strip():
        kept = [notice_id, "words", notice.words.strip(), now + timedelta(days=days)]
        cur.execute("INSERT INTO desk.original VALUES (?, ?, ?, ?)", kept)
    return Filed(code)


def _wait(cur: duckdb.DuckDBPyConnection, register: Register, place: str, now: datetime) -> int:
    """Hours until this network may send the next notice. Who sent some in bad faith is slowed, then suspended."""
    given = {"day": now - DAY, "year": now - YEAR, "network": place}
    sql = statement("fairness/senders")
    ((lately, bad, told_at, first_at),) = cur.execute(sql, given).fetchall()
    most = register.settings.notices_per_day
    if bad > max(SLOWED) and told_at + SUSPENDED > now:
        return _hours(told_at + SUSPENDED - now)
    most = min(most or SLOWED[1], SLOWED[min(bad, max(SLOWED))]) if bad else most
    return _hours(first_at + DAY - now) if most and lately >= most else 0


def _hours(span: timedelta) -> int:
    return max(1, -int(-span.total_seconds() // 3600))


def unfit(words: str) -> Wrong | None:
    """What is wrong with words that follow a notice."""
    length = len(words.strip())
    if length < LEAST_WORDS:
        return Wrong("say", "words_missing")
    if length > MOST_WORDS:
        return Wrong("say", "words_long")
    return Wrong("say", "unkind") if manners.unkind(words) else None


def masked(words: str) -> str:
    """Words with personal data masked, as they are kept."""
    return redaction.marked(words.strip(), company=True).masked
