"""Write data/README.md, the data dictionary, from the code: fields, log, files, code lists. A test keeps it true.

python scripts/data_dictionary.py
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from prizewatch import datasets, settings
from prizewatch.fields import EVIDENCE, STAGE_EVENT, TABLES, Field
from prizewatch.i18n import language
from prizewatch.store import Register
from prizewatch.vocabulary import code_lists
from scripts import redaction_figures

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "data" / "README.md"
MIGRATIONS = ROOT / "prizewatch" / "sql" / "migrations"

HEAD = """# Data dictionary

Made by `make dictionary` from the code; a test compares the two. Do not edit it by hand.

What lies in this folder:

| path | what it is | in git |
|---|---|---|
| `reference/` | code lists, stages and their outcomes, waits, rules of lottery tools, advice | yes |
| `samples/` | two files of real public complaint records with their mappings, and what each word was mapped to | yes |
| `prizewatch.duckdb` | the register, unless `PRIZEWATCH_DATABASE` names another file | no |
| `demo.duckdb` | the demo register, invented by a command | no |
| `*.duckdb.releases/` | releases of the tables, one folder each: what is handed out | no |
| `*.duckdb.key` | the key of the hashes in the register beside it; lose it, and nothing new can be matched | no |

**Classes.** `public`: may stand in figures and, where the publication rules allow it, by organizer. `restricted`: for
moderators. `secret`: never leaves the database, most of it never enters it in clear.

**Types** are those of plain SQL. Days (`_on`) are in the register's time zone, times (`_at`, `_time`) in UTC.
"""

#: Tables of `reference/`: what one row says. Their columns are read from the files.
REFERENCE_TABLES = {
    "advice": "What to do at one step with one kind of organizer; the day it was checked, tags of its sources.",
    "announcement": "An item an announcement should state, a warning sign, or a thing to save; why it matters.",
    "confusables": "A character and what it looks like (Unicode confusables, UTS 39, reduced; licence beside it).",
    "fraud_ground": "A reason, or data given, that makes a case for the police; rules and advice both read it.",
    "periods": "A period that dates are counted by, and what it rests on.",
    "coverage": "How often an interval held a planted truth in made-up worlds; measured by the benchmark.",
    "season": "A season of promotions, marked in the trends.",
    "source": "What a tag stands for; read_as: official text, copy of the text, or second_hand.",
    "stage_outcome": "An outcome that a step may have.",
    "tool_rules": "Terms of a lottery tool's own rules; empty where not known.",
    "transition": "A move on the ladder that is allowed, and what it needs.",
    "value_band": "A band of prize values.",
    "wait": "The usual wait at a step.",
}

#: Columns of the log that are no fields of a batch: class and meaning.
LOG = {
    "commit_no": ("public", "Number of the transaction the row came with."),
    "committed_at": ("public", "When the transaction was written (UTC)."),
    "rows_logged": ("public", "Rows the transaction appended."),
    "source": ("restricted", "Where it came from: the form, an import by its mapping, the demo."),
    "event_id": ("restricted", "Id of this row; the same id is never taken twice."),
    "recorded_at": ("restricted", "When the register wrote the row (UTC)."),
    "dispute_id": ("restricted", "Id of the dispute: keyed hash of reporter, draw and prize."),
    "version": ("restricted", "1 is what was first filed, later ones are corrections and additions."),
    "reporter_key": ("secret", "Keyed hash of the reporter; tells reporters apart and nothing else."),
    "network_key": ("secret", "Keyed hash of the network address, for the limit of reports a day."),
    "receipt_hash": ("secret", "Keyed hash of the receipt code."),
    "organizer_id": ("restricted", "Id of the organizer: keyed hash of platform and handle."),
    "draw_id": ("restricted", "Id of the draw: keyed hash of organizer and the draw's reference, or its day."),
    "screen": ("restricted", "What the automatic screens found, codes joined by ;. Empty: it passed."),
    "stage_event_id": ("restricted", "Id of the stage event that this row is a version of."),
    "seq": ("restricted", "Order of the stage events of a dispute, as filed."),
    "kind": (
        "restricted",
        "organizer: seen, merged, split or distinct. evidence: what it shows. proposal: proposed, confirmed, declined. "
        "erasure_request: asked, taken_back, declined. "
        "Of invitations, answers and notices: what happened, as the migration lists it. "
        "alarm: what was decided. register: live, demo, reference.",
    ),
    "into_id": ("restricted", "The organizer this one was merged into."),
    "handle_key": ("secret", "Keyed hash of platform and handle."),
    "handle": ("restricted", "Handle in clear; businesses and accounts only."),
    "display_name": (
        "restricted",
        "Shown name in clear; businesses and accounts only. Public once a moderator names it.",
    ),
    "reg_no": ("restricted", "Unified social credit code; companies only."),
    "seen_on": ("restricted", "Day this name or handle was met."),
    "reason": ("restricted", "Why a merge was made or undone."),
    "observed_on": ("public", "Day on which the number of draws was counted."),
    "source_kind": ("public", "Where the number of draws comes from."),
    "subject_kind": ("restricted", "What a moderator decided on: dispute or organizer."),
    "subject_id": ("restricted", "Its id."),
    "action": ("restricted", "What was decided; the list stands in the migration, and check: an alarm holds it."),
    "related_id": ("restricted", "The other dispute or organizer of a merge, or the alarm that moved the report."),
    "alarm_id": ("restricted", "Id of an alarm about a burst of reports."),
    "since": ("restricted", "The earliest report the alarm is about (UTC)."),
    "signals": ("restricted", "What was unusual: burst_day, burst_month, place; joined by ;."),
    "reports": ("restricted", "How many reports the alarm was about."),
    "cluster_key": ("secret", "The reporter key this one counts as."),
    "kept": ("public", "Whether its coded values still count in the figures."),
    "request_id": ("restricted", "The request for erasure this row belongs to: the event_id of its first row."),
    "erased_at": ("restricted", "When a report was erased (UTC)."),
    "rows_erased": ("public", "Rows that were erased or emptied."),
    "files_erased": ("public", "Files of evidence that were erased."),
    "good_until": ("restricted", "Until when a link is good (UTC)."),
    "fingerprint": ("public", "Fingerprint of the files the rules stand in."),
    "in_use_at": ("public", "When the register first worked by them (UTC)."),
    "reason_code": ("restricted", "Why; for set_level the level."),
    "sentence": ("restricted", "The reason in words."),
    "actor": ("restricted", "Who decided, or proposed."),
    "second": ("restricted", "Who confirmed what two persons decide; one_person_team where the setting asks for none."),
    "undoes": ("restricted", "The decision this one takes back; then neither counts."),
    "proposal_id": ("restricted", "The proposal this row belongs to: the event_id of its first row."),
    "answer": ("public", "What the organizer answered."),
    "words": ("restricted", "The answer in the organizer's words."),
    "replied_on": ("public", "Day of the answer."),
    "reply_id": ("restricted", "The answer of an invitation that the row is of."),
    "invitation_id": ("restricted", "Id of an invitation; the code that proves control is made from it."),
    "token_key": ("secret", "Keyed hash of the link of an invitation."),
    "about_words": ("restricted", "Which draw and prize an organizer says it has delivered."),
    "proof_kind": ("restricted", "How an organizer shows that the account is its own."),
    "proof_words": ("restricted", "Where that can be seen."),
    "notice_id": ("restricted", "Id of a notice."),
    "sender_key": ("secret", "Keyed hash of the contact of a notice's sender, to count notices in bad faith."),
    "sender": ("restricted", "What the sender of a notice has to do with the record."),
    "wish": ("restricted", "What a notice asks for."),
    "ground": ("public", "On what ground a notice, or what was erased, stands."),
    "link": ("restricted", "Where the proof of a notice can be seen."),
    "step_id": ("restricted", "The step that the row is of; a step about several reports has several rows."),
    "sender_name": ("restricted", "Who sent a notice; erased after a while."),
    "contact": ("restricted", "Where the sender can be reached; never shown to the other side."),
    "published": ("public", "The answer may be shown."),
    "answered": ("restricted", "What the reporter answered when a moderator asked."),
    "device_key": ("secret", "Keyed hash of a random mark of the reporter's browser, for the limit of reports a day."),
    "draft_key": ("secret", "Keyed hash of a draft's code."),
    "saved_at": ("restricted", "When the draft was saved last (UTC)."),
    "request_key": ("secret", "Keyed hash of a program's name for its request."),
    "body_key": ("secret", "Keyed hash of the request's words, to tell other words under the same name."),
    "erase_at": ("restricted", "When the row is erased (UTC)."),
    "answers": ("restricted", "The answers of a draft so far, as JSON; never the reporter's contact."),
    "field": ("restricted", "The field the words were written in."),
    "account_key": ("restricted", "An account's name as it is compared."),
    "account": ("restricted", "Name of a moderator or admin, as it is shown at the desk."),
    "role": ("restricted", "moderator or admin; in the audit the one they had then."),
    "passphrase_hash": ("secret", "argon2 hash of a passphrase; empty where there is none."),
    "oidc_subject": ("restricted", "What the identity provider knows them by."),
    "added_at": ("restricted", "When the account was made (UTC)."),
    "added_by": ("restricted", "Who made it."),
    "disabled_at": ("restricted", "Since when nobody can sign in with it (UTC); empty while somebody can."),
    "session_key": ("secret", "Keyed hash of the token of a session."),
    "opened_at": ("restricted", "When somebody signed in (UTC)."),
    "seen_at": ("restricted", "The last sign of life (UTC), to the minute."),
    "ticket_key": ("secret", "Keyed hash of a link that is good once."),
    "good_for": ("restricted", "What it is good for: session or passphrase."),
    "entry_no": ("restricted", "Number of an entry of the audit."),
    "detail": ("restricted", "A code or a number that goes with it."),
    "seal": ("restricted", "Keyed hash of this row and of the seal before it."),
    "seal_no": ("restricted", "Number of a seal."),
    "sealed_commit": ("restricted", "The commit it is over."),
    "sealed_at": ("restricted", "When it was sealed (UTC)."),
    "digest": ("restricted", "Keyed hash of all rows of this commit."),
    "chain": ("restricted", "Name of a chain of rows: audit or seal."),
    "link_no": ("restricted", "Number of its last row."),
    "mark": ("restricted", "Keyed hash of that row's seal."),
    "number": ("public", "Number of a migration."),
    "name": ("public", "Name of a migration."),
    "applied_at": ("public", "When the register took it."),
    "clock_on": ("public", "Day the clocks of a demo or reference register stand at."),
    "title": ("public", "Title of a reference register."),
    "made_at": ("public", "When the register was made (UTC)."),
    "key_check": ("restricted", "Tells whether the key is the right one; not the key."),
}


def log_columns() -> dict[str, list[tuple[str, str]]]:
    """Every table of the migrations: name -> (column, type)."""
    sql = "\n".join(path.read_text("utf-8") for path in sorted(MIGRATIONS.glob("*.sql")))
    tables = re.findall(r"CREATE TABLE (\S+) \(\n(.*?)\n\);", sql, re.DOTALL)
    column = re.compile(r"^\s+(\w+) ([A-Z]+(?:\([\d,]+\))?)", re.MULTILINE)
    found = {name: column.findall(body) for name, body in tables}
    for name, added, kind in re.findall(r"ALTER TABLE (\S+) ADD COLUMN (\w+) (\S+?);", sql):
        found[name].append((added, kind))
    return found


def log_meaning(table: str, column: str) -> tuple[str, str]:
    """Class and meaning of a column of the log. Raises `KeyError` for one nobody described."""
    known = {"log.stage_event": STAGE_EVENT, "log.evidence": EVIDENCE}.get(table, ())
    if table == "desk.original" and column == "words":
        return "restricted", "What was written, before personal data was masked."
    for field in (*known, *(TABLES["dispute"] if table in ("log.filing", "log.organizer", "log.draw_count") else ())):
        if field.name == column:
            return field.privacy, field.meaning
    return LOG[column]


def field_rows(fields: tuple[Field, ...]) -> list[str]:
    """A table of fields of a batch."""
    lines = ["| field | holds | class | required | meaning |", "|---|---|---|---|---|"]
    for field in fields:
        holds = f"{field.kind} of `{field.codes}`" if field.codes else field.kind
        limits = [
            f"at least {field.least}" if field.least is not None else "",
            f"at most {field.most}" if field.most else "",
        ]
        holds += "".join(f", {limit}" for limit in limits if limit) + (
            " characters" if field.kind == "text" and field.most else ""
        )
        meaning = field.meaning + ("" if field.logged else " Not kept as given.")
        lines.append(f"| `{field.name}` | {holds} | {field.privacy} | {'yes' if field.required else ''} | {meaning} |")
    return lines


def log_rows() -> list[str]:
    """Tables of the log with every column."""
    lines: list[str] = []
    for table, columns in log_columns().items():
        lines += ["", f"### {table}", "", "| column | type | class | meaning |", "|---|---|---|---|"]
        for column, kind in columns:
            privacy, meaning = log_meaning(table, column)
            lines.append(f"| `{column}` | {kind} | {privacy} | {meaning} |")
    return lines


def file_rows() -> list[str]:
    """The files of `pipelines export` and the download page, with every column."""
    _ = language("en")
    lines: list[str] = []
    environ = {"PRIZEWATCH_SECRET_KEY": "0" * 32}
    with Register.open(None, settings.read(environ), now=datetime(2026, 1, 1)) as register:
        for data in datasets.datasets(register):
            lines += ["", f"### {data.file}", "", _(data.about_key), "", "| column | meaning |", "|---|---|"]
            lines += [f"| `{column.name}` | {_(column.key)} |" for column in data.columns]
    return lines


def code_rows() -> list[str]:
    """The code lists with both labels."""
    lines: list[str] = []
    for name, entries in code_lists().items():
        lines += ["", f"### {name}", "", "| code | 中文 | English |", "|---|---|---|"]
        lines += [f"| `{entry.code}` | {entry.zh} | {entry.en} |" for entry in entries.values()]
    return lines


def reference_rows() -> list[str]:
    """One line a table of `reference/`. Raises `KeyError` for a file nobody has described."""
    rows = ["| file | columns | one row |", "|---|---|---|"]
    for path in sorted((ROOT / "data" / "reference").glob("*.csv")):
        columns = path.read_text("utf-8-sig").splitlines()[0].split(",")
        rows.append(f"| `{path.name}` | {', '.join(f'`{c}`' for c in columns)} | {REFERENCE_TABLES[path.stem]} |")
    return rows


def redaction_rows() -> list[str]:
    """How well personal data in free words is found."""
    return [
        "",
        "## Personal data in free words",
        "",
        "What strangers write is masked before it is stored; names are only flagged. Measured over the lines in",
        "`tests/redaction` (invented; no number in them is anybody's) and 308 everyday lines. The lines held out were",
        "written before the shapes and not used to mend them. Recall: lines in which something was found. Precision:",
        "of what was masked or flagged, what should have been, to the letter.",
        "",
        *redaction_figures.table(),
        "",
        "Of the 40 narratives in `tests/redaction/narratives.csv` the ten with planted data are found, by kind, and no",
        "other.",
    ]


def dictionary() -> str:
    """The whole text of data/README.md."""
    lines = [
        HEAD,
        "## Fields of a batch",
        "",
        "What the form, a file or a program may give. Lists of codes are joined by `;`.",
    ]
    for table, fields in TABLES.items():
        lines += ["", f"### {table}", "", *field_rows(fields)]
    lines += ["", "## Files that leave the register", "", "All columns are public, with the publication rules applied."]
    lines += [
        *file_rows(),
        "",
        "## The log",
        "",
        "Append-only. All else in the register is derived from it.",
        *log_rows(),
    ]
    lines += ["", "## Reference tables", "", "`reference/*.csv`, UTF-8.", "", *reference_rows()]
    lines += redaction_rows()
    lines += ["", "## Code lists", "", "`reference/code_lists.json`. Codes never change, labels may.", *code_rows(), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    PLACE.write_text(dictionary(), "utf-8")
