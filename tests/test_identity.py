"""Keyed names: one spelling, no way back, codes a person can read out."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prizewatch import identity

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("ＷｅＣｈａｔ", "WeChat"),
        ("  a \u3000 b ", "a b"),
        ("小\u200b明\ufeff", "小明"),
        ("①", "1"),
        ("plain", "plain"),
        ("a\tb\n", "a b"),
    ],
)
def test_one_spelling(given_text: str, expected: str) -> None:
    assert identity.normalise(given_text) == expected


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = identity.normalise(text)
    assert identity.normalise(once) == once


def test_handles_are_compared_without_case_and_at_sign() -> None:
    assert identity.fold_handle("@Shop_1") == identity.fold_handle("ｓｈｏｐ_1") == "shop_1"
    assert identity.fold_handle("STRASSE") == identity.fold_handle("straße")


def test_a_keyed_hash_is_hmac_and_keeps_purposes_and_parts_apart() -> None:
    expected = hmac.new(KEY, b"handle\x1fwechat\x1fshop", hashlib.sha256).hexdigest()
    assert identity.keyed(KEY, "handle", "wechat", "shop") == expected
    others = {
        identity.keyed(KEY, "organizer", "wechat", "shop"),
        identity.keyed(KEY, "handle", "wechats", "hop"),
        identity.keyed(b"x" * 32, "handle", "wechat", "shop"),
        expected,
    }
    assert len(others) == 4


def test_a_public_code_is_eight_letters_of_the_id() -> None:
    assert identity.public_code(UUID(int=0)) == "0000-0000"
    assert identity.public_code(UUID("ffffffff-ff00-0000-0000-000000000000")) == "ZZZZ-ZZZZ"
    assert identity.public_code("08421084-2000-0000-0000-000000000000") == "1111-1110"


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [
        ("1111-1110", "0842108420"), (" #zzzz-zzzz ", "ffffffffff"), ("08421084", "08421084"), ("08421A", "08421a"),
        ("08421084-2000-0000-0000-000000000000", "08421084200000000000000000000000"), ("08421", None), ("", None),
        ("ILOU-1111", None), ("08421084-2000-0000-0000-0000000000001", None), ("a shop", None),
    ],
)  # fmt: skip
def test_an_id_is_known_by_its_code_or_its_first_letters(typed: str, beginning: str | None) -> None:
    assert identity.id_beginning(typed) == beginning


def test_receipt_codes_forgive_how_they_are_typed() -> None:
    code = identity.receipt_code(KEY, "8d0f0a52-0000-4000-8000-000000000001")
    assert len(code) == 23
    assert len(set(code)) > 5
    assert code != identity.receipt_code(KEY, "8d0f0a52-0000-4000-8000-000000000002")
    typed = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert identity.receipt_hash(KEY, typed) == identity.receipt_hash(KEY, code)
    assert identity.receipt_hash(KEY, code[:-1]) != identity.receipt_hash(KEY, code)


def test_ids_of_columns_are_the_ids_of_rows() -> None:
    day = date(2026, 6, 1)
    columns: dict[str, list[object]] = {
        "event_id": ["e1", "e2", "e3"],
        "reporter": ["ann", "ann", None],
        "network": ["192.0.2.1", None, None],
        "device": [None, "mark", "mark"],
        "host_platform": ["wechat", "wechat", "weibo"],
        "organizer_handle": ["Shop", "shop", None],
        "draw_ref": [None, "L-1", None],
        "draw_on": [day, day, None],
        "prize_no": [None, 2, 1],
    }
    ids = identity.ids_of(KEY, columns)
    organizer = str(identity.organizer_id(KEY, "wechat", "shop"))
    assert ids["organizer_id"] == [organizer, organizer, str(identity.nameless_organizer_id(KEY, "e3"))]
    assert ids["draw_id"] == [
        str(identity.draw_id(KEY, organizer, "", day, "e1")),
        str(identity.draw_id(KEY, organizer, "L-1", None, "e2")),
        str(identity.draw_id(KEY, "", "", None, "e3")),
    ]
    assert ids["reporter_key"][0] == ids["reporter_key"][1] != ids["reporter_key"][2]
    assert ids["dispute_id"][0] == str(identity.dispute_id(KEY, str(ids["reporter_key"][0]), str(ids["draw_id"][0]), 1))
    assert len(set(ids["dispute_id"])) == 3
    assert [k is None for k in ids["network_key"]] == [False, True, True]
    assert ids["device_key"] == [None, *[identity.keyed(KEY, "device", "mark")] * 2]
    said = identity.ids_of(KEY, columns, {0: ("an-organizer", None), 2: ("an-organizer", "a-draw")})
    assert [said["organizer_id"][n] for n in (0, 2)] == ["an-organizer", "an-organizer"]
    assert said["draw_id"][0] == str(identity.draw_id(KEY, "an-organizer", "", day, "e1"))
    assert (said["draw_id"][2], said["draw_id"][1]) == ("a-draw", ids["draw_id"][1])


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("local", "local"),
    ],
)
def test_one_customer_is_one_network(address: str, network: str) -> None:
    assert identity.network_of(address) == network


def test_marks_of_direction_are_no_part_of_a_handle() -> None:
    assert identity.fold_handle("\u202elucky\u2066shop\u2069") == "luckyshop"


ORGANIZER, DRAW, DISPUTE = (UUID(f"8d0f0a52-0000-4000-8000-00000000000{n}") for n in (1, 2, 3))


def test_a_share_token_is_read_by_its_register_alone_and_shows_no_id() -> None:
    token = identity.share_token(KEY, ORGANIZER, DRAW, DISPUTE)
    assert identity.read_share_token(KEY, f" {token}\n") == (ORGANIZER, DRAW, DISPUTE)
    assert identity.share_token(KEY, str(ORGANIZER), str(DRAW), str(DISPUTE)) == token
    assert identity.read_share_token(b"x" * 32, token) is None
    assert token.replace("-", "").replace("_", "").isalnum()
    raw = urlsafe_b64decode(token + "==")
    assert ORGANIZER.bytes[:6] not in raw
    assert DRAW.bytes[:6] not in raw
    assert len(token) == identity.SHARE_LETTERS


@pytest.mark.parametrize("at", [0, 20, 21, 40, 63, 85])
def test_a_share_token_with_one_letter_changed_is_none(at: int) -> None:
    token = identity.share_token(KEY, ORGANIZER, DRAW, DISPUTE)
    other = "A" if token[at] != "A" else "B"
    assert identity.read_share_token(KEY, token[:at] + other + token[at + 1 :]) is None


@given(st.text(max_size=90))
def test_no_other_text_is_a_share_token(text: str) -> None:
    assert identity.read_share_token(KEY, text) is None
