"""Downloads: each table of the latest release, what it holds, its columns, day and rows."""

import streamlit as st

from prizewatch import datasets, releases, ui
from prizewatch.ui_html import Column, Row

_ = ui.words()
register = ui.register()
st.title(_("downloads.title"))
ui.lead(_("downloads.lead"))
ui.quiet(_("downloads.rules"))
ui.quiet(_("downloads.figures"))

release = releases.current(register, ui.now())
for data in ui.kept(datasets.datasets):
    with st.container(border=True, key=f"file-{data.name}"):
        st.header(_(data.title_key))
        ui.paragraphs([_(data.about_key)])
        st.download_button(
            _("downloads.button", file=data.file),
            data=releases.read(release, data.name, "csv").read_bytes,
            file_name=f"{data.name}-{release.version}.csv",
            mime="text/csv",
            key=f"get-{data.name}",
            on_click="ignore",
        )
        ui.quiet(_("downloads.size", data.rows, columns=_.number(len(data.columns)), day=_.day(release.as_of)))
        with st.expander(_("downloads.columns")):
            heads = [Column(_("downloads.column")), Column(_("downloads.meaning"), wide=True)]
            ui.table("columns", heads, lambda data=data: [Row([c.name, _(c.key)]) for c in data.columns], data.file)

st.header(_("downloads.readme"))
ui.quiet(_("downloads.readme.help"))
st.download_button(
    _("downloads.button", file="README.md"),
    data=releases.read(release, "release", "readme").read_bytes,
    file_name=f"README-{release.version}.md",
    mime="text/markdown",
    key="get-readme",
    on_click="ignore",
)
