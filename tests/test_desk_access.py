"""Who reaches the desk: every role at every surface, a page, a callback, a download, a route, a command.

The table is written by hand; a stranger and a disabled account reach nothing, whatever they send.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from prizewatch import accounts, audit, desk_routes, edge, sessions, sitemap, tickets, ui_desk
from prizewatch.access import PERMISSIONS, TERMINAL, Actor
from prizewatch.errors import NotAllowed, RegisterBusy
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Register
from tests.at_the_desk import PASSPHRASE, Client, browsing, connected, person
from tests.browsing import browse, text
from tests.conftest import NOW, settings_for
from tests.reporter import NOW as FILED
from tests.reporter import Reporter, proof

WHO = ("stranger", "moderator", "admin", "disabled")
#: Page of the desk -> who sees it.
PAGES = {
    "desk": {"moderator", "admin"},
    "desk_organizers": {"moderator", "admin"},
    "desk_import": {"admin"},
    "desk_audit": {"admin"},
}
HERE = {"origin": "http://testserver"}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    path = tmp_path_factory.mktemp("access") / "register.duckdb"
    with Register.open(path, settings_for(path), now=FILED) as opened:
        Reporter(opened, evidence=[proof(opened, "win_page")])
        yield opened
    edge.serve(_none)


def _none() -> Register:
    raise RegisterBusy("shell.busy.help")


@pytest.fixture(scope="module")
def tokens(register: Register) -> dict[str, str]:
    """A cookie of each; the disabled one was signed in before."""
    held = {role: person(register, role, role, edge.now()) for role in ("moderator", "admin")}
    held["disabled"] = person(register, "gone", "admin", edge.now())
    with register.read() as cur:  # past `disable`, which would sign them out as well
        cur.execute("UPDATE desk.account SET disabled_at = ? WHERE account = 'gone'", [edge.now()])
    return {"stranger": "", **held}


@pytest.fixture
def client(register: Register) -> Iterator[Client]:
    with browsing(register) as opened:
        yield opened


def sha(register: Register) -> str:
    with register.read() as cur:
        return str(cur.execute("SELECT sha256 FROM log.evidence").fetchall()[0][0])


def number(register: Register) -> int:
    return audit.count(register)


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_names_every_page_of_the_desk() -> None:
    assert set(PAGES) == set(sitemap.DESK) == set(ui_desk.OPENS)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_by_its_address(page: str, who: str, lang: str, register: Register, tokens: dict[str, str]) -> None:
    _ = language(lang)
    with connected(tokens[who]):
        app = browse(register, page, lang)
        shown = text(app)
    assert not app.exception
    assert len(app.title) == 1
    if who in PAGES[page]:
        assert _("access.here", name=who, role=_(f"access.role.{who}")) in shown
        assert _("errors.not_allowed") not in shown
    elif who in ("stranger", "disabled"):
        assert app.title[0].value == _("access.stranger.title")
        assert "desk/sign-in?" in shown
        assert not [button for button in app.button if button.key != "switch"], "nothing to press"
    else:
        assert _("errors.not_allowed") in shown
        assert not [button for button in app.button if button.key != "switch"]


@pytest.mark.parametrize("who", WHO)
def test_the_menu_shows_what_may_be_opened_and_nothing_to_a_stranger(
    who: str, register: Register, tokens: dict[str, str]
) -> None:
    edge.serve(lambda: register)
    with connected(tokens[who]):
        assert set(ui_desk.menu()) == {page for page, allowed in PAGES.items() if who in allowed}


# ── callbacks and downloads ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("action", PERMISSIONS)
def test_a_download_asks_again_who_it_is_for(action: str, who: str, register: Register, tokens: dict[str, str]) -> None:
    """A download runs outside the page's session: what it is made with is the cookie of the page that showed it."""
    edge.serve(lambda: register)
    with connected(tokens[who]):
        download = ui_desk.guarded(action, lambda actor: actor.name.encode())
    if who in PERMISSIONS[action]:
        assert download() == who.encode()
    else:
        with pytest.raises(NotAllowed):
            download()


def _page_of_callbacks() -> None:
    import streamlit as st

    from prizewatch import ui_desk
    from prizewatch.access import PERMISSIONS

    def act(actor: object, action: str) -> None:
        st.session_state[f"done {action}"] = str(actor)

    for action in PERMISSIONS:
        st.button(action, key=f"act {action}", on_click=ui_desk.guarded(action, act), args=(action,))


@pytest.mark.parametrize("who", WHO)
def test_a_callback_asks_again_who_pressed(who: str, register: Register, tokens: dict[str, str]) -> None:
    """As if every button had been drawn for everybody: each message is sent by each of them."""
    edge.serve(lambda: register)
    app = AppTest.from_function(_page_of_callbacks, default_timeout=30)
    with connected(tokens[who]):
        app.run()
        for action in PERMISSIONS:
            app.button(key=f"act {action}").click().run()
            assert not app.exception
            done = app.session_state[f"done {action}"] if f"done {action}" in app.session_state else None  # noqa: SIM401 - it has no get
            assert done == (str(Actor(who, who)) if who in PERMISSIONS[action] else None), action


def test_a_button_that_was_drawn_for_an_admin_does_nothing_once_the_account_is_disabled(register: Register) -> None:
    edge.serve(lambda: register)
    token = person(register, "short", "admin", edge.now())
    with connected(token):
        app = browse(register, "desk_audit", "en")
        assert app.button(key="people_add")
        app.text_input(key="people_name").input("Mallory")
        accounts.disable(register, TERMINAL, "short", edge.now())
        app.button(key="people_add").click().run()
    assert not app.exception
    assert "Mallory" not in {account.name for account in accounts.listed(register)}
    assert app.title[0].value == language("en")("access.stranger.title")


# ── routes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", WHO)
def test_a_file_of_evidence_by_its_address(
    who: str, register: Register, tokens: dict[str, str], client: Client
) -> None:
    before = number(register)
    client.cookies.set("pw_desk", tokens[who])
    answer = client.get(f"/desk/evidence/{sha(register)}")
    unknown = client.get(f"/desk/evidence/{'0' * 64}")
    assert unknown.status_code == 404
    if who in ("moderator", "admin"):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.content.startswith(b"win_page")
        assert answer.headers["content-disposition"].startswith("inline")
        assert answer.headers["content-security-policy"].startswith("sandbox;")
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        entry = audit.entries(register).iloc[0]
        assert number(register) == before + 1
        assert (entry["actor"], entry["action"], entry["detail"]) == (who, "evidence.open", sha(register)[:12])
    else:
        assert (answer.status_code, answer.text) == (404, unknown.text), "as if there were no such file"
        assert number(register) == before


@pytest.mark.parametrize("name", ["..%2f..%2fregister.duckdb", "0" * 63, "x" * 64, "%00"])
def test_what_is_no_fingerprint_leads_nowhere(name: str, tokens: dict[str, str], client: Client) -> None:
    client.cookies.set("pw_desk", tokens["admin"])
    assert client.get(f"/desk/evidence/{name}").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_signing_in_by_the_form_sets_a_cookie_no_script_reads_and_goes_back(
    lang: str, register: Register, client: Client
) -> None:
    name = f"Anna {lang}"
    accounts.add(register, TERMINAL, name, "admin", NOW, passphrase=PASSPHRASE)
    form = client.get(f"/desk/sign-in?lang={lang}&next=desk_audit%3Factor%3DBo")
    assert f"<html lang='{lang}'>" in form.text
    assert "<script" not in form.text
    sent = {"name": name, "passphrase": "not the passphrase", "next": "desk_audit?actor=Bo"}
    wrong = client.post(f"/desk/sign-in?lang={lang}", data=sent, headers=HERE)
    assert wrong.status_code == 401
    assert language(lang)("access.sign_in.wrong") in wrong.text
    assert f"value='{name}'" in wrong.text
    assert "not the passphrase" not in wrong.text
    assert "set-cookie" not in wrong.headers
    done = client.post(f"/desk/sign-in?lang={lang}", data=sent | {"passphrase": PASSPHRASE}, headers=HERE)
    assert (done.status_code, done.headers["location"]) == (303, f"../desk_audit?actor=Bo&lang={lang}")
    cookie = done.headers["set-cookie"]
    assert re.fullmatch(r"pw_desk=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=strict", cookie), cookie
    token = client.cookies["pw_desk"]
    assert sessions.signed_in(register, token, edge.now()) == Actor(name, "admin")
    out = client.post(f"/desk/sign-out?lang={lang}", headers=HERE)
    assert language(lang)("access.signed_out") in out.text
    assert sessions.signed_in(register, token, edge.now()) is None


def test_over_https_the_cookie_is_secure(register: Register) -> None:
    name = "Hettie"
    accounts.add(register, TERMINAL, name, "admin", NOW, passphrase=PASSPHRASE)
    with browsing(register, "https://testserver") as client:
        sent = {"name": name, "passphrase": PASSPHRASE}
        done = client.post("/desk/sign-in", data=sent, headers={"origin": "https://testserver"})
    assert "; Secure" in done.headers["set-cookie"]


@pytest.mark.parametrize("path", ["sign-in", "sign-out", "passphrase"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_site_does_nothing(
    path: str, headers: dict[str, str], register: Register, tokens: dict[str, str], client: Client
) -> None:  # fmt: skip
    client.cookies.set("pw_desk", tokens["moderator"])
    answer = client.post(f"/desk/{path}", data={"name": "moderator", "passphrase": PASSPHRASE}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert sessions.signed_in(register, tokens["moderator"], edge.now()) is not None


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "desk/../../x", "", "desk\r\nx: y"])
def test_the_way_back_leads_nowhere_else(then: str) -> None:
    assert desk_routes.place(then) == "desk"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1" * 10_000, b"&".join(b"a=1" for _ in range(20))])
def test_a_form_that_is_none_is_told(body: bytes, client: Client) -> None:
    headers = HERE | {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/desk/sign-in", content=body, headers=headers).status_code == 400


def test_a_ticket_of_another_site_s_link_is_not_taken(register: Register, client: Client) -> None:
    accounts.add(register, TERMINAL, "Chi", "moderator", NOW, oidc_subject="sub-9")
    ticket = tickets.for_subject(register, "sub-9", edge.now(), edge.now())
    crossing = client.get(f"/desk/session?ticket={ticket}", headers={"sec-fetch-site": "cross-site"})
    assert (crossing.status_code, "set-cookie" in crossing.headers) == (403, False)
    done = client.get(f"/desk/session?ticket={ticket}")
    assert (done.status_code, "pw_desk" in done.headers["set-cookie"]) == (303, True)
    assert client.get(f"/desk/session?ticket={ticket}").status_code == 403


def test_an_invitation_by_the_form(register: Register, client: Client) -> None:
    accounts.add(register, TERMINAL, "Dee", "moderator", NOW)
    ticket = tickets.invite(register, TERMINAL, "Dee", edge.now())
    sent = {"ticket": ticket, "passphrase": PASSPHRASE, "again": PASSPHRASE + "."}
    differ = client.post("/desk/passphrase?lang=en", data=sent, headers=HERE)
    assert language("en")("access.choose.differ") in differ.text
    short = client.post("/desk/passphrase", data={"ticket": ticket, "passphrase": "x", "again": "x"}, headers=HERE)
    assert short.status_code == 422
    done = client.post("/desk/passphrase", data=sent | {"again": PASSPHRASE}, headers=HERE)
    assert done.status_code == 303
    assert sessions.signed_in(register, client.cookies["pw_desk"], edge.now()) == Actor("Dee", "moderator")


def test_every_page_of_the_desk_begins_by_asking_who_is_there() -> None:
    for page in sitemap.DESK:
        source = (Path(__file__).resolve().parent.parent / "pages" / f"{page}.py").read_text("utf-8")
        asked = source.index(f'ui_desk.actor("{ui_desk.OPENS[page]}")')
        assert "edge.register()" not in source[:asked], page
