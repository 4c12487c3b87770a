"""Who is who, without keeping who: handles, reporters and draws as keyed hashes; public codes and receipt codes."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Sequence
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


def receipt_code(key: bytes, event_id: str) -> str:
    """The receipt of a report, 100 bits: from its event id, so that a repeated request gets the same one again."""
    bits = int(keyed(key, "receipt", event_id)[:25], 16)
    letters = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(95, -1, -5))
    return "-".join(letters[i : i + 5] for i in range(0, 20, 5))


def receipt_hash(key: bytes, code: str) -> str:
    """What is stored of a receipt code. Forgives small letters, spaces, missing dashes, and O, I, L for 0, 1, 1."""
    plain = normalise(code).upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
    return keyed(key, "receipt-hash", plain)


def over_unique(column: pa.ChunkedArray | pa.Array, turn: Callable[[str], str]) -> pa.Array:
    """`turn` applied to each different text of a column once; empty stays empty."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = array.dictionary_encode()
    turned = pa.array([turn(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pc.take(turned, encoded.indices)


def ids_of(key: bytes, columns: dict[str, Sequence[object]]) -> dict[str, list[str | None]]:
    """reporter_key, network_key, organizer_id, draw_id and dispute_id for columns of typed rows.

    Takes event_id, reporter, network, host_platform, organizer_handle, draw_ref, draw_on and prize_no.
    Each different organizer and draw is hashed once.
    """
    names = ("event_id", "reporter", "network", "host_platform", "organizer_handle", "draw_ref", "draw_on", "prize_no")
    reporters: list[str | None] = []
    organizer_ids: list[str | None] = []
    draw_ids: list[str | None] = []
    disputes: list[str | None] = []
    organizers: dict[tuple[object, object], str] = {}
    draws: dict[tuple[str, object, object], str] = {}
    for event, reporter, _, host, handle, ref, day, prize in zip(*(columns[n] for n in names), strict=True):
        own = str(event)
        # A reporter nobody could tell apart (records of a public source) stands for one report only.
        reporter_key = keyed(key, "reporter", normalise(str(reporter))) if reporter else keyed(key, "reporter-own", own)
        if handle:
            pair = (host, handle)
            organizer = organizers.get(pair) or organizers.setdefault(
                pair, _keyed_text(key, "organizer", str(host), fold_handle(str(handle)))
            )
        else:
            organizer = _keyed_text(key, "nameless", own)
        if ref or day is not None:
            exact = (organizer, ref, day)
            draw = draws.get(exact)
            if draw is None:
                draw = draws.setdefault(exact, str(draw_id(key, organizer, str(ref or ""), day, own)))
        else:
            draw = _keyed_text(key, "draw-own", own)
        reporters.append(reporter_key)
        organizer_ids.append(organizer)
        draw_ids.append(draw)
        disputes.append(_keyed_text(key, "dispute", reporter_key, draw, str(int(str(prize or 1)))))
    networks = {n: keyed(key, "network", network_of(str(n))) for n in set(columns["network"]) if n}
    return {
        "reporter_key": reporters,
        "network_key": [networks[n] if n else None for n in columns["network"]],
        "organizer_id": organizer_ids,
        "draw_id": draw_ids,
        "dispute_id": disputes,
    }


def _keyed_text(key: bytes, purpose: str, *parts: str) -> str:
    """`keyed_uuid` as text, without the detour over a UUID."""
    h = keyed(key, purpose, *parts)
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:32]}"
