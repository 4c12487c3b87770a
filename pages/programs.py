"""For programs: a line to copy for each language, every address, and the rules."""

import streamlit as st

from prizewatch import ui, ui_programs

_ = ui.words()
register = ui.register()
base = ui.site_address(register)
st.title(_("programs.title"))
ui.lead(_("programs.lead"))

st.header(_("programs.lines"), anchor="lines")
ui.quiet(_("programs.lines.help"))
for tool, line in ui_programs.lines(base).items():
    st.subheader(_(f"programs.tool.{tool}"), anchor=tool)
    st.code(line, language=None, wrap_lines=True)  # coloured words would be too pale to read

st.header(_("programs.addresses"), anchor="addresses")
ui.link("downloads", _("programs.names"))
ui_programs.addresses(_, register.kind)

st.header(_("programs.rules"), anchor="rules")
ui_programs.rules(_, register.settings)
