"""Case files: the reports of one organizer, or of one draw, that agreed to it, as a file somebody else can act on.

`make` gives the pages in both languages, to read and as PDF, letters, tables and their fingerprints; the same data
give the same bytes. Files of evidence come only with `with_files`, which is for moderators: the reporters agreed to no
more.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from . import audit, casefile_pdf, fields, vault
from . import casefile_facts as facts
from . import casefile_letters as letters
from .access import Actor
from .casefile_html import page
from .casefile_rows import LEAST_REPORTERS, Case, read
from .exports import BOM, harmless
from .i18n import LANGUAGES, language
from .pace import Pace
from .statements import rows
from .store import Register
from .story import text
from .vocabulary import codes, label

#: Who takes a case file by a receipt.
REPORTER = Actor("", "reporter")
NOTED = 10  # times a day, of one report
_taken = Pace(timedelta(hours=24))
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "application/pdf": "pdf"}
#: Columns of a step and of a report that the tables give; labels stand in the pages.
STEP = ("stage", "target_entity", "entered_on", "closed_on", "outcome", "promised_on", "response_kind",
        "platform_action", "relief", "relief_value", "relief_on")  # fmt: skip
REPORT = ("host_platform", "lottery_tool", "win_notice_on", "claim_made_on", "refused_on", "dispute_reason",
          "refusal_mode", "stated_before_entry", "conditions", "prize_kind", "prize_value", "currency", "value_basis",
          "amount_paid", "verification", "status", "last_update_on", "gave_up_on")  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file: name -> content, and what it holds in numbers."""

    code: str
    files: dict[str, bytes]
    disputes: int
    reporters: int
    draws: int
    as_of: datetime

    @property
    def name(self) -> str:
        """What the zip is called."""
        return f"prizewatch-case-{self.code}-{self.as_of:%Y-%m-%d}.zip"

    def html_bytes(self, lang: str) -> bytes:
        """The page to read and print in a language."""
        return self.files[f"case-file.{lang}.html"]

    def pdf_bytes(self, lang: str) -> bytes:
        """The same page, typeset."""
        return self.files[f"case-file.{lang}.pdf"]

    def zip_bytes(self) -> bytes:
        """All files in one. Stored, not squeezed: libraries squeeze differently, and these bytes are to be the same."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
            for name, content in self.files.items():
                entry = zipfile.ZipInfo(name, (self.as_of.year, self.as_of.month, self.as_of.day, 0, 0, 0))
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                made.writestr(entry, content)
        return out.getvalue()


def make(
    register: Register, subject: UUID, now: datetime, *, with_files: bool = False, only_page: bool = False
) -> CaseFile | None:
    """The case file of an organizer or of a draw, as of today; None where there is none: the organizer did not reach
    the level, or fewer than two people agreed. `with_files` adds the files of evidence, for moderators only. Where
    `only_page` is wanted, nothing is typeset: the page is there at once, whatever becomes of the PDF.
    """
    register.advance(now)
    case = read(register, subject)
    if case is None:
        return None
    pages = {f"case-file.{code}": page(case, language(code), register.settings.time_zone) for code in LANGUAGES}
    files = {f"{name}.html": made.html().encode() for name, made in pages.items()}
    if not only_page:
        typeset = casefile_pdf.typeset(list(pages.values()), case.as_of)
        files |= {f"{name}.pdf": made for name, made in zip(pages, typeset, strict=True)}
    files |= _letters(register, case)
    files |= {"reports.csv": _reports(case), "steps.csv": _steps(case), "evidence.csv": _evidence(case)}
    files["labels.csv"] = _labels()
    if with_files:
        files |= _held(register, case)
    files["README.txt"] = _readme(case, with_files)
    files["SHA256SUMS"] = "".join(f"{sha256(c).hexdigest()}  {name}\n" for name, c in sorted(files.items())).encode()
    at = datetime(case.as_of.year, case.as_of.month, case.as_of.day)
    return CaseFile(
        str(case.organizer["public_code"]), dict(sorted(files.items())), len(case.claims), case.reporters,
        len(case.draws), at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """An organizer that a case file can be made of, and what would stand in it. `name` is for the desk: what it is
    called on file, named in public or not.
    """

    organizer_id: UUID
    public_code: str
    level: str
    disputes: int
    reporters: int
    draws: int
    name: str


def reachable(register: Register, organizer: UUID | None = None) -> list[Reach]:
    """The organizers that have a case file (or this one, if it has), the most reporters first."""
    with register.read() as cur:
        found = rows(
            cur, "casefile/reach", {"least": LEAST_REPORTERS, "organizer": str(organizer) if organizer else None}
        )
    return [Reach(**{**row, "organizer_id": UUID(row["organizer_id"])}) for row in found]


def organizer_of(register: Register, public_code: str) -> UUID | None:
    """The organizer with a public code, if a case file can be made of it."""
    code = public_code.strip().lstrip("#").upper()
    return next((one.organizer_id for one in reachable(register) if one.public_code == code), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one report stands: the case file it is in or could be in, if there is one; how many people are in that;
    whether this report is, and whether it has proof of both sides, which opens the file to its reporter.
    """

    subject: UUID | None
    reporters: int
    inside: bool
    proven: bool


def place(register: Register, dispute_id: UUID | str) -> Place:
    """The organizer's case file goes before that of the draw alone."""
    with register.read() as cur:
        row = rows(cur, "casefile/place", {"dispute": str(dispute_id)})[0]
    if row["leveled"] and row["of_organizer"] >= LEAST_REPORTERS:
        return Place(UUID(row["organizer_id"]), row["of_organizer"], row["inside"], row["proven"])
    if row["of_draw"] >= LEAST_REPORTERS:
        return Place(UUID(row["draw_id"]), row["of_draw"], row["inside"], row["proven"])
    return Place(None, 0, row["inside"], row["proven"])


def for_reporter(
    register: Register, dispute_id: UUID | str, now: datetime, *, only_page: bool = False
) -> CaseFile | None:
    """The case file a report is in, for its reporter: without files, and only with proof of both sides on file, so
    that nobody reads of the others by a report made up for it.
    """
    found = place(register, dispute_id)
    if found.subject is None or not (found.inside and found.proven):
        return None
    return make(register, found.subject, now, only_page=only_page)


def taken_by_reporter(register: Register, dispute_id: UUID | str, kind: str, now: datetime) -> CaseFile | None:
    """`for_reporter`, noted in the audit: by the reporter of this report, whom the register knows by no name. Of one
    report at most so many times a day, so that nobody fills the audit by pressing.
    """
    file = for_reporter(register, dispute_id, now, only_page=kind == "page")
    if file is not None and not _taken.take(register, str(dispute_id), NOTED, now):
        audit.note(register, REPORTER, "casefile.make", "dispute", UUID(str(dispute_id)), now, kind)
    return file


def _letters(register: Register, case: Case) -> dict[str, bytes]:
    clocks = facts.clocks(case, register.settings.time_zone)
    written = {
        (letter.name, letter.lang): letter
        for code in LANGUAGES
        for letter in letters.write_all(case, clocks, language(code))
    }
    return {f"letters/{name}.{lang}.txt": letter.text.encode() for (name, lang), letter in written.items()}


def _csv(heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(text(value)) for value in line] for line in lines)
    return BOM + out.getvalue().encode()


def _reports(case: Case) -> bytes:
    drawn = {draw.ref: draw.day for draw in case.draws}
    lines = [[c.ref, c.draw, drawn[c.draw], *(c.said[name] for name in REPORT)] for c in case.claims]
    return _csv(("row", "draw", "drawn_on", *REPORT), lines)


def _steps(case: Case) -> bytes:
    lines = [[s.ref, c.ref, *(s.said[name] for name in STEP)] for c in case.claims for s in c.steps]
    return _csv(("row", "report", *STEP), lines)


def _evidence(case: Case) -> bytes:
    heads = ("row", "report", "group", "kind", "form", "captured_on", "file_held", "redacted", "sha256")
    lines = [
        [p.ref, c.ref, p.group, p.kind, p.form, p.captured_on, p.held, p.redacted, p.sha256]
        for c in case.claims
        for p in c.proofs
    ]
    return _csv(heads, lines)


def _labels() -> bytes:
    """What the codes of the tables mean."""
    named = {field.name: field.codes for table in fields.TABLES.values() for field in table if field.codes}
    named |= {"verification": "verification_level", "status": "dispute_status", "conditions": "condition_kind"}
    wanted = {name: named[name] for name in (*REPORT, *STEP, "kind", "form") if name in named}
    lines = [
        [name, code, *(label(listed, code, lang) for lang in ("zh-CN", "en"))]
        for name, listed in wanted.items()
        for code in codes(listed)
    ]
    return _csv(("column", "code", "label_zh", "label_en"), lines)


def _held(register: Register, case: Case) -> dict[str, bytes]:
    found = {}
    for proof in facts.proofs(case):
        kept = vault.on_file(register, proof.sha256) if proof.held else None
        if kept is not None:
            found[f"evidence/{proof.ref}.{ENDINGS[kept.media_type]}"] = kept.content
    return found


def _readme(case: Case, with_files: bool) -> bytes:
    """What lies here, in both languages."""
    parts = []
    for code in LANGUAGES:
        _ = language(code)
        said = [_("casefile.invented")] if case.invented else []
        said += [_("casefile.kind", day=_.day(case.as_of)), letters.who(case, _), _("casefile.readme.holds")]
        said += [_("casefile.readme.files" if with_files else "casefile.readme.no_files"), _("casefile.standing")]
        parts.append("\n".join(said))
    return ("\n\n".join(parts) + f"\n\n{case.version}\n").encode()
