"""Case files as PDF: the words of the page and no others, whatever the words are, in a type that comes along."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from pypdf import PdfReader

from prizewatch import casefile_pdf
from prizewatch.casefile_html import Page
from prizewatch.i18n import LANGUAGES
from prizewatch.store import Register
from tests.casefiles import dense, file, made, publish
from tests.conftest import settings_for
from tests.intake_rows_by_hand import NOW

#: Words that would be markup to Typst, HTML or XML, letters of many scripts, and characters that XML cannot hold.
NASTY = "#panic(1) $x$ *b* _c_ `d` @D1 <D1> <b>b</b> &amp; // no /* */ \\ \x0b\x1f 𠮷野家 ﷽ ཀ 👩‍👩‍👧 一二三 ‮abc"


@pytest.fixture(scope="module")
def shop() -> Iterator[Register]:
    """Three people and what they wrote. Read only."""
    with Register.open(None, settings_for(Path("unused")), now=NOW) as register:
        file(register, 3, narrative="活动页写明转发就能领\n客服说「名额已满」，不给。", consent_narrative="true")
        publish(register)
        yield register


def page(body: str, lang: str = "zh-CN") -> Page:
    return Page(lang, "案卷", "页脚", body)


def said(content: bytes) -> list[str]:
    return [one.extract_text() for one in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pdf_says_what_the_page_says_in_its_order(shop: Register, lang: str) -> None:
    found = made(shop)
    html = found.html_bytes(lang).decode()
    foot = dense(re.search(r'--foot: "(.*?)"', html)[1])  # type: ignore[index]
    sheets = said(found.pdf_bytes(lang))
    told = ""
    for number, sheet in enumerate(sheets, 1):
        body, mark, _end = dense(sheet).rpartition(f"{foot}{number}/{len(sheets)}")
        assert mark, sheet[-80:]  # every sheet says whose it is, and which of how many
        told += re.sub(r"[•·‣\d.]", "", body)  # bullets and numbers of lists are drawn, numbers in words checked below
    texts = [unescape(one) for one in re.findall(r">([^<]+)<", html.split("<body>")[1])]
    at = 0
    for text in texts:
        wanted = re.sub(r"[•·‣\d.]", "", dense(text))
        here = told.find(wanted, at)
        assert here >= 0, text
        at = here + len(wanted)
    whole = dense("".join(sheets))
    assert [n for text in texts for n in re.findall(r"\d+", text) if n not in whole] == []


def test_the_type_is_its_own_and_the_day_is_that_of_the_data(shop: Register) -> None:
    read = PdfReader(io.BytesIO(made(shop).pdf_bytes("zh-CN")))
    assert read.metadata is not None  # the date is not the clock's
    assert read.metadata.creation_date == datetime(2026, 8, 20, tzinfo=UTC)
    assert read.metadata.title == "案卷小店：未兑奖记录案卷"
    print_of = "ab12" * 16
    (made_of,) = casefile_pdf.typeset([page(f"<p>字<span class='hash'>{print_of}</span></p>")], NOW.date())
    assert _fonts(read) == {"NotoSansSC-Regular"}
    assert _fonts(PdfReader(io.BytesIO(made_of))) == {"NotoSansSC-Regular", "DejaVuSansMono"}
    assert print_of in dense(said(made_of)[0])


def _fonts(read: PdfReader) -> set[str]:
    found = [font.get_object() for sheet in read.pages for font in sheet["/Resources"].get("/Font", {}).values()]
    return {font["/BaseFont"].partition("+")[2].removesuffix("-Identity-H") for font in found}


def test_rows_can_be_jumped_to(shop: Register) -> None:
    read = PdfReader(io.BytesIO(made(shop).pdf_bytes("en")))
    links = [one for sheet in read.pages for one in sheet.get("/Annots", []) if one.get_object()["/Subtype"] == "/Link"]
    html = made(shop).html_bytes("en").decode()
    assert len(links) >= html.count("<a ")  # a link over the end of a line is two


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_are_words_and_never_markup(lang: str) -> None:
    from prizewatch.ui_html import escape

    body = f"<p>{escape(NASTY)}</p><div class='dispute' id='D1'><h3>{escape(NASTY)}</h3><p>{'长' * 9000}</p></div>"
    (made_of,) = casefile_pdf.typeset([page(body, lang)], NOW.date())
    told = dense("".join(said(made_of)))
    for wanted in ("#panic(1)$x$*b*_c_`d`@D1<D1><b>b</b>&amp;//no/**/\\", "野家", "一二三"):
        assert wanted in told
    assert told.count("长") == 9000  # what is longer than a sheet goes on, and nothing is cut off
    assert casefile_pdf.typeset([page(body, lang)], NOW.date()) == [made_of]


def test_what_cannot_be_set_is_an_error_without_its_words() -> None:
    with pytest.raises(RuntimeError) as told:
        casefile_pdf.typeset([page("<p>一句私事<a href='#D9'>D9</a></p>")], NOW.date())  # a row that is not there
    assert "私事" not in str(told.value)
