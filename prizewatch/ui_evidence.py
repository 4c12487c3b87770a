"""The evidence step: what is held for each element of the claim, files for it, and what the report then counts for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from . import edge, ui_visitor, vault
from . import evidence as files
from .asking import GROUPS, kinds_of, standing
from .errors import PrizewatchError
from .i18n import Language
from .store import Register
from .ui_html import escape
from .ui_report import Form, given, put
from .vocabulary import codes, label


def evidence(form: Form, register: Register) -> None:
    """Checklist, upload, level."""
    form.quiet("report.hold.note")
    for group in GROUPS:
        name = f"evidence_{group.lower()}"
        if form.holds(name):
            form.many(name, kinds_of(group), "evidence_kind")
    _level(form)
    held = [kind for group in GROUPS for kind in form.get(f"evidence_{group.lower()}") or ()]
    kept = list(form.get("files") or ())
    if held:
        st.subheader(form._("report.files.title"))
        form.one("evidence_form", codes("evidence_form"), "evidence_form", default="screenshot")
        if len(kept) < files.MOST_FILES:
            _upload(form._, register, held)
        else:
            form.quiet("report.files.full", most=files.MOST_FILES)
    for said in st.session_state.get("report_file_problems", ()):
        st.html(f"<p class='pw-problem' role='alert'>{escape(said)}</p>")
    for number, file in enumerate(kept):
        _kept(form._, number, file)


def _level(form: Form) -> None:
    """The level so far, and what would raise it."""
    now = standing(form.answers)
    head, more = form._(f"report.level.{now.level}"), now.sentence(form._)
    st.html(f"<div class='pw-aside' role='status'><p><strong>{escape(head)}</strong></p><p>{escape(more)}</p></div>")


def _upload(_: Language, register: Register, held: list[str]) -> None:
    """One place to put files, for the kind that is chosen; the field is new after each file so that it is empty."""
    name = "answer_file_kind"
    if st.session_state.pop("report_file_next", False) or st.session_state.get(name) not in held:
        with_file = {file["kind"] for file in given().get("files") or ()}
        st.session_state[name] = next((kind for kind in held if kind not in with_file), held[-1])
    st.selectbox(
        _("report.files.kind"), held, key=name, format_func=lambda code: label("evidence_kind", code, _.code),
        filter_mode=None, persist_state="session", on_change="ignore",
    )  # fmt: skip
    turn = st.session_state.setdefault("report_upload_turn", 0)
    with st.container(key="pw-upload"):
        st.html(f"<style>:root {{ --pw-upload: '{_('report.files.choose')}'; }}</style>")
        sent = st.file_uploader(
            _("report.files.add", most=files.MOST_BYTES // files.MEGABYTE, files=files.MOST_FILES),
            accept_multiple_files=True, key=f"report_upload_{turn}",
        )  # fmt: skip
    if sent:
        put({"files": take(_, register, [(one.name, one.getvalue()) for one in sent])})
        st.session_state["report_upload_turn"] = turn + 1
        st.session_state["report_file_next"] = True  # the kind is a widget's answer: it can change before the next run
        st.rerun()


def take(_: Language, register: Register, sent: list[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """Files by name and content: what is sound is kept, the rest gets a sentence. Returns all that are kept."""
    answers = given()
    kept: list[dict[str, Any]] = list(answers.get("files") or ())
    said: list[str] = []
    for name, content in sent:
        if len(kept) >= files.MOST_FILES:
            said.append(_("report.files.full", most=files.MOST_FILES))
            break
        found = files.accept(content, name)
        if isinstance(found, files.FileProblem):
            said.append(found.sentence(_))
            continue
        if any(one["sha256"] == found.sha256 for one in kept):
            said.append(_("report.files.twice"))
            continue
        if vault.uploads_wait(register, ui_visitor.network(), edge.now()):
            said.append(_("report.files.too_many_today"))
            break
        try:
            vault.keep(register, found)
        except (OSError, PrizewatchError):
            said.append(_("report.files.not_kept"))
            continue
        said += found.sentences(_)
        kept.append({
            "kind": answers.get("file_kind"), "form": answers.get("evidence_form") or "screenshot",
            "sha256": found.sha256, "media_type": found.media_type, "size_bytes": found.size,
        })  # fmt: skip
    st.session_state["report_file_problems"] = said
    return kept


def _kept(_: Language, number: int, file: dict[str, Any]) -> None:
    """One file that was taken, and a way to take it out again."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"pw-file-{number}"):
        kind = label("evidence_kind", file["kind"], _.code)
        size = _.number(max(1, round(file["size_bytes"] / 1024)))
        shown = _("report.files.kept", kind=kind, type=file["media_type"].split("/")[-1].upper(), size=size)
        st.html(f"<p class='pw-file'>✓ {escape(shown)}</p>")
        st.button(
            _("report.files.remove"), key=f"report_file_{number}", type="tertiary", on_click=_remove, args=(number,)
        )


def _remove(number: int) -> None:
    kept = list(given().get("files") or ())
    st.session_state["report_file_problems"] = []
    put({"files": [file for at, file in enumerate(kept) if at != number]})
