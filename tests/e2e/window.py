"""A browser window on a site, and waiting until a page is really there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.server import Server

SECOND = 1000
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'

#: `look("organizers", lang="en", size=PHONE)` opens a page in a window of its own.
Open = Callable[..., Page]


def idle(page: Page) -> Page:
    """Wait until the script has run and everything it sent is drawn."""
    page.wait_for_selector(IDLE, timeout=60 * SECOND)
    for part in ("stSkeleton", "stSpinner"):
        expect(page.get_by_test_id(part)).to_have_count(0, timeout=60 * SECOND)
    return page


class Windows:
    """Opens windows and closes them all again."""

    def __init__(self, browser: Browser, site: Server) -> None:
        self.browser = browser
        self.site = site
        self.contexts: list[BrowserContext] = []

    def __call__(
        self,
        path: str = "",
        *,
        lang: str = "zh-CN",
        size: dict[str, int] = DESK,
        theme: str = "light",
        on_data: Callable[[str | bytes], None] | None = None,
    ) -> Page:
        context = self.browser.new_context(
            base_url=self.site.url,
            locale=lang,
            viewport=size,  # type: ignore[arg-type]
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20 * SECOND)
        if on_data:
            page.on("websocket", lambda socket: socket.on("framereceived", on_data))
        page.goto(f"/{path}{'&' if '?' in path else '?'}lang={lang}")
        return idle(page)

    def close(self) -> None:
        for context in self.contexts:
            context.close()
