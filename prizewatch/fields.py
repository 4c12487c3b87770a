"""The fields of a batch: disputes, stage events, evidence. One row here makes the staging column, its type and field rules,
the column of the log, and the line of the data dictionary.

A batch holds text only (what a form, a file or JSON gave); `intake` reads it into these types and says what it could not read.
Lists of codes are joined by `;`. Classes: `public` may appear in aggregates and, where publication rules allow, by row;
`restricted` is for moderators; `secret` never leaves the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "codes", "conditions", "date", "time", "flag", "integer", "money", "id"]
Class = Literal["public", "restricted", "secret"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `codes` names its code list, `most` the longest text or greatest number, `logged` whether the log keeps it."""

    name: str
    kind: Kind
    privacy: Class
    meaning: str
    codes: str = ""
    required: bool = False
    least: int | None = None
    most: int | None = None
    logged: bool = True
    free_text: bool = False  # public words: searched for personal data and insults

    @property
    def sql_type(self) -> str:
        """The column's type in staging and log: plain types only, so that PostgreSQL can hold the log."""
        return {
            "text": "VARCHAR", "code": "VARCHAR", "codes": "VARCHAR", "conditions": "VARCHAR", "date": "DATE",
            "time": "TIMESTAMP", "flag": "BOOLEAN", "integer": "BIGINT", "money": "DECIMAL(12,2)", "id": "UUID",
        }[self.kind]  # fmt: skip


DISPUTE = (
    # who reports
    Field("report_lang", "code", "restricted", "Language of the report: zh or en.", codes="report_lang", required=True),
    Field("reported_at", "time", "public", "When it was reported (UTC). The form's own clock; a trusted source may give the past."),
    Field("reporter", "text", "secret", "Private contact or source key of the reporter; hashed at the door, never stored.", required=True, most=200, logged=False),
    Field("network", "text", "secret", "Network address, hashed at the door.", most=100, logged=False),
    Field("is_first_hand", "flag", "restricted", "The reporter won the prize personally, or is the winner's guardian.", required=True),
    Field("relation", "code", "restricted", "Winner or the winner's guardian.", codes="relation", required=True),
    Field("winner_age", "integer", "restricted", "Age of the winner, where under 18.", least=0, most=120),
    # how it came here
    Field("join", "text", "restricted", "Share token of a draw on file: this report is about that draw. Hashed ids under the register's key.", logged=False),
    Field("organizer_code", "text", "public", "Public code of a listed organizer, in place of its handle.", logged=False),
    Field("device", "text", "secret", "Random mark of the reporter's browser, hashed at the door.", most=100, logged=False),
    Field("keep_words", "flag", "restricted", "What looks like personal data is none: keep the words as written and let a moderator look.", logged=False),
    Field("filled_seconds", "integer", "restricted", "Seconds from opening the form to sending it.", least=0, logged=False),
    Field("trap", "text", "restricted", "A field no person sees; a report that fills it in waits for a moderator.", logged=False),
    # the organizer
    Field("organizer_type", "code", "public", "Kind of organizer.", codes="organizer_type", required=True),
    Field("legal_nature", "code", "public", "Legal nature; never guessed from a name.", codes="legal_nature", required=True),
    Field("organizer_handle", "text", "secret", "Handle or platform id; kept only as a keyed hash, in clear for businesses and accounts only.", most=64, logged=False),
    Field("organizer_display", "text", "restricted", "Name shown on the platform; businesses and accounts only.", most=80, logged=False, free_text=True),
    Field("entity_reg_no", "text", "restricted", "Unified social credit code; companies only.", most=18, logged=False),
    Field("host_platform", "code", "public", "Platform the draw ran on.", codes="host_platform", required=True),
    Field("lottery_tool", "code", "public", "Tool that drew the winners.", codes="lottery_tool", required=True),
    # the draw
    Field("draw_ref", "text", "restricted", "The tool's or source's own id of the draw; without it the draw is organizer + day.", most=120, logged=False),
    Field("draw_title", "text", "restricted", "Title of the draw.", most=120, free_text=True),
    Field("draw_time", "time", "public", "When the winners were drawn (UTC).", required=True),
    Field("entered_on", "date", "restricted", "Day of entry."),
    Field("win_notice_on", "date", "public", "Day the win was announced.", required=True),
    Field("winners_count", "integer", "public", "Winners of the draw, where known.", least=1, most=100_000_000),
    Field("entrants_count", "integer", "public", "Entrants of the draw, where known.", least=1, most=10_000_000_000),
    Field("other_winners_known", "integer", "restricted", "Other unpaid winners the reporter knows of; never counted as reports.", least=0, most=1_000_000),
    Field("draws_known", "integer", "public", "Draws the organizer is known to have run.", least=1, most=10_000_000),
    Field("draws_source", "code", "public", "Where that number comes from.", codes="draws_source"),
    Field("draws_counted_on", "date", "public", "Day of that number."),
    # the prize
    Field("prize_no", "integer", "restricted", "Which prize of this draw, for who won several.", least=1, most=1000),
    Field("prize_kind", "code", "public", "Kind of prize.", codes="prize_kind", required=True),
    Field("prize_value", "money", "public", "Value of the prize, in its currency.", most=10_000_000),
    Field("value_unknown", "flag", "public", "The value is not known."),
    Field("currency", "text", "public", "Currency of the value, ISO 4217.", most=3),
    Field("value_basis", "code", "public", "What the value rests on.", codes="value_basis"),
    Field("conditions", "conditions", "restricted", "Entry conditions: kind:stated:met, joined by ;, or none_stated.", codes="condition_kind", required=True, most=1000),
    # the refusal
    Field("claim_made_on", "date", "public", "Day the prize was first claimed."),
    Field("claim_deadline", "date", "restricted", "Last day to claim, as announced."),
    Field("refused_on", "date", "public", "Day of the refusal."),
    Field("dispute_reason", "code", "public", "Main reason given or seen.", codes="dispute_reason", required=True),
    Field("reasons_secondary", "codes", "public", "Further reasons.", codes="dispute_reason", most=400),
    Field("reason_other", "text", "restricted", "The reason in words, where none of the list fits.", most=120, free_text=True),
    Field("refusal_mode", "code", "public", "How it was refused.", codes="refusal_mode", required=True),
    Field("refusal_text", "text", "restricted", "Words of the refusal.", most=300, free_text=True),
    Field("stated_before_entry", "code", "public", "Was the condition shown before entry?", codes="stated_or_met"),
    Field("paid", "flag", "public", "Something was paid to claim."),
    Field("amount_paid", "money", "public", "Amount paid to claim.", most=10_000_000),
    Field("data_given", "codes", "restricted", "Personal data given to the organizer.", codes="data_given", most=100),
    Field("first_try_on", "date", "restricted", "First try to reach the organizer."),
    Field("last_try_on", "date", "restricted", "Last try to reach the organizer."),
    Field("tries_count", "integer", "restricted", "Number of tries.", least=1, most=1000),
    # how it stands
    Field("credited_stage", "code", "public", "Stage the relief is credited to, or ambiguous.", codes="credited_stage"),
    Field("partial_accepted_on", "date", "public", "Day a partial relief was accepted as the end."),
    Field("gave_up_on", "date", "public", "Day the reporter gave up."),
    Field("withdrawn_on", "date", "restricted", "Day the report was withdrawn."),
    Field("withdraw_reason", "code", "restricted", "Why it was withdrawn.", codes="withdraw_reason"),
    # words and consent
    Field("narrative", "text", "restricted", "What happened, in the reporter's words.", least=20, most=1000, free_text=True),
    Field("consent_narrative", "flag", "restricted", "The narrative may be shown, redacted."),
    Field("consent_publish", "flag", "restricted", "The report may count in public figures.", required=True),
    Field("consent_case_file", "flag", "restricted", "The report may stand in a case file that goes to the lottery tool, the platform or 12315; no: not given."),
    Field("consent_contact", "flag", "restricted", "More may be asked and a joint complaint offered on My report; there is no other way to reach the reporter."),
    Field("truth_statement", "flag", "restricted", "The reporter states that this is true.", required=True),
)  # fmt: skip

STAGE_EVENT = (
    Field("stage", "code", "public", "Rung of the ladder.", codes="stage", required=True),
    Field("target_entity", "code", "public", "Who was asked or complained about.", codes="target_entity"),
    Field("channel", "text", "restricted", "Way the complaint took.", most=60, free_text=True),
    Field("entered_on", "date", "public", "Day it began.", required=True),
    Field("closed_on", "date", "public", "Day it was decided."),
    Field("outcome", "code", "public", "What came of it.", codes="stage_outcome", required=True),
    Field("promised_on", "date", "public", "Day by which the prize was promised."),
    Field("response_kind", "code", "public", "Automatic or human answer.", codes="response_kind"),
    Field("first_response_hours", "integer", "public", "Hours to the first answer.", least=0, most=8760),
    Field("platform_action", "code", "public", "What the platform did to the organizer.", codes="platform_action"),
    Field("skip_reason", "code", "public", "Why the rung was left out.", codes="skip_reason"),
    Field("relief", "code", "public", "What was received.", codes="relief"),
    Field("relief_value", "money", "public", "Its value.", most=10_000_000),
    Field("relief_on", "date", "public", "Day it was received."),
    Field("case_ref", "text", "restricted", "Case number; letters, digits, brackets, dashes, dots, slashes.", most=40),
)  # fmt: skip

EVIDENCE = (
    Field("kind", "code", "restricted", "What it shows.", codes="evidence_kind", required=True),
    Field("form", "code", "restricted", "How it was taken.", codes="evidence_form", required=True),
    Field("captured_on", "date", "restricted", "Day it was taken."),
    Field("sha256", "text", "restricted", "Fingerprint of the file.", most=64),
    Field("media_type", "text", "restricted", "Kind of the file: image/png, image/jpeg, image/webp or application/pdf.", most=40),
    Field("size_bytes", "integer", "restricted", "Its size.", least=1, most=5_242_880),
    Field("redacted", "flag", "restricted", "Personal data was masked."),
)  # fmt: skip

#: Code lists that are no entry of code_lists.json because they are names of this program, not words of the domain.
OWN_CODES = {"report_lang": ("zh", "en")}

#: Natures with an entry in a public register, and kinds whose handle is public: their names may be kept in clear.
REGISTERED = ("company", "public_body", "sole_proprietor")
ACCOUNTS = ("official_account", "creator")
#: Outcomes of a rung that brought the prize or a part of it.
RELIEF = ("relief_full", "relief_partial")
#: Fields of a dispute that a person fills with words of their own.
FREE_TEXTS = tuple(field.name for field in DISPUTE if field.free_text)

TABLES = {"dispute": DISPUTE, "stage_event": STAGE_EVENT, "evidence": EVIDENCE}
