"""Importing a file at the desk: files and mapping, a try that writes nothing, then the same for good; the rejects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from . import edge, ui_desk, ui_text
from .access import Actor
from .errors import PrizewatchError
from .i18n import Language, language
from .importing import jobs
from .importing.bring_in import rule_words
from .importing.jobs import Job
from .store import Register
from .ui_html import Column, Row, escape, facts, table

state = st.session_state


def show(_: Language, register: Register) -> None:
    """The whole page below its title."""
    ui_text.paragraphs([_("access.import.1"), _("access.import.2")])
    st.html(f"<style>:root {{ --pw-upload: '{_('report.files.choose')}'; }}</style>")
    with st.container(key="pw-upload"):
        st.file_uploader(
            _("access.import.files", most=jobs.MOST_BYTES // jobs.MEGABYTE), accept_multiple_files=True,
            key="import_files",
        )  # fmt: skip
        st.file_uploader(_("access.import.mapping"), key="import_mapping")
    if problem := state.pop("import_problem", ""):
        st.html(f"<p class='pw-problem' role='alert'>{escape(problem)}</p>")
    job = jobs.last(register, edge.now())
    runs = job is not None and not job.ended.is_set()
    with st.container(horizontal=True):
        st.button(_("access.import.try"), key="import_try", disabled=runs, on_click=_start(_, register, dry_run=True))
        if job is not None and job.dry_run and job.tally is not None and job.tally.accepted:
            st.button(
                _("access.import.do", job.tally.accepted), key="import_do", type="primary",
                on_click=_start(_, register, dry_run=False),
            )  # fmt: skip
    if job is not None:
        st.fragment(_standing, run_every=1 if runs else None)(_, register, job)


def _given() -> tuple[list[jobs.File], jobs.File]:
    files = [(one.name, one.getvalue()) for one in state.get("import_files") or ()]
    mapping = state.get("import_mapping")
    return files, ((mapping.name, mapping.getvalue()) if mapping else ("", b""))


def _start(_: Language, register: Register, *, dry_run: bool) -> Callable[[], None]:
    lang = _.code

    def start(actor: Actor) -> None:
        files, mapping = _given()
        try:
            jobs.start(register, actor, files, mapping, edge.now(), dry_run=dry_run)
        except PrizewatchError as error:
            state["import_problem"] = language(lang)(error.key, **error.values)

    return ui_desk.guarded("import.run", start)


def _standing(_: Language, register: Register, job: Job) -> None:
    """How far it is, and what came of it; asked again every second while it runs."""
    if ui_desk.present() is None:
        st.rerun()
    st.header(_("access.import.trial" if job.dry_run else "access.import.real"))
    ui_text.quiet(", ".join(Path(name).name for name in job.names))
    if not job.ended.is_set():
        st.progress(job.share, text=_("access.import.runs", share=_.percent(job.share)))
        return
    if state.get("import_told") != id(job):  # the buttons above are drawn by the whole page
        state["import_told"] = id(job)
        st.rerun()
    if job.problem is not None:
        key, values = job.problem
        st.html(f"<p class='pw-problem' role='alert'>{escape(_(key, **values))}</p>")
        return
    if job.tally is None:
        return
    fine = "fine" if job.dry_run else "accepted"
    told = [("read", job.tally.read), (fine, job.tally.accepted), ("known", job.tally.known)]
    told.append(("rejected", job.tally.rejected))
    st.html(facts([(_(f"access.import.{name}"), _.number(n), "") for name, n in told]))
    ui_text.quiet(_("access.import.nothing_written" if job.dry_run else "access.import.written"))
    if job.tally.by_rule:
        columns = [Column(_("access.import.why"), wide=True), Column(_("access.import.rows"), numeric=True)]
        rows = [Row([rule_words(_, rule), _.number(n)]) for rule, n in job.tally.by_rule.most_common()]
        st.html(table(columns, rows, _("access.import.by_rule")))
    if job.rejects:
        st.download_button(
            _("access.import.rejects"), ui_desk.guarded("import.run", lambda actor: job.rejects),
            file_name="rejects.csv", mime="text/csv", key="import_rejects", on_click="ignore",
        )  # fmt: skip
