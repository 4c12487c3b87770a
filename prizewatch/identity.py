"""Who is who, without keeping who: handles, reporters and draws as keyed hashes; public codes and receipt codes."""

from __future__ import annotations

import hmac
import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from ipaddress import IPv4Address, IPv6Network, ip_address
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SEPARATOR = "\x1f"
SHARE_LETTERS = 86


def normalise(text: str) -> str:
    """One spelling of a name or id: NFKC, without invisible characters, spaces collapsed and trimmed."""
    if text.isascii() and " " not in text and text.isprintable():
        return text
    return " ".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split())


def fold_handle(text: str) -> str:
    """A handle as it is compared: normalised, case folded, a leading @ dropped."""
    return normalise(text).casefold().removeprefix("@").strip()


def network_of(address: str) -> str:
    """The network of an address: an IPv4 address itself; of IPv6 the first 64 bits, which one customer holds."""
    text = normalise(address)
    try:
        ip = ip_address(text)
    except ValueError:
        return text
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((ip, 64), strict=False))


def keyed(key: bytes, purpose: str, *parts: str) -> str:
    """Keyed hash (HMAC-SHA-256, hexadecimal) of the parts, separate for each purpose."""
    return hmac.digest(key, _SEPARATOR.join((purpose, *parts)).encode(), "sha256").hex()


def keyed_uuid(key: bytes, purpose: str, *parts: str) -> UUID:
    """The first 128 bits of `keyed` as a UUID."""
    return UUID(keyed(key, purpose, *parts)[:32])


def organizer_id(key: bytes, host: str, handle: str) -> UUID:
    """The organizer behind a handle on a host platform; says nothing of the handle without the key."""
    return keyed_uuid(key, "organizer", host, fold_handle(handle))


def nameless_organizer_id(key: bytes, event_id: str) -> UUID:
    """An organizer nobody could name: its own for every report, never pooled with another."""
    return keyed_uuid(key, "nameless", event_id)


def borrowed_organizer_id(key: bytes, organizer: UUID | str) -> str:
    """Whoever used the name of an organizer: another one, and the same for everybody who tells so."""
    return str(keyed_uuid(key, "borrowed", str(organizer)))


def draw_id(key: bytes, organizer: str, draw_ref: str, draw_on: date | None, event_id: str) -> UUID:
    """The draw: by the tool's own id, else by organizer and day, else (no draw known) the report's own."""
    if draw_ref:
        return keyed_uuid(key, "draw", organizer, normalise(draw_ref))
    if draw_on is not None:
        return keyed_uuid(key, "draw-day", organizer, draw_on.isoformat())
    return keyed_uuid(key, "draw-own", event_id)


def dispute_id(key: bytes, reporter_key: str, draw: str, prize_no: int) -> UUID:
    """One reporter, one draw, one prize: one dispute."""
    return keyed_uuid(key, "dispute", reporter_key, draw, str(prize_no))


def second_dispute_id(key: bytes, event_id: str) -> str:
    """The dispute of a report whose reporter, draw and prize are on file already: its own, until it is merged."""
    return str(keyed_uuid(key, "dispute-again", event_id))


def public_code(organizer: UUID | str) -> str:
    """The code an organizer is shown by, as 7F3A-2K9Q: 40 bits of its keyed id in Crockford's alphabet."""
    bits = UUID(str(organizer)).int >> 88
    letters = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def id_beginning(code: str) -> str | None:
    """How an id begins that is shown as `code`, in hexadecimal: of an organizer's public code, or of the first letters
    of an id (six at least, the whole id too); None where it is neither.
    """
    text = normalise(code).strip("#").upper()
    if re.fullmatch(f"[{_CROCKFORD}]{{4}}-[{_CROCKFORD}]{{4}}", text):
        letters = text.replace("-", "")
        return f"{sum(_CROCKFORD.index(letter) << 5 * n for n, letter in enumerate(reversed(letters))):010x}"
    bare = text.replace("-", "").lower()
    return bare if re.fullmatch("[0-9a-f]{6,32}", bare) else None


def receipt_code(key: bytes, event_id: str) -> str:
    """The receipt of a report, 100 bits: from its event id, so that a repeated request gets the same one again."""
    bits = int(keyed(key, "receipt", event_id)[:25], 16)
    letters = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(95, -1, -5))
    return "-".join(letters[i : i + 5] for i in range(0, 20, 5))


def receipt_hash(key: bytes, code: str) -> str:
    """What is stored of a receipt code. Forgives small letters, spaces, missing dashes, and O, I, L for 0, 1, 1."""
    plain = normalise(code).upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
    return keyed(key, "receipt-hash", plain)


def share_token(key: bytes, organizer: UUID | str, draw: UUID | str, dispute: UUID | str) -> str:
    """What a link to join a draw carries: its ids and that of the report whose reporter shares it, veiled under the
    key, and a tag that nobody else can make. The tag is the nonce of the veil (as in SIV, RFC 5297), so one report has
    one token. URL-safe, 86 characters.
    """
    ids = b"".join(UUID(str(one)).bytes for one in (organizer, draw, dispute))
    tag = _share_tag(key, ids)
    return urlsafe_b64encode(tag + _veiled(key, tag, ids)).decode().rstrip("=")


def read_share_token(key: bytes, token: str) -> tuple[UUID, UUID, UUID] | None:
    """Organizer, draw and report of a token; None for whatever is no token of this register."""
    text = token.strip()
    if len(text) != SHARE_LETTERS or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text + "==")
    except ValueError:
        return None
    if len(raw) != 64 or urlsafe_b64encode(raw).decode().rstrip("=") != text:
        return None
    tag, ids = raw[:16], _veiled(key, raw[:16], raw[16:])
    if not hmac.compare_digest(tag, _share_tag(key, ids)):
        return None
    organizer, draw, dispute = (UUID(bytes=ids[at : at + 16]) for at in (0, 16, 32))
    return organizer, draw, dispute


def _share_tag(key: bytes, ids: bytes) -> bytes:
    return bytes.fromhex(keyed(key, "share", ids.hex()))[:16]


def _veiled(key: bytes, tag: bytes, ids: bytes) -> bytes:
    veil = b"".join(bytes.fromhex(keyed(key, "share-veil", tag.hex(), part)) for part in ("", "more"))
    return bytes(a ^ b for a, b in zip(ids, veil, strict=False))


def over_unique(column: pa.ChunkedArray | pa.Array, turn: Callable[[str], str]) -> pa.Array:
    """`turn` applied to each different text of a column once; empty stays empty."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = array.dictionary_encode()
    turned = pa.array([turn(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pc.take(turned, encoded.indices)


def ids_of(
    key: bytes, columns: dict[str, Sequence[object]], said: Mapping[int, tuple[str, str | None]] | None = None
) -> dict[str, list[str | None]]:
    """reporter_key, network_key, device_key, organizer_id, draw_id and dispute_id for columns of typed rows.

    Takes event_id, reporter, network, device, host_platform, organizer_handle, draw_ref, draw_on and prize_no. `said`
    has the organizer, and the draw where that is known too, of rows that name them by id. Each different organizer and
    draw is hashed once.
    """
    names = ("event_id", "reporter", "host_platform", "organizer_handle", "draw_ref", "draw_on", "prize_no")
    reporters: list[str | None] = []
    organizer_ids: list[str | None] = []
    draw_ids: list[str | None] = []
    disputes: list[str | None] = []
    organizers: dict[tuple[object, object], str] = {}
    draws: dict[tuple[str, object, object], str] = {}
    for n, (event, reporter, host, handle, ref, day, prize) in enumerate(
        zip(*(columns[name] for name in names), strict=True)
    ):
        own = str(event)
        known, known_draw = said.get(n, (None, None)) if said else (None, None)
        # A reporter nobody could tell apart (records of a public source) stands for one report only.
        reporter_key = keyed(key, "reporter", normalise(str(reporter))) if reporter else keyed(key, "reporter-own", own)
        if known:
            organizer = known
        elif handle:
            pair = (host, handle)
            organizer = organizers.get(pair) or organizers.setdefault(
                pair, _keyed_text(key, "organizer", str(host), fold_handle(str(handle)))
            )
        else:
            organizer = _keyed_text(key, "nameless", own)
        if known_draw:
            draw = known_draw
        elif ref or day is not None:
            exact = (organizer, ref, day)
            if exact not in draws:
                draws[exact] = str(draw_id(key, organizer, str(ref or ""), day, own))
            draw = draws[exact]
        else:
            draw = _keyed_text(key, "draw-own", own)
        reporters.append(reporter_key)
        organizer_ids.append(organizer)
        draw_ids.append(draw)
        disputes.append(_keyed_text(key, "dispute", reporter_key, draw, str(int(str(prize or 1)))))
    networks = {n: keyed(key, "network", network_of(str(n))) for n in set(columns["network"]) if n}
    devices = {d: keyed(key, "device", normalise(str(d))) for d in set(columns["device"]) if d}
    return {
        "reporter_key": reporters,
        "network_key": [networks[n] if n else None for n in columns["network"]],
        "device_key": [devices[d] if d else None for d in columns["device"]],
        "organizer_id": organizer_ids,
        "draw_id": draw_ids,
        "dispute_id": disputes,
    }


def _keyed_text(key: bytes, purpose: str, *parts: str) -> str:
    """`keyed_uuid` as text, without the detour over a UUID."""
    h = keyed(key, purpose, *parts)
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:32]}"
