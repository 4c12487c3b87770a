"""The frame every page stands in: navigation, language, banner, page, footer."""

from contextlib import suppress

import streamlit as st

from prizewatch import edge, sitemap, ui_desk, ui_frame, ui_language, ui_text
from prizewatch.errors import PrizewatchError
from prizewatch.store import Register

_ = ui_language.words()
ui_language.keep()

register: Register | None = None
with suppress(PrizewatchError):  # its words are for the operator and name a path; the log has them, visitors get others
    register = edge.register()
shown = (*sitemap.menu(register), *(ui_desk.menu() if register else ()))


def entry(name: str) -> st.Page:
    """One page of the navigation."""
    return st.Page(
        f"{name}.py",
        title=_(f"shell.nav.{name}"),
        url_path=name,
        default=name == "overview",
        visibility="visible" if name in shown else "hidden",
    )


pages = {_(f"shell.section.{name}") if name else "": [*map(entry, of)] for name, of in sitemap.SECTIONS.items()}
pages[""].extend(map(entry, sitemap.BY_ADDRESS))
pages[_("shell.section.desk")] = [*map(entry, sitemap.DESK)]
page = st.navigation(pages, position="top")
st.set_page_config(page_title=f"{page.title} · {_('shell.name')}", page_icon=ui_frame.MARK, layout="wide")
st.logo(ui_frame.MARK)
ui_frame.top(_)

if register is None:
    st.title(_("shell.busy.title"))
    ui_text.lead(_("shell.busy.help"))
    st.button(_("shell.busy.again"), key="again")
    st.stop()

_ = ui_language.words()  # now that it is known which kind of register this is
ui_desk.receive()
ui_frame.banner(_, register.kind)
page.run()
ui_frame.footer(_, register)
