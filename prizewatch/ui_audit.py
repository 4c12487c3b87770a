"""The audit and the accounts, for admins: who saw and did what, its file, and who may come to the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from . import accounts, audit, edge, identity, tickets, ui_desk, ui_filters, ui_links, ui_text
from .access import ROLES, Actor
from .errors import PrizewatchError
from .i18n import Language, language
from .store import Register
from .ui_html import Cell, Column, Row, escape, table

PAGE = 50  # entries
state = st.session_state


def _moment(_: Language, register: Register, at: datetime) -> str:
    """A moment (UTC) as the clock shows it where the register stands."""
    there = at.replace(tzinfo=UTC).astimezone(register.settings.time_zone)
    return f"{_.day(there)} {there:%H:%M:%S}"


# ── the audit ──────────────────────────────────────────────────────────────────────────────────────────────────────


def entries(_: Language, register: Register) -> None:
    """The entries, newest first, by person, action and subject; and the same as a file."""
    people, actions = audit.known(register)
    with st.container(horizontal=True):
        who = ui_filters.pick_one("actor", _("access.audit.person"), people, str, all_label=_("access.audit.all"))
        what = ui_filters.pick_one(
            "action", _("access.audit.action"), actions, lambda code: audit.action_words(_, code),
            all_label=_("access.audit.all"),
        )  # fmt: skip
        asked = ui_filters.pick_text("subject", _("access.audit.subject"), "7F3A-2K9Q")
    subject = identity.id_beginning(asked) or ""
    if asked.strip() and not subject:
        st.html(f"<p class='pw-problem' role='alert'>{escape(_('access.audit.no_subject'))}</p>")
    number = audit.count(register, actor=who, action=what, subject=subject)
    pages = max(1, -(-number // PAGE))
    page = min(ui_filters.page_number(), pages)
    frame = audit.entries(register, actor=who, action=what, subject=subject, most=PAGE, offset=(page - 1) * PAGE)
    columns = [
        Column(_(f"access.audit.{name}"), wide=name == "detail") for name in ("at", "person", "action", "detail")
    ]
    rows = []
    entry: Any
    for entry in frame.itertuples():
        about = str(entry.subject_id) if isinstance(entry.subject_id, UUID) else ""
        told = [part for part in (about, str(entry.detail)) if part]
        rows.append(
            Row([
                Cell(_moment(_, register, entry.recorded_at.to_pydatetime()), note=str(entry.entry_no)),
                Cell(
                    str(entry.actor) or _("access.audit.nobody"),
                    note=_(f"access.role.{entry.role}") if entry.role else "",
                ),
                audit.action_words(_, str(entry.action)),
                Cell(told[0] if told else "–", note=told[1] if len(told) > 1 else ""),
            ])
        )  # fmt: skip
    st.html(table(columns, rows, _("access.audit.found", number)))
    here = _("organizers.page", page=_.number(page), pages=_.number(pages))
    ui_filters.pager(pages, page, here, (_("organizers.page.back"), _("organizers.page.on")))

    def export(actor: Actor) -> bytes:
        audit.note(register, actor, "audit.read", "audit", None, edge.now(), " ".join(filter(None, ("csv", subject))))
        return audit.export_csv(register, actor=who, action=what, subject=subject)

    st.download_button(
        _("access.audit.export"), ui_desk.guarded("audit.read", export), file_name="audit.csv", mime="text/csv",
        key="audit_export", on_click="ignore",
    )  # fmt: skip
    ui_text.quiet(_("access.audit.note"))


# ── accounts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def people(_: Language, register: Register, actor: Actor) -> None:
    """Who may come to the desk; an account is made with a link to choose a passphrase, changed, and disabled."""
    st.header(_("access.people"))
    listed = accounts.listed(register)
    columns = [Column(_(f"access.people.{name}")) for name in ("name", "role", "way", "since")]
    rows = [
        Row(
            [
                account.name,
                _(f"access.role.{account.role}"),
                _way(_, account),
                Cell(_moment(_, register, account.added_at), note=account.added_by),
            ],
            grey=account.disabled_at is not None,
        )
        for account in listed
    ]
    st.html(table(columns, rows, _("access.people.found", len(rows))))
    if problem := state.pop("people_problem", ""):
        st.html(f"<p class='pw-problem' role='alert'>{escape(problem)}</p>")
    if link := state.pop("people_link", None):
        st.html(
            f"<div class='pw-aside' role='status'><p>{escape(_('access.people.link', name=link[0]))}</p>"
            f"<p><code class='pw-code'>{escape(link[1])}</code></p></div>"
        )
    with st.container(key="pw-form"):
        with st.expander(_("access.people.add"), key="people_add_fold"):
            st.text_input(_("access.name"), key="people_name", max_chars=accounts.MOST_NAME, autocomplete="off")
            st.selectbox(_("access.people.role"), ROLES, key="people_role", format_func=lambda r: _(f"access.role.{r}"))
            st.button(_("access.people.add"), key="people_add", on_click=_guarded(_, register, "add"))
        others = [account for account in listed if accounts.key_of(account.name) != accounts.key_of(actor.name)]
        if others:
            with st.expander(_("access.people.change"), key="people_change_fold"):
                name = st.selectbox(_("access.name"), [account.name for account in others], key="people_who")
                chosen = next(account for account in others if account.name == name)
                for what in _changes(chosen):
                    st.button(_(f"access.people.do.{what}"), key=f"people_{what}", on_click=_guarded(_, register, what))


def _way(_: Language, account: accounts.Account) -> str:
    if account.disabled_at is not None:
        return _("access.people.disabled")
    ways = [_("access.passphrase")] if account.has_passphrase else []
    return "; ".join([*ways, *(["OIDC"] if account.oidc_subject else [])]) or _("access.people.no_way")


def _changes(account: accounts.Account) -> tuple[str, ...]:
    """What may be done with an account of somebody else; one's own role nobody changes."""
    if account.disabled_at is not None:
        return ("enable",)
    return ("moderator" if account.role == "admin" else "admin", "invite", "disable")


def _guarded(_: Language, register: Register, what: str) -> Callable[[], None]:
    return ui_desk.guarded("account.manage", lambda actor: _change(_.code, register, actor, what))


def _change(lang: str, register: Register, actor: Actor, what: str) -> None:
    """Carry a change out; what is wrong with it is said beside the form, and what was typed stays."""
    _, now = language(lang), edge.now()
    name = str(state.get("people_name" if what == "add" else "people_who") or "")
    try:
        if accounts.key_of(name) == accounts.key_of(actor.name):
            state["people_problem"] = _("access.people.oneself")
            return
        if what == "add":
            accounts.add(register, actor, name, str(state.get("people_role")), now)
            state["people_name"] = ""
        elif what in ROLES:
            accounts.set_role(register, actor, name, what, now)
        elif what == "disable":
            accounts.disable(register, actor, name, now)
        elif what == "enable":
            accounts.enable(register, actor, name, now)
        if what in ("add", "invite"):
            ticket = tickets.invite(register, actor, name, now)
            state["people_link"] = (name, _link(register, lang, ticket))
    except PrizewatchError as error:
        state["people_problem"] = _(error.key, **error.values)


def _link(register: Register, lang: str, ticket: str) -> str:
    return f"{ui_links.full_address(register, 'desk/passphrase')}?{urlencode({'ticket': ticket, 'lang': lang})}"
