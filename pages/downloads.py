"""Downloads: the latest release, table by table: what it answers, first rows, files, permanent addresses."""

import streamlit as st

from prizewatch import datasets, releases, ui, ui_downloads

_ = ui.words()
register = ui.register()
st.title(_("downloads.title"))
ui.lead(_("downloads.lead"))

release = releases.current(register, ui.now())
base = ui.site_address(register)
ui_downloads.head(_, release)
ui.quiet(_("downloads.rules"))
ui.quiet(_("downloads.figures"))
ui.link("programs", _("downloads.programs"))
for name in datasets.NAMES:
    ui_downloads.one(_, release, base, name)
ui_downloads.citation(_, release, base, register.settings.operator)
