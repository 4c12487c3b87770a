"""My report: what may be done with it, and the case file it is in. What is changed here holds from the next one on."""

from __future__ import annotations

import streamlit as st

from . import casefile, edge, ui_text
from .followup import OwnReport
from .i18n import Language
from .store import Register
from .ui_html import escape
from .ui_mine import go

CONSENTS = ("consent_publish", "consent_case_file", "consent_contact")


def asked(report: OwnReport) -> tuple[str, ...]:
    """The consents of this report: to show its words only where it has some."""
    return (*CONSENTS, "consent_narrative") if report.dispute["narrative"] else CONSENTS


def section(_: Language, register: Register, report: OwnReport) -> None:
    """What is agreed to now, the way to change it, and the case file."""
    st.header(_("consent.title"))
    rows = ""
    for name in asked(report):
        what = _(f"consent.what.{name}")
        rows += f"<li>{escape(_('consent.yes' if report.dispute[name] else 'consent.no', what=what))}</li>"
    st.html(f"<ul class='pw-list'>{rows}</ul>")
    st.button(_("consent.change"), key="mine_do_consent", on_click=go, args=("consent",))
    _case_file(_, register, report)


def _case_file(_: Language, register: Register, report: OwnReport) -> None:
    found = casefile.place(register, report.dispute_id)
    agreed = bool(report.dispute["consent_case_file"])
    if found.subject is None:
        if agreed:
            ui_text.quiet(_("consent.case.not_yet"))
        return
    if not agreed:
        if report.dispute["consent_contact"]:  # who does not want to be asked is not
            ui_text.quiet(_("consent.case.invited", found.reporters))
        return
    if not found.inside:
        ui_text.quiet(_("consent.case.outside"))
        return
    ui_text.quiet(_("consent.case.inside", found.reporters))
    if not found.proven:
        ui_text.quiet(_("consent.case.unproven"))
        return

    def made(kind: str) -> casefile.CaseFile:
        """Asked again when it is pressed: something may have changed since. Noted."""
        file = casefile.taken_by_reporter(register, report.dispute_id, kind, edge.now())
        if file is None:
            raise LookupError("this report is in no case file any more")
        return file

    with st.container(horizontal=True):
        st.download_button(
            _("consent.case.pdf"), data=lambda: made("pdf").pdf_bytes(_.code),
            file_name=f"prizewatch-case.{_.code}.pdf", mime="application/pdf", on_click="ignore", key="mine_case_pdf",
        )  # fmt: skip
        st.download_button(
            _("consent.case.page"), data=lambda: made("page").html_bytes(_.code),
            file_name=f"prizewatch-case.{_.code}.html", mime="text/html", on_click="ignore", key="mine_case_page",
        )  # fmt: skip
        st.download_button(
            _("consent.case.zip"), data=lambda: made("zip").zip_bytes(), file_name="prizewatch-case.zip",
            mime="application/zip", on_click="ignore", key="mine_case_zip",
        )  # fmt: skip
    ui_text.quiet(_("consent.case.use"))
