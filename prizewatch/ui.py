"""What the screens share: the register, the reader's language, the address, links, and the frame around a page.

Streamlit is known here and in the other `ui_*` modules; `ui_html` makes plain HTML without it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlencode
from uuid import uuid4

import streamlit as st

from . import fits
from .errors import PrizewatchError
from .i18n import LANGUAGES, Language, NeutralLanguage, guess, language
from .keeping import Kept
from .settings import Settings
from .store import Kind, Register
from .ui_html import Column, Row, escape
from .ui_html import table as html_table

ASSETS = Path(__file__).parent / "assets"
#: The navigation: section -> its pages, in order. The first section has no name: its pages stand for themselves.
SECTIONS = {
    "": ("overview",),
    "enter": ("organizers", "before", "repeat"),
    "unpaid": ("report", "mine", "advice"),
    "figures": ("resolution", "ladder", "time", "platforms", "trends", "method"),
    "open": ("downloads", "programs", "transparency", "notice"),
}
MENU = tuple(page for pages in SECTIONS.values() for page in pages)
#: Reached by their addresses and in no menu.
BY_ADDRESS = ("organizer", "reply")
#: Pages of moderators: in the menu of who is signed in, a way to sign in for anybody else.
DESK = ("desk", "desk_organizers", "desk_import", "desk_audit")
PAGES = (*MENU, *BY_ADDRESS, *DESK)
#: Pages for winners of prize draws: a register of other records leaves them out of the menu.
DRAWS_ONLY = ("before", "report", "mine", "advice", "platforms", "notice")
#: The only scripts of the site; their hashes stand in the CSP. The first tell the browser the language of the page.
LANGUAGE_SCRIPTS = {code: f"document.documentElement.lang='{code}'" for code in LANGUAGES}
#: A plain click on a link of ours changes the page without loading the site anew: a half-filled report stays filled.
LINK_SCRIPT = """
if (!window.pwLinks) {
  window.pwLinks = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".pw-table a, .pw-links a");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
    document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
  });
}
"""
#: A random mark of this browser, set by `app` with its first page: the daily limit of reports holds per device by it.
DEVICE_COOKIE = "pw_device"
#: A new step begins at its top, also for who listens.
TOP_SCRIPT = """
setTimeout(() => {
  document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
  const head = document.querySelector(".pw-progress h2");
  if (head) head.focus({ preventScroll: true });
}, 50);
"""
#: What is wrong may stand above the screen: it is brought into sight.
PROBLEM_SCRIPT = """
setTimeout(() => {
  const said = document.querySelector(".st-key-pw-form .pw-problem, .st-key-pw-form .pw-masked");
  if (said) said.scrollIntoView({ block: "center" });
}, 50);
"""
#: Who comes back from an identity provider takes a ticket to where the cookie is set.
ARRIVAL_SCRIPT = """
location.replace("desk/session?ticket=" + encodeURIComponent(document.getElementById("pw-arrival").dataset.ticket));
"""
SCRIPTS = (*LANGUAGE_SCRIPTS.values(), LINK_SCRIPT, TOP_SCRIPT, PROBLEM_SCRIPT, ARRIVAL_SCRIPT)

T = TypeVar("T")
log = logging.getLogger("prizewatch")


class _Served:
    """The one register of this process, opened at the first need; a failure is tried again at the next."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open: Callable[[], Register] | None = None
        self.register: Register | None = None


_served = _Served()


def serve(opener: Callable[[], Register]) -> None:
    """Say how the register is opened. Closes nothing; forgets everything kept of another one."""
    with _served.lock:
        _served.open, _served.register = opener, None
    _kept.clear()


def register() -> Register:
    """The register. Raises `PrizewatchError` where it cannot be opened now (busy, newer, key gone)."""
    with _served.lock:
        if _served.register is None:
            if _served.open is None:
                raise RuntimeError("ui.serve was not called: start the site with `streamlit run app.py`")
            try:
                _served.register = _served.open()
            except PrizewatchError as error:
                log.error("%s", Language("en")(error.key, **error.values))
                raise
        return _served.register


def close() -> None:
    """Close the register, if it is open."""
    with _served.lock:
        opened, _served.register = _served.register, None
    if opened is not None:
        opened.close()


def settings() -> Settings:
    """The settings this process was started with."""
    return register().settings


def now() -> datetime:
    """This moment in UTC: the edge of the program where the clock is read."""
    return datetime.now(UTC).replace(tzinfo=None)


def today() -> date:
    """The reader's last possible day: today in the register's time zone."""
    return datetime.now(settings().time_zone).date()


# ── language ──────────────────────────────────────────────────────────────────────────────────────────────────────


def words() -> Language:
    """The reader's language: the address, else the choice made before, else what the browser prefers."""
    chosen = st.query_params.get("lang") or st.session_state.get("chosen_lang")
    if chosen in LANGUAGES:
        st.session_state["chosen_lang"] = chosen
    return words_in(language(chosen if chosen in LANGUAGES else guess(st.context.locale)).code)


def words_in(code: str) -> Language:
    """The words of a language for this kind of register."""
    opened = _served.register
    return NeutralLanguage(code) if opened and opened.kind is Kind.REFERENCE else Language(code)


def menu() -> tuple[str, ...]:
    """The pages of the menu for this kind of register, in order."""
    opened = _served.register
    reference = opened is not None and opened.kind is Kind.REFERENCE
    return tuple(page for page in MENU if not (reference and page in DRAWS_ONLY))


def choose_language(code: str) -> None:
    """The switch was pressed: the choice holds on every page and stands in the address."""
    st.session_state["chosen_lang"] = code
    st.query_params["lang"] = code


def keep_language() -> None:
    """Streamlit drops the address's parameters when the page changes: write the choice again."""
    chosen = st.session_state.get("chosen_lang")
    if chosen and st.query_params.get("lang") != chosen:
        st.query_params["lang"] = chosen


def forget(*beginnings: str, stays: Sequence[str] = ()) -> None:
    """Empty what a session holds under names that begin so, all but what stays."""
    for key in [k for k in st.session_state if str(k).startswith(beginnings) and k not in stays]:
        del st.session_state[key]


# ── the address ───────────────────────────────────────────────────────────────────────────────────────────────────


def address(page: str, **parameters: str) -> str:
    """A link to a page, relative, so that it holds under any base path; the language goes with it."""
    chosen = st.session_state.get("chosen_lang")
    given = {name: value for name, value in parameters.items() if value}
    query = urlencode(given | ({"lang": chosen} if chosen else {}))
    path = "./" if page == "overview" else page
    return f"{path}?{query}" if query else path


def site_address(register: Register) -> str:
    """Where the site is: by the settings, else as the reader came."""
    here = (st.context.url or "").partition("?")[0].rstrip("/").rpartition("/")[0]
    return register.settings.public_url or here.removesuffix("/desk_")  # Streamlit cuts desk_organizers in two


def full_address(register: Register, page: str, **parameters: str) -> str:
    """A link to a page as it can be sent to somebody: with the site's address, without the reader's language."""
    base = site_address(register)
    return f"{base}/{page}?{urlencode(parameters)}" if parameters else f"{base}/{page}"


def to_top(step: str) -> None:
    """Show the top of a step that was just opened; once for each opening."""
    with st.container(key=f"pw-top-{step}"):
        st.html(f"<script>{TOP_SCRIPT}</script>", unsafe_allow_javascript=True)


def to_problem() -> None:
    """Show the first thing that is wrong; once after each try."""
    with st.container(key=f"pw-top-problem-{uuid4()}"):  # a new element each time, so that the browser runs it
        st.html(f"<script>{PROBLEM_SCRIPT}</script>", unsafe_allow_javascript=True)


def link(page: str, label: str, **parameters: str) -> None:
    """A link to a page that does not reload the site."""
    chosen = st.session_state.get("chosen_lang")
    st.page_link(f"{page}.py", label=label, query_params=parameters | ({"lang": chosen} if chosen else {}))


def _push(name: str) -> None:
    """A filter changed: its code, not its label, goes into the address, and the result list starts over."""
    value = st.session_state[f"filter_{name}"]
    text = ";".join(value) if isinstance(value, list | tuple) else (value or "")
    if text:
        st.query_params[name] = text
    elif name in st.query_params:
        del st.query_params[name]
    if name != "page" and "page" in st.query_params:
        del st.query_params["page"]


def _seed(name: str, value: object) -> str:
    """Fill a filter from the address at each run; returns the widget's key."""
    key = f"filter_{name}"
    st.session_state[key] = value
    return key


def pick_one(name: str, label: str, codes: Sequence[str], labels: Callable[[str], str], *, all_label: str = "") -> str:
    """A filter with one answer; `""` is all. Its state is the address."""
    options = (["", *codes]) if all_label else list(codes)
    asked = st.query_params.get(name, "")
    key = _seed(name, asked if asked in options else options[0])
    return str(
        st.selectbox(
            label, options, key=key, format_func=lambda c: labels(c) if c else all_label, on_change=_push, args=(name,)
        )
    )


def pick_text(name: str, label: str, placeholder: str = "") -> str:
    """A search field; its words are in the address."""
    key = _seed(name, st.query_params.get(name, "")[:80])
    return str(
        st.text_input(
            label, key=key, max_chars=80, placeholder=placeholder, type="search", on_change=_push, args=(name,)
        )
    )


def page_number() -> int:
    """The page of results the address asks for; anything odd is the first."""
    asked = st.query_params.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def pager(pages: int, current: int, here: str, labels: tuple[str, str]) -> None:
    """Earlier and later pages of results, kept in the address."""
    if pages <= 1:
        return

    def go(to: int) -> None:
        st.query_params["page"] = str(to)

    back, on = labels
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(f"← {back}", key="pager_back", on_click=go, args=(current - 1,), disabled=current <= 1)
        st.html(f"<p class='pw-quiet'>{escape(here)}</p>", width="content")
        st.button(f"{on} →", key="pager_on", on_click=go, args=(current + 1,), disabled=current >= pages)


# ── kept work ─────────────────────────────────────────────────────────────────────────────────────────────────────


_kept = Kept()


def _version(opened: Register) -> str:
    """Of which register, data and fits something kept was made."""
    return f"{id(opened)}-{opened.version()}-{fits.stamp(opened)}"


def kept(make: Callable[..., T], *arguments: Hashable) -> T:
    """`make(register, *arguments)`, worked out once per version of data and fits. Nobody may change what comes back."""
    opened = register()
    name = f"{make.__module__}.{make.__qualname__}"
    return cast(T, _kept.get((name, _version(opened), arguments), lambda: make(opened, *arguments)))


def drawn(make: Callable[..., T], lang: Language, *arguments: Hashable, frame: object, mark: str = "") -> T:
    """A finished figure, `make(frame, lang, *arguments)`, kept per version, language, arguments and `mark`.

    `mark` names the frame where a figure is drawn from several, such as an organizer's code.
    """
    opened = register()
    name = f"{make.__module__}.{make.__qualname__}"
    key = (lang.code, mark, *arguments)
    return cast(T, _kept.get((name, _version(opened), key), lambda: make(frame, lang, *arguments)))


def table(
    name: str,
    columns: Sequence[Column],
    rows: Callable[[], Iterable[Row]],
    caption: str,
    *arguments: Hashable,
    cards: bool = True,
) -> None:
    """A table whose rows are worked out once per version, language and `arguments`, then kept as finished HTML."""
    opened = register()
    heads = tuple(column.head for column in columns)  # the language is in them
    key = (heads, caption, st.session_state.get("chosen_lang"), *arguments)
    version = _version(opened)
    st.html(_kept.get((f"table {name}", version, key), lambda: html_table(columns, rows(), caption, cards=cards)))


# ── the frame around a page ───────────────────────────────────────────────────────────────────────────────────────


@cache
def _style(menu_word: str) -> str:
    css = (ASSETS / "style.css").read_text("utf-8")
    return f"<style>{css}\n:root {{ --pw-menu: '{menu_word}'; }}</style>"


def frame_top(_: Language) -> None:
    """Style, the page's language for the browser, the switch to the other language."""
    other = next(code for code in LANGUAGES if code != _.code)
    with st.container(key="pw-frame"):
        st.html(_style(_("shell.menu")))
        st.html(f"<script>{LANGUAGE_SCRIPTS[_.code]}</script>", unsafe_allow_javascript=True)
        st.html(f"<script>{LINK_SCRIPT}</script>", unsafe_allow_javascript=True)
        with st.container(key="pw-switch"):
            st.button(_("shell.other_language"), key="switch", type="tertiary", on_click=choose_language, args=(other,))


def banner(_: Language, kind: Kind) -> None:
    """On a demo or reference register every page says so first."""
    if kind is not Kind.LIVE:
        st.html(f"<div class='pw-banner' role='note'>{escape(_(f'shell.banner.{kind.value}'))}</div>")


def footer(_: Language, opened: Register) -> None:
    """All pages again (on a phone the menu is folded away), who runs this, and the day of the data."""
    links = "".join(f"<li><a href='{escape(address(p))}'>{escape(_(f'shell.nav.{p}'))}</a></li>" for p in menu())
    version = opened.version()
    who = _("shell.run_by", name=opened.settings.operator) if opened.settings.operator else _("shell.run_by_nobody")
    st.html(
        f"<footer class='pw-foot pw-links'><nav aria-label='{escape(_('shell.sitemap'))}'><ul>{links}</ul></nav>"
        f"<p>{escape(_.joined(_('shell.as_of', day=_.day(version.as_of)), who))}</p></footer>"
    )


def caption(_: Language, n: str, as_of: date, extra: str = "", of: str = "disputes") -> None:
    """What stands under every figure and table: how many of what, until when, and that only reports are counted."""
    quiet(_.joined(_(f"shell.caption.{of}", n=n, day=_.day(as_of)), extra))


def name_as_title(name: str) -> None:
    """A title in a stranger's words: as text, where `st.title` would read Markdown and make links."""
    st.html(f"<h1 class='pw-title'>{escape(name)}</h1>")


def lead(text: str) -> None:
    """The one sentence under a title."""
    st.html(f"<p class='pw-lead'>{escape(text)}</p>")


def quiet(text: str) -> None:
    """A remark in small type."""
    st.html(f"<p class='pw-quiet'>{escape(text)}</p>")


def paragraphs(texts: Iterable[str]) -> None:
    """Plain paragraphs of a readable width."""
    st.html("<div class='pw'>" + "".join(f"<p>{escape(t)}</p>" for t in texts) + "</div>")
