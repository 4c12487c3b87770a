"""Uploaded files, made here: taken clean, or refused with a sentence; kept by fingerprint. And the checklist."""

from __future__ import annotations

import itertools
import stat
import struct
import time
import warnings
import zipfile
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from prizewatch.evidence import (
    MOST_BYTES,
    PROJECT,
    FileProblem,
    Standing,
    StoredEvidence,
    accept,
    checklist,
    save,
    standing,
)
from prizewatch.i18n import catalogue, language
from prizewatch.vocabulary import code_lists, codes

KINDS = [("PNG", "png", "image/png"), ("JPEG", "jpg", "image/jpeg"), ("WEBP", "webp", "image/webp")]
SECRET = b"13800000000 home address"


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (64, 40), **how: object) -> bytes:
    out = BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    image.save(out, kind, **how)
    return out.getvalue()


def taken(content: bytes, name: str) -> StoredEvidence:
    found = accept(content, name)
    assert isinstance(found, StoredEvidence), found
    assert found.sha256 == sha256(found.content).hexdigest()
    assert found.size == len(found.content)
    return found


def refused(content: bytes, name: str) -> str:
    found = accept(content, name)
    assert isinstance(found, FileProblem), found
    for lang in ("zh-CN", "en"):
        words = found.sentence(language(lang))
        assert words
        assert "{" not in words
    return found.code


def pdf(*objects: bytes, pages: int = 1, tail: bytes = b"") -> bytes:
    kids = b"".join(b"%d 0 obj <</Type /Page /Parent 2 0 R>> endobj\n" % (10 + n) for n in range(pages))
    more = b"".join(b"%d 0 obj %s endobj\n" % (900 + n, body) for n, body in enumerate(objects))
    start = b"%PDF-1.7\n1 0 obj <</Type/Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Count 1>> endobj\n"
    return start + kids + more + b"trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n" + tail


def packed(body: bytes, extra: bytes = b"") -> bytes:
    return b"<</Type /ObjStm /Filter /FlateDecode" + extra + b">>\nstream\n" + zlib.compress(body) + b"\nendstream"


@pytest.mark.parametrize(("kind", "ending", "media"), KINDS)
def test_a_picture_is_taken(kind: str, ending: str, media: str) -> None:
    found = taken(picture(kind), f"chat.{ending.upper()}")
    assert (found.media_type, found.pixels, found.pages, found.notes) == (media, (64, 40), None, ())
    with Image.open(BytesIO(found.content)) as again:
        assert again.format == kind
        again.load()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_keeps_its_look_in_every_mode(mode: str) -> None:
    source = Image.linear_gradient("L").resize((32, 32))
    image = source.convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else source.convert(mode)
    out = BytesIO()
    image.save(out, "PNG")
    with Image.open(BytesIO(taken(out.getvalue(), "a.png").content)) as again:
        expected = source if mode == "I;16" else image.convert("L")
        assert list(again.convert("L").get_flattened_data()) == list(expected.get_flattened_data())


def test_transparency_stays() -> None:
    out = BytesIO()
    Image.new("P", (4, 4), 0).save(out, "PNG", transparency=0)
    with Image.open(BytesIO(taken(out.getvalue(), "a.png").content)) as again:
        assert again.mode == "RGBA"
        assert again.getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(("kind", "ending", "media"), KINDS)
def test_metadata_is_gone_and_the_picture_stands_upright(kind: str, ending: str, media: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    how: dict[str, object] = {"exif": exif, "icc_profile": b"profile " + SECRET, "xmp": SECRET}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", SECRET.decode())
        how = {"exif": exif, "icc_profile": b"profile " + SECRET, "pnginfo": info}
    elif kind == "JPEG":
        how["comment"] = SECRET
    content = picture(kind, size=(64, 40), **how)
    assert SECRET in content
    found = taken(content, f"a.{ending}")
    assert SECRET not in found.content
    with Image.open(BytesIO(found.content)) as again:
        assert again.size == (40, 64) == found.pixels
        assert not again.getexif()
        assert not set(again.info) & {"exif", "icc_profile", "Comment", "comment", "xmp"}


@pytest.mark.parametrize(("kind", "ending", "media"), KINDS)
def test_what_hangs_on_behind_a_picture_is_gone(kind: str, ending: str, media: str) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("secret.txt", SECRET)
    content = picture(kind) + archive.getvalue() + b"<script>alert(1)</script>"
    found = taken(content, f"a.{ending}")
    assert SECRET not in found.content
    assert b"script" not in found.content
    assert not zipfile.is_zipfile(BytesIO(found.content))


def test_the_same_picture_has_the_same_fingerprint() -> None:
    assert taken(picture(), "a.png").sha256 == taken(picture() + b"tail", "b.png").sha256


def test_an_image_under_another_images_ending_is_taken_with_a_word() -> None:
    found = taken(picture("JPEG"), "capture.png")
    assert found.media_type == "image/jpeg"
    assert found.notes == ("renamed",)
    assert all(found.sentences(language(lang)) for lang in ("zh-CN", "en"))


@pytest.mark.parametrize("name", ["a.pdf", "a.exe", "a.png.html", "a.<b>", "a.文档"])
def test_a_picture_under_any_other_ending_is_refused(name: str) -> None:
    assert refused(picture(), name) == "wrong_name"


@pytest.mark.parametrize("name", ["", "capture", "微信图片"])
def test_a_name_without_an_ending_says_nothing(name: str) -> None:
    assert taken(picture(), name).notes == ()


def test_only_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    for kind, ending in (("PNG", "png"), ("WEBP", "webp")):
        out = BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        found = taken(out.getvalue(), f"a.{ending}")
        assert found.notes == ("first_frame",)
        with Image.open(BytesIO(found.content)) as again:
            assert getattr(again, "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\0" * (MOST_BYTES + 1), "too_big"),
        (b"GIF89a" + b"\0" * 99, "not_accepted"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_accepted"),
        (b"PK\x03\x04" + b"\0" * 99, "not_accepted"),
        (b"MZ" + b"\0" * 99, "not_accepted"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 99, "heic"),
        (b"\xff\xd8\xff", "broken"),
        (b"RIFF\0\0\0\0WEBP", "broken"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(content: bytes, code: str) -> None:
    assert refused(content, "a.jpg") == code


@pytest.mark.parametrize(("kind", "ending", "media"), KINDS)
def test_a_half_uploaded_picture_is_refused(kind: str, ending: str, media: str) -> None:
    content = picture(kind, size=(300, 300))
    for share in (0.1, 0.5, 0.9):
        assert refused(content[: int(len(content) * share)], f"a.{ending}") == "broken"


def test_a_png_that_lost_its_end_is_refused() -> None:
    assert refused(picture()[:-12], "a.png") == "broken"


def header_only_png(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((6000, 6000), "too_many_pixels"),
        ((40_000, 1), "too_many_pixels"),
        ((10_000, 10_000), "bomb"),
        ((60_000, 60_000), "bomb"),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_huge_pictures_are_refused_unopened(size: tuple[int, int], code: str, strict: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error" if strict else "ignore")  # a server does not turn warnings into errors
        begin = time.perf_counter()
        found = refused(header_only_png(*size), "a.png")
        assert time.perf_counter() - begin < 1
    assert found == code or (not strict and found == "too_many_pixels")


def test_a_long_chat_capture_is_taken() -> None:
    assert taken(picture(size=(540, 20_000)), "long.png").pixels == (540, 20_000)


def test_a_plain_pdf_is_taken_as_it_is() -> None:
    content = pdf(packed(b"11 0 <</Type /Annot>>"), pages=3)
    found = taken(content, "reply.pdf")
    assert (found.media_type, found.pages, found.pixels, found.content) == ("application/pdf", 3, None, content)


def test_pages_in_object_streams_are_counted() -> None:
    body = b" ".join(b"<</Type/Page>>" for _ in range(4))
    assert taken(pdf(packed(body), pages=0), "a.pdf").pages == 4


def zipped() -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "a")
        file.comment = b"%%EOF"
    return archive.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf()[:-30], "pdf_truncated"),
        (pdf(tail=b"<html>"), "pdf_tail"),
        (pdf(tail=zipped()), "pdf_tail"),
        (pdf(b"<</S /JavaScript /JS (app.alert(1))>>"), "pdf_active"),
        (pdf(b"<</S/J#61vaScript>>"), "pdf_active"),
        (pdf(b"<</S /Launch /F (cmd.exe)>>"), "pdf_active"),
        (pdf(b"<</Type /EmbeddedFile>>\nstream\nx\nendstream"), "pdf_active"),
        (pdf(packed(b"<</JS (x)>>")), "pdf_active"),
        (pdf(b"<</A 1>>\n% stream\n", b"<</S /JavaScript>>", b"endstream"), "pdf_active"),
        (pdf(b"<</Filter /Standard>>").replace(b"/Root", b"/Encrypt 9 0 R /Root"), "pdf_locked"),
        (pdf(b"<</Type /ObjStm /Filter /FlateDecode>>\nstream\nnonsense\nendstream"), "pdf_hidden"),
        (pdf(b"<</Type /ObjStm /Filter /LZWDecode>>\nstream\nnonsense\nendstream"), "pdf_hidden"),
        (pdf(packed(b"x", b" /DecodeParms <</Predictor 12>>")), "pdf_hidden"),
        (pdf(packed(b"\0" * 30_000_000)), "pdf_hidden"),
        (pdf(pages=0), "broken"),
        (pdf(pages=51), "pdf_pages"),
    ],
)
def test_pdf_that_is_not_plain_is_refused(content: bytes, code: str) -> None:
    assert refused(content, "a.pdf") == code


def test_a_pdf_of_nothing_but_stream_marks_is_read_quickly() -> None:
    begin = time.perf_counter()
    accept(b"%PDF-1.7\n" + b"stream\n" * 700_000 + b"%%EOF", "a.pdf")
    assert time.perf_counter() - begin < 5


GOOD = [*(picture(kind, size=(12, 9)) for kind, *_ in KINDS), pdf(packed(b"<</Type/Page>>"))]


@given(st.sampled_from(GOOD), st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=6)), max_size=6), st.text())
def test_no_bytes_make_it_stumble(content: bytes, changes: list[tuple[int, bytes]], name: str) -> None:
    spoiled = bytearray(content)
    for at, put in changes:
        spoiled[at : at + len(put)] = put
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = accept(bytes(spoiled), name)
    assert isinstance(found, StoredEvidence) or found.sentence(language("en"))


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_word_is_in_use(lang: str) -> None:
    source = (PROJECT / "prizewatch" / "evidence.py").read_text("utf-8")
    for key in catalogue(lang):
        if key.startswith("evidence.") and not key.startswith("evidence.group."):
            assert f'"{key.rpartition(".")[2]}"' in source, key


def test_a_file_is_kept_under_its_fingerprint_for_the_owner_only(tmp_path: Path) -> None:
    stored = taken(picture(), "a.png")
    path = save(tmp_path / "new" / "evidence", stored)
    assert path == tmp_path / "new" / "evidence" / stored.sha256[:2] / stored.sha256
    assert path.read_bytes() == stored.content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert save(tmp_path / "new" / "evidence", stored) == path
    assert list(path.parent.iterdir()) == [path]


def test_a_stop_in_between_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", stop)
    with pytest.raises(OSError, match="no space"):
        save(tmp_path, taken(picture(), "a.png"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("folder", ["static/evidence", "pages", "prizewatch/assets/x", "data/../static"])
def test_nothing_is_kept_where_it_would_be_served(folder: str) -> None:
    with pytest.raises(ValueError, match="served"):
        save(PROJECT / folder, taken(picture(), "a.png"))


def test_levels_by_the_rules_of_the_register() -> None:
    kinds = {code: entry.group for code, entry in code_lists()["evidence_kind"].items()}
    for (one, two), contested in itertools.product(itertools.combinations(kinds, 2), (False, True)):
        sides = {kinds[one], kinds[two]} & {"A", "B"}
        shots = checklist([(one, "screenshot"), (two, "screenshot")], contested=contested)
        both = "V1" if contested else "V2"
        assert shots.level == (both if len(sides) == 2 else f"V{len(sides)}")
        better = checklist([(one, "screenshot"), (two, "screen_recording")], contested=contested)
        if len(sides) == 2:
            assert better.level == "V2"


def test_a_recording_of_something_else_does_not_prove_the_sides() -> None:
    items = [("win_page", "screenshot"), ("chat_refusal", "screenshot"), ("payment_record", "notarised")]
    assert checklist(items, contested=True).missing == "beyond_screenshots"


@pytest.mark.parametrize(
    ("items", "missing"),
    [
        ([], "both"),
        ([("entity_page", "official")], "both"),
        ([("rules_page", "screenshot")], "refusal"),
        ([("blocked_proof", "screenshot")], "conditions"),
        ([("rules_page", "screenshot"), ("blocked_proof", "screenshot")], "nothing"),
    ],
)
def test_what_is_missing_is_said(items: list[tuple[str, str]], missing: str) -> None:
    found = checklist(items)
    assert found.missing == missing
    said = Standing(found.level, found.missing)
    assert said.sentence(language("zh-CN")) != said.sentence(language("en"))


BOTH = ("win_page", "chat_refusal")


@pytest.mark.parametrize(
    ("filed", "contested", "level", "missing"),
    [
        ((True, True), False, "V2", "nothing"),
        ((True, False), False, "V1", "files"),
        ((False, False), True, "V1", "files"),
        ((True, True), True, "V1", "beyond_screenshots"),
    ],
)
def test_what_is_named_without_a_file_is_no_more_than_one_kind(
    filed: tuple[bool, bool], contested: bool, level: str, missing: str
) -> None:
    items = [(kind, "screenshot", file) for kind, file in zip(BOTH, filed, strict=True)]
    assert standing(items, contested=contested) == Standing(level, missing)


def test_the_checklist_lists_every_kind_once() -> None:
    found = checklist([("rules_page", "screenshot"), ("rules_page", "screen_recording"), ("other", "screenshot")])
    assert found.held["A"] == ("rules_page",)
    listed = [kind for group in "ABCDE" for kind in (*found.held[group], *found.open[group])]
    assert sorted(listed) == sorted(set(codes("evidence_kind")) - {"other"})
    with pytest.raises(KeyError):
        checklist([("selfie", "screenshot")])


def test_the_picture_is_turned_the_right_way() -> None:
    image = Image.linear_gradient("L").resize((64, 40)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 3
    out = BytesIO()
    image.save(out, "PNG", exif=exif)
    with Image.open(BytesIO(taken(out.getvalue(), "a.png").content)) as again:
        turned = ImageOps.flip(ImageOps.mirror(image))
        assert again.tobytes() == turned.tobytes()
