"""Which organizers may be one: a labelled set, at scale, and what is decided about them."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from prizewatch import identity, kin_files, kinship, moderation
from prizewatch.kinship import Suggestion
from prizewatch.store import Register
from tests.conftest import settings_for
from tests.desk_team import ANNA, BO
from tests.intake_rows_by_hand import NOW
from tests.log_by_hand import Row, decision, filing, organizer, put, rows_of, uid

PAIRS = Path(__file__).parent / "kinship" / "pairs.csv"
Labelled = dict[frozenset[UUID], Row]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.open(None, settings_for(tmp_path / "r.duckdb"), now=NOW) as opened:
        yield opened


def met(id_: UUID, host: str, handle: str = "", name: str = "", reg_no: str = "", **more: object) -> Row:
    """What the register notes of an organizer at its first report."""
    key = identity.keyed(b"test", "handle", host, identity.fold_handle(handle)) if handle else None
    return organizer(
        id_, host_platform=host, handle_key=key, handle=handle or None, display_name=name or None,
        reg_no=reg_no or None, legal_nature="company", organizer_type="online_shop", seen_on=NOW.date(), **more,
    )  # fmt: skip


def labelled(register: Register) -> Labelled:
    """The set, filed: each pair as two organizers; who borrows a name has one report that says so."""
    pairs, organizers, filings = {}, [], []
    with PAIRS.open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file)):
            ids = []
            for side in "ab":
                ids.append(uid("kin", n, side))
                said = {name: row[f"{name}_{side}"] for name in ("host", "handle", "name", "reg_no")}
                organizers.append(met(ids[-1], **said))
                reason = "impersonation" if row[f"borrowed_{side}"] else "not_shipped"
                filings.append(filing(uid("of", ids[-1]), organizer_id=ids[-1], dispute_reason=reason))
            pairs[frozenset(ids)] = row
    put(register, organizer=organizers, filing=filings)
    return pairs


def test_precision_and_recall_on_the_labelled_pairs(register: Register, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = labelled(register)
    found = {frozenset((s.a, s.b)): s for s in kinship.suggestions(register)}
    right = [pair for pair in found if pair in pairs and pairs[pair]["same"] == "yes"]
    wanted = [pair for pair, row in pairs.items() if row["same"] == "yes"]
    precision, recall = len(right) / len(found), len(right) / len(wanted)
    wrong = [pairs[p]["why"] if p in pairs else "across pairs" for p in found.keys() - set(right)]
    missed = [pairs[p]["why"] for p in set(wanted) - found.keys()]
    with capsys.disabled():
        print(f"\nkinship: {len(pairs)} pairs, {len(wanted)} the same; precision {precision:.3f}, recall {recall:.3f}")
        print(f"  wrongly suggested: {wrong}; missed: {missed}")
    assert len(pairs) >= 60
    assert precision >= 0.95
    assert recall >= 0.9


def test_no_suggestion_rests_on_a_name_alone(register: Register) -> None:
    a, b, c, d = (uid("alone", n) for n in range(4))
    put(
        register,
        organizer=[
            met(a, "wechat", "tea_in_the_north", "百味茶舍小院"), met(b, "wechat", "kitchen42", "百味茶舍小院"),
            met(c, "weibo", "", "百味茶舍小院"), met(d, "douyin", "", "百味茶舍小院"),
        ],
    )  # fmt: skip
    assert kinship.suggestions(register) == []


def test_many_that_share_a_name_are_a_chain_and_say_nothing(register: Register) -> None:
    put(register, organizer=[met(uid("chain", n), "taobao", "", "小蓝杯咖啡馆") for n in range(21)])
    assert kinship.suggestions(register) == []


def test_five_thousand_organizers_are_compared_in_two_seconds(register: Register) -> None:
    syllables = "安白宝春大东方福光海红华江金景开兰乐林美明南宁青清荣山盛顺天万文祥新星雅阳永玉云正中"
    names = [f"{syllables[n % 41]}{syllables[n // 41 % 41]}{syllables[n * 7 % 41]}优品铺" for n in range(5000)]
    known = [met(uid("big", n), "wechat", f"gh_{n * 7919:07d}", name) for n, name in enumerate(names)]
    put(register, organizer=known)
    kinship.suggestions(register)  # the readings of characters are loaded once
    put(register, organizer=[met(uid("twin"), "wechat", "", names[77])])
    began = time.process_time()
    found = kinship.suggestions(register)
    took = time.process_time() - began
    print(f"5,001 organizers: {took:.2f} s, {len(found)} suggestions")
    assert uid("twin") in {i for s in found for i in (s.a, s.b)}
    assert took < 2


# ── decisions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def two(register: Register) -> Suggestion:
    """Two organizers with the same registration, with a report each."""
    a, b = uid("first"), uid("second")
    put(register, organizer=[met(a, "taobao", "old_name", "旧名好物", "91110108MA01ABCD1X")])
    later = met(b, "taobao", "new_name", "新名好物", "91110108MA01ABCD1X")
    put(register, organizer=[later | {"recorded_at": datetime(2026, 5, 1)}])
    put(register, filing=[filing(uid("r", o), organizer_id=o, draw_id=uid("draw", o)) for o in (a, b)])
    (found,) = kinship.suggestions(register)
    assert (found.a, found.b, found.why) == (a, b, ("reg_no",))
    return found


def disputes_of(register: Register, organizer_id: UUID) -> int:
    sql = "SELECT count(*) AS n FROM mart.dispute WHERE organizer_id = ?"
    return int(rows_of(register, sql, [organizer_id])[0]["n"])


def test_merging_takes_evidence_and_two_people_and_is_undone(register: Register) -> None:
    pair = two(register)
    refused = kinship.merge(register, ANNA, pair.b, pair.a, "same_registration", "同一家", uuid4(), NOW)
    assert (refused.state, refused.problem) == ("refused", "no_words")
    why = "两家店铺执照上的统一社会信用代码相同。"
    proposed = kinship.merge(register, ANNA, pair.b, pair.a, "same_registration", why, uuid4(), NOW)
    assert proposed.state == "proposed"
    assert disputes_of(register, pair.a) == 1
    assert moderation.confirm(register, ANNA, proposed.event_id, NOW).problem == "same_person"
    done = moderation.confirm(register, BO, proposed.event_id, NOW)
    assert done.state == "done"
    assert (disputes_of(register, pair.a), disputes_of(register, pair.b)) == (2, 0)
    assert kinship.suggestions(register) == []

    taking_apart = kinship.split(register, BO, pair.b, "different_entity", "执照是另一家的，当时看错了。", uuid4(), NOW)
    assert moderation.confirm(register, ANNA, taking_apart.event_id, NOW).state == "done"
    assert (disputes_of(register, pair.a), disputes_of(register, pair.b)) == (1, 1)
    assert kinship.suggestions(register) == []  # what was taken apart is not suggested again


def test_what_was_said_to_be_two_is_not_suggested_again_until_that_is_taken_back(register: Register) -> None:
    pair, event, why = two(register), uuid4(), "两家公司共用一个代办地址。"
    assert len(kinship.waiting(register, NOW)) == 1
    assert kinship.keep_apart(register, ANNA, pair.a, pair.b, "other", "", event, NOW).problem == "no_words"
    given = (register, ANNA, pair.a, pair.b, "different_entity", why)
    assert kinship.keep_apart(*given, event, NOW).state == "done"
    assert kinship.keep_apart(*given, event, NOW).state == "known"
    assert kinship.keep_apart(register, BO, pair.b, pair.a, "different_entity", "", uuid4(), NOW).problem == "not_now"
    assert kinship.waiting(register, NOW) == []
    for own, other in ((pair.a, pair.b), (pair.b, pair.a)):
        (told,) = kin_files.kept_apart(register, BO, own)
        assert (told.event_id, told.other, told.sentence, told.actor) == (event, other, why, "anna")
    assert kinship.keep_apart(register, ANNA, pair.a, uid("nobody"), "different_entity", "", uuid4(), NOW).problem

    assert moderation.undo(register, BO, event, NOW + timedelta(hours=1)).state == "done"
    assert len(kinship.waiting(register, NOW)) == 1
    assert kin_files.kept_apart(register, ANNA, pair.a) == []


def test_each_pair_kept_apart_is_taken_back_by_itself(register: Register) -> None:
    pair, third, first = two(register), uid("third"), uuid4()
    put(register, organizer=[met(third, "taobao", "other_name", "另名好物", "91110108MA01ABCD1X")])
    put(register, filing=[filing(uid("r", third), organizer_id=third, draw_id=uid("draw", third))])
    for other, event in ((pair.b, first), (third, uuid4())):
        done = kinship.keep_apart(register, ANNA, pair.a, other, "different_entity", "", event, NOW)
        assert done.state == "done"
    assert moderation.undo(register, ANNA, first, NOW + timedelta(hours=1)).state == "done"
    assert [a.other for a in kin_files.kept_apart(register, ANNA, pair.a)] == [third]


def test_a_pair_kept_apart_by_an_earlier_version_stays_apart(register: Register) -> None:
    pair = two(register)
    put(register, organizer=[organizer(pair.a, kind="distinct", into_id=pair.b)])
    assert kinship.waiting(register, NOW) == []


def test_a_report_moves_to_who_used_the_name_and_back(register: Register) -> None:
    pair = two(register)
    report = uid("r", pair.a)
    event = uuid4()
    moved = kinship.move(register, ANNA, report, "学校公告说明并非其举办。", event, NOW)
    assert moved.state == "done"
    borrowed = UUID(identity.borrowed_organizer_id(register.key, pair.a))
    assert (disputes_of(register, pair.a), disputes_of(register, borrowed)) == (0, 1)
    before = rows_of(register, "SELECT * FROM mart.organizer ORDER BY organizer_id")
    register.rebuild(NOW)
    assert rows_of(register, "SELECT * FROM mart.organizer ORDER BY organizer_id") == before
    assert moderation.undo(register, ANNA, event, NOW + timedelta(hours=1)).state == "done"
    assert (disputes_of(register, pair.a), disputes_of(register, borrowed)) == (1, 0)


def test_whose_name_was_used_is_said_only_while_that_one_is_named(register: Register) -> None:
    lender, draws = uid("lender"), [uid("ld", n) for n in range(2)]
    borrowed = identity.borrowed_organizer_id(register.key, lender)
    put(register, organizer=[met(lender, "taobao", "lend", "被冒用的店")])
    reports = [
        filing(uid("l", n), organizer_id=lender, draw_id=draws[n], reporter_key=f"k{n}", claim_made_on=NOW.date())
        for n in range(2)
    ]
    put(register, filing=reports, moderation=[decision(uid("l", n), "set_level", reason_code="V2") for n in range(2)])
    assert kinship.used_name_of(register, borrowed) is None
    put(register, moderation=[decision(lender, "name", kind="organizer")])
    found = kinship.used_name_of(register, borrowed)
    assert found is not None
    assert found.name == "被冒用的店"
    assert kinship.used_name_of(register, str(uid("somebody"))) is None
    put(register, moderation=[decision(lender, "unname", kind="organizer")])
    assert kinship.used_name_of(register, borrowed) is None
