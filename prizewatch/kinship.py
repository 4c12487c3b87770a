"""Organizers that may be one, and those that only borrowed a name: suggestions for a person, and what was decided.

Nothing is merged here by itself. A suggestion rests on an id that stays, a registration number, a handle that looks
alike, or a close name on the same platform whose handles do not speak against it: never on a name alone.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID, uuid5
from weakref import WeakKeyDictionary

import duckdb

from . import access, identity, moderation, names_alike
from .access import Actor
from .duties import Duty
from .moderation import Decision, Outcome
from .names_alike import close_names
from .statements import statement
from .store import Register

#: What a suggestion may rest on, and how far it carries (no probability: an order). The register keeps no payee.
GROUNDS = {"same_id": 1.0, "reg_no": 1.0, "skeleton": 0.8, "same_handle": 0.6, "name": 0.5}
#: A key that more organizers share says nothing of any two of them.
MOST_SHARED = 20
LEAST_SENTENCE = 10


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two organizers that may be one. `why`: codes of GROUNDS; `since`: when the younger of the two was first met."""

    a: UUID
    b: UUID
    why: tuple[str, ...]
    score: float
    since: datetime

    @property
    def pair_id(self) -> UUID:
        """What the pair is called in the queue."""
        return uuid5(self.a, str(self.b))


@dataclass(slots=True)
class _Known:
    """What is on file of one organizer, after merges."""

    organizer: UUID
    borrowed: bool
    since: datetime
    hosts: set[str] = field(default_factory=set)
    keys: set[tuple[str, str]] = field(default_factory=set)
    handles: set[tuple[str, str]] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    reg_nos: set[str] = field(default_factory=set)


_found: WeakKeyDictionary[Register, tuple[tuple[int, int], list[Suggestion]]] = WeakKeyDictionary()
_lock = threading.Lock()


def suggestions(register: Register, organizer_id: UUID | None = None) -> list[Suggestion]:
    """Pairs that may be one organizer, the surest first; of one organizer, if given. Kept until something is seen or
    decided of any organizer.
    """
    stamp = """
        SELECT greatest((SELECT coalesce(max(commit_no), 0) FROM log.organizer),
                        (SELECT coalesce(max(commit_no), 0) FROM log.moderation WHERE subject_kind = 'organizer')),
               (SELECT count(*) FROM mart.dispute WHERE dispute_reason = 'impersonation')
    """
    with _lock:
        kept = _found.get(register)
    with register.read() as cur:
        ((seen, borrowed),) = cur.execute(stamp).fetchall()
        version = (int(seen), int(borrowed))
        if kept is None or kept[0] != version:
            known = _known(cur)
            apart = {frozenset(pair) for pair in cur.execute(statement("fairness/apart")).fetchall()}
            kept = (version, compare(known, apart))
            with _lock:
                _found[register] = kept
    return [s for s in kept[1] if organizer_id in (None, s.a, s.b)]


def _known(cur: duckdb.DuckDBPyConnection) -> list[_Known]:
    out: dict[UUID, _Known] = {}
    rows = cur.execute(statement("fairness/kin")).fetchall()
    for organizer, host, handle_key, handle, name, reg_no, borrowed, since in rows:
        one = out.setdefault(organizer, _Known(organizer, borrowed, since))
        one.since = max(one.since, since)
        one.hosts.add(host or "")
        for value, place in ((handle_key, one.keys), (handle, one.handles), (name, one.names)):
            if value:
                place.add((host or "", value))
        if reg_no:
            one.reg_nos.add(identity.normalise(reg_no).upper())
    return list(out.values())


def compare(known: list[_Known], apart: Iterable[frozenset[UUID]] = ()) -> list[Suggestion]:
    """The suggestions among these. Only those that share a key are compared, so that it grows with their number."""
    blocks: dict[tuple[str, ...], list[_Known]] = defaultdict(list)
    for one in known:
        if not one.borrowed:  # whoever borrows a name has the handle and the name of another
            for key in _keys(one):
                blocks[key].append(one)
    pairs: dict[frozenset[UUID], tuple[_Known, _Known]] = {}
    for shared in blocks.values():
        if 1 < len(shared) <= MOST_SHARED:
            pairs |= {frozenset((a.organizer, b.organizer)): (a, b) for a, b in combinations(shared, 2)}
    for pair in apart:
        pairs.pop(pair, None)
    found = []
    for a, b in pairs.values():
        why = _why(a, b)
        if why:
            score = min(1.0, max(GROUNDS[code] for code in why) + 0.1 * (len(why) - 1))
            first, second = sorted((a, b), key=lambda k: (k.since, k.organizer))
            found.append(Suggestion(first.organizer, second.organizer, why, score, second.since))
    return sorted(found, key=lambda s: (-s.score, s.since, s.a, s.b))


def _keys(one: _Known) -> set[tuple[str, ...]]:
    """Where it is looked for others."""
    keys: set[tuple[str, ...]] = {("key", *pair) for pair in one.keys} | {("reg", n) for n in one.reg_nos}
    for host, handle in one.handles:
        keys |= {("look", host, names_alike.skeleton(handle)), ("handle", identity.fold_handle(handle))}
    for host, name in one.names:
        bare, branch = names_alike.core(name)
        keys.add(("sound", host, branch, names_alike.reading(bare)))
        if len(bare) >= names_alike.LEAST_MISSING:
            keys |= {("less", host, branch, text) for text in (bare, *names_alike.without_one(bare))}
        else:
            keys.add(("less", host, branch, bare))
    return keys


def _why(a: _Known, b: _Known) -> tuple[str, ...]:
    if a.reg_nos and b.reg_nos and not a.reg_nos & b.reg_nos:
        return ()  # two registrations are two
    same_host = [(x, y) for x in a.handles for y in b.handles if x[0] == y[0]]
    folded = [{identity.fold_handle(handle) for _, handle in one.handles} for one in (a, b)]
    named_alike = _any_pair(a.names, b.names, close_names)
    unlike = bool(same_host) and not any(names_alike.close_handles(x[1], y[1]) for x, y in same_host)
    look = any(names_alike.skeleton(x[1]) == names_alike.skeleton(y[1]) for x, y in same_host)
    signs = {
        "same_id": bool(a.keys & b.keys),
        "reg_no": bool(a.reg_nos & b.reg_nos),
        "skeleton": look,
        "same_handle": bool(folded[0] & folded[1]) and not a.hosts & b.hosts and named_alike,
        "name": not unlike and any(x[0] == y[0] and close_names(x[1], y[1]) for x in a.names for y in b.names),
    }
    return tuple(code for code, there in signs.items() if there)


def _any_pair(some: set[tuple[str, str]], others: set[tuple[str, str]], alike: Callable[[str, str], bool]) -> bool:
    return any(alike(x[1], y[1]) for x in some for y in others)


def waiting(register: Register, now: datetime) -> list[Duty]:
    """Suggestions as duties; no clock runs. `subject_id` is `Suggestion.pair_id`."""
    return [Duty("kinship", "pair", s.pair_id, s.since, None, s.why) for s in suggestions(register)]


# ── decisions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def merge(
    register: Register,
    actor: Actor,
    younger: UUID,
    into: UUID,
    ground: str,
    sentence: str,
    event_id: UUID,
    now: datetime,
) -> Outcome:
    """Propose that an organizer is really another one, with the ground and the evidence in a sentence; a second person
    confirms it (`moderation`). It can be undone. Raises `NotAllowed`.
    """
    access.require(actor, "organizer.merge")
    if len(sentence.strip()) < LEAST_SENTENCE:
        return Outcome("refused", "no_words", event_id)
    decision = Decision(event_id, "organizer", younger, "merge_organizers", ground, sentence, into)
    return moderation.decide(register, actor, decision, now)


def split(
    register: Register, actor: Actor, organizer: UUID, ground: str, sentence: str, event_id: UUID, now: datetime
) -> Outcome:
    """Propose to take an organizer out of the one it was merged into. Raises `NotAllowed`."""
    access.require(actor, "organizer.merge")
    if len(sentence.strip()) < LEAST_SENTENCE:
        return Outcome("refused", "no_words", event_id)
    decision = Decision(event_id, "organizer", organizer, "split_organizer", ground, sentence)
    return moderation.decide(register, actor, decision, now)


def keep_apart(
    register: Register, actor: Actor, a: UUID, b: UUID, reason: str, sentence: str, event_id: UUID, now: datetime
) -> Outcome:
    """Decide that two organizers are two: the suggestion does not come again. A later merge is still possible, and
    `moderation.undo` takes it back. Raises `NotAllowed`.
    """
    decision = Decision(event_id, "organizer", a, "keep_apart", reason, sentence, b)
    return moderation.decide(register, actor, decision, now)


# ── borrowed names ─────────────────────────────────────────────────────────────────────────────────────────────────


def move(register: Register, actor: Actor, dispute: UUID, sentence: str, event_id: UUID, now: datetime) -> Outcome:
    """A report turns out to be about somebody who used the organizer's name: it goes to that one's record. Taken back
    by `moderation.undo`. Raises `NotAllowed`.
    """
    access.require(actor, "report.decide")
    sql = "SELECT organizer_id FROM mart.dispute WHERE dispute_id = ?"
    with register.read() as cur:
        found = cur.execute(sql, [dispute]).fetchall()
    if not found:
        return Outcome("refused", "unknown", event_id)
    borrowed = UUID(identity.borrowed_organizer_id(register.key, found[0][0]))
    decision = Decision(event_id, "dispute", dispute, "move", "impersonation", sentence, borrowed)
    return moderation.decide(register, actor, decision, now)


def moved(register: Register, dispute: UUID) -> UUID | None:
    """The standing decision that moved a report, if there is one: `moderation.undo` takes it back."""
    sql = "SELECT max_by(event_id, commit_no) FROM core.decision WHERE subject_id = ? AND action = 'move'"
    with register.read() as cur:
        ((event,),) = cur.execute(sql, [dispute]).fetchall()
    return event if event is None else UUID(str(event))


@dataclass(frozen=True, slots=True)
class Lender:
    """Whose name was used, as far as it may be shown."""

    public_code: str
    name: str


def used_name_of(register: Register, organizer_id: str) -> Lender | None:
    """Whose name an organizer used; only where that one is named in public."""
    own = UUID(organizer_id)
    sql = """
        SELECT o.organizer_id, o.public_code, o.display_name,
               o.organizer_id IN (
                   SELECT a.canonical_id FROM core.organizer_alias a JOIN core.organizer_alias mine USING (handle_key)
                   WHERE mine.canonical_id = $own AND a.canonical_id <> $own
               ) AND (SELECT bool_and(dispute_reason = 'impersonation') FROM mart.dispute WHERE organizer_id = $own)
        FROM mart.organizer o WHERE o.named AND o.publication = 'listed' AND o.organizer_id <> $own
    """
    with register.read() as cur:
        rows: list[Any] = cur.execute(sql, {"own": own}).fetchall()
    for lender, code, name, same_handle in rows:
        if same_handle or identity.borrowed_organizer_id(register.key, lender) == str(own):
            return Lender(str(code), str(name))
    return None
