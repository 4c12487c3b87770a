"""The queue of the desk: what waits, why, since when, until when; and several held reports published at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

import streamlit as st

from . import edge, identity, moderation, queue, ui_decide, ui_desk, ui_filters, ui_language, ui_links, ui_text
from .access import Actor
from .duties import Duty
from .i18n import Language
from .moderation import Decision
from .store import Register
from .ui_decide import Matter
from .ui_html import Cell, Column, Row, escape, table

PAGE = 20
NOBODY = UUID(int=0)


def address(duty: Duty) -> str:
    """A matter in the address."""
    return f"{duty.kind}.{duty.subject_kind}.{duty.subject_id}"


def read(asked: str, among: Sequence[Duty]) -> Duty | None:
    """The matter of an address: one that waits, or one that was dealt with meanwhile."""
    found = next((duty for duty in among if address(duty) == asked), None)
    if found or asked.count(".") != 2:
        return found
    kind, subject_kind, subject = asked.split(".")
    try:
        own = UUID(subject)
    except ValueError:
        return None
    known = subject_kind in ui_decide.REOPENED and ui_language.words().has(f"desk.kind.{kind}")
    return Duty(kind, subject_kind, own, edge.now(), None, ()) if known else None


def filtered(_: Language, duties: Sequence[Duty], *, show: bool) -> list[Duty]:
    """The duties of the chosen kind and reason; `show` shows the choices, too."""
    kinds = Counter(duty.kind for duty in duties)
    kind = _pick("kind", _("desk.filter.kind"), kinds, lambda k: _(f"desk.kind.{k}"), _, show=show)
    left = [duty for duty in duties if not kind or duty.kind == kind]
    if kind != "report":
        return left
    whys = Counter(why for duty in left for why in duty.why)
    why = _pick("why", _("desk.filter.why"), whys, lambda code: _(f"desk.why.{code}"), _, show=show)
    return [duty for duty in left if not why or why in duty.why]


def _pick(name: str, title: str, counts: Counter[str], labels: object, _: Language, *, show: bool) -> str:
    codes = [code for code, _n in counts.most_common()]
    asked = st.query_params.get(name, "")
    if not show:
        return asked if asked in codes else ""
    return ui_filters.pick_one(
        name, title, codes, lambda c: f"{labels(c)} ({_.number(counts[c])})",  # type: ignore[operator]
        all_label=_("desk.filter.all", n=_.number(counts.total() if name == "kind" else len(codes))),
    )  # fmt: skip


def age(_: Language, since: date, today: date) -> str:
    """Since when it waits: the day, and how long that is."""
    days = (today - since).days
    return _("desk.age.today") if days <= 0 else _("desk.age", days)


def until(_: Language, due: date | None, today: date) -> str:
    """Until when it should be done, in words."""
    if due is None:
        return _("desk.due.none")
    left = (due - today).days
    if left < 0:
        return _("desk.due.over", -left)
    return _("desk.due.today") if left == 0 else _("desk.due", left)


def following(_: Language, duties: Sequence[Duty], here: Duty) -> str:
    """The address of what comes after a matter, among those of the chosen kind; empty at the end."""
    line = filtered(_, duties, show=False)
    at = next((n for n, duty in enumerate(line) if address(duty) == address(here)), -1)
    rest = [duty for duty in (*line[at + 1 :], *line[: max(at, 0)]) if duty.subject_id != here.subject_id]
    return address(rest[0]) if rest else ""


def bar(_: Language, duties: Sequence[Duty], here: Duty) -> None:
    """Above a matter: the way back to the list, what kind it is, how many are left, the last decision."""
    left = len(filtered(_, duties, show=False))
    with st.container(key="pw-bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(f"← {_('desk.list')}", key="desk_list", type="tertiary", shortcut="L", on_click=ui_decide.go)
        said = f"{_(f'desk.kind.{here.kind}')} {code(here)} · {_('desk.count', left)}"
        way = f"<a class='pw-to-decide' href='#decision'>{escape(_('desk.to_decide'))} ↓</a>"  # on a phone
        st.html(f"<p class='pw-quiet'>{escape(said)} {way}</p>", width="content")
        ui_decide.last(_)


def show(_: Language, register: Register, duties: Sequence[Duty]) -> None:
    """The list, a page of it, with the way to begin."""
    with st.container(key="pw-form", horizontal=True, vertical_alignment="bottom"):
        shown = filtered(_, duties, show=True)
    if not shown:
        ui_text.paragraphs([_("desk.nothing")])
        return
    today = register.day_of(edge.now())
    late = sum(duty.due is not None and duty.due < today for duty in shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("desk.begin"), key="desk_begin", type="primary", shortcut="B", on_click=ui_decide.go,
            args=(address(shown[0]),),
        )  # fmt: skip
        said = _("desk.count", len(shown)) + (" " + _("desk.count.late", late) if late else "")
        st.html(f"<p class='pw-quiet'>{escape(said)}</p>", width="content")
    pages = -(-len(shown) // PAGE)
    current = min(ui_filters.page_number(), pages)
    part = shown[(current - 1) * PAGE : current * PAGE]
    columns = [
        Column(_("desk.column.what")), Column(_("desk.column.why"), wide=True), Column(_("desk.column.since")),
        Column(_("desk.column.due")),
    ]  # fmt: skip
    rows = []
    kept = {name: st.query_params.get(name, "") for name in ("kind", "why")}
    for duty in part:
        href = ui_links.address("desk", work=address(duty), **kept)
        over = duty.due is not None and duty.due < today
        rows.append(
            Row([
                Cell(_(f"desk.kind.{duty.kind}"), note=code(duty), href=href),
                ", ".join(_(f"desk.why.{why}") for why in duty.why),
                Cell(age(_, register.day_of(duty.since), today), note=_.day(register.day_of(duty.since))),
                Cell("", badge=until(_, duty.due, today), badge_kind="pervasive" if over else ""),
            ])
        )  # fmt: skip
    st.html(table(columns, rows, _("desk.caption")))
    here = _("desk.page", n=_.number(current), of=_.number(pages))
    ui_filters.pager(pages, current, here, (_("desk.earlier"), _("desk.later")))
    _many(_, register, part)


def code(duty: Duty) -> str:
    """What a matter is called in the list and above its screen, so that two of a kind and a day can be told apart."""
    own = duty.subject_id
    return identity.public_code(own) if duty.subject_kind == "organizer" else own.hex[:6].upper()


# ── several at once ────────────────────────────────────────────────────────────────────────────────────────────────


def _many(_: Language, register: Register, part: Sequence[Duty]) -> None:
    """Held reports of one kind, published together: what was held for where or when it came, never for its words."""
    safe = [duty for duty in part if duty.kind == "report" and set(duty.why) <= queue.BULK]
    if not st.query_params.get("why") or len(safe) < 2:
        return
    with st.expander(_("desk.many", len(safe)), key="desk_many_fold", on_change="rerun") as fold:
        if not fold.open:
            return
        ui_text.quiet(_("desk.many.note"))
        briefs = ui_desk.guarded("report.read", _briefs)(tuple(duty.subject_id for duty in safe)) or []
        for brief in briefs:
            with st.container(key=f"pw-brief-{brief.dispute_id.hex[:12]}"):
                st.checkbox(brief.line(_), key=f"desk_tick-{brief.dispute_id}", on_change="ignore")
                if brief.narrative:
                    st.html(f"<p class='pw-quiet'>{escape(brief.narrative)}</p>")
        ids = tuple((b.dispute_id, b.last_commit) for b in briefs)
        st.button(
            _("desk.many.do"), key="desk_many", type="primary",
            on_click=ui_desk.guarded("report.decide", publish), args=(ids,),
        )  # fmt: skip


def _briefs(actor: Actor, ids: tuple[UUID, ...]) -> list[queue.Brief]:
    noted = set(ids) <= st.session_state.get("desk_briefed", set())
    st.session_state["desk_briefed"] = set(ids) | st.session_state.get("desk_briefed", set())
    return queue.briefs(edge.register(), actor, ids, edge.now(), noted=noted)


def publish(actor: Actor, shown: tuple[tuple[UUID, int], ...]) -> None:
    """Publish those that were ticked, masked, each for what was on the screen."""
    ticked = [(one, seen) for one, seen in shown if st.session_state.get(f"desk_tick-{one}")]
    decisions = [
        Decision(
            uuid5(one, f"{actor.name} publish_masked {seen}"), "dispute", one, "publish_masked", "checked", seen=seen
        )
        for one, seen in ticked
    ]
    done = moderation.decide_all(edge.register(), actor, decisions, edge.now()) if decisions else []
    good = [o for o in done if o.state != "refused"]
    if good:
        ui_decide.settle(good, Matter("dispute", NOBODY, None, ()), "desk.did.many")
    if not ticked or len(good) < len(done):
        st.session_state["desk_note"] = "desk.many.some" if ticked else "desk.many.none"
