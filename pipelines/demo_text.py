"""The demo's numbers as the text tables of a batch: what a form or a file would have brought to the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from prizewatch import vocabulary
from prizewatch.evidence import StoredEvidence
from prizewatch.intake import Batch

from . import demo_names as names
from . import demo_tables as tables
from .demo_names import handle, name
from .demo_pictures import picture
from .demo_story import Columns
from .demo_tables import index
from .demo_world import TEN_OF_TEN, Flags, Ints, World

CONDITION_SETS = (
    ("repost", "follow_account"), ("share_moments",), ("follow_account", "comment_like"), ("join_group", "repost"),
    ("tag_friend", "follow_account"), ("invite_help",), ("comment_like",), ("follow_account", "keep_post"),
)  # fmt: skip
EVIDENCE_A = ("win_page", "rules_page", "share_post", "follow_proof")
EVIDENCE_B = {"blocked": "blocked_proof", "silent": "unanswered_requests", "explicit": "chat_refusal"}
MOST_PICTURED = 40  # reports: enough to try the desk on, whatever the size of the demo
FORMS = {"screenshot": 50, "screen_recording": 30, "original_device": 10, "third_party_record": 10}


class Teller:
    """Turns slices of a demo into batches. `chunk(a, b)` tells reports a to b, with their events and evidence."""

    def __init__(self, world: World, story: Columns, events: Columns, zone: ZoneInfo) -> None:
        self.world, self.story, self.events, self.zone = world, story, events, zone
        self.event_ids = identifiers(world.seed, world.size)
        self.starts = np.searchsorted(events["n"], np.arange(world.size + 1))
        abroad = np.isin(world.organizer["host"], [index("host_platform")[h] for h in tables.ABROAD])
        self.abroad = abroad
        # Half agree to a case file; of the twelve who met the organizer that paid nobody ten, about all its draws.
        planted = world.of_organizer == TEN_OF_TEN
        half = np.random.default_rng([world.seed, 9]).random(world.size) < 0.5
        # Files are kept of some of the reports that wait for a moderator.
        accused = np.isin(story["reason"], [index("dispute_reason")[r] for r in ("rigged_winner", "impersonation")])
        self.pictured = np.flatnonzero(accused | ((story["age"] >= 0) & (story["age"] < 14)))[:MOST_PICTURED]
        self.pictures: list[StoredEvidence] = []  # of the chunks told so far
        self.joins = np.where(planted, ~np.isin(np.arange(world.size), (0, 4)), half)
        self.former = world.organizer["renamed"][world.of_organizer] & (
            story["draw_day"] < world.organizer["rename_day"][world.of_organizer]
        )

    def chunk(self, a: int, b: int) -> Batch:
        """The batch of the reports from a up to b."""
        return Batch(self._disputes(a, b), self._events(a, b), self._evidence(a, b))

    def rows(self, a: int, b: int) -> pa.Array:
        """Row numbers from `a` up to `b`, as text."""
        return pa.array(np.arange(a, b)).cast(pa.string())

    def _disputes(self, a: int, b: int) -> pa.Table:
        w, size = self.world, b - a
        s = {k: v[a:b] for k, v in self.story.items()}
        of, draw = w.of_organizer[a:b], w.of_draw[a:b]
        o = {k: v[of] for k, v in w.organizer.items()}
        d = {k: v[draw] for k, v in w.draw.items()}
        reason, mode = s["reason"], s["mode"]
        codes = index("dispute_reason")
        foreign = self.abroad[of]
        value = np.where(foreign & (d["cents"] > 0), np.maximum(d["cents"] // 7, 50), d["cents"])
        known = s["draws_known"] > 0
        explicit = mode == index("refusal_mode")["explicit"]
        nameless = o["type"] == index("organizer_type")["unknown"]
        handles, displays = self._called(a, b)
        columns: dict[str, Any] = {
            "row": self.rows(a, b),
            "event_id": pa.array(self.event_ids[a:b]),
            "report_lang": texts(foreign.astype(np.int64), ("zh", "en")),
            "reported_at": self._moment(s["reported"], s["minute"]),
            "reporter": joined("demo-reporter-", w.reporter[a:b]),
            "is_first_hand": repeated("true", size),
            "relation": texts((s["age"] >= 0).astype(np.int64), ("winner", "guardian")),
            "winner_age": whole(s["age"]),
            "organizer_type": coded("organizer_type", o["type"]),
            "legal_nature": coded("legal_nature", o["nature"]),
            "organizer_handle": handles,
            "organizer_display": displays,
            "host_platform": coded("host_platform", o["host"]),
            "lottery_tool": coded("lottery_tool", o["tool"]),
            "draw_ref": joined("demo-draw-", np.where(d["has_ref"] & ~nameless, draw, -1)),
            "draw_title": self._titles(d["title"], foreign),
            "draw_time": self._moment(d["day"], d["minute"]),
            "entered_on": dates(s["entered"]),
            "win_notice_on": dates(s["win"]),
            "winners_count": whole(d["winners"]),
            "entrants_count": whole(d["entrants"]),
            "other_winners_known": whole(s["others"]),
            "draws_known": whole(s["draws_known"]),
            "draws_source": texts(np.where(known, of % 3, -1), ("tool_page", "platform_count", "self_declared")),
            "draws_counted_on": dates(np.where(known, s["reported"], -1)),
            "prize_no": whole(w.prize_no[a:b]),
            "prize_kind": coded("prize_kind", d["kind"]),
            "prize_value": money(value),
            "value_unknown": texts((value < 0).astype(np.int64), ("false", "true")),
            "currency": texts(np.where(value < 0, -1, foreign), ("CNY", "USD")),
            "value_basis": coded("value_basis", s["basis"]),
            "conditions": _conditions(s["conditions"], s["condition_set"]),
            "claim_made_on": dates(s["claim"]),
            "claim_deadline": dates(s["deadline"]),
            "refused_on": dates(np.where(mode == index("refusal_mode")["silent"], -1, s["refused"])),
            "dispute_reason": coded("dispute_reason", reason),
            "reasons_secondary": coded("dispute_reason", np.where(s["secondary"] == reason, -1, s["secondary"])),
            "reason_other": texts(np.where(reason == codes["other"], 0, -1), (names.OTHER_REASON,)),
            "refusal_mode": coded("refusal_mode", mode),
            "refusal_text": self._refusals(mode, s["words"], foreign, explicit),
            "stated_before_entry": _stated(reason, s["words"], codes),
            "paid": texts(np.where(s["asked_to_pay"], s["paid"], -1), ("false", "true")),
            "amount_paid": money(s["amount"]),
            "data_given": texts(s["data"], tables.DATA_GIVEN),
            "first_try_on": dates(s["claim"]),
            "last_try_on": dates(s["last_try"]),
            "tries_count": whole(s["tries"]),
            "credited_stage": texts(s["credited"], ("ambiguous", *vocabulary.codes("stage"))),
            "partial_accepted_on": dates(s["accepted_on"]),
            "gave_up_on": dates(s["gave_up"]),
            "withdrawn_on": dates(s["withdrawn_on"]),
            "withdraw_reason": coded("withdraw_reason", s["withdraw_reason"]),
            "narrative": self._narratives(s, foreign),
            "consent_narrative": texts((s["consent"] & s["has_words"]).astype(np.int64), ("false", "true")),
            "consent_publish": repeated("true", size),
            "consent_case_file": texts(self.joins[a:b].astype(np.int64), ("false", "true")),
            "consent_contact": texts(s["contact"].astype(np.int64), ("false", "true")),
            "truth_statement": repeated("true", size),
        }  # fmt: skip
        return pa.table(columns)

    def _called(self, a: int, b: int) -> tuple[pa.Array, pa.Array]:
        """Handle and display name of the organizers: none for nameless ones, a name only where it may be kept."""
        of, former = self.world.of_organizer[a:b], self.former[a:b]
        kept = keeps_name(self.world)
        unknown = self.world.organizer["type"] == index("organizer_type")["unknown"]
        both, place = np.unique(of * 2 + former, return_inverse=True)
        handles = [None if unknown[n // 2] else handle(int(n // 2), bool(n % 2)) for n in both]
        displays = [self.display(int(n // 2), bool(n % 2)) if kept[n // 2] else None for n in both]
        places = pa.array(place)
        return pa.array(handles, pa.string()).take(places), pa.array(displays, pa.string()).take(places)

    def display(self, organizer: int, former: bool) -> str:
        """The name of an organizer; the former one of those that were renamed."""
        code = vocabulary.codes("organizer_type")[self.world.organizer["type"][organizer]]
        number = organizer + (25_000 if former else 0)
        return name(number, code, bool(self.abroad[organizer]))

    def _titles(self, number: Ints, foreign: Flags) -> pa.Array:
        size = len(names.TITLES)
        at = np.where(foreign, size + number % len(names.TITLES_ABROAD), number % size)
        return texts(np.where(number % 10 == 0, -1, at), (*names.TITLES, *names.TITLES_ABROAD))

    def _refusals(self, mode: Ints, words: Ints, foreign: Flags, explicit: Flags) -> pa.Array:
        said: list[str] = []
        first: list[list[int]] = []
        for source in (names.REFUSALS, names.REFUSALS_ABROAD):
            first.append([])
            for code in vocabulary.codes("refusal_mode"):
                first[-1] += [len(said), len(source[code])]
                said += source[code]
        start = np.array(first).reshape(2, -1, 2)[foreign.astype(np.int64), mode]
        at = start[:, 0] + words % start[:, 1]
        empty = np.array([t == "" for t in said])[at] | (~explicit & (words % 3 == 0))
        return texts(np.where(empty, -1, at), tuple(said))

    def _narratives(self, s: Columns, foreign: Flags) -> pa.Array:
        told: list[str] = []
        first = []
        for code in vocabulary.codes("dispute_reason"):
            stories = names.narratives(code)
            first.append((len(told), len(stories)))
            told += stories
        start = np.array(first)[s["reason"]]
        at = start[:, 0] + s["words"] // 7 % start[:, 1]
        abroad = len(told) + s["words"] % len(names.NARRATIVES_ABROAD)
        odd = len(told) + len(names.NARRATIVES_ABROAD) + s["words"] % 2
        at = np.where(s["odd_words"], odd, np.where(foreign, abroad, at))
        every = (*told, *names.NARRATIVES_ABROAD, names.WITH_PHONE, names.WITH_INSULT)
        return texts(np.where(s["has_words"] | s["odd_words"], at, -1), every)

    def _moment(self, day: Ints, minute: Ints) -> pa.Array:
        """A time of day in the register's zone, written in UTC."""
        clock = pd.DatetimeIndex(day.astype("datetime64[D]").astype("datetime64[s]") + minute.astype("timedelta64[m]"))
        local = clock.tz_localize(self.zone, ambiguous=np.ones(len(day), bool), nonexistent="shift_forward")
        utc = local.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[s]")
        return pc.strftime(pa.array(utc), format="%Y-%m-%d %H:%M:%S")

    def _events(self, a: int, b: int) -> pa.Table:
        first, last = self.starts[a], self.starts[b]
        e = {k: v[first:last] for k, v in self.events.items()}
        number = np.random.default_rng([self.world.seed, 7, a]).integers(0, 1 << 30, last - first)
        answered = np.isin(e["stage"], (3, 4, 6)) & (e["skip"] < 0)
        silent = e["outcome"] == index("stage_outcome")["no_response"]  # a receipt at most, or it were an answer
        kind = np.where((e["closed"] < 0) | silent, 0, 1 + (number % 5 == 0))
        hours = np.where(kind == 0, 0, np.maximum(e["closed"] - e["entered"], 0) * 24 + number % 9)
        outcome = vocabulary.codes("stage_outcome")
        foreign = self.abroad[self.world.of_organizer[e["n"]]]
        cents = np.where(foreign & (e["cents"] > 0), np.maximum(e["cents"] // 7, 1), e["cents"])
        return pa.table({
            "row": pa.array(e["n"]).cast(pa.string()),
            "seq": pa.array(np.arange(first, last) - self.starts[e["n"]] + 1).cast(pa.string()),
            "stage": texts(e["stage"] - 1, vocabulary.codes("stage")),
            "target_entity": coded("target_entity", e["target"]),
            "entered_on": dates(e["entered"]),
            "closed_on": dates(e["closed"]),
            "outcome": texts(e["outcome"], outcome),
            "promised_on": dates(e["promised"]),
            "response_kind": texts(np.where(answered, kind, -1), ("auto", "human", "unknown")),
            "first_response_hours": whole(np.where(answered & (hours <= 8760), hours, -1)),
            "platform_action": coded("platform_action", e["action"]),
            "skip_reason": coded("skip_reason", e["skip"]),
            "relief": coded("relief", e["relief"]),
            "relief_value": money(cents),
            "relief_on": dates(e["relief_on"]),
            "case_ref": joined("DEMO-", np.where((e["stage"] >= 5) & (number % 2 == 0), number % 1_000_000, -1)),
        })  # fmt: skip

    def _evidence(self, a: int, b: int) -> pa.Table:
        rng = np.random.default_rng([self.world.seed, 8, a])
        level, s = self.story["level"][a:b], {k: v[a:b] for k, v in self.story.items()}
        everyone = np.arange(a, b)
        which = rng.random(b - a)
        has_a = (level >= 2) | ((level == 1) & (which < 0.6))
        has_b = (level >= 2) | ((level == 1) & (which >= 0.6))
        modes = vocabulary.codes("refusal_mode")
        b_kinds = [EVIDENCE_B.get(m, "chat_refusal") for m in modes]
        third = rng.random(b - a) < 0.15
        third &= level > 0
        official = level == index("verification_level")["V4"]
        kinds = (*EVIDENCE_A, *b_kinds, "profile_id_capture", "complaint_receipt", "official_document")
        after = len(EVIDENCE_A) + len(b_kinds)
        of_a = rng.choice(len(EVIDENCE_A), int(has_a.sum()), p=[0.6, 0.2, 0.15, 0.05])
        blocks = [
            (everyone[has_a], of_a, s["win"][has_a]),
            (everyone[has_b], len(EVIDENCE_A) + s["mode"][has_b], s["refused"][has_b]),
            (everyone[third], after + rng.integers(0, 2, int(third.sum())), s["refused"][third]),
            (everyone[official], np.full(int(official.sum()), len(kinds) - 1), s["reported"][official]),
        ]
        n, kind, on = (np.concatenate(c) for c in zip(*blocks, strict=True))
        form = np.array(list(FORMS.values())) / 100
        how = np.where(kind == len(kinds) - 1, len(FORMS), rng.choice(len(FORMS), len(n), p=form))
        place = np.argsort(n, kind="stable")
        n, kind, on, how = n[place], kind[place], on[place], how[place]
        prints = rng.bytes(32 * len(n)).hex()
        sums = [prints[64 * k : 64 * k + 64] for k in range(len(n))]
        sizes = np.full(len(n), -1)
        for k in np.flatnonzero(np.isin(n, self.pictured) & (how == list(FORMS).index("screenshot"))):
            nth = int(k - np.searchsorted(n, n[k]))
            drawn = picture(self.world.seed, int(n[k]), nth, win_page=bool(kind[k] < len(EVIDENCE_A)))
            sums[k], sizes[k] = drawn.sha256, drawn.size
            self.pictures.append(drawn)
        return pa.table({
            "row": pa.array(n).cast(pa.string()),
            "kind": texts(kind, kinds),
            "form": texts(how, (*FORMS, "official")),
            "captured_on": dates(on),
            "sha256": pa.array(sums, pa.string()),
            "media_type": texts(np.where(sizes < 0, -1, 0), ("image/png",)),
            "size_bytes": pa.array(sizes, mask=sizes < 0).cast(pa.string()),
            "redacted": texts((rng.random(len(n)) < 0.4).astype(np.int64), ("false", "true")),
        })  # fmt: skip


def keeps_name(world: World) -> Flags:
    """Organizers whose name and handle the register keeps in clear: businesses and accounts."""
    natures, types = index("legal_nature"), index("organizer_type")
    business = np.isin(world.organizer["nature"], [natures[n] for n in ("company", "public_body", "sole_proprietor")])
    account = np.isin(world.organizer["type"], [types[t] for t in ("official_account", "creator")])
    return np.asarray((business | account) & (world.organizer["type"] != types["unknown"]))


def identifiers(seed: int, size: int) -> list[str]:
    """Event ids from the seed: custom UUIDs (version 8), the same for the same seed."""
    digits = np.random.default_rng([seed, 6]).bytes(16 * size).hex()
    found = []
    for k in range(0, 32 * size, 32):
        d = digits[k : k + 32]
        found.append(f"{d[:8]}-{d[8:12]}-8{d[13:16]}-a{d[17:20]}-{d[20:]}")
    return found


def _conditions(kind: Ints, number: Ints) -> pa.Array:
    met = [";".join(f"{c}:yes:yes" for c in several) for several in CONDITION_SETS]
    added = [f"{text};add_friend:no:no" for text in met]
    failed = [f"{text};date_window:yes:no" for text in met]
    return texts(kind * len(met) + number, (*met, *added, *failed))


def _stated(reason: Ints, words: Ints, codes: dict[str, int]) -> pa.Array:
    unstated, disputed = reason == codes["unstated_condition"], reason == codes["eligibility_disputed"]
    return texts(np.where(unstated, words % 5 == 0, np.where(disputed, 2, -1)), ("no", "unclear", "yes"))


def repeated(text: str, size: int) -> pa.Array:
    """The same text `size` times."""
    return texts(np.zeros(size, np.int64), (text,))


def texts(at: npt.NDArray[Any], words: tuple[str, ...]) -> pa.Array:
    """Words by number; nothing where the number is below zero."""
    places = np.asarray(at, np.int64)
    return pa.array(words, pa.string()).take(pa.array(places, mask=places < 0))


def coded(name: str, at: Ints) -> pa.Array:
    """Codes of a list by number."""
    return texts(at, vocabulary.codes(name))


def dates(day: Ints) -> pa.Array:
    """Days as text; nothing where there is none."""
    days = np.asarray(day, np.int64)
    return pa.array(days.astype("datetime64[D]"), mask=days < 0).cast(pa.string())


def whole(number: Ints) -> pa.Array:
    """Whole numbers as text, nothing where one is negative."""
    return pa.array(number, mask=number < 0).cast(pa.string())


def joined(prefix: str, number: Ints) -> pa.Array:
    """`prefix` before each number, nothing where one is negative."""
    return pc.binary_join_element_wise(prefix, whole(number), "")


def money(cents: Ints) -> pa.Array:
    """Cents as an amount with two decimals."""
    amount = pa.array(np.abs(cents) // 100).cast(pa.string())
    rest = pc.utf8_lpad(pa.array(np.abs(cents) % 100).cast(pa.string()), 2, "0")
    text = pc.binary_join_element_wise(amount, rest, ".")
    return pc.if_else(pa.array(cents < 0), pa.scalar(None, pa.string()), text)


def moment_of_cut(zone: ZoneInfo) -> datetime:
    """The hour in which a demo register is filled, in UTC: the evening of its last day."""
    local = datetime.combine(tables.CUT, datetime.min.time()).replace(tzinfo=zone) + timedelta(hours=20)
    return datetime.fromtimestamp(local.timestamp(), tz=ZoneInfo("UTC")).replace(tzinfo=None)
