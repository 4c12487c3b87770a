"""The only scripts of the site, and how a page runs them. The Content-Security-Policy knows them by their hashes."""

from __future__ import annotations

from uuid import uuid4

import streamlit as st

from .i18n import LANGUAGES

#: They tell the browser the language of the page.
LANGUAGE_SCRIPTS = {code: f"document.documentElement.lang='{code}'" for code in LANGUAGES}
#: A plain click on a link of ours changes the page without loading the site anew: a half-filled report stays filled.
LINK_SCRIPT = """
if (!window.pwLinks) {
  window.pwLinks = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".pw-table a, .pw-links a");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
    document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
  });
}
"""
#: A new step begins at its top, also for who listens.
TOP_SCRIPT = """
setTimeout(() => {
  document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
  const head = document.querySelector(".pw-progress h2");
  if (head) head.focus({ preventScroll: true });
}, 50);
"""
#: What is wrong may stand above the screen: it is brought into sight.
PROBLEM_SCRIPT = """
setTimeout(() => {
  const said = document.querySelector(".st-key-pw-form .pw-problem, .st-key-pw-form .pw-masked");
  if (said) said.scrollIntoView({ block: "center" });
}, 50);
"""
#: Who comes back from an identity provider takes a ticket to where the cookie is set.
ARRIVAL_SCRIPT = """
location.replace("desk/session?ticket=" + encodeURIComponent(document.getElementById("pw-arrival").dataset.ticket));
"""
SCRIPTS = (*LANGUAGE_SCRIPTS.values(), LINK_SCRIPT, TOP_SCRIPT, PROBLEM_SCRIPT, ARRIVAL_SCRIPT)


def run(script: str, beside: str = "") -> None:
    """Run one of them; again only when its element is a new one. `beside` is safe HTML that the script reads."""
    st.html(f"{beside}<script>{script}</script>", unsafe_allow_javascript=True)


def to_top(step: str) -> None:
    """Show the top of a step that was just opened; once for each opening."""
    with st.container(key=f"pw-top-{step}"):
        run(TOP_SCRIPT)


def to_problem() -> None:
    """Show the first thing that is wrong; once after each try."""
    with st.container(key=f"pw-top-problem-{uuid4()}"):  # a new element each time, so that the browser runs it
        run(PROBLEM_SCRIPT)
