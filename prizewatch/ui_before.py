"""Before I enter: who runs the draw, what its announcement states, and what that means. The state is the address.

The words of a search and a handle stay out of the address: they may be a private person's. A public code may stand
there, and so may the ticks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import streamlit as st

from . import announcement, edge, queries, ui_filters, ui_kept, ui_links, ui_text, ui_visitor
from .announcement import GROUPS, NONE, Check, Item
from .i18n import Language
from .organizers import LookupAnswer
from .profile import OrganizerProfile
from .store import Kind
from .ui_html import escape, interval, known
from .vocabulary import codes, label

FOUND = 5  # organizers offered; who looks for more goes to the table
STATE = ("has", "seen", "tool", "org")


def _set(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


# ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def who(_: Language, now: datetime) -> str:
    """Look the organizer up; one calm card. Returns its public name or code for the text to keep, or nothing."""
    st.header(_("before.who"))
    code = st.query_params.get("org", "")[:40]
    if code:
        return _picked(_, ui_kept.answer(queries.organizer, code))
    asked = st.text_input(
        _("before.search"), key="before_search", max_chars=80, placeholder=_("organizers.search.placeholder")
    )
    if not asked.strip():
        ui_text.quiet(_("before.search.help"))
        return ""
    found = queries.search_organizers(edge.register(), asked, (), (), (), 1, FOUND)
    if found.total:
        ui_text.quiet(_("before.found"))
    for one in found.frame.itertuples():
        name = one.name if isinstance(one.name, str) else f"#{one.public_code}"
        kind = label("organizer_type", str(one.organizer_type), _.code)
        words = f"{plain(name)} · {kind} · {label('host_platform', str(one.host_platform), _.code)}"
        st.button(words, key=f"pick_{one.public_code}", on_click=_set, args=("org", one.public_code))
    if not found.total:
        card(_("before.none.title"), [_("shell.no_record"), _("before.none.text")])
    if edge.register().kind is not Kind.REFERENCE:  # there is nobody unlisted there
        with st.expander(_("organizers.exact.title"), expanded=not found.total):
            exact(_, now)
    return ""


def plain(text: str) -> str:
    """A stranger's name for a label that would read Markdown: every sign that means something there is escaped."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|~$:&" else c for c in text)


def _picked(_: Language, profile: OrganizerProfile | None) -> str:
    name = ""
    if profile is None:
        card(_("organizer.none.title"), [_("organizer.none.text"), _("shell.no_record")])
    else:
        name = profile.name or f"#{profile.public_code}"
        card(name, on_file(_, profile))
    with st.container(horizontal=True, vertical_alignment="center"):
        if profile:
            ui_links.link("organizer", _("before.on_file.more"), id=profile.public_code)
            ui_links.link("repeat", _("organizer.level.rule"))
        st.button(_("before.other"), key="before_other", type="tertiary", on_click=_set, args=("org", ""))
    return name


def on_file(_: Language, p: OrganizerProfile) -> list[str]:
    """What the register holds of a listed organizer: the numbers, the level with its rule, a rate only with its n."""
    count = _.number
    told = [
        _(
            "organizer.sentence",
            m=count(p.reporters),
            k=count(p.draws),
            n=count(p.disputes),
            n2=count(p.at_v2),
            r=count(p.resolved),
            date=_.day(p.as_of),
        ),
    ]
    rule = _(
        f"organizer.level.{p.level}", k=count(p.k_ind), draws=count(p.level_draws), people=count(p.level_reporters)
    )
    told.append(_("before.on_file.level", level=_(f"organizers.level.{p.level}"), rule=rule))
    if known(p.rate):
        of = _("shell.k_of_n", k=count(p.resolved), n=count(p.decided))
        told.append(_("before.on_file.rate", of=of, rate=_.percent(p.rate), range=interval(_, p.low, p.high)))
    return [*told, _("before.on_file.mean")]


def exact(_: Language, now: datetime) -> None:
    """The exact-handle look-up, with the limits and the words of the organizers' page."""
    ui_text.quiet(_("organizers.exact.help"))
    with st.form("before_exact", border=False):
        handle = st.text_input(_("organizers.exact.handle"), max_chars=64, key="before_handle", autocomplete="off")
        host = st.selectbox(
            _("organizers.platform"),
            codes("host_platform"),
            key="before_host",
            format_func=lambda c: label("host_platform", c, _.code),
        )
        asked = st.form_submit_button(_("organizers.exact.ask"))
    if asked and handle.strip():
        answer = queries.lookup_handle(edge.register(), handle, host, now, ui_visitor.network())
        words = _(f"organizers.exact.{LookupAnswer(answer).value}")
        st.html(f"<p class='pw-sentence' role='status'>{escape(words)}</p>")
        ui_text.quiet(_("shell.no_record"))


def card(title: str, lines: Collection[str]) -> None:
    """One calm card: a title and a few sentences."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    st.html(f"<section class='pw-card'><h3>{escape(title)}</h3>{body}</section>")


# ── what it states ────────────────────────────────────────────────────────────────────────────────────────────────


def _ticked(kind: str, group: str) -> None:
    """Pills were pressed: the codes of all groups go into the address."""
    name = "seen" if kind == "warning" else "has"
    now = announcement.read(st.query_params.get("has", ""), st.query_params.get("seen", ""))
    others = {i.code for i in announcement.items("stated", "en") if i.group != group} & now.has if name == "has" else ()
    chosen = announcement.joined(kind, {*others, *st.session_state[f"before_{group}"]})  # type: ignore[arg-type]
    _set(name, chosen or (NONE if name == "has" else ""))


def _all(has: str) -> None:
    st.query_params["has"] = has


def ticks(_: Language) -> Check:
    """Tick what the announcement states, and any warning sign; the tool, for its dates."""
    st.header(_("before.states"))
    ui_text.quiet(_("before.states.help"))
    stated = announcement.items("stated", _.code)
    check = announcement.read(*(st.query_params.get(name, "") for name in ("has", "seen", "tool")))
    with st.container(horizontal=True):
        every = announcement.joined("stated", [one.code for one in stated])
        st.button(_("before.all"), key="before_all", on_click=_all, args=(every,))
        st.button(_("before.nothing"), key="before_nothing", on_click=_all, args=(NONE,))
    for group in GROUPS:
        _pills(_, "stated", group, [one for one in stated if one.group == group], check.has)
    _pills(_, "warning", "warning", announcement.items("warning", _.code), check.seen)
    tools = [code for code in codes("lottery_tool") if code != "none_unknown"]
    ui_filters.pick_one(
        "tool", _("before.tool"), tools, lambda c: label("lottery_tool", c, _.code), all_label=_("advice.tool.open")
    )
    return check


def _pills(_: Language, kind: str, group: str, items: Collection[Item], ticked: Collection[str]) -> None:
    names = {one.code: one.name for one in items}
    key = f"before_{group}"
    st.session_state[key] = [code for code in names if code in ticked]
    st.pills(
        _(f"before.group.{group}"), list(names), selection_mode="multi", key=key, format_func=names.__getitem__,
        on_change=_ticked, args=(kind, group),
    )  # fmt: skip


# ── what it means ─────────────────────────────────────────────────────────────────────────────────────────────────


def result(_: Language, check: Check, organizer: str) -> None:
    """Signs, what is missing and why it matters, what to save now, dates; and a text to keep or send."""
    if not (check.read or check.seen):
        return
    st.header(_("before.result"))
    if signs := check.warnings(_.code):
        st.subheader(_("before.result.warnings"))
        listed([(one.name, one.why, _("before.do", what=one.save)) for one in signs])
    missing = check.missing(_.code)
    if check.read and not missing:
        ui_text.paragraphs([_("before.result.complete")])
    elif missing:
        st.subheader(_("before.result.missing"))
        listed([(one.name, one.why, "") for one in missing])
        ui_text.paragraphs([_("before.result.ask")])
    st.subheader(_("before.result.save"))
    there = [one for one in announcement.items("stated", _.code) if one.code in check.has]
    listed([(one.name, one.why, "") for one in announcement.items("save", _.code)])
    if there:
        with st.expander(_("before.result.save_more")):
            listed([(one.name, one.save, "") for one in there])
    if dates := announcement.terms(check.tool, _):
        st.subheader(_("before.result.dates"))
        ui_text.paragraphs([*dates, _("before.term.decides")])
    st.subheader(_("before.share"))
    ui_text.quiet(_("before.share.help"))
    st.code(announcement.as_text(check, _, organizer=organizer, link=link()), language=None, wrap_lines=True)
    first = announcement.items("stated", _.code)[0]
    named = _("advice.and").join(f"{one.name}{_(f'advice.read_as.{one.read_as}')}" for one in first.sources)
    ui_text.quiet(_("advice.as_of", day=_.day(first.checked_on), sources=named))
    ui_text.quiet(_("before.traders"))
    ui_links.link("advice", _("before.later"))


def listed(rows: Collection[tuple[str, str, str]]) -> None:
    """Name, reason, and what to do, as a list."""
    inside = "".join(
        f"<li><strong>{escape(name)}</strong><span>{escape(why)}</span>{f'<b>{escape(do)}</b>' if do else ''}</li>"
        for name, why, do in rows
    )
    st.html(f"<ul class='pw-list'>{inside}</ul>")


def link() -> str:
    """The address of this result, as it can be sent to somebody."""
    state = {name: st.query_params[name] for name in STATE if name in st.query_params}
    return ui_links.full_address(edge.register(), "before", **state)
