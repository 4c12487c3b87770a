"""Before I enter, and the next step: two pages whose whole state is their address."""

from __future__ import annotations

import html
import re

import pytest

from prizewatch import queries
from prizewatch.announcement import items
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Register
from prizewatch.vocabulary import codes, label
from tests.browsing import browse
from tests.browsing import text as as_html

pytestmark = pytest.mark.usefixtures("nothing_served")

STATED = [one.code for one in items("stated", "en")]
S = codes("stage")


def text(app) -> str:  # type: ignore[no-untyped-def]
    """All that is written on the page, as a reader reads it."""
    return html.unescape(as_html(app))


def copied(app) -> str:  # type: ignore[no-untyped-def]
    """The text to keep or send."""
    return "\n".join(block.value for block in app.code)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_address_opens_the_same_check_with_what_is_on_file(demo: Register, lang: str) -> None:
    _ = language(lang)
    frame = queries.search_organizers(demo).frame
    one = frame[frame["name"].notna()].iloc[0]
    app = browse(
        demo, "before", lang, has="prize_name,claim_time", seen="pay_first", tool="weibo_lottery", org=one.public_code
    )
    assert not app.exception
    shown = text(app)
    assert str(one["name"]) in shown
    assert _(f"organizers.level.{one.level}") in shown
    for item in items("stated", lang):
        assert (item.why in shown) == (item.code not in ("prize_name", "claim_time")), item.code
    sign = items("warning", lang)[0]
    assert sign.why in shown
    assert items("save", lang)[0].name in shown
    assert "30" in shown
    assert str(one["name"]) in copied(app)
    assert sign.name in copied(app)
    assert not re.search(r"trusted|safe to enter|可信|靠谱", shown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_ticked_and_nothing_judged_at_first(register: Register, lang: str) -> None:
    _ = language(lang)
    app = browse(register, "before", lang)
    assert [block.value for block in app.code] == []
    assert _("before.result.missing") not in text(app)
    assert "has" not in app.query_params


def test_two_taps_are_enough_for_a_full_or_an_empty_announcement(register: Register) -> None:
    _ = language("en")
    app = browse(register, "before", "en")
    app.button("before_all").click().run()
    assert app.query_params["has"] == ",".join(STATED)
    assert _("before.result.complete") in text(app)
    app.button("before_nothing").click().run()
    assert app.query_params["has"] == "none"
    assert all(one.why in text(app) for one in items("stated", "en"))


def test_a_tick_changes_the_address_and_keeps_the_others(register: Register) -> None:
    app = browse(register, "before", "zh-CN", has="claim_time")
    app.button_group(key="before_prize").set_value(["prize_name", "prize_kinds"]).run()
    assert app.query_params["has"] == "prize_kinds,prize_name,claim_time"
    app.button_group(key="before_warning").set_value(["no_identity"]).run()
    assert app.query_params["seen"] == "no_identity"
    app.button_group(key="before_prize").set_value([]).run()
    app.button_group(key="before_claim").set_value([]).run()
    assert app.query_params["has"] == "none"
    app.button_group(key="before_warning").set_value([]).run()
    assert "seen" not in app.query_params
    assert not app.exception


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_found_is_no_sign_of_reliability_and_the_handle_can_be_asked(demo: Register, lang: str) -> None:
    _ = language(lang)
    app = browse(demo, "before", lang)
    app.text_input("before_search").set_value("nobody-of-that-name-7").run()
    assert _("shell.no_record") in text(app)
    assert "nobody" not in str(dict(app.query_params))  # a name that was looked for is not in the address
    app.text_input("before_handle").set_value("nobody-of-that-name-7")
    app.button("FormSubmitter:before_exact-" + _("organizers.exact.ask")).click().run()
    assert _("organizers.exact.nothing_to_say") in text(app)
    assert "nobody" not in str(dict(app.query_params))
    assert not app.exception


def test_an_organizer_is_picked_and_dropped_again(demo: Register) -> None:
    frame = queries.search_organizers(demo).frame
    one = frame[frame["name"].notna()].iloc[0]
    app = browse(demo, "before", "zh-CN")
    app.text_input("before_search").set_value(str(one["name"])).run()
    app.button(f"pick_{one.public_code}").click().run()
    assert app.query_params["org"] == one.public_code
    assert "pw-card" in text(app)
    app.button("before_other").click().run()
    assert "org" not in app.query_params


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("address", "next_one", "why"),
    [
        ({}, S[0], None),
        ({"who": "creator", "stage": S[1], "came": "refused"}, S[2], None),
        ({"who": "creator", "stage": S[1], "tool": "manual_pick"}, S[3], "no_tool"),
        ({"who": "platform_self", "stage": S[1]}, S[3], "own_draw"),
        ({"who": "unknown", "stage": S[3]}, S[4], "as_individual"),
        ({"who": "O", "stage": S[2]}, S[3], None),
        ({"who": "micro_seller", "taken": "yes"}, S[6], "fraud"),
        ({"who": "micro_seller", "stage": S[1], "taken": "yes"}, S[6], "fraud"),
        ({"who": "micro_seller", "stage": S[6], "taken": "yes"}, S[3], None),
        ({"who": "martian", "stage": "s9", "came": "?", "tool": "?", "proof": "?", "taken": "?"}, S[0], None),
    ],
)
def test_the_next_step_by_address(
    register: Register, lang: str, address: dict[str, str], next_one: str, why: str | None
) -> None:
    _ = language(lang)
    app = browse(register, "advice", lang, **address)
    assert not app.exception
    assert _("advice.next", step=label("stage", next_one, lang)) in [head.value for head in app.header]
    shown = text(app)
    reasons = {code: _(f"advice.because.{code}") in shown for code in ("fraud", "no_tool", "own_draw", "as_individual")}
    assert [code for code, said in reasons.items() if said] == ([why] if why else [])
    # a register without reports has nothing to say of others, and says so; the police are no chance to be measured
    assert (_("advice.others.none") in shown) == (why != "fraud" and address.get("taken") != "yes")


@pytest.mark.parametrize("came", ["relief_full", "self_disqualified"])
def test_where_nothing_is_left_to_claim_no_step_is_told(register: Register, came: str) -> None:
    _ = language("en")
    stage = S[0] if came == "self_disqualified" else S[1]
    app = browse(register, "advice", "en", who="creator", stage=stage, came=came)
    assert _(f"advice.came.{came}") in text(app)
    assert [head.value for head in app.header] == []


def test_a_step_that_still_runs_says_how_long_to_wait_and_the_last_step_is_the_last(register: Register) -> None:
    _ = language("en")
    app = browse(register, "advice", "en", who="creator", stage=S[1], came="pending")
    assert _("advice.came.pending_days", 7) in text(app)
    app = browse(register, "advice", "en", who="creator", stage=S[7], came="rejected")
    assert _("advice.last") in [head.value for head in app.header]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demo_says_how_a_step_went_for_others_with_n_and_the_caution(demo: Register, lang: str) -> None:
    _ = language(lang)
    found = queries.advisor(demo, "creator", S[1], "V2", "weibo_lottery")
    assert found
    assert found.n
    app = browse(demo, "advice", lang, who="creator", stage=S[1], tool="weibo_lottery", proof="V2")
    shown = text(app)
    assert _.number(found.n) in shown
    assert _(f"advice.others.basis.{found.basis}") in shown
    assert _("advice.others.caution") in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_a_reference_register_a_merchant_is_shown_in_its_own_words(reference: Register, lang: str) -> None:
    one = queries.search_organizers(reference).frame.iloc[0]
    app = browse(reference, "before", lang, org=one.public_code, has="none")
    assert not app.exception
    assert str(one["name"]) in text(app)
    app = browse(reference, "before", lang)
    app.text_input("before_search").set_value("no such merchant").run()
    assert not app.exception
    assert not [field for field in app.text_input if field.key == "before_handle"]
