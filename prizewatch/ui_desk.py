"""Who sits at the desk: asked at every run of a page, and again in every callback and download.

The cookie of `desk_routes` is read from the connection; what it is good for now, the register says. Whoever is nobody
here gets a sentence and the way to sign in, and nothing below it runs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from . import edge, sessions, sitemap, tickets, ui_frame, ui_language, ui_scripts, ui_text
from .access import Actor, may, require
from .errors import NotAllowed, PrizewatchError
from .i18n import Language
from .ui_html import escape

P = ParamSpec("P")
R = TypeVar("R")
COOKIE = "pw_desk"
#: Page of the desk -> what who opens it must be allowed to do.
OPENS = {
    "desk": "desk.see",
    "desk_organizers": "organizer.merge",
    "desk_import": "import.run",
    "desk_audit": "audit.read",
}


def token() -> str:
    """The cookie of this connection; it opens nothing by itself."""
    return str(st.context.cookies.get(COOKIE, ""))


def present() -> Actor | None:
    """Who is signed in on this connection now; None for a stranger, and where the register cannot be opened."""
    held = token()
    if not held:
        return None
    try:
        return sessions.signed_in(edge.register(), held, edge.now())
    except PrizewatchError:
        return None


def menu() -> tuple[str, ...]:
    """The pages of the desk that stand in the menu of whoever is here."""
    here = present()
    return tuple(page for page in sitemap.DESK if may(here, OPENS[page])) if here else ()


def actor(action: str) -> Actor:
    """The one who is signed in, if they may do this; anybody else reads why not, and the run ends here.

    Every page of the desk calls it first.
    """
    _ = ui_language.words()
    here = present()
    if here is None:
        _stranger(_)
        _end(_)
    if not may(here, action):
        _who(_, here)
        st.title(_("access.stranger.title"))
        st.html(f"<p class='pw-problem' role='alert'>{escape(_('errors.not_allowed'))}</p>")
        _end(_)
    _who(_, here)
    if st.session_state.pop("desk_refused", False):
        st.html(f"<p class='pw-problem' role='alert'>{escape(_('errors.not_allowed'))}</p>")
    return here


def guarded(action: str, call: Callable[Concatenate[Actor, P], R]) -> Callable[P, R]:
    """`call` for `on_click=` or `data=`: who is there is asked again when it is pressed, then `call(actor, ...)` runs.

    Who may not (any more) gets nothing done: a callback notes it for the page's next words, a download fails.
    """
    held = token()  # a download runs outside the session, where there is no cookie

    @functools.wraps(call)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R | None:
        on_page = get_script_run_ctx(suppress_warning=True) is not None
        here = sessions.signed_in(edge.register(), token() if on_page else held, edge.now())
        try:
            require(here, action)
        except NotAllowed:
            if not on_page:
                raise
            st.session_state["desk_refused"] = True
            typed = (v for k, v in st.session_state.items() if "sentence" in str(k) and isinstance(v, str))
            st.session_state["desk_unsent"] = max(typed, key=len, default="").strip()
            return None
        assert here is not None  # noqa: S101 - `require` lets nobody else pass
        return call(here, *args, **kwargs)

    return cast(Callable[P, R], checked)  # what a callback returns nobody reads


def _end(_: Language) -> NoReturn:
    """Nothing of the page runs; its foot stands all the same."""
    ui_frame.footer(_, edge.register())
    st.stop()


def _who(_: Language, here: Actor) -> None:
    """Who is signed in, as what, and the way out."""
    said = _("access.here", name=here.name, role=_(f"access.role.{here.role}"))
    st.html(
        f"<div class='pw-desk-who'><p class='pw-quiet'>{escape(said)}</p>"
        f"<form method='post' action='desk/sign-out?lang={_.code}'><button>{escape(_('access.sign_out'))}</button>"
        "</form></div>"
    )


def _address() -> str:
    """Where the reader is, to come back to."""
    page = (st.context.url or "").partition("?")[0].rstrip("/").rpartition("/")[2]
    kept = {name: value for name, value in st.query_params.items() if name != "lang"}
    here = page if page in sitemap.PAGES else "desk"
    return f"{here}?{urlencode(kept)}" if kept else here


def _stranger(_: Language) -> None:
    """The way to sign in, for whoever is not."""
    to = "desk/sign-in?" + urlencode({"lang": _.code, "next": _address()})
    st.title(_("access.stranger.title"))
    if st.session_state.pop("desk_refused", False):  # the session ended before the button was pressed
        unsent = st.session_state.pop("desk_unsent", "")
        kept = f"<p>{escape(_('desk.typed', words=unsent))}</p>" if unsent else ""
        st.html(f"<div class='pw-problem' role='alert'><p>{escape(_('access.ended'))}</p>{kept}</div>")
    ui_text.lead(_("access.stranger"))
    st.html(f"<p class='pw pw-go'><a href='{escape(to)}'>{escape(_('access.sign_in.link'))}</a></p>")
    if edge.settings().oidc_client_id:
        user = st.user.to_dict() if st.user.get("is_logged_in", False) else {}
        if user and arrival(user) is None:
            st.html(f"<p class='pw-problem' role='alert'>{escape(_('access.oidc.unlisted'))}</p>")
        st.button(_("access.oidc.do"), key="desk_oidc", on_click=st.login)


# ── coming back from an identity provider ──────────────────────────────────────────────────────────────────────────


def arrival(user: dict[str, Any]) -> str | None:
    """A ticket for who has just signed in at the provider, if they are on the list."""
    issued = user.get("iat")
    subject = str(user.get("sub") or "")
    if not subject or not isinstance(issued, int | float):
        return None
    at = datetime.fromtimestamp(issued, UTC).replace(tzinfo=None)
    return tickets.for_subject(edge.register(), subject, at, edge.now())


def receive() -> None:
    """On any page: who comes back from the provider and is on the list goes on to the desk."""
    if not st.user.get("is_logged_in", False) or st.session_state.get("desk_arrived") or present():
        return
    st.session_state["desk_arrived"] = True
    try:
        ticket = arrival(st.user.to_dict())
    except PrizewatchError:
        return
    if ticket:
        with st.container(key="pw-top-arrival"):
            given = f"<span id='pw-arrival' data-ticket='{escape(ticket)}'></span>"
            ui_scripts.run(ui_scripts.ARRIVAL_SCRIPT, beside=given)
        st.stop()
