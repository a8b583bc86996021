"""A server on Northwind and a real browser; whatever the browser complains about fails the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

from server.application import create_application
from server.installation.cluster import free_port
from tests.database import Database
from tests.traders import PASSWORD_OF_PEOPLE, settings_of

CHROMIUM = which("chromium")  # Debian's; without one, as on Ubuntu, playwright's own
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).with_name("axe.min.js")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Opener = Callable[..., Page]


@pytest.fixture
def address(traders: Database) -> Iterator[str]:
    """Where a server runs on a fresh Northwind."""
    port = free_port()
    application = create_application(settings_of(traders, port))
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the session: playwright's event loop would be in the way of the asyncio tests that follow.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Opener]:
    """Open the system as a person; at the end nothing may have been refused or gone wrong in the browser."""
    complaints: list[str] = []
    contexts = []

    def open_page(email: str = "mara@example.org", *, theme: Any = "light", width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 900 if width > 500 else 844},
            color_scheme=theme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(complaint(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if email:
            sign_in(page, email)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD_OF_PEOPLE)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def toast(page: Page, text: str) -> Locator:
    """The message in the corner that says `text`."""
    return page.get_by_role("region", name="Messages").locator("[data-toast]").filter(has_text=text)


def complaint(message: ConsoleMessage) -> list[str]:
    """What the console says, refused policies included; a refused form is logged by the browser itself."""
    provoked = "Failed to load resource" in message.text and any(
        status in message.text for status in ("403", "404", "409", "412", "422")
    )
    return [message.text] if message.type in ("error", "warning") and not provoked else []


def check_accessibility(page: Page) -> None:
    """axe-core finds nothing on the page."""
    found = page.evaluate(AXE.read_text() + "; axe.run(document, {runOnly: " + repr(AXE_RULES) + "})")
    assert [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ] == []


def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end
        sleep(0.05)
