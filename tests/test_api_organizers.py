"""Organizers over HTTP: what is found, what stays hidden, who must wait, and what caches and other sites may do."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from prizewatch import identity, queries
from prizewatch.api_schema import document
from prizewatch.i18n import language
from prizewatch.store import Register
from tests.canaries import WORDS, found_in, hidden_codes
from tests.conftest import NOW, settings_for
from tests.programs import Program

ORGANIZERS, LOOKUP = "/api/v1/organizers", "/api/v1/organizers/lookup"
EN = {"Accept-Language": "en"}


@pytest.fixture(scope="module")
def shy(canaries: Register) -> Program:
    return Program(lambda: canaries)


@pytest.fixture(scope="module")
def program(demo: Register) -> Program:
    return Program(lambda: demo)


def get(program: Program, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
    return program.ask("GET", path, params=query, headers=EN | (headers or {}))


def test_the_search_is_the_search_of_the_page(program: Program, demo: Register) -> None:
    for asked, arguments in (
        ({}, {}),
        ({"type": "online_shop", "sort": "disputes"}, {"types": ("online_shop",), "sort": "disputes"}),
        ({"host_platform": ["wechat", "weibo"]}, {"platforms": ("wechat", "weibo")}),
        ({"level": "repeat"}, {"levels": ("repeat",)}),
    ):
        said = get(program, ORGANIZERS, **asked).json()
        found = queries.search_organizers(demo, **arguments)
        assert (said["total"], len(said["organizers"])) == (found.total, min(20, found.total))
        assert [o["public_code"] for o in said["organizers"]] == found.frame["public_code"].tolist()
    named = queries.search_organizers(demo).frame.dropna(subset="name").iloc[0]
    for words in (named["name"], named["public_code"]):
        assert get(program, ORGANIZERS, q=words).json()["organizers"][0]["public_code"] == named["public_code"]
    assert get(program, ORGANIZERS, q="zzzzqqqq").json()["organizers"] == []


def test_every_page_follows_the_one_before_until_the_last(program: Program, demo: Register) -> None:
    seen: list[str] = []
    address: str | None = f"{ORGANIZERS}?limit=7&type=online_shop"
    while address:
        response = get(program, address)
        said = response.json()
        assert said["next"] is None or response.headers["link"] == f'<{said["next"]}>; rel="next"'
        assert len(said["organizers"]) == 7 or said["next"] is None
        seen += [o["public_code"] for o in said["organizers"]]
        address = said["next"]
    everyone = queries.search_organizers(demo, types=("online_shop",), size=1000).frame["public_code"].tolist()
    assert len(everyone) > 7
    assert seen == everyone
    beyond = get(program, ORGANIZERS, offset=999_999).json()
    assert (beyond["organizers"], beyond["total"], beyond["next"]) == ([], queries.search_organizers(demo).total, None)


@pytest.mark.parametrize(
    ("query", "error", "says"),
    [
        ("colour=red", "parameter_unknown", "q, type"),
        ("type=witch", "parameter_code", "online_shop"),
        ("sort=worst", "parameter_code", "last_report"),
        ("sort=", "parameter_code", "last_report"),
        ("limit=101", "parameter_number", "100"),
        ("limit=0", "parameter_number", "limit"),
        ("offset=-1", "parameter_number", "offset"),
        ("offset=%D9%A3", "parameter_number", "offset"),
        ("limit=5&limit=6", "parameter_twice", "limit"),
        ("q=" + "x" * 81, "parameter_long", "80"),
    ],
)
def test_what_is_misspelt_is_told_in_a_sentence(program: Program, query: str, error: str, says: str) -> None:
    response = program.ask("GET", f"{ORGANIZERS}?{query}", headers=EN)
    assert (response.status_code, response.json()["error"]) == (400, error)
    assert says in response.json()["message"]
    assert response.headers["cache-control"] == "no-store"
    chinese = program.ask("GET", f"{ORGANIZERS}?{query}")
    assert re.search(r"[\u4e00-\u9fff]", chinese.json()["message"])
    assert chinese.headers["content-language"] == "zh-CN"


@pytest.mark.parametrize(
    "odd", ["<img src=x onerror=alert(1)>", "'; DROP TABLE log.filing; --", "\x00", "🎁" * 20, "%", "_"]
)
def test_odd_words_find_what_they_find(program: Program, odd: str) -> None:
    response = get(program, ORGANIZERS, q=odd)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_one_organizer_has_the_numbers_and_masks_of_its_page(program: Program, demo: Register) -> None:
    listed = queries.search_organizers(demo, sort="disputes", size=30).frame["public_code"]
    assert len(listed) == 30
    for code in listed:
        said, shown = get(program, f"{ORGANIZERS}/{code.lower()}").json(), queries.organizer(demo, code)
        assert shown is not None
        for name in ("public_code", "name", "disputes", "reporters", "draws", "at_v2", "resolved", "level", "k_ind"):
            assert said[name] == getattr(shown, name)
        assert said["rate"] is None if shown.decided < 10 else said["rate"] == pytest.approx(shown.rate, abs=1e-4)
        assert [row["disputes"] for row in said["months"]] == shown.months["disputes"].tolist()
        for row in (*said["months"], *said["reasons"]):
            number = row["disputes_n"]
            assert row["disputes"] == str(number) if number is not None else row["disputes"] in ("<5", "…")
        assert len(said["stages"]) == len(shown.stages)
        assert said["sentence"]["en"].startswith(f"{shown.reporters:,} users")
        assert said["page"] == f"/organizer?id={code}"
        assert "organizer_id" not in said


def test_answers_keep_the_document(program: Program, reference: Register) -> None:
    described = document()
    for asked in (program, Program(lambda: reference)):
        listed = get(asked, ORGANIZERS, limit=12).json()
        organizers = [get(asked, f"{ORGANIZERS}/{one['public_code']}").json() for one in listed["organizers"]]
        assert len(organizers) == 12
        for name, said in (("Organizers", listed), *(("Organizer", one) for one in organizers)):
            whole = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
            jsonschema.Draft202012Validator(whole).validate(said)


def test_a_register_of_public_records_tells_of_no_draws(reference: Register) -> None:
    public = Program(lambda: reference)
    first = get(public, ORGANIZERS, sort="disputes").json()["organizers"][0]
    assert (first["reporters"], first["draws"]) == (None, None)
    said = get(public, f"{ORGANIZERS}/{first['public_code']}").json()
    assert (said["reporters"], said["draws"], said["reply"], said["level_draws"]) == (None, None, None, None)
    assert "complaint" in said["sentence"]["en"]
    assert get(public, LOOKUP, host_platform="wechat", handle="x").status_code == 404


def test_a_hidden_organizer_is_answered_as_one_that_is_not_there(shy: Program, canaries: Register) -> None:
    hidden = hidden_codes(canaries)
    assert len(hidden) > 5
    nobody = get(shy, f"{ORGANIZERS}/ZZZZ-ZZZZ")
    assert nobody.status_code == 404
    for code in (*hidden, "nonsense", "%2e%2e", "7F3A-2K9Q-1"):
        response = get(shy, f"{ORGANIZERS}/{code}")
        assert (response.status_code, response.content) == (404, nobody.content)
        assert dict(response.headers) == dict(nobody.headers)


def test_no_canary_is_in_any_answer_or_in_the_log(
    shy: Program, canaries: Register, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    listed = queries.search_organizers(canaries).frame
    answers = [get(shy, f"{ORGANIZERS}/{code}") for code in (*listed["public_code"], *hidden_codes(canaries))]
    words = ("Masked", "Canary", "canary_masked_handle", "Once Ltd", WORDS["reporter"], WORDS["draw_ref"])
    answers += [get(shy, ORGANIZERS), *(get(shy, ORGANIZERS, q=word) for word in words)]
    everything = "".join(a.text for a in answers)
    assert "Visible Shop" in everything  # else this proves nothing
    assert found_in(everything) == found_in(caplog.text) == []


def test_the_exact_handle_gets_yes_or_nothing(shy: Program) -> None:
    _ = language("en")
    for handle, said in (
        ("canary_person_handle", "reports_exist"),
        ("@Canary_Person_Handle", "reports_exist"),
        ("gh_namedshop", "reports_exist"),
        ("canary_once_handle", "nothing_to_say"),
        ("canary_reject_handle", "nothing_to_say"),
        ("never seen", "nothing_to_say"),
    ):
        response = get(shy, LOOKUP, host_platform="wechat", handle=handle)
        assert response.json() == {"answer": said, "message": _(f"organizers.exact.{said}")}, handle
        assert response.headers["cache-control"] == "no-store"
        assert not [name for name in response.headers if name.startswith("access-control")]
    assert get(shy, LOOKUP, host_platform="weibo", handle="canary_person_handle").json()["answer"] == "nothing_to_say"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("handle=x", "parameter_missing"), ("host_platform=wechat", "parameter_missing"),
        ("host_platform=wechat&handle=%20", "parameter_missing"), ("host_platform=moon&handle=x", "parameter_code"),
        ("host_platform=wechat&handle=" + "x" * 65, "parameter_long"), ("q=x", "parameter_unknown"),
    ],
)  # fmt: skip
def test_half_a_question_is_no_look_up(shy: Program, query: str, error: str) -> None:
    response = shy.ask("GET", f"{LOOKUP}?{query}", headers=EN)
    assert (response.status_code, response.json()["error"]) == (400, error)


def test_look_ups_are_counted_by_network_together_with_the_page(settings: Any) -> None:
    few = settings_for(settings.database, LOOKUPS_PER_10_MIN="3")
    with Register.open(None, few, now=NOW) as register:
        program = Program(lambda: register)
        queries.lookup_handle(register, "x", "wechat", NOW, "testclient")
        answers = [get(program, LOOKUP, host_platform="wechat", handle="secret-handle") for _ in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert answers[2].json()["error"] == "too_many_lookups"
        assert int(answers[2].headers["retry-after"]) == 600
        head = program.ask("HEAD", LOOKUP, params={"host_platform": "wechat", "handle": "x"})
        assert head.status_code == 429, "nor by another method"
        later = Program(lambda: register, NOW + timedelta(seconds=601))
        assert get(later, LOOKUP, host_platform="wechat", handle="x").status_code == 200
        assert get(program, ORGANIZERS, q="x").status_code == 200, "searches are counted apart"


def test_searches_by_words_are_counted_by_network_and_the_list_is_not(settings: Any) -> None:
    few = settings_for(settings.database, SEARCHES_PER_10_MIN="3")
    with Register.open(None, few, now=NOW) as register:
        program = Program(lambda: register)
        tag = get(program, ORGANIZERS, q="x").headers["etag"]
        asked = ({}, {"If-None-Match": tag}, {})
        answers = [get(program, ORGANIZERS, headers, q="x") for headers in asked]
        assert [a.status_code for a in answers] == [200, 304, 429], "what has not changed counts too"
        said = answers[2]
        assert (said.json()["error"], said.headers["retry-after"]) == ("too_many_searches", "600")
        assert "Retry-After" in said.json()["message"]
        assert "Retry-After" in said.headers["access-control-expose-headers"]
        assert (said.headers["cache-control"], "etag" in said.headers) == ("no-store", False)
        assert program.ask("HEAD", ORGANIZERS, params={"q": "x"}).status_code == 429, "nor by another method"
        for query in ({}, {"q": " "}, {"type": "online_shop", "limit": 100}):
            assert get(program, ORGANIZERS, **query).status_code == 200, "files and lists are free"
        assert get(program, LOOKUP, host_platform="wechat", handle="x").status_code == 200, "look-ups are counted apart"
        assert get(Program(lambda: register, NOW + timedelta(seconds=601)), ORGANIZERS, q="x").status_code == 200


def test_a_search_on_one_platform_leads_to_the_exact_handle_answer(shy: Program, reference: Register) -> None:
    """Of an individual the search itself says nothing: it is kept by caches and read by pages of other sites."""
    said = get(shy, ORGANIZERS, q="@Canary_Person_Handle", host_platform="wechat").json()
    assert (said["organizers"], said["total"]) == ([], 0)
    assert shy.ask("GET", said["lookup"], headers=EN).json()["answer"] == "reports_exist"
    nobody = get(shy, ORGANIZERS, q="never seen", host_platform="wechat").json()
    assert shy.ask("GET", nobody["lookup"], headers=EN).json()["answer"] == "nothing_to_say"
    for query in ({}, {"q": "x"}, {"host_platform": "wechat"}, {"q": "x", "host_platform": ["wechat", "weibo"]}):
        assert get(shy, ORGANIZERS, **query).json()["lookup"] is None
    public = Program(lambda: reference)
    assert get(public, ORGANIZERS, q="x", host_platform="other").json()["lookup"] is None


def test_what_has_not_changed_is_not_sent_again(program: Program, register: Register) -> None:
    path = f"{ORGANIZERS}?sort=disputes"
    first = get(program, path)
    assert first.headers["cache-control"] == "public, max-age=60"
    for tag, status in (
        (first.headers["etag"], 304),
        (f'"x", W/{first.headers["etag"]}', 304),
        ("*", 304),
        ('"x"', 200),
    ):
        again = get(program, path, {"If-None-Match": tag})
        assert (again.status_code, again.headers["etag"]) == (status, first.headers["etag"])
        assert bool(again.content) == (status == 200)
    other = get(Program(lambda: register), path, {"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200, "another register, another answer"


def test_answers_are_packed_for_whoever_unpacks(program: Program) -> None:
    plain = get(program, ORGANIZERS, {"Accept-Encoding": "identity"})
    packed = get(program, ORGANIZERS, {"Accept-Encoding": "br;q=1, gzip;q=0.5"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.json() == plain.json()
    assert packed.headers["etag"] != plain.headers["etag"]
    for response in (plain, packed):
        assert "accept-encoding" in response.headers["vary"].lower()
    for refused in ("gzip;q=0", "br", "*;q=0"):
        assert "content-encoding" not in get(program, ORGANIZERS, {"Accept-Encoding": refused}).headers
    assert json.loads(plain.content)["total"] > 0


def test_pages_of_other_sites_may_read_figures_but_ask_for_no_handle(program: Program) -> None:
    code = get(program, ORGANIZERS).json()["organizers"][0]["public_code"]
    for path in (ORGANIZERS, f"{ORGANIZERS}/{code}", f"{ORGANIZERS}/ZZZZ-ZZZZ", f"{ORGANIZERS}?limit=x"):
        response = get(program, path, {"Origin": "https://example.org"})
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    allowed = program.ask("OPTIONS", ORGANIZERS, headers=asked)
    assert (allowed.status_code, allowed.headers["access-control-allow-methods"]) == (204, "GET, HEAD, OPTIONS")
    assert program.ask("OPTIONS", LOOKUP, headers=asked).status_code == 405
    assert program.ask("OPTIONS", "/api/v1/reports", headers=asked).status_code == 405


def test_other_methods_and_types_are_told(program: Program) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        response = program.ask(method, ORGANIZERS, headers=EN)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert response.headers["access-control-allow-origin"] == "*"
    for accept, status in (
        ("text/html", 406), ("application/json;q=0", 406), ("text/html, */*;q=0.1", 200), ("application/*", 200),
        ("", 200),
    ):  # fmt: skip
        for path in (ORGANIZERS, f"{LOOKUP}?host_platform=wechat&handle=x"):
            response = get(program, path, {"Accept": accept})
            assert response.status_code == status, (accept, path)
    head = program.ask("HEAD", ORGANIZERS)
    full = program.ask("GET", ORGANIZERS)
    assert head.status_code == 200
    assert head.headers["etag"] == full.headers["etag"]
    assert head.headers["content-length"] == full.headers["content-length"]


def test_codes_of_addresses_are_those_organizers_are_shown_by(canaries: Register) -> None:
    known = identity.organizer_id(canaries.key, "wechat", "gh_namedshop")
    profile = queries.organizer(canaries, identity.public_code(known))
    assert profile is not None
    assert profile.name == "Visible Shop"
