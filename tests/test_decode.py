"""Files into columns: every encoding, every trap of CSV, nothing padded and nothing shifted."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prizewatch.errors import UnusableInput
from prizewatch.importing import decode
from prizewatch.importing.rows import CHUNK, Broken, Chunk, bare, defused

HEADER = "名称,b,c\n"
ROWS = "一,2,3\n四,5,6\n"


def read(path: Path, size: int = CHUNK) -> list[Chunk]:
    return list(decode.chunks(decode.look(path), size))


def rows(chunks: list[Chunk]) -> list[list[str]]:
    return [list(row.values()) for chunk in chunks for row in chunk.table.to_pylist()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(file: Path, encoding: str) -> None:
    file.write_bytes((HEADER + ROWS * 3000).encode(encoding))
    chunks = read(file, 1000)
    assert chunks[0].table.column_names == ["名称", "b", "c"]
    assert rows(chunks) == [["一", "2", "3"], ["四", "5", "6"]] * 3000


def test_gb18030_is_found_even_when_the_first_megabyte_is_plain(file: Path) -> None:
    file.write_bytes(("a,b,c\n" + "x,y,z\n" * 250_000 + "中,文,字\n").encode("gb18030"))
    assert rows(read(file))[-1] == ["中", "文", "字"]


def test_what_no_encoding_reads_is_unusable(file: Path) -> None:
    file.write_bytes(b"a,b\n\xff\xff\xff,1\n")
    with pytest.raises(UnusableInput, match=r"errors.file.encoding"):
        decode.look(file)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "errors.file.empty"),
        (b"\n\n", "errors.file.empty"),
        (b",,\n1,2,3\n", "errors.file.no_header"),
        (b"a,b,a\n", "errors.file.column_twice"),
    ],
)
def test_unusable_headers(file: Path, content: bytes, key: str) -> None:
    file.write_bytes(content)
    with pytest.raises(UnusableInput, match=key):
        decode.look(file)


def test_header_names_are_trimmed_and_a_header_alone_has_no_rows(file: Path) -> None:
    file.write_text(" a ,b \n")
    assert decode.look(file).columns == ("a", "b")
    assert rows(read(file)) == []


TRAPS = 'a,b,c\n1,2,3\n\n4,5\n6,7,8,9\n"x\ny",2,3\n"open,1,2\n10,11,12\n13,"q""z",14\n'


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 100])
def test_widths_quotes_and_lines_whatever_the_size_of_a_chunk(file: Path, size: int) -> None:
    file.write_text(TRAPS)
    chunks = read(file, size)
    assert rows(chunks) == [["1", "2", "3"], ["x\ny", "2", "3"], ["10", "11", "12"], ["13", 'q"z', "14"]]
    assert [line for chunk in chunks for line in chunk.lines] == [2, 6, 9, 10]
    assert [chunk.raw(i) for chunk in chunks for i in range(len(chunk.lines))] == [
        "1,2,3", '"x\ny",2,3', "10,11,12", '13,"q""z",14',
    ]  # fmt: skip
    assert sorted((b for chunk in chunks for b in chunk.broken), key=lambda b: b.line) == [
        Broken(4, "row.width", "2/3", "4,5"),
        Broken(5, "row.width", "4/3", "6,7,8,9"),
        Broken(8, "row.quote", "", '"open,1,2'),
    ]


def test_widths_where_no_quote_spans_lines(file: Path) -> None:
    file.write_text('a,b,c\r\n1,"2,2",3\r\n\r\n4,5\r\n6,7,8,9\r\n,,\r\n', newline="")
    (chunk,) = read(file)
    assert rows([chunk]) == [["1", "2,2", "3"], ["", "", ""]]
    assert chunk.lines == [2, 6]
    assert [(b.line, b.value, b.raw) for b in chunk.broken] == [(4, "2/3", "4,5"), (5, "4/3", "6,7,8,9")]


def test_an_open_quote_costs_one_line_not_the_rest_of_the_file(file: Path) -> None:
    file.write_text('a,b\n1,"open\n' + "2,3\n" * 2000)
    chunks = read(file, 700)
    assert len(rows(chunks)) == 2000
    assert [b for chunk in chunks for b in chunk.broken] == [Broken(2, "row.quote", "", '1,"open')]


CELL = st.text(st.sampled_from("ab1 ,\"'\n\r;\t=中\u2028\x0b"), max_size=6)


@given(
    table=st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=12),
    size=st.integers(1, 15),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_csv_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], size: int, end: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if any("\r" in cell for row in table for cell in row) else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator=end, quoting=quoting).writerows([["one", "two"], *table])
    path.write_text(out.getvalue(), "utf-8", newline="")
    chunks = read(path, size)
    assert rows(chunks) == table
    assert not any(chunk.broken for chunk in chunks)


def test_excel_cells_become_the_text_a_csv_would_hold(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", "n", "share", "day", "moment", "yes"])
    book.active.append(["甲", 7, 1.5, date(2016, 3, 1), datetime(2016, 3, 1, 8, 30), True])
    book.active.append([None] * 6)
    book.active.append(["乙", None, None, None, None, False])
    book.create_sheet("other").append(["x"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    (chunk,) = read(path)
    assert rows([chunk]) == [
        ["甲", "7", "1.5", "2016-03-01", "2016-03-01 08:30:00", "true"],
        ["乙", "", "", "", "", "false"],
    ]
    assert chunk.lines == [2, 4]
    assert chunk.typed
    assert decode.look(path, sheet="other").columns == ("x",)
    with pytest.raises(UnusableInput, match=r"errors.file.no_sheet"):
        decode.look(path, sheet="none")


def test_parquet_columns_become_text(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(
        pa.table({"n": [1, None, 3], "day": [date(2016, 3, 1), None, date(2016, 3, 2)], "t": ["a", "b", None]}), path
    )
    chunks = read(path, 2)
    assert rows(chunks) == [["1", "2016-03-01", "a"], ["", "", "b"], ["3", "2016-03-02", ""]]
    assert [line for chunk in chunks for line in chunk.lines] == [1, 2, 3]
    assert chunks[0].raw(0) == "1,2016-03-01,a"


@pytest.mark.parametrize("name", ["x.parquet", "x.xlsx"])
def test_a_damaged_file_is_unusable(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"not what the name says" * 50)
    with pytest.raises(UnusableInput, match=r"errors.file.unreadable"):
        decode.look(path)


@given(st.text(st.sampled_from("'=+-@\t\ra1"), max_size=5))
def test_defusing_is_undone_on_reading(text: str) -> None:
    safe = defused(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert bare(safe) == text


def test_formulas_are_defused(file: Path) -> None:
    assert defused("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0"
    assert defused("plain") == "plain"


def test_progress_tells_every_byte(file: Path) -> None:
    file.write_text("a,b\n" + "1,2\n" * 5000)
    told: list[int] = []
    list(decode.chunks(decode.look(file), 1000, told.append))
    assert sum(told) == file.stat().st_size


def test_spectrum_of_edge_cases(file: Path) -> None:
    """The classic edge cases of CSV, with what they mean as JSON."""
    cases = {
        'a,b\n1,"ha ""ha"" ha"\n3,4\n': [["1", 'ha "ha" ha'], ["3", "4"]],
        'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n': [
            ["1", json.dumps({"type": "Point", "coordinates": [102.0, 0.5]})]
        ],
        'a,b,c\n1,"",""\n2,3,4\n': [["1", "", ""], ["2", "3", "4"]],
        'a,b\n1,"ha \n""ha"" \nha"\n3,4\n': [["1", 'ha \n"ha" \nha'], ["3", "4"]],
        'a,b\n5" pipe,6"\n': [['5" pipe', '6"']],
        'one\n""\nx\n': [[""], ["x"]],
    }
    for text, want in cases.items():
        file.write_text(text)
        assert rows(read(file)) == want
