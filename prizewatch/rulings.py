"""Which decision may be taken when, and for what reason: the rules of the desk as tables. Pure; `moderation` writes.

Domain model 3.2 (moderation_status), 3.4, 3.7 and 3.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from .vocabulary import code_lists, codes

WAITING = frozenset({"pending", "needs_info"})
PUBLIC = frozenset({"published_masked", "published_named"})
#: What an organizer is invited to reply before it is named.
REPLY_DAYS = timedelta(days=7)
MOST_WORDS = 600
#: A team of one, by the setting: nobody confirmed.
ALONE = "one_person_team"


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision: who may take it, from which standings of the report, and for which reasons (the first is usual)."""

    permission: str
    reasons: tuple[str, ...]
    standings: frozenset[str] = frozenset()
    asks: str = "status"  # what question it answers: only the last standing answer can be taken back
    two: bool = False  # needs a second person
    two_to_undo: bool = False
    of_related: bool = False  # asked of each `related_id` by itself: an answer about one is no later word on another


DISPUTE: Mapping[str, Rule] = {
    "publish_masked": Rule("report.decide", ("checked", "counter_notice", "new_evidence", "other"), WAITING | PUBLIC),
    "publish_named": Rule("report.decide", ("proof_and_business", "other"), WAITING | {"published_masked"}),
    "ask": Rule("report.decide", ("proof_missing", "unclear", "personal_data", "other"), WAITING | PUBLIC),
    "merge": Rule("report.decide", ("duplicate", "other"), WAITING | PUBLIC),
    "move": Rule(  # to the organizer it is really about
        "report.decide", ("impersonation", "wrong_organizer", "other"), WAITING | PUBLIC | {"hold_legal"}, asks="about"
    ),
    "reject": Rule(
        "report.decide",
        ("not_a_draw", "not_genuine", "brigading", "insult", "personal_data", "harassment", "unclear", "other"),
        WAITING | PUBLIC,
    ),
    "hold": Rule(
        "report.decide",
        ("notice", "allegation", "impersonation", "brigading", "wrong_organizer", "other"),
        WAITING | PUBLIC | {"hold_legal"},
    ),
    "remove": Rule(
        "report.decide",
        ("notice", "false_fact", "wrong_organizer", "impersonation", "personal_data", "consent_withdrawn",
         "court_order", "objection", "other"),
        WAITING | PUBLIC | {"hold_legal"},
    ),
    "restore": Rule(
        "report.decide",
        ("counter_notice", "mistake", "new_evidence", "checked", "other"),
        frozenset({"hold_legal", "rejected", "removed", "merged"}),
    ),
    "set_level": Rule("report.decide", codes("verification_level"), WAITING | PUBLIC | {"hold_legal"}, asks="level"),
    "find_ineligible": Rule("report.decide", ("condition_stated", "other"), WAITING | PUBLIC, asks="finding"),
    "find_eligible": Rule("report.decide", ("new_evidence", "mistake", "other"), WAITING | PUBLIC, asks="finding"),
    "reopen": Rule("report.decide", ("relief_was_none", "new_evidence", "other"), WAITING | PUBLIC, asks="finding"),
}  # fmt: skip
ORGANIZER: Mapping[str, Rule] = {
    "name": Rule("organizer.name", ("business", "no_public_contact", "other"), asks="naming", two=True),
    "unname": Rule(
        "organizer.name",
        ("objection", "false_fact", "impersonation", "court_order", "mistake", "other"),
        asks="naming",
        two_to_undo=True,
    ),
    "review": Rule("organizer.name", ("level_checked", "other"), asks="review"),
    "unreview": Rule("organizer.name", ("objection", "mistake", "other"), asks="review"),
    "invite_reply": Rule("organizer.name", ("listed", "other"), asks=""),
    # Of one later name (`related_id`: its row in log.organizer).
    "accept_name": Rule("organizer.name", ("checked", "other"), asks="later_name", of_related=True),
    "decline_name": Rule(
        "organizer.name",
        ("false_fact", "wrong_organizer", "personal_data", "insult", "other"),
        asks="later_name",
        of_related=True,
    ),
    "merge_organizers": Rule(
        "organizer.merge",
        ("same_platform_id", "same_registration", "same_payee", "two_signals", "other"),
        asks="kinship",
        two=True,
        two_to_undo=True,
    ),
    "split_organizer": Rule(
        "organizer.merge",
        ("different_entity", "mistake", "other"),
        asks="kinship",
        two=True,
        two_to_undo=True,
    ),
    # Two that look alike are two: the suggestion does not come again. A later merge is still possible.
    "keep_apart": Rule("organizer.merge", ("different_entity", "other"), asks="apart", of_related=True),
}
#: Decisions about one later name.
NAMES = ("accept_name", "decline_name")
RULES: Mapping[str, Mapping[str, Rule]] = {"dispute": DISPUTE, "organizer": ORGANIZER}


@dataclass(frozen=True, slots=True)
class Report:
    """A report as its moderator must know it before deciding."""

    standing: str  # moderation_status
    status: str
    level: str
    named: bool  # its organizer's name stands
    asks_more: bool = True  # the reporter agreed to be asked more than the check needs
    #: Of a merge: the standing of the other report; empty where there is none.
    other: str = ""


@dataclass(frozen=True, slots=True)
class Organizer:
    """An organizer as its moderator must know it. `into` is the one it is merged into."""

    listed: bool
    account: bool  # run by nobody known to be a business
    has_name: bool
    at_v2: int
    reporters: int
    named: bool
    reviewed: bool
    invited_at: datetime | None
    replied: bool
    into: UUID | None
    other_into: UUID | None = None  # of a merge: where the other one ends
    other_there: bool = True
    name_there: bool = True  # of a decision about a later name: it is on file
    apart: bool = False  # it is kept apart from the other one already


def report_problem(action: str, it: Report, reason: str = "") -> str:
    """Why this may not be decided of a report as it stands; empty where it may. What the check needs is asked of
    anybody, anything else (reason `other`) only of who agreed to it (consent_contact).
    """
    if action == "ask" and reason == "other" and not it.asks_more:
        return "asks_no_more"
    if it.standing not in DISPUTE[action].standings:
        return "not_now"
    if action == "publish_named" and not (it.named and it.level >= "V2"):
        return "not_nameable"
    if action == "merge" and it.other not in PUBLIC | WAITING:
        return "no_other"
    ineligible, closed = it.status == "closed_ineligible", it.status not in ("open", "lost_to_followup")
    wrong = {"find_ineligible": ineligible, "find_eligible": not ineligible, "reopen": not closed}
    return "not_now" if wrong.get(action, False) else ""


def organizer_problem(action: str, reason: str, it: Organizer, subject: UUID, now: datetime) -> str:
    """Why this may not be decided of an organizer as it stands; empty where it may."""
    if action == "split_organizer":
        return "" if it.into else "not_now"
    if it.into:
        return "merged_already"
    if action in ("merge_organizers", "keep_apart") and not (it.other_there and it.other_into != subject):
        return "no_other"
    if action == "name":
        return _naming_problem(reason, it, now)
    if action in NAMES:
        return ("" if it.name_there else "unknown") if it.named else "not_now"
    wrong = {"unname": not it.named, "review": it.reviewed, "unreview": not it.reviewed, "keep_apart": it.apart}
    return "not_now" if wrong.get(action, False) else ""


def nameable(it: Organizer) -> bool:
    """3.7: listed, with a name on file and proof of both sides; of an account, by two people."""
    return it.listed and it.has_name and it.at_v2 >= 1 and (not it.account or it.reporters >= 2)


def _naming_problem(reason: str, it: Organizer, now: datetime) -> str:
    if it.named:
        return "not_now"
    if not nameable(it):
        return "not_nameable"
    waited = it.invited_at is not None and now - it.invited_at >= REPLY_DAYS
    return "" if waited or it.replied or reason == "no_public_contact" else "reply_first"


def words_problem(subject_kind: str, action: str, reason: str, sentence: str) -> str:
    """What is missing in what was typed: an unknown reason, a question without words, too many of them."""
    if reason not in RULES[subject_kind][action].reasons:
        return "no_reason"
    if not sentence.strip() and (action == "ask" or reason == "other"):
        return "no_words"
    return "too_long" if len(sentence) > MOST_WORDS else ""


def every_reason() -> frozenset[str]:
    """Codes of moderation_reason that some decision uses."""
    used = {reason for rules in RULES.values() for action, rule in rules.items() for reason in rule.reasons}
    return frozenset(used - code_lists()["verification_level"].keys())


def due(since: datetime, days: int | None) -> date | None:
    """The last day something may wait that came in at `since`; None where no clock runs."""
    return None if days is None else (since + timedelta(days=days)).date()
