"""A case file as one page to print: A4, both languages, no script, nothing fetched. Every assertion ends with its rows.

Rows carry their name as their id, so [D3-E2] leads there. Everything is escaped; only rows that exist become links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from . import advice
from . import casefile_facts as facts
from . import casefile_letters as letters
from .casefile_detail import details, evidence_index, iso, section, table
from .casefile_rows import Case, Claim
from .i18n import Language
from .ui_html import escape
from .vocabulary import label

ASSETS = Path(__file__).parent / "assets"
NO_ANSWER = ("not_invited", "invited", "unreachable")  # states of asking, nothing that an organizer said
_BRACKET = re.compile(r"\[((?:[DLCP]\d+(?:-[SE]\d+)?(?:–|, )?)+)\]")
_REF = re.compile(r"[DLCP]\d+(?:-[SE]\d+)?")


@cache
def _css() -> str:
    return (ASSETS / "casefile.css").read_text("utf-8")


def linked(text: str) -> str:
    """A sentence of ours as HTML, its rows as links. Words of people go through `escape` alone."""
    return _BRACKET.sub(lambda m: _REF.sub(lambda ref: f"<a href='#{ref[0]}'>{ref[0]}</a>", m[0]), escape(text))


@dataclass(frozen=True, slots=True)
class Page:
    """A page to print: its title, the line at the foot of each sheet, and what stands between, well-formed XML too."""

    lang: str
    title: str
    foot: str
    body: str

    def html(self) -> str:
        """The whole page as HTML; browsers print the foot as a string of CSS."""
        foot = self.foot.replace('"', "").replace("\\", "")
        return (
            f"<!doctype html>\n<html lang='{self.lang}'><head><meta charset='utf-8'><title>{escape(self.title)}</title>"
            "<meta name='viewport' content='width=device-width, initial-scale=1'>"
            "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            f'<style>:root {{ --foot: "{foot}" }}\n{_css()}</style></head><body>\n{self.body}\n</body></html>\n'
        )


def page(case: Case, _: Language, zone: ZoneInfo) -> Page:
    """The page of a case file in a language."""
    clocks = facts.clocks(case, zone)
    written = letters.write_all(case, clocks, _)
    title = _("casefile.title", who=case.name or f"#{case.organizer['public_code']}")
    parts = [
        _cover(case, clocks, written, title, _),
        _draws(case, _),
        _overview(case, _),
        _clocks(clocks, _),
        _timeline(case, _),
        _letters(written, _),
        _organizer_says(case, _),
        details(case, _, linked),
        evidence_index(case, _),
        _method(case, _),
    ]
    mark = _("casefile.invented" if case.invented else "casefile.foot")
    foot = f"{mark} {case.organizer['public_code']} {case.version}"
    return Page(_.code, title, foot, "\n".join(parts))


def _cover(
    case: Case, clocks: Sequence[facts.Clock], written: Sequence[letters.Letter], title: str, _: Language
) -> str:
    sums = {
        "reporters": (case.reporters, facts.of_claims(case.claims)),
        "draws": (len(case.draws), facts.refs(draw.ref for draw in case.draws)),
        "disputes": (len(case.claims), facts.of_claims(case.claims)),
        "unpaid": (len(case.unpaid), facts.of_claims(case.unpaid)),
    }
    boxes = "".join(
        f"<div><b>{_.number(n)}</b><span>{linked(_(f'casefile.sum.{key}', rows=rows))}</span></div>"
        for key, (n, rows) in sums.items()
    )
    said = [_lead(case, _), letters.reasons(case, _), *(letters.value(one, _) for one in facts.values(case.claims))]
    said += [_unvalued(case, _), letters.proven(case, "casefile.proven", _)]
    said += [letters.rule(clock, _) for clock in clocks]
    if case.organizer["listed"]:
        said += [letters.public_figure(case, _), letters.known(case, _)]
    points = "".join(f"<li>{linked(one)}</li>" for one in said if one)
    asked = ""
    for one in written:
        wanted = linked(facts.told(_asked(one, case, _), _))
        asked += f"<li>{escape(one.title + _('casefile.mark'))}{wanted}</li>"
    wanted = f"<h3>{escape(_('casefile.asked'))}</h3><ul>{asked}</ul>" if asked else ""
    standing = facts.told([_("casefile.standing"), letters.this_register(case, _)], _)
    invented = f"<p class='notice'><strong>{escape(_('casefile.invented'))}</strong></p>" if case.invented else ""
    return (
        f"<header><p class='quiet'>{escape(_('casefile.kind', day=_.day(case.as_of)))}</p><h1>{escape(title)}</h1>"
        f"{invented}<div class='sums'>{boxes}</div><p class='notice'>{escape(standing)}</p>"
        f"<dl>{_who(case, _)}</dl><h3>{escape(_('casefile.minute'))}</h3><ul>{points}</ul>{wanted}"
        f"<p class='quiet'>{linked(_('casefile.how_to_read'))}</p></header>"
    )


def _lead(case: Case, _: Language) -> str:
    numbers = {"m": _.number(case.reporters), "k": _.number(len(case.draws)), "rows": facts.of_claims(case.claims)}
    return facts.told([_("casefile.lead", **numbers), letters.unpaid(case, _)], _)


def _asked(letter: letters.Letter, case: Case, _: Language) -> Sequence[str]:
    """What a letter asks for, in the reader's language."""
    return letter.asks if letter.lang == _.code else letters.asks(case, letter.name, _)


def _unvalued(case: Case, _: Language) -> str:
    unknown = [claim for claim in case.claims if claim.said["prize_value"] is None]
    return _("casefile.unvalued", n=_.number(len(unknown)), rows=facts.of_claims(unknown)) if unknown else ""


def _who(case: Case, _: Language) -> str:
    """What is public of the organizer, and where the draws ran."""
    o, comma = case.organizer, _("letters.comma")
    rows = [("organizer", escape(letters.who(case, _)))]
    for kind in ("former", "handle"):
        names = [str(row["name"]) for row in case.known_as if row["kind"] == kind]
        if names:
            rows.append((kind, escape(comma.join(dict.fromkeys(names)))))
    rows.append(("type", escape(label("organizer_type", str(o["organizer_type"]), _.code))))
    rows.append(("host", escape(label("host_platform", letters.host(case), _.code))))
    rows.append(("tool", escape(comma.join(label("lottery_tool", tool, _.code) for tool in letters.tools(case)))))
    won = facts.wins(case)
    if won:
        rows.append(("period", escape(_("casefile.period", first=_.day(won[0]), last=_.day(won[-1])))))
    return "".join(f"<dt>{escape(_(f'casefile.who.{key}'))}</dt><dd>{inside}</dd>" for key, inside in rows)


def _draws(case: Case, _: Language) -> str:
    heads = [_(f"casefile.head.{name}") for name in ("row", "drawn", "title", "tool", "winners", "disputes")]
    rows = [
        (
            draw.ref,
            iso(draw.day),
            escape(draw.title or _("casefile.no_title")),
            escape(label("lottery_tool", draw.tool, _.code)),
            escape(_.number(draw.winners)) if draw.winners else escape(_("casefile.unknown")),
            linked(facts.refs(draw.claims)),
        )
        for draw in case.draws
    ]
    made = table(heads, rows, [draw.ref for draw in case.draws], (4,))
    return section(_("casefile.draws"), made, _("casefile.draws.note"), new_page=True)


def _overview(case: Case, _: Language) -> str:
    """One line a report: days, reason, value, which of the five claim elements has proof, and where it stands."""
    names = ("row", "draw", "won", "claimed", "refused", "reason", "value", "proof", "now")
    rows = [
        (
            claim.ref,
            f"<a class='day' href='#{claim.draw}'>{claim.draw}</a>",
            *(iso(claim.said[name]) for name in ("win_notice_on", "claim_made_on", "refused_on")),
            escape(label("dispute_reason", claim.said["dispute_reason"], _.code)),
            escape(_value(claim, _)),
            escape(_groups(claim, _)),
            _now(claim, _),
        )
        for claim in case.claims
    ]  # fmt: skip
    heads = [_(f"casefile.head.{name}") for name in names]
    # the rows of the details carry the ids: a link leads to the whole report
    made = table(heads, [(f"<a href='#{r[0]}'>{r[0]}</a>", *r[1:]) for r in rows], [f"o-{r[0]}" for r in rows], (6,))
    return section(_("casefile.overview"), made, _("casefile.overview.note"))


def _value(claim: Claim, _: Language) -> str:
    value = claim.said["prize_value"]
    return "–" if value is None else _.money(float(value), str(claim.said["currency"] or "CNY"))


def _groups(claim: Claim, _: Language) -> str:
    """A● B○ …: ● where a file lies in the register, ○ where proof is only listed."""
    found = []
    for group in "ABCDE":
        own = claim.proven(group)
        if own:
            found.append(group + ("●" if any(proof.held for proof in own) else "○"))
    return " ".join(found) or "–"


def _now(claim: Claim, _: Language) -> str:
    status = _(f"casefile.status.{claim.said['status']}")
    told = (claim.said[name] for name in ("last_update_on", "gave_up_on"))  # who gave up may say so for a later day
    return _("casefile.now", status=escape(status), day=iso(max(day for day in told if day)))


def _clocks(clocks: Sequence[facts.Clock], _: Language) -> str:
    if not clocks:
        return ""
    heads = [_(f"casefile.head.{name}") for name in ("row", "rule", "source", "over", "rows")]
    rows = [
        (
            clock.ref,
            escape(letters.term(clock, _)),
            escape(_sources(clock, _)),
            escape(_("casefile.over", n=_.number(len(clock.over)), first=clock.first.isoformat())),
            linked(clock.rows),
        )
        for clock in clocks
    ]
    made = table(heads, rows, [clock.ref for clock in clocks])
    return section(_("casefile.clocks"), made, _("casefile.clocks.note"))


def _sources(clock: facts.Clock, _: Language) -> str:
    """What a rule rests on: the tool's own rules as far as they were read, else a rule of this register."""
    if not clock.source:
        return _(f"casefile.source.{clock.rule}")
    named = [one.name + _(f"advice.read_as.{one.read_as}") for one in advice.sources(clock.source, _.code)]
    return _("advice.and").join(named)


def _timeline(case: Case, _: Language) -> str:
    """One line a day."""
    heads = [_(f"casefile.head.{name}") for name in ("day", "happened")]
    by: dict[str, list[str]] = {}
    for one in facts.timeline(case):
        said = escape(one.words(_)) + " " + linked(facts.refs(one.rows))
        by.setdefault(one.day.isoformat(), []).append(f"<span class='whole'>{said}</span>")
    rows = [(day, " · ".join(told)) for day, told in by.items()]
    return section(_("casefile.timeline"), table(heads, rows, [f"t-{day}" for day in by]), _("casefile.timeline.note"))


def _letters(written: Sequence[letters.Letter], _: Language) -> str:
    if not written:
        return ""
    parts = []
    for letter in written:
        lines = "".join(f"<p>{linked(line)}</p>" for line in letter.lines)
        parts.append(f"<h3>{escape(letter.title)}</h3><p class='quiet'>{escape(letter.note)}</p>")
        parts.append(f"<div class='letter' lang='{letter.lang}'>{lines}</div>")
        if letter.meaning:
            said = "".join(f"<p>{linked(line)}</p>" for line in letter.meaning)
            parts.append(f"<p class='quiet'>{escape(_('casefile.meaning'))}</p><div class='letter'>{said}</div>")
    return section(_("casefile.letters"), "".join(parts), new_page=True)


def _organizer_says(case: Case, _: Language) -> str:
    """The other side, as far as it was published."""
    told = "".join(
        f"<p>{escape(label('organizer_reply', str(row['answer']), _.code))} · {escape(_.day(row['replied_on']))}</p>"
        + (f"<blockquote>{escape(row['words'])}</blockquote>" if row["words"] else "")
        for row in case.answers
        if row["answer"] not in NO_ANSWER
    )
    if not told:
        key = str(case.organizer["reply"]) if case.organizer["listed"] else "not_invited"
        told = f"<p>{escape(_('casefile.reply', state=label('organizer_reply', key, _.code)))}</p>"
    return section(_("casefile.organizer_says"), told)


def _method(case: Case, _: Language) -> str:
    """What is counted, what is not known; and the public figures, each a row of its own."""
    points = [_(f"casefile.method.{key}") for key in ("who", "counted", "proof", "value", "clocks", "unknown", "court")]
    made = "".join(f"<li>{escape(one)}</li>" for one in points)
    o = case.organizer
    figures = ""
    if o["listed"]:
        rows = [
            (f"P{n}", escape(_(f"casefile.figure.{key}")), escape(_.number(int(o[key]))))
            for n, key in enumerate(("reporters", "draws", "disputes", "at_v2", "settled"), start=1)
        ]
        level = _(f"casefile.level.{o['level']}", k=_.number(int(o["k_ind"])), **_known(case, _))
        rows.append((f"P{len(rows) + 1}", escape(_("casefile.figure.level")), escape(level)))
        heads = [_(f"casefile.head.{name}") for name in ("row", "figure", "number")]
        figures = (
            f"<h3>{escape(_('casefile.figures'))}</h3><p class='quiet'>{escape(_('casefile.figures.note'))}</p>"
            + table(heads, rows, [row[0] for row in rows])
        )
    return section(_("casefile.method"), f"<ul>{made}</ul>{figures}", new_page=True)


def _known(case: Case, _: Language) -> dict[str, str]:
    """Known and disputed draws, as the public page shows them."""
    o = case.organizer
    return {name: _.number(int(o[name] or 0)) for name in ("draws_known", "disputed_draws")}
