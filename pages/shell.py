"""The frame every page stands in: navigation, language, banner, page, footer."""

from contextlib import suppress

import streamlit as st

from prizewatch import ui, ui_desk
from prizewatch.errors import PrizewatchError
from prizewatch.store import Register

_ = ui.words()
ui.keep_language()

register: Register | None = None
with suppress(PrizewatchError):  # its words are for the operator and name a path; the log has them, visitors get others
    register = ui.register()
shown = (*ui.menu(), *(ui_desk.menu() if register else ()))


def entry(name: str) -> st.Page:
    """One page of the navigation."""
    return st.Page(
        f"{name}.py",
        title=_(f"shell.nav.{name}"),
        url_path=name,
        default=name == "overview",
        visibility="visible" if name in shown else "hidden",
    )


pages = {_(f"shell.section.{name}") if name else "": [*map(entry, of)] for name, of in ui.SECTIONS.items()}
pages[""].extend(map(entry, ui.BY_ADDRESS))
pages[_("shell.section.desk")] = [*map(entry, ui.DESK)]
page = st.navigation(pages, position="top")
st.set_page_config(page_title=f"{page.title} · {_('shell.name')}", page_icon=str(ui.ASSETS / "mark.svg"), layout="wide")
st.logo(str(ui.ASSETS / "mark.svg"))
ui.frame_top(_)

if register is None:
    st.title(_("shell.busy.title"))
    ui.lead(_("shell.busy.help"))
    st.button(_("shell.busy.again"), key="again")
    st.stop()

_ = ui.words()  # now that it is known which kind of register this is
ui_desk.receive()
ui.banner(_, register.kind)
page.run()
ui.footer(_, register)
