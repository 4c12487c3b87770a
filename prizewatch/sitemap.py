"""Which pages there are, and which of them stand in the menu."""

from __future__ import annotations

from .store import Kind, Register

#: The navigation: section -> its pages, in order. The first section has no name: its pages stand for themselves.
SECTIONS = {
    "": ("overview",),
    "enter": ("organizers", "before", "repeat"),
    "unpaid": ("report", "mine", "advice"),
    "figures": ("resolution", "ladder", "time", "platforms", "trends", "method"),
    "open": ("downloads", "programs", "transparency", "notice"),
}
MENU = tuple(page for pages in SECTIONS.values() for page in pages)
#: Reached by their addresses and in no menu.
BY_ADDRESS = ("organizer", "reply")
#: Pages of moderators: in the menu of who is signed in, a way to sign in for anybody else.
DESK = ("desk", "desk_organizers", "desk_import", "desk_audit")
PAGES = (*MENU, *BY_ADDRESS, *DESK)
#: Pages for winners of prize draws: a register of other records leaves them out of the menu.
DRAWS_ONLY = ("before", "report", "mine", "advice", "platforms", "notice")


def menu(register: Register | None) -> tuple[str, ...]:
    """The pages of the menu for this kind of register, in order; all of them where it cannot be opened."""
    reference = register is not None and register.kind is Kind.REFERENCE
    return tuple(page for page in MENU if not (reference and page in DRAWS_ONLY))
