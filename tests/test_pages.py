"""Every page, in both languages, over an empty register, one dispute, the demo and the New York complaints: it renders,
and says what it must. AppTest runs the pages in this process; the look and the browser are in e2e."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from prizewatch import edge, queries, sitemap
from prizewatch.errors import RegisterBusy
from prizewatch.i18n import LANGUAGES, catalogue, language
from prizewatch.settings import Settings
from prizewatch.store import Kind, Register
from tests.browsing import browse, filed, text
from tests.conftest import NOW, ROOT

pytestmark = pytest.mark.usefixtures("nothing_served")


@pytest.fixture
def one_dispute(settings: Settings) -> Iterator[Register]:
    with Register.open(None, settings, now=NOW) as register:
        assert filed(register).accepted == 1
        yield register


@pytest.fixture
def state(request: pytest.FixtureRequest) -> Register:
    """The register a parametrized test asks for by name."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


REGISTERS = ["register", "one_dispute", "demo", "reference"]


@pytest.mark.parametrize("state", REGISTERS, indirect=True)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", sitemap.PAGES)
def test_every_page_renders_for_every_register_in_both_languages(page: str, lang: str, state: Register) -> None:
    app = browse(state, page, lang)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    shown = text(app)
    _ = language(lang)
    assert _("shell.as_of", day=_.day(state.version().as_of)) in shown
    banners = {kind: _(f"shell.banner.{kind.value}") for kind in (Kind.DEMO, Kind.REFERENCE)}
    assert {kind for kind, words in banners.items() if words in shown} == ({state.kind} & set(banners))
    keys = [key for key in catalogue(lang) if key.count(".") and key in shown]
    assert not keys, "a key of the catalogue instead of its words"
    assert not _.zh or "。 " not in shown, "Chinese sentences follow one another without a space"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_mixes_the_languages(lang: str, register: Register) -> None:
    other = language(next(code for code in LANGUAGES if code != lang))
    for page in sitemap.MENU:
        shown = text(browse(register, page, lang))
        assert other(f"shell.nav.{page}") not in re.sub(r"\b[a-z_]+\.csv", "", shown), page


def test_the_language_is_guessed_from_the_browser_and_the_switch_holds_on_the_next_page(register: Register) -> None:
    edge.serve(lambda: register)
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    app.context = {"locale": "fr-FR"}
    app.run()
    assert app.title[0].value == language("en")("overview.title")
    app.button(key="switch").click().run()
    assert app.title[0].value == language("zh-CN")("overview.title")
    app.switch_page("method.py").run()
    assert app.title[0].value == language("zh-CN")("method.title")


def test_the_headline_numbers_are_the_answers_of_the_query(demo: Register) -> None:
    numbers = queries.overview(demo)
    shown = text(browse(demo, "overview", "en"))
    assert numbers.disputes is not None
    assert f"{numbers.disputes:,}" in shown
    assert f"{numbers.undecided:,}" in shown


def test_filters_are_read_from_the_address_and_a_search_without_a_hit_is_kind(demo: Register) -> None:
    everyone = queries.search_organizers(demo).total
    shops = queries.search_organizers(demo, types=("online_shop",)).total
    assert 0 < shops < everyone
    app = browse(demo, "organizers", "en", type="online_shop")
    assert app.selectbox(key="filter_type").value == "online_shop"
    assert language("en")("organizers.found", shops) in text(app)
    app = browse(demo, "organizers", "en", q="zzzzqqqq")
    assert language("en")("shell.no_record") in text(app)
    app = browse(demo, "organizers", "en", type="no-such-type", page="-3")
    assert language("en")("organizers.found", everyone) in text(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_profile_says_the_sentence_with_its_own_numbers(lang: str, demo: Register) -> None:
    found = queries.search_organizers(demo, sort="disputes").frame.iloc[0]
    profile = queries.organizer(demo, found["public_code"])
    assert profile is not None
    _ = language(lang)
    sentence = _(
        "organizer.sentence", m=_.number(profile.reporters), k=_.number(profile.draws), n2=_.number(profile.at_v2),
        r=_.number(profile.resolved), date=_.day(profile.as_of),
    )  # fmt: skip
    app = browse(demo, "organizer", lang, id=profile.public_code)
    assert not app.exception
    assert sentence in text(app)
    assert f"<h1 class='pw-title'>{profile.name or '#' + profile.public_code}</h1>" in text(app), "never as Markdown"


@pytest.mark.parametrize(
    "odd", ["<img src=x onerror=alert(1)>", "-31337", "🎁" * 50, "'; DROP TABLE log.filing; --", "%00"]
)
def test_an_odd_address_is_no_trouble(odd: str, demo: Register) -> None:
    for page, names in (
        ("organizer", ["id"]),
        ("organizers", ["q", "type", "page"]),
        ("resolution", ["stage", "by", "view"]),
        ("ladder", ["group"]),
        ("time", ["group", "stage"]),
        ("platforms", ["count"]),
        ("trends", ["group"]),
        ("repeat", ["level", "group"]),
    ):
        app = browse(demo, page, "en", **dict.fromkeys(names, odd))
        assert not app.exception
        assert odd not in text(app)


def test_a_busy_register_gets_a_kind_page_and_is_tried_again(register: Register) -> None:
    tries = iter([RegisterBusy("errors.register.busy", path="/srv/secret/path.duckdb"), register])

    def opening() -> Register:
        result = next(tries)
        if isinstance(result, RegisterBusy):
            raise result
        return result

    edge.serve(opening)
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    assert not app.exception
    assert app.title[0].value == language("en")("shell.busy.title")
    assert language("en")("shell.busy.help") in text(app)
    assert "/srv/secret" not in text(app)
    app.button(key="again").click().run()
    assert app.title[0].value == language("en")("overview.title")


def test_a_page_without_a_figure_sends_none(demo: Register) -> None:
    charts = {page: len(browse(demo, page, "en").get("plotly_chart")) for page in sitemap.MENU}
    drawn = {"overview", "repeat", "resolution", "ladder", "time", "platforms", "trends", "transparency"}
    assert {page for page, number in charts.items() if number} == drawn


def test_one_dispute_never_shows_as_one(one_dispute: Register) -> None:
    shown = text(browse(one_dispute, "overview", "en"))
    assert "&lt;5" in shown
    assert queries.overview(one_dispute).disputes is None


def test_every_word_of_the_screens_exists_in_both_languages() -> None:
    assert set(catalogue("zh-CN")) == set(catalogue("en"))


def test_months_too_small_to_draw_are_told_in_words(one_dispute: Register) -> None:
    app = browse(one_dispute, "overview", "en")
    assert not app.get("plotly_chart")
    assert language("en")("figures.too_few") in text(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fault_of_a_notice_is_gone_once_its_answer_changes(lang: str, register: Register) -> None:
    app, _ = browse(register, "notice", lang), language(lang)
    app.button(key="notice_send").click().run()
    assert _("notice.wrong.name_missing") in text(app)
    app.text_input(key="notice_name").set_value("Office").run()
    assert _("notice.wrong.name_missing") not in text(app)
    assert _("notice.wrong.contact_missing") in text(app), "what is still open is still told"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_register_tells_no_number_it_cannot_know(lang: str, register: Register) -> None:
    _ = language(lang)
    assert _("transparency.nothing_received") in text(browse(register, "transparency", lang))
    assert _("platforms.note") not in text(browse(register, "platforms", lang)), "signs of a figure that is not drawn"
