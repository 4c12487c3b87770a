"""For programs: a line to copy for each language, every address, and the rules."""

import streamlit as st

from prizewatch import edge, ui_language, ui_links, ui_programs, ui_text

_ = ui_language.words()
register = edge.register()
base = ui_links.site_address(register)
st.title(_("programs.title"))
ui_text.lead(_("programs.lead"))

st.header(_("programs.lines"), anchor="lines")
ui_text.quiet(_("programs.lines.help", table=_(f"exports.{ui_programs.TABLE}.title")))
for tool, line in ui_programs.lines(base).items():
    st.subheader(_(f"programs.tool.{tool}"), anchor=tool)
    st.code(line, language=None, wrap_lines=True)  # coloured words would be too pale to read

st.header(_("programs.addresses"), anchor="addresses")
ui_links.link("downloads", _("programs.names"))
ui_programs.addresses(_, register.kind)

st.header(_("programs.rules"), anchor="rules")
ui_programs.rules(_, register.settings)
