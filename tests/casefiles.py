"""Registers with something to make a case file of, and what a case file says, for its tests."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

from pypdf import PdfReader

from prizewatch import casefile, identity, intake
from prizewatch.casefile import CaseFile
from prizewatch.store import Register
from tests.intake_rows_by_hand import IMPORT, NOW, S1, S2, Rows, attempt
from tests.log_by_hand import decision, organizer, put, rows_of

PROOF = [{"kind": "win_page", "form": "screen_recording"}, {"kind": "chat_refusal", "form": "screenshot"}]
SHOP = "gh_case_shop"
LADDER = [
    S1, S2, attempt("s3_lottery_platform", "no_response", "2026-06-07", closed_on="2026-06-20"),
    attempt("s4_host_platform", "rejected", "2026-06-21", closed_on="2026-06-25", target_entity="official_account"),
]  # fmt: skip
#: A row as it is pointed at, and a bracket full of them.
ROW = re.compile(r"[DLCP]\d+(?:-[SE]\d+)?")
BRACKET = re.compile(r"\[((?:[DLCP]\d+(?:-[SE]\d+)?(?:–|, )?)+)\]")


def shop_id(register: Register, handle: str = SHOP) -> UUID:
    return identity.organizer_id(register.key, "wechat", handle)


def file(
    register: Register, count: int = 4, *, start: int = 0, last_first: bool = False, **change: Any
) -> intake.Receipt:
    """`count` people report one shop, each about a draw of its own, and agree to a case file; the shop is reviewed."""
    rows, first, handle = Rows(), date(2026, 5, 1), change.get("organizer_handle", SHOP)
    events, evidence = change.pop("events", LADDER), change.pop("evidence", PROOF)
    for n in reversed(range(count)) if last_first else range(start, start + count):
        day = (first + timedelta(days=n % 30)).isoformat()
        said = {
            "organizer_handle": SHOP, "organizer_display": "案卷小店", "draw_ref": f"draw {n}",
            "draw_time": f"{day} 12:00:00", "win_notice_on": day, "prize_value": str(100 + n),
            "consent_case_file": "true",
        }  # fmt: skip
        rows.add(f"{handle} {n}", {**said, **change}, events=events, evidence=evidence)
    receipt = intake.accept(register, rows.batch(), IMPORT, NOW)
    assert receipt.rejected == 0, [(p.row, p.code, p.value) for p in receipt.problems if p.severity == "error"][:5]
    name(register, handle, "案卷小店")
    return receipt


def name(register: Register, handle: str, display: str) -> None:
    """A moderator reviews and names the organizer."""
    shop = shop_id(register, handle)
    put(
        register, organizer=[organizer(shop, handle=handle, display_name=display)],
        moderation=[decision(shop, action, kind="organizer") for action in ("review", "name")],
    )  # fmt: skip


def publish(register: Register) -> None:
    """A moderator lets through all that a screen held."""
    held = rows_of(register, "SELECT dispute_id FROM mart.dispute")
    put(register, moderation=[decision(row["dispute_id"], "publish_masked") for row in held])


def made(register: Register, subject: UUID | None = None, **more: Any) -> CaseFile:
    found = casefile.make(register, subject or shop_id(register), NOW, **more)
    assert found is not None
    return found


def text_of(page: str) -> str:
    """What a page says, without its tags and style."""
    body = page.split("<body>")[1]
    return unescape(re.sub(r"<[^>]+>", " ", body))


def everything(found: CaseFile) -> str:
    """All that a case file holds, as text."""
    parts = [*found.files]
    for name, content in found.files.items():
        parts.append(text_of_pdf(content) if name.endswith(".pdf") else content.decode("utf-8"))
    return "\n".join(parts)


def text_of_pdf(content: bytes) -> str:
    """What a PDF says: as it is read, and once more without space, so that no end of a line hides a word."""
    said = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return said + "\n" + dense(said)


def dense(text: str) -> str:
    """A text without spaces and without the places where a fingerprint may break."""
    return re.sub(r"[\s\u200b]+", "", text)


def rows_of_page(page: str) -> set[str]:
    """The rows that exist in a page."""
    return set(re.findall(r"id='([^']+)'", page))


def pointed_at(text: str) -> set[str]:
    """Every row that a text points to."""
    return {row for bracket in BRACKET.findall(text) for row in ROW.findall(bracket)}
