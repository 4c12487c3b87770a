"""What a visitor's browser brings along, and what its session holds."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

#: A random mark of this browser, set by `app` with its first page: the daily limit of reports holds per device by it.
DEVICE_COOKIE = "pw_device"


def network() -> str:
    """The address the visitor comes from, as limits count by it."""
    address = st.context.ip_address
    return address if isinstance(address, str) else "local"  # a page run without a browser has a stand-in there


def device() -> str | None:
    """The mark of this browser; None where it takes no cookies."""
    return st.context.cookies.get(DEVICE_COOKIE) or None


def forget(*beginnings: str, stays: Sequence[str] = ()) -> None:
    """Empty what a session holds under names that begin so, all but what stays."""
    for key in [k for k in st.session_state if str(k).startswith(beginnings) and k not in stays]:
        del st.session_state[key]
