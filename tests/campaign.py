"""A simulated campaign: false reports about an honest shop, through the real door into a real register, and what the
public sees of it meanwhile and at its end. For the tests and `make bench`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from prizewatch import brigading, exports, queries
from prizewatch.datasets import dataset
from prizewatch.intake import accept
from prizewatch.store import Register
from tests.conftest import settings_for
from tests.intake_rows_by_hand import FORM, NOW, S1, S2, Rows
from tests.log_by_hand import rows_of
from tests.reporter import file

SHOP = {"organizer_display": "Honest Shop", "organizer_handle": "gh_honest"}
LEVELS = ("none", "watch", "repeat", "pervasive")


class Campaign(NamedTuple):
    """`reports` by `identities` within `days`; `proof`: none, ticks, files (forged ones); `networks`: one or many."""

    identities: int
    days: int
    proof: str = "files"
    networks: str = "many"
    reports: int = 200


class Seen(NamedTuple):
    """What the public sees at one moment."""

    level: str
    listed: bool
    on_page: int
    in_search: int
    in_csv: bool
    look_up: bool


class Outcome(NamedTuple):
    """accepted and held reports; what was seen at the end, the highest level ever, and after how many reports the
    alarm came (0: never).
    """

    accepted: int
    held: int
    end: Seen
    highest: str
    ever_listed: bool
    alarm_after: int


def seen(register: Register) -> Seen:
    """The shop on every public surface."""
    found = rows_of(register, "SELECT level, publication, public_code FROM mart.organizer")
    (shop,) = found or [{"level": "none", "publication": "lookup", "public_code": ""}]
    page = queries.organizer(register, shop["public_code"])
    listed = exports.csv_bytes(dataset(register, "organizers")).decode("utf-8-sig")
    with register.read() as cur:
        answer = cur.execute("SELECT coalesce(max(reporters), 0) >= 2 FROM mart.organizer").fetchall()[0][0]
    return Seen(
        shop["level"], shop["publication"] == "listed", page.disputes if page else 0,
        queries.search_organizers(register).total, bool(shop["public_code"]) and shop["public_code"] in listed,
        bool(answer),
    )  # fmt: skip


def reports(register: Register, campaign: Campaign, alone: int = 13) -> Iterator[tuple[Any, Rows]]:
    """When reports come, and what they are: the first ones each for itself, then those of a day, or half a day."""
    together = min(94, math.ceil(campaign.reports / campaign.days))
    own: dict[int, list[dict[str, str]]] = {}
    rows = Rows()
    for n in range(campaign.reports):
        who = n % campaign.identities
        at = NOW + timedelta(days=campaign.days) * n / campaign.reports
        day = str(date(2026, 1, 1) + timedelta(days=n))  # each another draw
        change = {**SHOP, "reporter": f"sham{who}@example.org", "network": f"net{who}", "device": f"dev{n}"}
        change |= {"draw_time": f"{day} 04:00:00", "win_notice_on": day, "claim_made_on": day, "refused_on": day}
        if campaign.networks == "one":
            change["network"] = "net"
        if campaign.proof == "none":
            evidence = []
        elif campaign.proof == "ticks":
            evidence = [{"kind": k, "form": "screenshot"} for k in ("win_page", "chat_refusal")]
        else:
            made = [file(register, k, "screen_recording", f"{k} {who}".encode()) for k in ("win_page", "chat_refusal")]
            evidence = own.setdefault(who, made)
        events = [S1 | {"entered_on": day}, S2 | {"entered_on": day, "closed_on": day}]
        rows.add(f"sham{n}", change, events=events, evidence=evidence)
        if n < alone or len(rows.disputes) == together or n + 1 == campaign.reports:
            yield at, rows
            rows = Rows()


def run(campaign: Campaign, folder: Path) -> Outcome:
    """The whole campaign against an honest shop nobody ever reported; the public looks at it all the time."""
    with Register.open(None, settings_for(folder / "x"), now=NOW) as register:
        accepted, alarm_after, highest, ever = 0, 0, "none", False
        for at, rows in reports(register, campaign):
            accepted += accept(register, rows.batch(), FORM, at).accepted
            level, listed = register_says(register)
            highest = max(highest, level, key=LEVELS.index)
            ever |= listed
            if not alarm_after and brigading.alarms(register):
                alarm_after = accepted
        held = rows_of(register, "SELECT count(*) AS n FROM mart.dispute WHERE moderation = 'pending'")[0]["n"]
        return Outcome(accepted, held, seen(register), highest, ever, alarm_after)


def register_says(register: Register) -> tuple[str, bool]:
    """Level and listing, as every page reads them."""
    found = rows_of(register, "SELECT level, publication FROM mart.organizer")
    return (found[0]["level"], found[0]["publication"] == "listed") if found else ("none", False)


def curve(folder: Path) -> Iterator[str]:
    """The printed cost curve: one line a campaign, then the fewest identities that move a level."""
    yield (
        f"{'campaign':<34}{'sent':>5}{'held':>6}{'alarm at':>9}  {'level at end':<13}{'highest':<9}"
        "page search csv look-up"
    )
    for days in (1, 30):
        for proof, networks in (("none", "many"), ("files", "one"), ("files", "many")):
            for identities in (3, 10, 50):
                yield line(Campaign(identities, days, proof, networks), folder)
    yield "below the alarm's thresholds: the fewest identities (own network, device and files each) for a level"
    for identities, sent in ((1, 12), (2, 2), (3, 3), (12, 12)):
        yield line(Campaign(identities, 29, reports=sent), folder)


def line(campaign: Campaign, folder: Path) -> str:
    """One line of the curve."""
    done = run(campaign, folder)
    end = done.end
    what = f"{campaign.identities} people, {campaign.days} d, {campaign.proof}, {campaign.networks} net"
    return (
        f"{what:<34}{done.accepted:>5}{done.held:>6}{done.alarm_after or '-':>9}  {end.level:<13}{done.highest:<9}"
        f"{end.on_page:>4}{end.in_search:>7}{'yes' if end.in_csv else 'no':>4}{'yes' if end.look_up else 'no':>8}"
    )
