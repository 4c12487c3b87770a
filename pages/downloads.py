"""Downloads: the latest release, table by table: what it answers, first rows, files, permanent addresses."""

import streamlit as st

from prizewatch import datasets, edge, releases, ui_downloads, ui_language, ui_links, ui_text

_ = ui_language.words()
register = edge.register()
st.title(_("downloads.title"))
ui_text.lead(_("downloads.lead"))

with st.spinner(_("downloads.making")):  # only the very first is waited for
    release = releases.current(register, edge.now())
base = ui_links.site_address(register)
ui_downloads.head(_, release)
ui_text.quiet(_("downloads.rules"))
ui_text.quiet(_("downloads.figures"))
ui_links.link("programs", _("downloads.programs"))
for name in datasets.NAMES:
    ui_downloads.one(_, release, base, name)
ui_downloads.citation(_, release, base, register.settings.operator)
