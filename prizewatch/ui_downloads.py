"""The parts of the downloads page: a table of the release, its first rows, its columns, its files; how to cite."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from . import edge, releases, sitemap, ui_links, ui_text
from .i18n import Language
from .releases import Release
from .ui_html import Column, Row, escape, table

#: The page that shows the figures of a table, and what to choose there.
SHOWN = {
    "organizers": ("organizers", {}),
    "resolution_by_type_and_stage": ("resolution", {"by": "type"}),
    "resolution_by_tool": ("resolution", {"by": "tool"}),
    "resolution_by_reason": ("resolution", {"by": "reason"}),
    "monthly": ("trends", {}),
    "repeat_organizers": ("repeat", {}),
    "time_to_relief": ("time", {}),
    "platform_action": ("platforms", {}),
    "reasons": ("trends", {}),
    "moderation": ("transparency", {}),
}
FIRST = 10
MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "json": "application/json"}
FORMATS = {"csv": "CSV", "parquet": "Parquet", "json": "JSON"}

_made: dict[tuple[Path, str, str], tuple[str, str]] = {}


@cache
def described(folder: Path) -> dict[str, dict[str, Any]]:
    """Table -> what the package of a release says of it: titles, meanings of columns."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return {one["name"]: one for one in package["resources"] if one["format"] == "csv"}


def said(_: Language, about: dict[str, Any], what: str) -> str:
    """A title or a description in the reader's language."""
    return str(about[f"{what}_zh" if _.zh else what])


def size(_: Language, count: int) -> str:
    """How large a file is."""
    return _("downloads.bytes", size=_.number(max(1, round(count / 1024))))


def address(base: str, release: Release, file: str) -> str:
    """The address of a file for good."""
    return f"{base}/api/v1/releases/{release.number}/{file}"


def head(_: Language, release: Release) -> None:
    """Which release this is, and all of it in one file."""
    st.html(
        f"<p class='pw-answer'>{escape(_('downloads.release', number=release.number, day=_.day(release.as_of)))}</p>"
    )
    ui_text.quiet(_("downloads.release.note"))
    with st.container(horizontal=True):
        for file, kind, mime in (("release.zip", "zip", "application/zip"), ("README.md", "readme", "text/markdown")):
            st.download_button(
                _(f"downloads.{kind}", size=size(_, release.bytes[file])),
                data=releases.read(release, "release", kind).read_bytes,
                file_name=f"prizewatch-{release.number}-{file}",
                mime=mime,
                key=f"get-{kind}",
                on_click="ignore",
                type="primary" if kind == "zip" else "secondary",
            )


def one(_: Language, release: Release, base: str, name: str) -> None:
    """One table."""
    about = described(release.folder)[name]
    fields = about["schema"]["fields"]
    with st.container(border=True, key=f"file-{name}"):
        st.header(said(_, about, "title"), anchor=name)
        ui_text.paragraphs([_(f"downloads.answers.{name}"), said(_, about, "description")])
        ui_text.quiet(_("downloads.size", release.rows[name], columns=_.number(len(fields)), day=_.day(release.as_of)))
        with st.container(horizontal=True):
            for kind, mime in MEDIA.items():
                of = size(_, release.bytes[f"datasets/{name}.{kind}"])
                st.download_button(
                    _("downloads.button", file=FORMATS[kind], size=of),
                    data=releases.read(release, name, kind).read_bytes,
                    file_name=f"prizewatch-{release.number}-{name}.{kind}",
                    mime=mime,
                    key=f"get-{name}" if kind == "csv" else f"get-{name}-{kind}",
                    on_click="ignore",
                )
        first, columns = tables(_, release, name)
        with st.expander(_("downloads.preview")):
            st.html(first)
        with st.expander(_("downloads.columns")):
            st.html(columns)
        with st.expander(_("downloads.permalink")), st.container(gap="xsmall"):
            for kind in MEDIA:
                url = address(base, release, f"datasets/{name}.{kind}")
                st.html(f"<div class='pw'><a href='{escape(url)}'>{FORMATS[kind]}</a></div>")
                st.code(url, language=None, wrap_lines=True)  # with a button that copies it
        page, choice = SHOWN[name]
        if page in sitemap.menu(edge.opened()):
            ui_links.link(page, _("downloads.shown", page=_(f"shell.nav.{page}")), **choice)


def tables(_: Language, release: Release, name: str) -> tuple[str, str]:
    """The first rows and the columns of a table as HTML; a release never changes, so they are made once."""
    key = (release.folder, name, _.code)
    if key not in _made:
        fields = described(release.folder)[name]["schema"]["fields"]
        heads = [Column(_("downloads.column")), Column(_("downloads.meaning"), wide=True)]
        rows = [Row([field["name"], said(_, field, "description")]) for field in fields]
        columns = f"<div class='pw-names'>{table(heads, rows, f'{name}.csv', cards=False)}</div>"
        _made[key] = preview(_, release, name, fields), columns
    return _made[key]


def preview(_: Language, release: Release, name: str, fields: list[dict[str, Any]]) -> str:
    """The first rows as they stand in the file; wide, so it can be pushed aside."""
    rows = releases.rows(release, name, 0, FIRST)
    if not rows:
        return f"<p class='pw-quiet'>{escape(_('downloads.empty'))}</p>"
    heads = [Column(field["name"], numeric=field["type"] in ("integer", "number")) for field in fields]
    cells = [Row(["" if value is None else str(value) for value in row.values()]) for row in rows]
    caption = _("downloads.preview.of", shown=_.number(len(rows)), rows=_.number(release.rows[name]))
    inside = table(heads, cells, caption, cards=False)
    wide = f"<p class='pw-quiet'>{escape(_('downloads.preview.wide', columns=_.number(len(fields))))}</p>"
    return f"{wide}<div class='pw-wide' tabindex='0' role='region' aria-label='{escape(caption)}'>{inside}</div>"


def citation(_: Language, release: Release, base: str, operator: str) -> None:
    """What to write where the figures are used."""
    st.header(_("downloads.cite"), anchor="cite")
    ui_text.paragraphs([_("downloads.cite.help")])
    who = operator or _("shell.name")
    given = {"who": who, "year": release.as_of.year, "number": release.number, "day": release.as_of.isoformat()}
    st.code(
        _("downloads.cite.text", **given, url=address(base, release, "release.zip")), language=None, wrap_lines=True
    )
