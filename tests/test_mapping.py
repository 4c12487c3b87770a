"""Mappings: mistakes in them are told before a row is read; words and dates are taken as told, never guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest

from prizewatch.errors import UnusableInput
from prizewatch.i18n import LANGUAGES, language
from prizewatch.importing import decode
from prizewatch.importing.mapping import Mapping, read_mapping
from prizewatch.importing.unfold import NAMESPACE, Unfold, row_id
from prizewatch.intake import Batch
from prizewatch.store import Kind

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
SOURCE = '[source]\nname = "s"\nrow_key = ["id"]\n'
LEAST = SOURCE + '[dispute]\nreason_other = "word"\n'


def mapping(folder: Path, text: str) -> Mapping:
    path = folder / "m.toml"
    path.write_text(text, "utf-8")
    return read_mapping(path)


def unfolded(folder: Path, text: str, rows: str) -> tuple[Batch, list[Any]]:
    made, path = mapping(folder, text), folder / "rows.csv"
    path.write_text(rows, "utf-8")
    (chunk,) = decode.chunks(decode.look(path))
    unfold = Unfold(made, chunk, SHANGHAI)
    return unfold.batch()[0], [(u.index, u.rule, u.column, u.value) for u in unfold.unread]


WRONG = {
    "toml": "[source\n",
    "unknown_key": LEAST + "[sources]\n",
    "missing_key": '[source]\nname = "s"\n[dispute]\nreason_other = "word"\n',
    "unknown_field": SOURCE + '[dispute]\nreson_other = "word"\n',
    "unknown_code": SOURCE + '[dispute]\norganizer_type = { value = "shop" }\n',
    "column_or_value": SOURCE + '[dispute]\nreason_other = { column = "a", value = "b" }\n',
    "condition": SOURCE + '[dispute]\nreason_other = { column = "a", only_if = { column = "b" } }\n',
    "date_formats": SOURCE + '[dispute]\nrefused_on = { column = "a", dates = ["day first"] }\n',
    "time_zone": SOURCE + 'time_zone = "Moon/Tranquility"\n[dispute]\nreason_other = "a"\n',
    "register_kind": SOURCE + 'register = "demo"\n[dispute]\nreason_other = "a"\n',
    "clock": SOURCE + 'register = "reference"\n[dispute]\nreason_other = "a"\n',
    "row_key": '[source]\nname = "s"\nrow_key = "id"\n[dispute]\nreason_other = "a"\n',
    "circle": LEAST + '[columns.a]\ncolumn = "b"\n[columns.b]\ncolumn = "a"\n',
}


@pytest.mark.parametrize("key", WRONG)
def test_mistakes_are_told_in_both_languages(tmp_path: Path, key: str) -> None:
    with pytest.raises(UnusableInput) as raised:
        mapping(tmp_path, WRONG[key])
    assert raised.value.key == f"errors.mapping.{key}"
    for lang in LANGUAGES:
        said = language(lang)(raised.value.key, **raised.value.values)
        assert str(tmp_path) in said
        assert "{" not in said


def test_a_number_is_no_feed(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"errors.mapping.not_a_table"):
        mapping(tmp_path, SOURCE + "[dispute]\nreason_other = 5\n")


def test_a_code_that_no_list_knows_is_found_in_words_too(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="relief_ful'"):
        mapping(
            tmp_path,
            LEAST
            + '[[events]]\nstage = { value = "s5_mediation" }\n'
            + '[events.outcome]\ncolumn = "a"\nwords = { Yes = "relief_ful" }\n',
        )


def test_missing_columns_are_named(tmp_path: Path) -> None:
    made = mapping(tmp_path, LEAST + '[columns.made]\ncolumn = "a"\n[[date_order]]\nearlier = "d1"\nlater = "d2"\n')
    with pytest.raises(UnusableInput) as raised:
        made.check_columns(tmp_path, ["id", "d2"])
    assert raised.value.values["columns"] == "d1, a, word"
    made.check_columns(tmp_path, ["id", "d1", "d2", "a", "word"])


WORDS = SOURCE + '[dispute]\nreason_other = { column = "w", words = { Yes = "y", NA = "n", "" = "none" } }\n'


def test_words_become_codes_and_an_unknown_word_rejects_its_row(tmp_path: Path) -> None:
    batch, unread = unfolded(tmp_path, WORDS, "id,w\n1,Yes\n2,NA\n3,\n4,yes\n5, Yes \n")
    assert batch.disputes["reason_other"].to_pylist() == ["y", "n", "none", "y"]
    assert batch.disputes["row"].to_pylist() == ["2", "3", "4", "6"]
    assert unread == [(3, "mapping.unknown_word", "w", "yes")]


def test_an_empty_cell_is_nothing_where_the_words_do_not_name_it(tmp_path: Path) -> None:
    batch, unread = unfolded(tmp_path, WORDS.replace('"" = "none"', 'x = "x"'), "id,w\n1,\n")
    assert batch.disputes["reason_other"].to_pylist() == [""]
    assert not unread


def test_a_condition_hides_words_it_does_not_ask_for(tmp_path: Path) -> None:
    text = (
        SOURCE
        + '[dispute]\nreason_other = { column = "w", words = { a = "b" }, only_if = { column = "f", is = ["on"] } }\n'
    )
    batch, unread = unfolded(tmp_path, text, "id,w,f\n1,a,on\n2,a,off\n3,z,off\n4,z,on\n")
    assert batch.disputes["reason_other"].to_pylist() == ["b", "", ""]
    assert unread == [(3, "mapping.unknown_word", "w", "z")]


def test_given_empty_blank_and_value(tmp_path: Path) -> None:
    text = SOURCE + (
        '[dispute]\nreason_other = { column = "w", given = "there", empty = "not there" }\n'
        'draw_title = { column = "w", blank = ["N/A"] }\nis_first_hand = { value = true }\n'
    )
    batch, _ = unfolded(tmp_path, text, "id,w\n1,x\n2,\n3,N/A\n")
    assert batch.disputes["reason_other"].to_pylist() == ["there", "not there", "there"]
    assert batch.disputes["draw_title"].to_pylist() == ["x", "", ""]
    assert batch.disputes["is_first_hand"].to_pylist() == ["true"] * 3


DATES = SOURCE + 'date_formats = ["%m/%d/%Y", "%Y年%m月%d日"]\n[dispute]\nrefused_on = "d"\n'


def test_dates_in_any_of_the_formats(tmp_path: Path) -> None:
    batch, unread = unfolded(
        tmp_path, DATES, "id,d\n1,7/9/2013\n2,07/29/2013\n3,2013年7月5日\n4,\n5,2/30/2013\n6,13/1/2013\n7,2013-07-01\n"
    )
    assert batch.disputes["refused_on"].to_pylist() == ["2013-07-09", "2013-07-29", "2013-07-05", ""]
    assert [(u[1], u[3]) for u in unread] == [
        ("mapping.date_format", v) for v in ("2/30/2013", "13/1/2013", "2013-07-01")
    ]


def test_times_are_turned_to_utc_and_a_day_stays_the_register_s_day(tmp_path: Path) -> None:
    text = SOURCE + (
        'time_zone = "America/New_York"\ndate_formats = ["%m/%d/%Y", "%m/%d/%Y %H:%M", "%Y-%m-%d"]\n'
        '[dispute]\ndraw_time = "t"\n'
    )
    rows = "id,t\n1,07/01/2016 20:30\n2,07/01/2016\n3,2016-07-01T20:30:00+08:00\n4,2016-07-01 20:30\n"
    rows += "5,2016-07-01T12:00:00Z\n"
    batch, unread = unfolded(tmp_path, text, rows)
    assert batch.disputes["draw_time"].to_pylist() == [
        "2016-07-02 00:30:00", "2016-06-30 16:00:00", "2016-07-01 12:30:00", "2016-07-02 00:30:00",
        "2016-07-01 12:00:00",
    ]  # fmt: skip
    assert not unread


def test_iso_times_in_utc_pass_and_days_among_them_are_days_of_the_register(tmp_path: Path) -> None:
    text = SOURCE + 'time_zone = "UTC"\n[dispute]\ndraw_time = "t"\n'
    batch, _ = unfolded(tmp_path, text, "id,t\n1,2016-07-01 20:30:00\n2,what\n")
    assert batch.disputes["draw_time"].to_pylist() == ["2016-07-01 20:30:00", "what"]
    batch, _ = unfolded(tmp_path, text, "id,t\n1,2016-07-01 20:30:00\n2,2016-07-01\n")
    assert batch.disputes["draw_time"].to_pylist() == ["2016-07-01 20:30:00", "2016-06-30 16:00:00"]


def test_a_date_order_that_is_broken_rejects_the_row(tmp_path: Path) -> None:
    text = DATES.replace("[dispute]", '[[date_order]]\nearlier = "d"\nlater = "e"\n[dispute]')
    batch, unread = unfolded(
        tmp_path, text, "id,d,e\n1,1/2/2016,1/2/2016\n2,1/3/2016,1/2/2016\n3,1/3/2016,\n4,12/1/2015,1/2/2016\n"
    )
    assert batch.disputes["row"].to_pylist() == ["2", "4", "5"]
    assert unread == [(1, "mapping.date_order", "e", "1/2/2016")]


def test_row_ids_are_uuid5_of_source_and_key(tmp_path: Path) -> None:
    assert row_id("s", "1") == str(uuid5(UUID(bytes=NAMESPACE), "s\n1"))
    batch, _ = unfolded(tmp_path, LEAST, "id,word\n1,a\n2,b\n")
    assert batch.disputes["event_id"].to_pylist() == [row_id("s", "1"), row_id("s", "2")]
    whole, _ = unfolded(tmp_path, LEAST.replace('["id"]', '"all"'), "id,word\n1,a\n1,a\n1,b\n")
    ids = whole.disputes["event_id"].to_pylist()
    assert ids[0] == ids[1] != ids[2]


def test_a_rejects_file_has_the_ids_of_the_rows_it_came_from(tmp_path: Path) -> None:
    text = LEAST.replace('["id"]', '"all"')
    plain, _ = unfolded(tmp_path, text, "id,word\n1,=a\n")
    again, _ = unfolded(tmp_path, text, "prizewatch_line,prizewatch_raw,id,word\n2,x,1,'=a\n")
    assert plain.disputes["event_id"] == again.disputes["event_id"]


EVENTS = LEAST + (
    '[[events]]\nprefix = "s4_"\nsame_names = true\nstage = { value = "s4_host_platform" }\n'
    'entered_on = { column = "s4_on", optional = true }\n'
    '[[events]]\nprefix = "s2_"\nsame_names = true\nstage = { value = "s2_organizer" }\n'
    'entered_on = { column = "s2_on", optional = true }\n'
    '[[evidence]]\nprefix = "e1_"\nsame_names = true\n'
)


def test_wide_rows_unfold_in_the_order_of_days(tmp_path: Path) -> None:
    rows = (
        "id,word,s2_on,s2_outcome,s4_on,s4_outcome,e1_kind\n"
        "1,a,2016-01-01,refused,2016-02-01,pending,win_page\n"
        "2,a,2016-03-01,refused,2016-02-01,pending,\n"
        "3,a,,,,,\n"
        "4,a,2016-03-01,,,,\n"
    )
    batch, _ = unfolded(tmp_path, EVENTS, rows)
    events = [(e["row"], e["seq"], e["stage"], e["entered_on"], e["outcome"]) for e in batch.events.to_pylist()]
    assert events == [
        ("2", "1", "s2_organizer", "2016-01-01", "refused"),
        ("2", "2", "s4_host_platform", "2016-02-01", "pending"),
        ("3", "1", "s4_host_platform", "2016-02-01", "pending"),
        ("3", "2", "s2_organizer", "2016-03-01", "refused"),
        ("5", "1", "s2_organizer", "2016-03-01", ""),
    ]
    assert batch.evidence.to_pylist() == [{"row": "2", "kind": "win_page"}]


def test_shipped_mappings() -> None:
    made = {path.stem: read_mapping(path) for path in SAMPLES.glob("*.toml")}
    assert {name: (m.kind, m.clock_on) for name, m in made.items()} == {
        "nyc_mediated_2018": (Kind.REFERENCE, date(2016, 4, 28)),
        "cfpb_sample": (Kind.REFERENCE, date(2017, 2, 23)),
        "prizewatch_wide": (Kind.LIVE, None),
    }
    assert made["prizewatch_wide"].needed() == ["report_no"]
    for name in ("nyc_mediated_2018", "cfpb_sample"):
        made[name].check_columns(SAMPLES, decode.look(SAMPLES / f"{name}.csv").columns)
