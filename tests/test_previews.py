"""What a chat shows of a link: the head of the page's HTML for an address, and that nothing hidden stands in it."""

from __future__ import annotations

import importlib
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from schemathesis.python.asgi import ASGIClient

from prizewatch import edge, identity, previews, queries, sitemap
from prizewatch.errors import RegisterBusy
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Kind, Register
from prizewatch.vocabulary import label
from tests.canaries import WORDS, hidden_codes

BASE = "https://example.org"
MARKUP = """</title><script>alert(1)</script>"'&\u202e 测试"""


@pytest.fixture
def site(canaries: Register, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ASGIClient]:
    """The pages' HTML as a chat fetches it: our middleware before an app that answers anything else with 404."""
    monkeypatch.setenv("PRIZEWATCH_DATABASE", str(tmp_path / "register.duckdb"))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # pytest's own comes back afterwards
    app = importlib.reload(importlib.import_module("app"))
    edge.serve(lambda: canaries)
    yield served(app)
    edge.serve(_busy)


def _busy() -> Register:
    raise RegisterBusy("errors.register.busy", path="somewhere")


def served(app: ModuleType) -> ASGIClient:
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    return ASGIClient(Starlette(middleware=[Middleware(app.SecurityHeaders), Middleware(app.Previews)]))


def fetch(client: ASGIClient, path: str, method: str = "GET", **headers: str) -> Any:
    with client:
        return client.request(method, path, timeout=60, headers={k.replace("_", "-"): v for k, v in headers.items()})


def elements(html: str) -> Mapping[str, str]:
    """name or property -> content, and the title."""
    metas = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)" />', html)
    (title,) = re.findall(r"<title>([^<]*)</title>", html)
    return {"": unescape(title), **{name: unescape(content) for name, content in metas}}


def code_of(register: Register, handle: str) -> str:
    return identity.public_code(identity.organizer_id(register.key, "wechat", handle))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_link_to_an_organizer_says_its_name_and_its_sentence(lang: str, site: ASGIClient, canaries: Register) -> None:
    code, _ = code_of(canaries, "gh_namedshop"), language(lang)
    html = fetch(site, f"/organizer?id={code}&lang={lang}").text
    said = elements(html)
    profile = queries.organizer(canaries, code)
    assert profile is not None
    assert said[""] == said["og:title"] == said["twitter:title"] == f"Visible Shop · {_('shell.name')}"
    sentence = _(
        "organizer.sentence", m=profile.reporters, k=profile.draws, n2=profile.at_v2, r=profile.resolved,
        date=_.day(profile.as_of),
    )  # fmt: skip
    assert said["description"] == said["og:description"] == said["twitter:description"] == sentence
    assert said["og:url"] == f"http://testserver/organizer?id={code}&lang={lang}"
    assert said["og:locale"] == {"zh-CN": "zh_CN", "en": "en_US"}[lang]
    assert said["twitter:card"] == "summary"
    assert said["og:image"] == "http://testserver/mark.png"
    assert f'<html lang="{lang}">' in html
    links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)" />', html))
    assert {k: unescape(v).partition("organizer")[2] for k, v in links.items()} == {
        "x-default": f"?id={code}", "zh-CN": f"?id={code}&lang=zh-CN", "en": f"?id={code}&lang=en",
    }  # fmt: skip
    assert f'<link rel="canonical" href="{links[lang]}" />' in html


def test_a_link_to_a_figure_says_its_question(site: ASGIClient, canaries: Register) -> None:
    _ = language("en")
    said = elements(fetch(site, "/platforms?lang=en").text)
    assert said["og:title"] == f"{_('platforms.title')} · {_('shell.name')}"
    assert said["description"].startswith(_("platforms.lead"))
    assert said["description"].endswith(_("shell.as_of", day=_.day(canaries.version().as_of)))
    cut = elements(fetch(site, "/resolution?by=type&lang=en&q=secret&stage=<x>").text)
    assert cut["og:url"] == "http://testserver/resolution?by=type&lang=en"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_link_to_a_figure_says_what_was_chosen_in_it(lang: str, site: ASGIClient) -> None:
    _ = language(lang)
    step = label("stage", "s3_lottery_platform", lang)
    for address, said in (
        ("time?group=O-small&stage=s3_lottery_platform", [label("analysis_group", "O-small", lang), step]),
        ("resolution?by=tool&view=forest&stage=s3_lottery_platform", [_("resolution.by.tool"), step]),
        ("resolution?by=tool&stage=s3_lottery_platform", [_("resolution.by.tool")]),
        ("repeat?level=pervasive", [_("organizers.level.pervasive")]),
        ("trends?group=CANARY", []),
        ("resolution?by=nothing", []),
    ):
        title = elements(fetch(site, f"/{address}&lang={lang}").text)["og:title"]
        assert title == " · ".join([_(f"{address.partition('?')[0]}.title"), *said, _("shell.name")]), address


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", sitemap.PAGES)
def test_every_page_has_words_of_its_own(page: str, lang: str, site: ASGIClient) -> None:
    html = fetch(site, f"/{'' if page == 'overview' else page}?lang={lang}").text
    said = elements(html)
    assert re.search(r"[\u4e00-\u9fff]", said["description"]) if lang == "zh-CN" else said["description"].isascii()
    assert said[""].endswith(language(lang)("shell.name"))
    assert ("noindex" in said.get("robots", "")) == (page in ("mine", "reply", *sitemap.DESK))


def test_the_browsers_language_counts_where_the_address_has_none(site: ASGIClient) -> None:
    for wanted, lang in (("en-GB,en;q=0.9", "en"), ("zh-TW", "zh-CN"), ("", "zh-CN"), ("de", "en")):
        response = fetch(site, "/organizers", Accept_Language=wanted)
        assert f'<html lang="{lang}">' in response.text
        assert response.headers["vary"] == "Accept-Language"
    assert '<html lang="en">' in fetch(site, "/organizers?lang=xx", Accept_Language="en").text


def test_whoever_is_not_shown_by_name_looks_like_nobody(site: ASGIClient, canaries: Register) -> None:
    nobody = fetch(site, "/organizer?id=ZZZZ-ZZZZ&lang=en")
    masked = [o for o in queries.search_organizers(canaries).frame.itertuples() if not isinstance(o.name, str)]
    hidden = hidden_codes(canaries)
    assert masked
    assert len(hidden) > 5
    odd = ("", "%00", "<script>", "x" * 5000, "..%2f..")
    for code in (*hidden, *(o.public_code for o in masked), *odd):
        response = fetch(site, f"/organizer?id={code}&lang=en")
        assert (response.status_code, response.text) == (200, nobody.text), code
        assert dict(response.headers) == dict(nobody.headers)
    assert "ZZZZ" not in nobody.text


def test_no_canary_is_in_any_head(site: ASGIClient, canaries: Register, caplog: pytest.LogCaptureFixture) -> None:
    with canaries.read() as cur:
        codes = [code for (code,) in cur.execute("SELECT public_code FROM mart.organizer").fetchall()]
    pages = [
        fetch(site, f"/{page}?id={code}&lang=en&q=canary").text
        for code in codes
        for page in ("organizer", "organizers")
    ]
    everything = ("".join(pages) + caplog.text).casefold()
    assert "visible shop" in everything  # else this proves nothing
    assert "canary" not in everything
    assert WORDS["network"] not in everything


def test_a_name_with_markup_stays_text(canaries: Register) -> None:
    profile = queries.organizer(canaries, code_of(canaries, "gh_namedshop"))
    assert profile is not None
    named = replace(profile, name=MARKUP, public_code='"><script>')
    found = previews.head(canaries, language("en"), "organizer", {"id": "x"}, BASE, lambda code: named)
    html = previews.into("<html lang='x'><head><title>Streamlit</title></head>", found)
    assert "<script" not in html
    assert elements(html)["og:title"].startswith("</title><script>alert(1)</script>\"'& 测试")
    assert "\u202e" not in html


def test_an_invented_register_says_so_in_every_chat(demo: Register, reference: Register) -> None:
    for register, kind in ((demo, Kind.DEMO), (reference, Kind.REFERENCE)):
        _ = language("en")
        named = queries.search_organizers(register).frame.dropna(subset="name").iloc[0]["public_code"]
        for page in ("overview", "organizer"):
            found = previews.head(register, _, page, {"id": named}, BASE, lambda c, r=register: queries.organizer(r, c))
            assert found.description.startswith(_(f"shell.banner.{kind.value}"))


def test_the_page_is_the_page_of_streamlit_with_another_head(site: ASGIClient) -> None:
    app = importlib.import_module("app")
    index = app.INDEX.read_text("utf-8")
    html = fetch(site, "/organizers?lang=en").text
    assert re.findall(r"<script.*?</script>", html, re.DOTALL) == re.findall(r"<script.*?</script>", index, re.DOTALL)
    rest = re.sub(r"<title>.*hreflang=\"en\" href=\"[^\"]*\" />", "<title>Streamlit</title>", html, flags=re.DOTALL)
    assert rest == index


def test_the_page_is_asked_for_again_each_time_and_sent_only_when_it_changed(site: ASGIClient) -> None:
    first = fetch(site, "/?lang=en")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    assert "content-security-policy" in first.headers
    again = fetch(site, "/?lang=en", If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert fetch(site, "/?lang=zh-CN", If_None_Match=first.headers["etag"]).status_code == 200
    head = fetch(site, "/?lang=en", "HEAD")
    assert (head.status_code, head.headers["content-length"]) == (200, first.headers["content-length"])


def test_whatever_is_no_page_goes_on_to_streamlit(site: ASGIClient) -> None:
    for path in ("/static/js/x.js", "/_stcore/health", "/api/v1/health", "/organizer/", "/nothing", "/organizers/x"):
        assert fetch(site, path).status_code == 404, path
    assert fetch(site, "/organizers", "POST").status_code == 404


def test_without_the_register_the_page_still_comes(site: ASGIClient, caplog: pytest.LogCaptureFixture) -> None:
    edge.serve(_busy)
    response = fetch(site, "/organizer?id=7F3A-2K9Q&lang=en")
    assert response.status_code == 200
    assert elements(response.text)["description"] == language("en")("overview.lead")
    assert "RegisterBusy" in caplog.text
    assert "somewhere" not in response.text


@pytest.mark.parametrize(("spoken", "lang"), [("zh-CN,zh", "zh-CN"), ("en-GB", "en")])
def test_an_address_that_is_none_of_ours_is_told_in_the_readers_language(
    site: ASGIClient, spoken: str, lang: str
) -> None:
    answer = fetch(site, "/no_such_page?x=<b>", accept="text/html,*/*", accept_language=spoken)
    assert answer.status_code == 404
    assert language(lang)("shell.missing.text") in answer.text
    assert f'<html lang="{lang}">' in answer.text
    assert "<b>" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("path", ["/_stcore/health", "/oauth2callback", "/favicon.png", "/media/x", "/_stcore"])
def test_what_streamlit_answers_itself_is_left_to_it(site: ASGIClient, path: str) -> None:
    answer = fetch(site, path, accept="text/html")
    assert language("zh-CN")("shell.missing.text") not in answer.text
    assert language("en")("shell.missing.text") not in answer.text
