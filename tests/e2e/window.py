"""A browser window on a site, and waiting until a page is really there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, TimeoutError, expect

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


def pick(box: Locator, words: str) -> None:
    """Choose from a list. One that opens while the page still moves closes at once: a person opens it again."""
    options = box.page.get_by_role("option")
    box.evaluate("e => e.scrollIntoView({block: 'center'})")
    for _ in range(4):
        box.page.wait_for_timeout(200)
        box.click(force=True)  # the button that opens the list covers the field
        try:
            expect(options.first).to_be_visible(timeout=3 * SECOND)
            break
        except AssertionError:
            box.page.wait_for_selector(IDLE)
    option = box.page.get_by_role("option", name=words, exact=True)
    for _ in range(30):  # a long list draws only what is in sight
        if option.count():
            break
        box.press("ArrowDown")
    option.click()
    expect(box).to_have_value(words)


def press(page: Page, key: str) -> None:
    """The button with a key."""
    page.locator(f".st-key-{key} button").first.click()


def enter(page: Page, code: str) -> None:
    """Open My report with a code."""
    box = page.locator(".st-key-mine_typed input")
    box.fill(code)
    box.press("Tab")
    press(page, "mine_open")


def choose(page: Page, name: str, words: str) -> None:
    """One answer on My report."""
    pick(page.locator(f".st-key-mine_answer_{name}").get_by_role("combobox"), words)
    idle(page)


def saved(button: Locator) -> Download:
    """What a button hands out. A press that meets the redraw of what stands above is lost: a person presses again."""
    page = idle(button.page)
    for _ in range(2):
        try:
            with page.expect_download(timeout=10 * SECOND) as given:
                button.click()
            return given.value
        except TimeoutError:
            idle(page)
    with page.expect_download() as given:
        button.click()
    return given.value


def opened(page: Page) -> Page:
    """The page with everything that folds unfolded."""
    folds = page.get_by_test_id("stExpander").locator("summary")
    for number in range(folds.count()):
        folds.nth(number).click()
    return idle(page)


def too_wide(page: Page) -> list[str]:
    """What is wider than the window, so that the page would scroll sideways."""
    wide: list[str] = page.evaluate(
        """() => [document.documentElement, document.body,
                  ...document.querySelectorAll('[data-testid=stMain], [data-testid=stMainBlockContainer]')]
              .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => `${e.tagName} ${e.scrollWidth}`)"""
    )
    page.get_by_test_id("stMain").evaluate("e => e.scrollTo({left: 200})")
    moved = page.get_by_test_id("stMain").evaluate("e => e.scrollLeft")
    return [*wide, f"scrolls by {moved}"] if moved else wide


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

    def __enter__(self) -> Windows:
        return self

    def __exit__(self, *_error: object) -> None:
        for context in self.contexts:
            context.close()
