"""A connection to the pages without a browser, over which any message may be sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from scripts.server import Server


class Wire:
    """A connection to the pages without a browser: any message may be sent over it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.ids: dict[str, str] = {}
        self.page = ""  # what the page is known by, once it was run

    def run(self, page: str, texts: dict[str, str] | None = None, pressed: str = "", query: str = "lang=en") -> str:
        """One run of a page with widgets as they are said to stand; everything that came back, as text."""
        message = BackMsg()
        message.rerun_script.query_string = query
        if self.page:
            message.rerun_script.page_script_hash = self.page
        else:
            message.rerun_script.page_name = page
        for widget, value in (texts or {}).items():
            message.rerun_script.widget_states.widgets.add(id=widget, string_value=value)
        if pressed:
            message.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        self.socket.send(message.SerializeToString())
        told = []
        while True:
            answer = ForwardMsg.FromString(self.socket.recv(timeout=60))
            told.append(str(answer))
            if answer.WhichOneof("type") == "delta":
                element = answer.delta.new_element
                for kind in ("button", "text_input"):
                    if element.WhichOneof("type") == kind:
                        one = getattr(element, kind)
                        self.ids[one.id.rpartition("-")[2]] = one.id
            if answer.WhichOneof("type") == "navigation":
                self.page = answer.navigation.page_script_hash
            if answer.WhichOneof("type") == "script_finished":
                return "\n".join(told)


@contextmanager
def wired(server: Server, held: str = "") -> Iterator[Wire]:
    address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
    headers = {"Cookie": held} if held else {}
    with connect(address, additional_headers=headers, max_size=None) as socket:
        yield Wire(socket)
