"""From the text tables of waiting batches to a verdict a row: staged, judged, told apart from what is on file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from . import identity, intake_bursts, intake_screens, intake_words, vault
from .evidence import MOST_FILES
from .fields import TABLES
from .intake_ids import Flags, Ids, OnFile, ids_of, on_file
from .intake_screens import Screens
from .intake_tables import Orphans, check_rows, children, column, texts, together
from .rules import every_rule
from .staging import Found, Profile, Staged, stage, text_columns
from .store import Kind, Register

Tables = tuple[pa.Table, pa.Table, pa.Table]


@dataclass(slots=True)
class Judged:
    """A judged group of batches. Arrays run over all disputes; `problems` is one list a batch."""

    staged: Staged
    texts: dict[str, pa.Array]
    rows: list[str | None]
    accepted: Flags
    known: Flags
    ids: Ids
    screens: list[str]
    problems: list[list[dict[str, Any]]]
    receipts: dict[int, str] = field(default_factory=dict)
    originals: list[intake_words.Original] = field(default_factory=list)
    alarms: list[intake_bursts.Alarm] = field(default_factory=list)
    names_known: bool = False  # a revision that says nothing new of the organizer

    @property
    def dispute_ids(self) -> list[str | None]:
        """Ids of the disputes, row by row; None where one cannot be told."""
        return self.ids["dispute_id"]


def judge(
    cur: duckdb.DuckDBPyConnection,
    register: Register,
    batches: list[Tables],
    *,
    trusted: bool,
    now: datetime,
    refuse_warned: list[bool],
    arriving: bool = True,
) -> Judged:
    """Stages batches of one source together and decides every row of theirs. `arriving`: they are new reports, so that
    campaigns are looked for.
    """
    given = _given(batches)
    reference = register.kind == Kind.REFERENCE
    profile = Profile(now, register.day_of(now), register.settings.time_zone, trusted, reference)
    staged = stage(cur, given.disputes, given.events, given.evidence, profile)
    found = [*given.found, *staged.found, *([] if reference else _too_few_or_many_steps(given))]
    ids = ids_of(cur, register.key, staged.disputes, given.disputes, found, reference=reference)
    event_ids = staged.disputes.column("event_id").to_pylist()
    there = on_file(cur, event_ids, ids, now, counts=not trusted)
    if not trusted and not reference:
        found += intake_screens.too_many(ids, there, register.settings, now)
        found += intake_words.unkind(given.disputes, given.events)
        found += _files(register, staged)

    refusing = np.repeat(np.array(refuse_warned, bool), np.diff(given.starts))
    first, known, late = _told_apart(_without_fault(found, refusing), there, event_ids, ids["dispute_id"])
    if trusted:
        found += [Found(every_rule()["dispute.already_on_file"], int(n)) for n in np.flatnonzero(late)]
    else:  # a refusal would tell a stranger who reported: it is filed apart, and a moderator merges it
        first |= late
        for n in np.flatnonzero(late):
            ids["dispute_id"][n] = identity.second_dispute_id(register.key, str(event_ids[n]))

    judged = Judged(staged, given.disputes, given.rows, first, known, ids, [], [])
    judged.problems = _problems(found, given, judged)
    screens = Screens(given.size)
    if not reference:
        _look_at_the_words(judged, given, screens, trusted=trusted)
    if not trusted:
        _look_at_the_senders(cur, register, judged, there, now, screens)
        screens.mark(np.flatnonzero(late), "reported_before")
        if arriving:
            _look_for_campaigns(cur, judged, profile, screens)
        judged.receipts = {
            int(n): identity.receipt_code(register.key, str(event_ids[n])) for n in np.flatnonzero(first | known)
        }
    judged.screens = screens.codes()
    return judged


@dataclass(frozen=True, slots=True)
class _Given:
    """Batches put together, as they came: columns of text, where each batch begins, what is wrong with row numbers."""

    starts: npt.NDArray[Any]
    rows: list[str | None]
    disputes: dict[str, pa.Array]
    events: dict[str, pa.Array]
    evidence: dict[str, pa.Array]
    orphans: Orphans
    found: list[Found]

    @property
    def size(self) -> int:
        return int(self.starts[-1])


def _given(batches: list[Tables]) -> _Given:
    starts = np.concatenate([[0], np.cumsum([disputes.num_rows for disputes, _, _ in batches])])
    raw = together([disputes for disputes, _, _ in batches])
    texts_of = text_columns(raw, ("event_id", *(f.name for f in TABLES["dispute"])))
    if "organizer_handle" in texts_of:
        texts_of["organizer_handle"] = identity.over_unique(texts_of["organizer_handle"], identity.normalise)
    texts_of.setdefault("event_id", pa.nulls(int(starts[-1]), pa.string()))
    rows = texts(raw, "row")
    found: list[Found] = []
    check_rows(rows, starts, found)
    events, lost = children([events for _, events, _ in batches], rows, starts, "stage_event", found)
    evidence, also_lost = children([evidence for _, _, evidence in batches], rows, starts, "evidence", found)
    return _Given(starts, rows, texts_of, events, evidence, lost + also_lost, found)


def _too_few_or_many_steps(given: _Given) -> list[Found]:
    """Disputes without a stage event, and with more than anybody lives through."""
    steps = np.bincount(given.events["n"].to_numpy(), minlength=given.size)
    required, many = every_rule()["stage_events.required"], every_rule()["stage_events.too_many"]
    return [
        *(Found(required, int(n)) for n in np.flatnonzero(steps == 0)),
        *(Found(many, int(n)) for n in np.flatnonzero(steps > (many.most or given.size))),
    ]


def _without_fault(found: list[Found], refusing: Flags) -> Flags:
    """Rows without an error; where warnings refuse, without a warning either."""
    wrong, warned = np.zeros(len(refusing), bool), np.zeros(len(refusing), bool)
    for item in found:
        (wrong if item.rule.severity == "error" else warned)[item.n] = True
    return ~wrong & ~(warned & refusing)


def _told_apart(
    faultless: Flags, there: OnFile, event_ids: list[Any], dispute_ids: list[str | None]
) -> tuple[Flags, Flags, Flags]:
    """Which rows are new; which are known: their event is on file, or further up; and which come late: another event of
    a dispute that is on file, or further up.
    """
    fit = faultless & ~there.events
    first, again, clash = _first_of_each(fit & ~there.disputes, event_ids, dispute_ids)
    known = there.events | again
    return first, known, (fit & there.disputes | clash) & ~known


def _look_at_the_words(judged: Judged, given: _Given, screens: Screens, *, trusted: bool) -> None:
    """Marks what is too grave to count unseen; masks personal data in the words of strangers, marks it in others'."""
    intake_screens.grave(judged.staged.disputes, screens)
    if trusted:
        intake_words.look(given.disputes, given.events, screens)
        return
    keep = judged.staged.disputes.column("keep_words").to_pylist()
    words = intake_words.mask(given.disputes, given.events, keep, screens)
    intake_words.put(words, given.disputes, judged.staged)
    judged.originals = words.originals


def _look_at_the_senders(
    cur: duckdb.DuckDBPyConnection, register: Register, judged: Judged, there: OnFile, now: datetime, screens: Screens
) -> None:
    """Marks what a program may have sent, or one person in the name of several."""
    ids, told = judged.ids, column(judged.texts, "narrative", len(judged.rows))
    intake_screens.programs(judged.staged.disputes, judged.texts, register.settings, screens)
    intake_screens.neighbours(ids, judged.accepted, there.beside, screens)
    intake_screens.same_words(cur, ids, told, now, screens)


def _look_for_campaigns(cur: duckdb.DuckDBPyConnection, judged: Judged, profile: Profile, screens: Screens) -> None:
    """Marks files that somebody else sent before, and what comes in a burst; notes the alarms of bursts."""
    intake_screens.same_files(cur, judged.staged.evidence, judged.ids, judged.accepted, screens)
    coming = _coming(judged.ids, judged.accepted, screens)
    marked, judged.alarms = intake_bursts.weigh(cur, coming, profile.now, profile.today)
    screens.mark(marked, "burst")


def _coming(ids: Ids, accepted: Flags, screens: Screens) -> list[intake_bursts.Coming]:
    """The reports that will be on file, as campaigns are looked for in them."""
    names = ("organizer_id", "dispute_id", "reporter_key", "network_key", "device_key")
    rows = zip(*(ids[name] for name in names), strict=True)
    return [
        intake_bursts.Coming(n, str(organizer), str(dispute), str(reporter), network, device, screens.passed(n))
        for n, (organizer, dispute, reporter, network, device) in enumerate(rows) if accepted[n]
    ]  # fmt: skip


def _files(register: Register, staged: Staged) -> list[Found]:
    """Fingerprints of files that never came here (they are easily made up, and make a level), and files too many."""
    if "sha256" not in staged.evidence.column_names:
        return []
    odd = {item.k for item in staged.found if item.rule.table == "evidence" and item.rule.field == "sha256"}
    found: list[Found] = []
    names: dict[int, set[str]] = {}
    given = zip(*(staged.evidence.column(name).to_pylist() for name in ("n", "k", "sha256")), strict=True)
    for n, k, sha256 in given:
        if not sha256 or k in odd:
            continue
        if not vault.holds(register, sha256):
            found.append(Found(every_rule()["evidence.sha256.not_kept"], n, k))
        files = names.setdefault(n, set())
        files.add(sha256.lower())
        if len(files) > MOST_FILES:
            found.append(Found(every_rule()["evidence.sha256.too_many"], n, k))
    return found


def _first_of_each(fit: Flags, event_ids: list[Any], dispute_ids: list[str | None]) -> tuple[Flags, Flags, Flags]:
    """Among fit rows: the first of each event, the repeats of an event, and other events of a dispute taken before."""
    where = np.flatnonzero(fit)
    events = pd.Series([event_ids[n] for n in where], dtype="object")
    disputes = pd.Series([dispute_ids[n] for n in where], dtype="object")
    same_event = events.duplicated().to_numpy()
    same_dispute = np.zeros(len(where), bool)
    same_dispute[~same_event] = disputes[~same_event].duplicated().to_numpy()
    first, again, clash = (np.zeros(len(fit), bool) for _ in range(3))
    again[where[same_event]] = True
    clash[where[same_dispute]] = True
    first[where[~same_event & ~same_dispute]] = True
    return first, again, clash


def _problems(found: list[Found], given: _Given, judged: Judged) -> list[list[dict[str, Any]]]:
    """The problems of each batch, in the order of its rows; those of rows known already are nobody's business."""
    children = {"stage_event": given.events, "evidence": given.evidence}
    out: list[list[dict[str, Any]]] = [[] for _ in given.starts[:-1]]
    for at, said in given.orphans:
        out[at].append(said)
    for item in sorted(found, key=lambda f: (f.n, f.rule.table != "dispute", f.k or 0)):
        if judged.known[item.n]:
            continue
        source, place = (given.disputes, item.n) if item.k is None else (children[item.rule.table], item.k)
        column = source.get(item.rule.field)
        value = item.value or (None if column is None else column[place].as_py())
        seq = int(source["seq"][place].as_py()) if item.k is not None and item.rule.table == "stage_event" else None
        at = int(np.searchsorted(given.starts, item.n, side="right")) - 1
        out[at].append(
            {
                "row": given.rows[item.n] or "",
                "table": item.rule.table,
                "seq": seq,
                "field": item.rule.field,
                "code": item.rule.code,
                "value": "" if value is None else str(value),
                "severity": item.rule.severity,
            }
        )
    return out
