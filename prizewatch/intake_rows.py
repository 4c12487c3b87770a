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
from .intake_ids import Flags, Ids, ids_of, on_file
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
    settings = register.settings
    reference = register.kind == Kind.REFERENCE
    sizes = [b[0].num_rows for b in batches]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    size = int(starts[-1])
    raw = together([b[0] for b in batches])
    disputes = text_columns(raw, ("event_id", *(f.name for f in TABLES["dispute"])))
    if "organizer_handle" in disputes:
        disputes["organizer_handle"] = identity.over_unique(disputes["organizer_handle"], identity.normalise)
    disputes.setdefault("event_id", pa.nulls(size, pa.string()))
    rows = texts(raw, "row")
    found: list[Found] = []
    check_rows(rows, starts, found)
    events, orphans = children([b[1] for b in batches], rows, starts, "stage_event", found)
    evidence, more = children([b[2] for b in batches], rows, starts, "evidence", found)
    orphans += more
    profile = Profile(now, register.day_of(now), settings.time_zone, trusted, reference)
    staged = stage(cur, disputes, events, evidence, profile)
    found += staged.found
    if not reference:
        steps = np.bincount(events["n"].to_numpy(), minlength=size)
        many = every_rule()["stage_events.too_many"]
        found += [Found(every_rule()["stage_events.required"], int(n)) for n in np.flatnonzero(steps == 0)]
        found += [Found(many, int(n)) for n in np.flatnonzero(steps > (many.most or size))]

    typed = staged.disputes
    ids = ids_of(cur, register.key, typed, disputes, found, reference=reference)
    event_ids = typed.column("event_id").to_pylist()
    there = on_file(cur, event_ids, ids, now, counts=not trusted)
    known = there.events
    if not trusted and not reference:
        found += intake_screens.too_many(ids, there, settings, now)
        found += intake_words.unkind(disputes, events)
        found += _files(register, staged)

    wrong = np.zeros(size, bool)
    warned = np.zeros(size, bool)
    for item in found:
        (wrong if item.rule.severity == "error" else warned)[item.n] = True
    refusing = np.repeat(np.array(refuse_warned, bool), sizes)
    fit = ~wrong & ~known & ~(warned & refusing)
    first, again, clash = _first_of_each(fit & ~there.disputes, event_ids, ids["dispute_id"])
    known = known | again
    late = (fit & there.disputes | clash) & ~known
    if trusted:
        found += [Found(every_rule()["dispute.already_on_file"], int(n)) for n in np.flatnonzero(late)]
    else:  # a refusal would tell a stranger who reported: it is filed apart, and a moderator merges it
        first |= late
        for n in np.flatnonzero(late):
            ids["dispute_id"][n] = identity.second_dispute_id(register.key, str(event_ids[n]))

    judged = Judged(staged, disputes, rows, first, known, ids, [], [])
    judged.problems = _problems(found, orphans, judged, {"stage_event": events, "evidence": evidence}, starts)
    screens = Screens(size)
    if not reference:
        intake_screens.grave(typed, screens)
        if trusted:
            intake_words.look(disputes, events, screens)
        else:
            keep = typed.column("keep_words").to_pylist()
            words = intake_words.mask(disputes, events, keep, screens)
            intake_words.put(words, disputes, staged)
            judged.originals = words.originals
    if not trusted:
        intake_screens.programs(typed, disputes, settings, screens)
        intake_screens.neighbours(ids, first, there.beside, screens)
        intake_screens.same_words(cur, ids, column(disputes, "narrative", size), now, screens)
        screens.mark(np.flatnonzero(late), "reported_before")
        if arriving:
            intake_screens.same_files(cur, staged.evidence, ids, first, screens)
            marked, judged.alarms = intake_bursts.weigh(cur, _coming(ids, first, screens), now, profile.today)
            screens.mark(marked, "burst")
        judged.receipts = {
            int(n): identity.receipt_code(register.key, str(event_ids[n])) for n in np.flatnonzero(first | known)
        }
    judged.screens = screens.codes()
    return judged


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


def _problems(
    found: list[Found],
    orphans: Orphans,
    judged: Judged,
    children: dict[str, dict[str, pa.Array]],
    starts: npt.NDArray[Any],
) -> list[list[dict[str, Any]]]:
    """The problems of each batch, in the order of its rows; those of rows known already are nobody's business."""
    out: list[list[dict[str, Any]]] = [[] for _ in starts[:-1]]
    for at, said in orphans:
        out[at].append(said)
    for item in sorted(found, key=lambda f: (f.n, f.rule.table != "dispute", f.k or 0)):
        if judged.known[item.n]:
            continue
        source, place = (judged.texts, item.n) if item.k is None else (children[item.rule.table], item.k)
        column = source.get(item.rule.field)
        value = item.value or (None if column is None else column[place].as_py())
        seq = int(source["seq"][place].as_py()) if item.k is not None and item.rule.table == "stage_event" else None
        at = int(np.searchsorted(starts, item.n, side="right")) - 1
        out[at].append(
            {
                "row": judged.rows[item.n] or "",
                "table": item.rule.table,
                "seq": seq,
                "field": item.rule.field,
                "code": item.rule.code,
                "value": "" if value is None else str(value),
                "severity": item.rule.severity,
            }
        )
    return out
