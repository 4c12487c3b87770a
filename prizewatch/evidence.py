"""One uploaded file: what it is by its content, made clean, kept by its fingerprint. And what proof is good for.

An image is decoded and written anew: metadata, colour profiles, hidden frames and whatever hangs on behind the picture
are gone. A PDF cannot be written anew without a library that runs its own risks, so it is kept as it is and only if it
is plain: one that holds scripts, actions, other files or a password, or that is also a ZIP archive, is refused. It
keeps its author and title.
"""

from __future__ import annotations

import os
import re
import secrets
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from .i18n import Language
from .settings import PROJECT
from .vocabulary import code_lists

MEGABYTE = 1024 * 1024
MOST_BYTES = 5 * MEGABYTE
MOST_FILES = 10  # per report
MOST_PIXELS = 30_000_000  # a long chat capture of 1,080 x 27,000; a bomb of 5 MB unpacks to far more
MOST_SIDE = 30_000
MOST_PAGES = 50
MOST_UNPACKED = 20 * MEGABYTE  # of the object streams of a PDF

#: Format by Pillow's name -> media type, and the endings it goes by.
IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
MEDIA_TYPES = frozenset({*IMAGES.values(), "application/pdf"})
ENDINGS = {
    "PNG": {"png"},
    "JPEG": {"jpg", "jpeg", "jpe", "jfif"},
    "WEBP": {"webp"},
    "PDF": {"pdf"},
}
SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"%PDF-", "PDF"))

#: Names in a PDF that make it do something, carry something, or hide something.
ACTIVE = frozenset(
    {"JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "Filespec", "RichMedia", "XFA", "SubmitForm"}
    | {"ImportData", "GoToE", "GoToR", "Movie", "Sound", "Rendition"}
)
NAME = re.compile(rb"/([^\s/<>\[\](){}%]+)")
#: Folders whose files a web server or a screen may hand out.
SERVED = tuple(PROJECT / name for name in ("static", "pages", "prizewatch", "docs"))


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a file was not taken. `code` is stable; `values` fill its sentence."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, _: Language) -> str:
        """The reason and what helps, for the reader."""
        said = {
            name: value if isinstance(value, str) else _.number(int(str(value))) for name, value in self.values.items()
        }
        return _(f"evidence.file.{self.code}", **said)


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """A clean file: `content` is what is kept, `sha256` its fingerprint. Images have `pixels`, PDF has `pages`."""

    sha256: str
    media_type: str
    size: int
    content: bytes = field(repr=False)
    pixels: tuple[int, int] | None = None
    pages: int | None = None
    notes: tuple[str, ...] = ()

    def sentences(self, _: Language) -> list[str]:
        """What was done to the file, for the reader."""
        return [_(f"evidence.note.{note}") for note in self.notes]


class _Refused(Exception):
    """Carries the problem out of a check."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.problem = FileProblem(code, values)


def accept(content: bytes, name: str) -> StoredEvidence | FileProblem:
    """Check one uploaded file and make it clean. The name is only compared with the content; it is not kept."""
    try:
        if not content:
            raise _Refused("empty")
        if len(content) > MOST_BYTES:
            raise _Refused("too_big", most=MOST_BYTES // MEGABYTE)
        kind = _kind(content)
        notes = _compare(kind, name)
        return _pdf(content) if kind == "PDF" else _image(content, kind, notes)
    except _Refused as refused:
        return refused.problem


def _kind(content: bytes) -> str:
    """PNG, JPEG, WEBP or PDF, by the first bytes."""
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}:
        raise _Refused("heic")
    raise _Refused("not_accepted")


def _compare(kind: str, name: str) -> tuple[str, ...]:
    """An image under another image's ending is common and harmless; any other wrong ending is refused."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not ending or ending in ENDINGS[kind]:
        return ()
    pictures = set().union(*(ENDINGS[image] for image in IMAGES))
    if kind in IMAGES and ending in pictures:
        return ("renamed",)
    shown = ending[:8] if ending.isascii() and ending.isalnum() else "?"
    raise _Refused("wrong_name", ending=shown, found=kind)


def _image(content: bytes, kind: str, notes: tuple[str, ...]) -> StoredEvidence:
    try:
        with Image.open(BytesIO(content), formats=[kind, "MPO"] if kind == "JPEG" else [kind]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
                raise _Refused("too_many_pixels", width=width, height=height, most=MOST_PIXELS // 1_000_000)
            if getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO":
                notes += ("first_frame",)
            picture.load()
            clean = _plain(ImageOps.exif_transpose(picture))
        if kind == "PNG" and b"IEND" not in content:
            raise _Refused("broken")
        out = BytesIO()
        if kind == "JPEG":
            clean.convert("L" if clean.mode == "L" else "RGB").save(out, "JPEG", quality=92)
        elif kind == "WEBP":
            clean.save(out, "WEBP", quality=92)
        else:
            clean.save(out, "PNG")
    except _Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _Refused("bomb", most=MOST_PIXELS // 1_000_000) from None
    except Exception:  # whatever a decoder throws at bytes from a stranger, it means one thing: not a readable picture
        raise _Refused("broken") from None
    made = out.getvalue()
    return StoredEvidence(sha256(made).hexdigest(), IMAGES[kind], len(made), made, pixels=clean.size, notes=notes)


def _plain(picture: Image.Image) -> Image.Image:
    """The picture's pixels in a new picture without any of its other information."""
    if picture.mode.startswith("I"):  # 16-bit grey: keep the upper byte, as a plain conversion would clip
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        mode = "RGBA"
    else:
        mode = "L" if picture.mode in ("1", "L", "F") else "RGB"
    pixels = picture.convert(mode)
    plain = Image.new(mode, pixels.size)
    plain.paste(pixels)
    return plain


def _pdf(content: bytes) -> StoredEvidence:
    tail = content.rstrip(b"\r\n\t \x00")
    if not tail.endswith(b"%%EOF"):
        raise _Refused("pdf_tail" if b"%%EOF" in content else "pdf_truncated")
    if zipfile.is_zipfile(BytesIO(content)):
        raise _Refused("pdf_tail")
    text = _pdf_structure(content)
    # A fake stream could hide objects from `_pdf_structure`; a long name hardly ever arises by chance in packed bytes.
    names = _names(text) | {name for name in _names(content) if len(name) > 5}
    if "Encrypt" in names:
        raise _Refused("pdf_locked")
    if names & ACTIVE:
        raise _Refused("pdf_active")
    pages = len(re.findall(rb"/Type\s*/Page(?![A-Za-z0-9#])", text))
    if pages == 0:
        raise _Refused("broken")
    if pages > MOST_PAGES:
        raise _Refused("pdf_pages", pages=pages, most=MOST_PAGES)
    return StoredEvidence(sha256(content).hexdigest(), "application/pdf", len(content), content, pages=pages)


def _pdf_structure(content: bytes) -> bytes:
    """All a PDF says of itself: its objects without the streams' content, and the objects packed in object streams."""
    parts, at, room = [], 0, MOST_UNPACKED
    while (start := content.find(b"stream", at)) >= 0 and (end := content.find(b"endstream", start)) >= 0:
        head = content[at:start]
        parts.append(head)
        at = end + len(b"endstream")
        about = head[max(head.rfind(b" obj"), 0) :]
        names = _names(about)
        if "ObjStm" not in names:
            continue
        if not names.isdisjoint({"DecodeParms", "DP", "F"}) or ("Filter" in names and "FlateDecode" not in names):
            raise _Refused("pdf_hidden")
        packed = content[start + len(b"stream") : end].lstrip(b"\r\n")
        if "Filter" in names:
            try:
                packed = zlib.decompressobj().decompress(packed, room)
            except zlib.error:
                raise _Refused("pdf_hidden") from None
        room -= len(packed)
        if room <= 0:
            raise _Refused("pdf_hidden")
        parts.append(packed)
    return b"\n".join([*parts, content[at:]])


def _names(text: bytes) -> set[str]:
    """All names in a piece of PDF, as they are meant."""
    return {_unescape(name) for name in NAME.findall(text)}


def _unescape(name: bytes) -> str:
    """A PDF name as it is meant: #4A is J."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda hit: bytes([int(hit.group(1), 16)]), name).decode("latin-1")


def save(folder: Path, stored: StoredEvidence) -> Path:
    """Write a clean file under its fingerprint, for the owner's eyes only; the same file twice is one file.

    Written aside and renamed, so that a stop in between leaves no half file. Raises `ValueError` for a folder that is
    handed out to visitors.
    """
    folder = folder.resolve()
    if any(folder.is_relative_to(served.resolve()) for served in SERVED):
        raise ValueError(f"{folder} is served")
    home = folder / stored.sha256[:2]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.mkdir(mode=0o700, exist_ok=True)
    path = home / stored.sha256
    if path.exists():
        return path
    aside = home / f".{stored.sha256}.{secrets.token_hex(4)}"
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(stored.content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    place = os.open(home, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
    return path


# What the proof is good for


@dataclass(frozen=True, slots=True)
class Checklist:
    """The proof by claim element (A conditions met, B refused, C who, D loss, E escalation) and the level it makes."""

    held: Mapping[str, tuple[str, ...]]
    open: Mapping[str, tuple[str, ...]]
    level: str
    missing: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the proof makes of a report: its level, and what is missing to the next (`nothing` at V2)."""

    level: str
    missing: str

    def sentence(self, _: Language) -> str:
        """What to add, and what the report then counts for."""
        return _(f"evidence.missing.{self.missing}")


def checklist(items: Iterable[tuple[str, str]], *, contested: bool = False) -> Checklist:
    """The checklist for (kind, form) pairs. If `contested` by the organizer, screenshots alone prove one side.

    Raises `KeyError` for an unknown kind or form.
    """
    kinds, forms = code_lists()["evidence_kind"], code_lists()["evidence_form"]
    pairs = [(kinds[kind], forms[form].code) for kind, form in items]
    have = {entry.code for entry, _form in pairs}
    held, still = {}, {}
    for group in "ABCDE":
        listed = [code for code, entry in kinds.items() if entry.group == group]
        held[group] = tuple(code for code in listed if code in have)
        still[group] = tuple(code for code in listed if code not in have)
    beyond = any(entry.group in ("A", "B") and form != "screenshot" for entry, form in pairs)
    if held["A"] and held["B"]:
        level, missing = ("V2", "nothing") if beyond or not contested else ("V1", "beyond_screenshots")
    elif held["A"] or held["B"]:
        level, missing = "V1", "refusal" if held["A"] else "conditions"
    else:
        level, missing = "V0", "both"
    return Checklist(held, still, level, missing)


def standing(items: Iterable[tuple[str, str, bool]], *, contested: bool = False) -> Standing:
    """The level that (kind, form, whether a file is there) make. What is named without a file is V1 at most.

    `contested` as for `checklist`. Raises `KeyError` for an unknown kind or form.
    """
    items = list(items)
    seen = checklist(((kind, form) for kind, form, filed in items if filed), contested=contested)
    held = checklist((kind, form) for kind, form, _filed in items)
    if seen.level == "V2" or seen.missing == "beyond_screenshots":
        return Standing(seen.level, seen.missing)
    return Standing("V1", "files") if held.level == "V2" else Standing(held.level, held.missing)
