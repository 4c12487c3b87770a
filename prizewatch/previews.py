"""What a chat or a search engine shows of a link: title and description of the page behind it, in the reader's words.

Only what the page itself shows to everybody. An organizer that is not shown by name gets the words of an organizer that
is not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from .i18n import LANGUAGES, Language
from .profile import OrganizerProfile, sentence
from .store import Kind, Register
from .ui_html import escape
from .vocabulary import codes, label

#: The parameters that choose a figure, by page; a link to the page keeps them, and no others (a receipt, a search).
CHOICES = {
    "resolution": ("by", "stage", "view"),
    "ladder": ("group",),
    "time": ("group", "stage"),
    "platforms": ("count",),
    "trends": ("group",),
    "repeat": ("level", "group"),
}
#: Pages that are for one person; no search engine should list them.
OWN = re.compile(r"mine|reply|desk.*")
MOST = 300  # characters of a description
#: The picture beside the words, square as chats show it: the house's mark, without a word of any language.
PICTURE = Path(__file__).parent / "assets" / "mark.png"
SIDE = 600  # its width and height in pixels
CHOICE = re.compile(r"[\w-]{1,40}(;[\w-]{1,40}){0,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in the head of a page. `addresses`: the page by language, "" without one; `image`: that of PICTURE;
    `listed`: whether search engines may list it.
    """

    lang: str
    site: str
    title: str
    description: str
    addresses: Mapping[str, str]
    image: str
    listed: bool

    def html(self) -> str:
        """The elements, everything escaped."""
        parts = [f"<title>{escape(self.title)}</title>"]
        parts += [f'<meta name="{name}" content="{escape(text)}" />' for name, text in self._names()]
        parts += [f'<meta property="og:{name}" content="{escape(text)}" />' for name, text in self._properties()]
        parts.append(f'<link rel="canonical" href="{escape(self.addresses[self.lang])}" />')
        for lang in ("", *LANGUAGES):
            hreflang = lang or "x-default"
            parts.append(f'<link rel="alternate" hreflang="{hreflang}" href="{escape(self.addresses[lang])}" />')
        return "\n    ".join(parts)

    def _names(self) -> list[tuple[str, str]]:
        names = [
            ("description", self.description),
            ("twitter:card", "summary"),
            ("twitter:title", self.title),
            ("twitter:description", self.description),
        ]
        return names if self.listed else [*names, ("robots", "noindex")]

    def _properties(self) -> list[tuple[str, str]]:
        others = [code for code in LANGUAGES if code != self.lang]
        return [
            ("type", "website"),
            ("site_name", self.site),
            ("title", self.title),
            ("description", self.description),
            ("url", self.addresses[self.lang]),
            ("image", self.image),
            ("image:width", str(SIDE)),
            ("image:height", str(SIDE)),
            ("image:alt", self.site),
            ("locale", _locale(self.lang)),
            *(("locale:alternate", _locale(code)) for code in others),
        ]


def _locale(lang: str) -> str:
    return {"en": "en_US"}.get(lang, lang.replace("-", "_"))


def neutral(_: Language, base: str) -> Head:
    """The head where the register does not answer: the site and nothing else."""
    return _head(_, "", _("overview.lead"), base, "overview", {})


def head(
    register: Register,
    _: Language,
    page: str,
    given: Mapping[str, str],
    base: str,
    find: Callable[[str], OrganizerProfile | None],
) -> Head:
    """The head of a page of a register. `given`: the parameters of its address; `base`: the address of the site;
    `find`: the profile behind a public code.
    """
    banner = "" if register.kind is Kind.LIVE else _(f"shell.banner.{register.kind.value}")
    day = register.version().as_of
    if page == "organizer":
        profile = find(given.get("id", "")[:40])
        if profile is not None and profile.name is not None:
            return _head(_, profile.name, f"{banner} {sentence(_, profile)}", base, page, {"id": profile.public_code})
        return _head(_, _("shell.nav.organizer"), f"{banner} {_('overview.lead')}", base, page, {})
    choices = {name: given[name] for name in CHOICES.get(page, ()) if CHOICE.fullmatch(given.get(name, ""))}
    about = _(f"{page}.lead")
    if page in CHOICES or page == "overview":
        about = f"{about} {_('shell.as_of', day=_.day(day))}"
    title = " · ".join([_(f"{page}.title"), *_chosen(_, page, choices)])
    return _head(_, title, f"{banner} {about}", base, page, choices)


def _chosen(_: Language, page: str, choices: Mapping[str, str]) -> list[str]:
    """What was chosen on the page, as far as it tells one figure from another; what is no code of ours is not said."""
    found = []
    for name, code in choices.items():
        known = {"group": "analysis_group", "stage": "stage"}.get(name)
        key = {"by": f"resolution.by.{code}", "level": f"organizers.level.{code}"}.get(name, "")
        if known is not None and code in codes(known):
            # The heatmap of the steps has all of them, whatever its address says.
            if (page, name) != ("resolution", "stage") or choices.get("view", "heat") != "heat":
                found.append(label(known, code, _.code))
        elif key and _.has(key):
            found.append(_(key))
    return found


def _head(_: Language, title: str, about: str, base: str, page: str, given: Mapping[str, str]) -> Head:
    site = _("shell.name")
    path = f"{base}/" if page == "overview" else f"{base}/{page}"

    def address(lang: str) -> str:
        query = urlencode({**given, **({"lang": lang} if lang else {})})
        return f"{path}?{query}" if query else path

    return Head(
        lang=_.code,
        site=site,
        title=f"{_line(title)} · {site}" if title else site,
        description=_line(about)[:MOST],
        addresses={lang: address(lang) for lang in ("", *LANGUAGES)},
        image=f"{base}/{PICTURE.name}",
        listed=not OWN.fullmatch(page),
    )


def _line(text: str) -> str:
    """Text on one line, without characters that are not seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def missing(_: Language) -> str:
    """The whole page for an address that is none of ours: Streamlit would show the overview and say so in English."""
    title, home = escape(_("shell.missing.title")), escape(_("shell.missing.home"))
    return (
        f'<!doctype html><html lang="{_.code}"><head><meta charset="utf-8" /><title>{title}</title>'
        '<meta name="viewport" content="width=device-width" /><meta name="robots" content="noindex" />'
        "<style>body { font: 1.1rem/1.6 sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; "
        "color-scheme: light dark; color: CanvasText; background: Canvas } a { color: inherit }</style></head>"
        f'<body><h1>{title}</h1><p>{escape(_("shell.missing.text"))}</p><p><a href="/?lang={_.code}">{home}</a></p>'
        "</body></html>"
    )


def into(index: str, found: Head) -> str:
    """The page's HTML with this head. Its scripts stay as they are, so that their fingerprints hold."""
    spoken = re.sub(r'<html lang="[^"]*">', lambda m: f'<html lang="{found.lang}">', index, count=1)
    return re.sub(r"<title>[^<]*</title>", lambda m: found.html(), spoken, count=1)
