"""Collective letters for a case file: to the lottery tool, the host platform, and a report to 12315.

Made like the letters of one report (`letters`): a sentence is there only if the rows give what it says, and ends with
the rows it rests on. Written in the language of who reads it; told in the reader's own beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from . import casefile_facts as facts
from .casefile_rows import Case, Claim
from .i18n import Language
from .letters import CAP_CNY, COMPLAINED, NOBODY, SHARING, written_in
from .vocabulary import code_lists, codes, label

RECIPIENTS = ("lottery_tool", "host_platform", "report_12315")
NOWHERE = ("offline", "")  # no platform that could be written to
#: Days in which an answer is asked for: the usual wait at a platform.
ANSWER_IN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: title and note in the reader's language, sentences in `lang`, their meaning where that differs."""

    name: str
    title: str
    note: str
    lang: str
    lines: tuple[str, ...]
    asks: tuple[str, ...]
    meaning: tuple[str, ...]

    @property
    def text(self) -> str:
        """The letter as it is sent."""
        return "\n".join(self.lines) + "\n"


def write_all(case: Case, clocks: Sequence[facts.Clock], _: Language) -> list[Letter]:
    """The letters of a case, in the order of the ladder. None once every prize of the file came."""
    return [_letter(case, clocks, name, _) for name in RECIPIENTS if case.unpaid and _there(case, name)]


def _there(case: Case, name: str) -> bool:
    if name == "lottery_tool":
        return len(tools(case)) == 1 and tools(case)[0] not in NOBODY
    if name == "host_platform":
        return host(case) not in NOWHERE
    return not (host(case) in NOWHERE and not _business(case))


def tools(case: Case) -> list[str]:
    """The lottery tools of the draws, the most used first."""
    used = [draw.tool for draw in case.draws]
    return sorted(set(used), key=lambda tool: (-used.count(tool), tool))


def hosts(case: Case) -> list[str]:
    """The platforms the draws ran on, the most used first."""
    used = [draw.host for draw in case.draws]
    return sorted(set(used), key=lambda one: (-used.count(one), one))


def host(case: Case) -> str:
    """The platform most draws ran on: who is written to."""
    return hosts(case)[0]


def _business(case: Case) -> bool:
    return bool(code_lists()["organizer_type"][str(case.organizer["organizer_type"])].group == "O")


def _letter(case: Case, clocks: Sequence[facts.Clock], name: str, _: Language) -> Letter:
    to = Language(written_in(name if name == "report_12315" else "host", host(case), _.code))
    wanted = tuple(asks(case, name, to))
    lines = _lines(case, clocks, name, to, wanted)
    told = () if to.code == _.code else _lines(case, clocks, name, _, tuple(asks(case, name, _)))
    return Letter(
        name, _(f"casefile.letter.title.{name}"), _(f"casefile.letter.note.{name}"), to.code, lines, wanted, told
    )


def who(case: Case, _: Language) -> str:
    """The organizer by its name, or by its public code and a line for the sender to fill in."""
    code = case.organizer["public_code"]
    return _("casefile.who.named", name=case.name, code=code) if case.name else _("casefile.who.coded", code=code)


def _lines(
    case: Case, clocks: Sequence[facts.Clock], name: str, _: Language, wanted: tuple[str, ...]
) -> tuple[str, ...]:
    found = [
        _("casefile.invented") if case.invented else "",
        _(f"casefile.letter.to.{name}", **_recipient(case, _)),
        _intro(case, _),
        _place(case, _),
        *_when_and_what(case, _),
        *_why(case, _),
    ]
    found += [proven(case, "casefile.letter.proof", _), *_before(case, _)]
    found += [rule(clock, _) for clock in clocks if name == "lottery_tool" or clock.rule != "wait_over"]
    if case.organizer["listed"]:
        found += [public_figure(case, _), known(case, _)]
    found += [*wanted, _("casefile.letter.standing"), this_register(case, _), _("casefile.letter.sign")]
    return tuple(line for line in found if line)


def _intro(case: Case, _: Language) -> str:
    return _(
        "casefile.letter.intro", who=who(case, _), m=_.number(case.reporters), n=_.number(len(case.claims)),
        k=_.number(len(case.draws)), rows=facts.of_claims(case.claims),
    )  # fmt: skip


def _recipient(case: Case, _: Language) -> dict[str, str]:
    return {"host": label("host_platform", host(case), _.code), "tool": label("lottery_tool", tools(case)[0], _.code)}


def this_register(case: Case, _: Language) -> str:
    """Which register this is, and where it can be read."""
    return _("casefile.register.at", site=case.site) if case.site else _("casefile.register")


def _place(case: Case, _: Language) -> str:
    comma = _("letters.comma")
    used = comma.join(label("lottery_tool", tool, _.code) for tool in tools(case))
    where = comma.join(label("host_platform", one, _.code) for one in hosts(case))
    return _("casefile.letter.place", host=where, tool=used, rows=facts.refs(draw.ref for draw in case.draws))


def _when_and_what(case: Case, _: Language) -> list[str]:
    won = facts.wins(case)
    dated = [claim for claim in case.claims if claim.said["win_notice_on"]]
    found = []
    if won:
        key = "one" if won[0] == won[-1] else "many"
        days = {"first": _.day(won[0]), "last": _.day(won[-1]), "rows": facts.of_claims(dated)}
        found.append(_(f"casefile.letter.won.{key}", **days))
    return [*found, *(value(one, _) for one in facts.values(case.claims))]


def value(one: facts.Values, _: Language) -> str:
    """What was promised in one currency, in words."""
    return _(
        "casefile.value", sum=_.money(float(one.total), one.currency), median=_.money(float(one.median), one.currency),
        n=_.number(len(one.claims)), rows=facts.of_claims(one.claims),
    )  # fmt: skip


def unpaid(case: Case, _: Language) -> str:
    """How many have not got their prize, as their reporters told last; how many have, in full or in part."""
    said = {
        "unpaid": case.unpaid,
        "paid": [claim for claim in case.claims if claim.paid],
        "partial": [claim for claim in case.claims if claim.settled and not claim.paid],
    }
    return facts.told(
        [
            _(f"casefile.{key}", n=_.number(len(own)), rows=facts.of_claims(own))
            for key, own in said.items()
            if own or key == "unpaid"
        ],
        _,
    )


def _why(case: Case, _: Language) -> list[str]:
    def among(test: Sequence[Claim], key: str) -> list[str]:
        return [_(key, n=_.number(len(test)), rows=facts.of_claims(test))] if test else []

    return [
        unpaid(case, _),
        reasons(case, _),
        *among([claim for claim in case.claims if facts.met_all(claim)], "casefile.met_all"),
        *among([claim for claim in case.claims if _not_stated(claim)], "casefile.not_stated"),
    ]


def reasons(case: Case, _: Language) -> str:
    """The reasons by number, the most frequent first."""
    by = {code: [c for c in case.claims if c.said["dispute_reason"] == code] for code in codes("dispute_reason")}
    told = [
        _(
            "casefile.counted",
            what=label("dispute_reason", code, _.code),
            n=_.number(len(own)),
            rows=facts.of_claims(own),
        )
        for code, own in sorted(by.items(), key=lambda item: -len(item[1]))
        if own
    ]
    return _("casefile.reasons", list=_("letters.semicolon").join(told))


def proven(case: Case, key: str, _: Language) -> str:
    """How many reports have proof of both sides; of all proof, how much the register holds as a file."""
    both, all_proof = facts.both_sides(case), facts.proofs(case)
    numbers = {"n": len(both), "all": len(all_proof), "held": sum(proof.held for proof in all_proof)}
    return _(key, **{name: _.number(n) for name, n in numbers.items()}, rows=facts.of_claims(both))


def _not_stated(claim: Claim) -> bool:
    return bool(claim.said["dispute_reason"] == "unstated_condition" and claim.said["stated_before_entry"] == "no")


def _before(case: Case, _: Language) -> list[str]:
    """What was tried before, by step and outcome."""
    by: dict[str, list[str]] = {}
    for (stage, outcome), steps in facts.complaints(case, COMPLAINED).items():
        numbers = {"n": _.number(len(steps)), "rows": facts.refs(step.ref for step in steps)}
        by.setdefault(stage, []).append(_("casefile.counted", what=label("stage_outcome", outcome, _.code), **numbers))
    told = [label("stage", stage, _.code) + _("casefile.colon") + _("letters.comma").join(by[stage]) for stage in by]
    return [_("casefile.letter.before", list=_("letters.semicolon").join(told))] if told else []


def rule(clock: facts.Clock, _: Language) -> str:
    """A rule that has run out, for how many rows, and when it did for the first."""
    numbers = {"n": _.number(len(clock.over)), "first": _.day(clock.first), "rows": f"[{clock.ref}]"}
    return _(f"casefile.clock.{clock.rule}", **_term(clock, _), **numbers)


def term(clock: facts.Clock, _: Language) -> str:
    """The rule alone."""
    return _(f"casefile.term.{clock.rule}", **_term(clock, _))


def _term(clock: facts.Clock, _: Language) -> dict[str, str]:
    about = {"ship_by_tool": "lottery_tool", "cash_by_tool": "lottery_tool", "wait_over": "stage"}.get(clock.rule)
    return {"about": label(about, clock.about, _.code) if about else "", "days": _.number(clock.days)}


def public_figure(case: Case, _: Language) -> str:
    """The totals that stand on the organizer's public page, those without consent among them."""
    o = case.organizer
    numbers = {"m": o["reporters"], "k": o["draws"], "n": o["disputes"], "s": o["settled"]}
    return _("casefile.public", **{name: _.number(int(n)) for name, n in numbers.items()}, day=_.day(case.as_of))


def known(case: Case, _: Language) -> str:
    """Of how many draws the organizer is known to have held there are reports; "" below the level that tells of it."""
    o = case.organizer
    if o["level"] != "pervasive" or not o["draws_source"] or not o["draws_counted_on"]:
        return ""
    source = label("draws_source", str(o["draws_source"]), _.code)
    numbers = {name: _.number(int(o[name])) for name in ("draws_known", "disputed_draws")}
    return _("casefile.known", source=source, day=_.day(o["draws_counted_on"]), **numbers)


def asks(case: Case, name: str, _: Language) -> list[str]:
    """What a letter asks for, each with its rows."""
    draws, due = facts.refs(draw.ref for draw in case.draws), facts.of_claims(case.unpaid)
    verify = [("verify", "")] if _business(case) else []
    if name == "lottery_tool":
        found = [("check", draws), ("press", due), ("keep", draws), *verify, ("answer", "")]
    elif name == "host_platform":
        shared = [("sharing", facts.of_claims(_shared(case)))] if _shared(case) else []
        found = [("check", draws), ("act", due), *shared, ("keep", draws), *verify, ("answer", "")]
    else:
        law = [(key, facts.of_claims(own)) for key, own in _of_the_law(case).items() if own]
        found = [*law, ("keep", draws), ("lead", "")]
    return [_(f"casefile.ask.{ask}", rows=rows, by=_.day(case.as_of + ANSWER_IN)) for ask, rows in found]


def _of_the_law(case: Case) -> dict[str, list[Claim]]:
    """What a regulator may look into, and the reports that point to it."""
    found: dict[str, list[Claim]] = {"changed": [], "unredeemed": [], "cap": []}
    for claim in case.unpaid:
        said = claim.said
        changed = said["dispute_reason"] == "prize_changed" or _not_stated(claim)
        found["changed" if changed else "unredeemed"].append(claim)
        if (said["prize_value"] or 0) > CAP_CNY and (said["currency"] or "CNY") == "CNY":
            found["cap"].append(claim)
    return found


def _shared(case: Case) -> list[Claim]:
    """Reports of draws that asked entrants to share."""

    def shares(claim: Claim) -> bool:
        parts = str(claim.said["conditions"] or "").split(";")
        return any(part.split(":")[0] in SHARING and ":yes:" in part for part in parts)

    return [claim for claim in case.claims if shares(claim)]
