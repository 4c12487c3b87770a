"""The transparency page: every number of it from a log whose truth is known, and nothing small among them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from prizewatch import edge, transparency
from prizewatch.i18n import language
from prizewatch.store import Register
from prizewatch.ui_html import escape
from tests.conftest import ROOT, settings_for
from tests.log_by_hand import decision, filing, organizer, put, uid

NOW = datetime(2026, 11, 20, 4)
ORG = uid("organizer")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """Thirty reports of October: twelve had to wait and were decided after 6 hours, then some were taken out."""
    path = tmp_path_factory.mktemp("told") / "r.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as opened:
        at = datetime(2026, 10, 5, 4)
        ids = [uid("t", n) for n in range(30)]
        filings = [
            {**filing(one, source="form", screen="insult" if n < 12 else "", reported_at=at), "recorded_at": at}
            for n, one in enumerate(ids)
        ]
        put(opened, filing=filings, organizer=[organizer(ORG)])

        def decide(action: str, of: list[object], when: datetime, reason: str | None = None) -> None:
            rows = [{**decision(one, action, reason_code=reason), "recorded_at": when} for one in of]  # type: ignore[arg-type]
            put(opened, moderation=rows)

        decide("publish_masked", ids[:6], at + timedelta(hours=6), "checked")
        decide("reject", ids[6:12], at + timedelta(hours=6), "insult")
        decide("remove", ids[:5], at + timedelta(days=40), "false_fact")  # had counted: corrections
        decide("remove", ids[12:14], at + timedelta(days=40), "wrong_organizer")
        decide("restore", ids[:5], at + timedelta(days=41), "mistake")  # and back: corrections again
        checks = [{**decision(one, "check"), "actor": "screen", "recorded_at": at} for one in ids[20:26]]
        put(opened, moderation=checks)
        yield opened


def test_what_was_done_is_counted_by_month(register: Register) -> None:
    told = transparency.counts(register)
    assert told.totals["reject"] == 6
    assert told.totals["published"] == 6
    assert told.totals["remove"] == 7
    assert told.totals["correction"] == 5 + 2 + 5
    rows = told.activity.set_index("month")
    assert list(rows["reject"]) == ["6", "0"]
    assert list(rows["correction"]) == ["0", "12"]


@pytest.mark.parametrize(("by_name", "shown"), [(12, True), (2, False)])
def test_of_what_was_published_it_is_told_how_much_is_masked_unless_that_tells_a_few_names(
    by_name: int, shown: bool, tmp_path: Path
) -> None:
    path = tmp_path / "r.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as opened:
        ids = [uid("m", n) for n in range(20 + by_name)]
        put(opened, filing=[filing(one, source="form", screen="insult", reported_at=NOW) for one in ids])
        put(opened, moderation=[decision(one, "publish_masked") for one in ids[:20]])
        named = [decision(one, "publish_named") for one in (*ids[:3], *ids[20:])]
        put(opened, moderation=named)  # the first three were masked before: published once
        told = transparency.counts(opened).totals
        assert ((told["published"], told["masked"]) == (20 + by_name, 20)) == shown


def test_reasons_are_told_and_small_ones_are_not(register: Register) -> None:
    told = {(r.action, r.reason): r.n for r in transparency.counts(register).reasons.itertuples()}
    assert told["reject", "insult"] == "6"
    assert told["remove", "wrong_organizer"] == "<5"
    assert told["remove", "false_fact"] == "…"  # else it would tell the other: seven were removed


def test_the_first_decision_is_timed_over_what_waited_for_a_person(register: Register) -> None:
    told = transparency.counts(register)
    assert (told.hours, told.decided) == (6.0, 12)


def test_a_median_of_few_is_not_given(tmp_path: Path) -> None:
    with Register.open(None, settings_for(tmp_path / "x"), now=NOW) as register:
        told = transparency.counts(register)
        assert told.hours != told.hours
        assert told.decided is None
        assert len(told.months) == len(told.activity) == len(told.reasons) == len(told.notices) == 0


def test_what_became_of_the_reports_of_a_month(register: Register) -> None:
    (row,) = transparency.counts(register).months.itertuples()
    assert (row.received, row.rejected, row.removed) == ("30", "6", "<5")
    assert row.waiting == "…"  # six: else it would tell the two


def test_rules_are_noted_when_they_change_and_only_then(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    assert transparency.note_rules(register, NOW)
    assert not transparency.note_rules(register, NOW + timedelta(days=1))
    now = transparency.rules_fingerprint()
    monkeypatch.setattr(transparency, "rules_fingerprint", lambda: "others")
    assert transparency.note_rules(register, NOW + timedelta(days=2))
    rules = transparency.counts(register).rules
    assert [version for version, _ in rules] == ["others", now]


def _shown(register: Register, lang: str) -> str:
    edge.serve(lambda: register)
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=120)
    app.query_params["lang"] = lang
    app.run()
    app.switch_page("transparency.py").run()
    assert not app.exception
    return "".join(str(e.proto.body) for e in app.main if getattr(e, "type", "") == "html")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_page_shows_it_and_no_hidden_number(register: Register, lang: str) -> None:
    shown, _ = _shown(register, lang), language(lang)
    assert "&lt;5" in shown
    assert "：…" not in shown.replace(": …", "：…"), "a sum that cannot be told is said in words"
    assert transparency.counts(register).rules[0][0] in shown
    assert escape(_("shell.caption.received", n="30", day=_.day(register.as_of(NOW)))) in shown


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_where_a_month_is_hidden_the_caption_says_so_and_names_no_sum(lang: str) -> None:
    _ = language(lang)
    with Register.open(None, settings_for(Path("none")), now=NOW) as few:
        put(few, filing=[filing(uid("few", n), reported_at=datetime(2026, 10 + n // 30, 5, 4)) for n in range(33)])
        shown = _shown(few, lang)
        assert escape(_("shell.caption.not_summed", n="", day=_.day(few.as_of(NOW)))) in shown
    assert escape(_("shell.caption.received", n="…", day="~").partition("~")[0]) not in shown
