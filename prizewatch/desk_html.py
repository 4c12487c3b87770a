"""The plain pages of signing in, as HTML: one form each, no script."""

from __future__ import annotations

import base64
import functools
from pathlib import Path
from urllib.parse import urlencode

from . import accounts, passphrases
from .i18n import LANGUAGES, Language
from .ui_html import escape

ASSETS = Path(__file__).parent / "assets"


@functools.cache
def _style() -> str:
    return (ASSETS / "desk.css").read_text("utf-8")


@functools.cache
def _mark() -> str:
    return base64.b64encode((ASSETS / "mark.svg").read_bytes()).decode()


def page(_: Language, title: str, inside: str, query: str = "") -> str:
    """A whole page. `inside` is safe HTML; `query` what stands in the address beside the language."""
    other = next(code for code in LANGUAGES if code != _.code)
    switch = "?" + "&".join(part for part in (f"lang={other}", query) if part)
    return (
        f"<!doctype html><html lang='{_.code}'><head><meta charset='utf-8'><title>{escape(title)} · "
        f"{escape(_('shell.name'))}</title><meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<meta name='robots' content='noindex'><style>{_style()}</style></head><body><header>"
        f"<a href='/?lang={_.code}'><img src='data:image/svg+xml;base64,{_mark()}' alt=''>"
        f"{escape(_('shell.name'))}</a><a class='other' href='{escape(switch)}' lang='{other}'>"
        f"{escape(_('shell.other_language'))}</a></header>"
        f"<main><h1>{escape(title)}</h1>{inside}</main></body></html>"
    )


def _problem(words: str) -> str:
    return f"<p class='problem' role='alert' id='problem'>{escape(words)}</p>" if words else ""


def _field(name: str, label: str, kind: str, value: str = "", more: str = "") -> str:
    return (
        f"<label for='{name}'>{escape(label)}</label>"
        f"<input id='{name}' name='{name}' type='{kind}' value='{escape(value)}' {more}>"
    )


def sign_in(_: Language, then: str, *, name: str = "", problem: str = "", oidc: bool = False) -> str:
    """The form; after a mistake with its sentence, and with what was typed but for the passphrase."""
    wrong = " aria-describedby='problem'" if problem else ""
    most = f" maxlength='{accounts.MOST_NAME}'"
    hint = ("autofocus", "") if not problem else ("", "autofocus")
    user = f"autocomplete='username' autocapitalize='none' spellcheck='false' required {hint[0]}{most}{wrong}"
    secret = f"autocomplete='current-password' required {hint[1]}{wrong}"
    inside = (
        f"<p>{escape(_('access.sign_in.lead'))}</p>{_problem(problem)}"
        f"<form method='post' action='sign-in?lang={_.code}'>"
        f"<input type='hidden' name='next' value='{escape(then)}'>"
        + _field("name", _("access.name"), "text", name, user)
        + _field("passphrase", _("access.passphrase"), "password", "", secret)
        + f"<button>{escape(_('access.sign_in.do'))}</button></form>"
        + (f"<p><a href='../desk?lang={_.code}'>{escape(_('access.sign_in.other'))}</a></p>" if oidc else "")
        + f"<p class='quiet'>{escape(_('access.sign_in.none'))}</p>"
    )
    return page(_, _("access.sign_in.title"), inside, urlencode({"next": then}))


def passphrase(_: Language, ticket: str, problem: str = "") -> str:
    """Where who was invited chooses a passphrase."""
    more = f"autocomplete='new-password' required minlength='{passphrases.LEAST_CHARACTERS}'"
    inside = (
        f"<p>{escape(_('access.choose.lead', least=passphrases.LEAST_CHARACTERS))}</p>{_problem(problem)}"
        f"<form method='post' action='passphrase?lang={_.code}'>"
        f"<input type='hidden' name='ticket' value='{escape(ticket)}'>"
        + _field("passphrase", _("access.passphrase"), "password", "", f"{more} autofocus")
        + _field("again", _("access.passphrase.again"), "password", "", more)
        + f"<button>{escape(_('access.choose.do'))}</button></form>"
    )
    return page(_, _("access.choose.title"), inside, urlencode({"ticket": ticket}))


def sentence(_: Language, key: str) -> str:
    """A page that only says something, with the way to sign in."""
    inside = f"<p>{escape(_(key))}</p><p><a href='sign-in?lang={_.code}'>{escape(_('access.sign_in.link'))}</a></p>"
    return page(_, _("access.sign_in.title"), inside)


def nothing(_: Language) -> str:
    """There is nothing here, whoever asks."""
    return page(_, _("access.nothing.title"), f"<p>{escape(_('access.nothing'))}</p>")
