"""The components in a real browser: nothing the policy refuses, nothing axe finds, everything by keyboard."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Dialog, Page, ViewportSize, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from server.installation.cluster import free_port
from server.screens import notices, showcase, static
from server.screens.render import render
from tests.browser.conftest import check_accessibility, until

SIZES: dict[str, ViewportSize] = {
    "wide": {"width": 1440, "height": 900},
    "phone": {"width": 390, "height": 844},
}
PAGES = ["/_ui", "/login", "/notices", "/missing"]
FOUND = """<div class="lookup__option" role="option" data-value="42"><span>Frankenversand</span></div>"""


def sign_in(request: Request) -> Response:
    return render(request, "session/new.html", email="", error="Wrong.", next="/", csrf="token")


def missing(request: Request) -> Response:
    return render(request, "error.html", 404, detail="", trace="")


def search(request: Request) -> Response:
    return HTMLResponse(FOUND if request.query_params["q"] in ("", "fra") else "")


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """A server of the components alone; it needs no database."""
    own = [Route("/login", sign_in), Route("/missing", missing), Route("/search", search)]
    app = Starlette(routes=[*static.ROUTES, *notices.ROUTES, *showcase.ROUTES, *own])
    app.state.development = True
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_breaks_no_policy(
    browser: Browser, gallery: str, path: str, theme: Any, size: str
) -> None:
    context = browser.new_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))

    page.goto(gallery + path, wait_until="networkidle")
    check_accessibility(page)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()

    assert [line for line in complaints if "404 (Not Found)" not in line] == []
    assert wider <= 0


def test_a_lookup_is_searched_and_chosen_by_keyboard(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")
    page.evaluate("document.querySelector('#field-customer').closest('x-lookup').dataset.search = '/search'")
    customer = page.get_by_role("combobox", name="Customer")

    customer.fill("fra")
    expect(page.get_by_role("option", name="Frankenversand")).to_be_visible()
    customer.press("ArrowDown")
    customer.press("Enter")

    expect(customer).to_have_value("Frankenversand")
    expect(customer).to_have_attribute("aria-expanded", "false")
    assert page.locator("select[name=customer]").evaluate("select => select.value") == "42"


def test_what_was_only_typed_into_a_lookup_is_taken_back(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")
    customer = page.get_by_role("combobox", name="Customer")

    customer.fill("nobody")
    customer.press("Tab")

    expect(customer).to_have_value("Ernst Handel")
    assert page.locator("select[name=customer]").evaluate("select => select.value") == "7"


def test_an_emptied_lookup_has_no_value(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")

    page.get_by_role("button", name="Clear Employee").click()

    expect(page.get_by_role("combobox", name="Employee")).to_have_value("")
    assert page.locator("select[name=employee]").evaluate("select => select.value") == ""


def test_a_grid_is_one_stop_and_is_walked_and_selected_by_keyboard(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")
    page.locator("body").press("j")
    focused = page.locator("[role=gridcell]:focus")

    page.keyboard.press("ArrowRight")
    page.keyboard.press("j")
    expect(focused).to_contain_text("Order 10249")
    page.keyboard.press("x")

    expect(page.get_by_role("row", name="Order 10249")).to_have_attribute("aria-selected", "true")
    assert page.locator("x-grid [tabindex='0']").count() == 1


def test_a_menu_opens_moves_and_closes_by_keyboard(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")
    button = page.get_by_role("button", name="More actions")

    button.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Export CSV")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Recycle bin")).to_be_focused()
    page.keyboard.press("Escape")

    expect(button).to_be_focused()
    expect(page.get_by_role("menu", name="More actions")).to_be_hidden()


def test_the_theme_is_kept_in_a_cookie_and_comes_with_the_page(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")
    switch = page.get_by_role("button", name="Theme")

    switch.click()
    switch.click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_single_keys_can_be_switched_off(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")
    page.locator("body").press("?")
    page.get_by_role("checkbox", name="Single keys are on").uncheck()
    page.keyboard.press("Escape")

    page.locator("body").press("n")

    assert not page.url.endswith("#new")


def test_the_palette_goes_where_the_words_lead(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")

    page.keyboard.press("Control+k")
    page.keyboard.type("new or")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{gallery}/_ui#new")


def test_a_changed_form_marks_the_title_and_asks_before_it_is_lost(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/_ui")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)

    page.get_by_label("Title").fill("Frankenversand")
    expect(page).to_have_title("● Components · Qryvanta")
    page.reload()

    assert asked == ["beforeunload"]


def test_the_drawer_holds_the_navigation_of_a_phone(browser: Browser, gallery: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{gallery}/_ui")

    page.get_by_role("button", name="Open navigation").click()
    expect(page.get_by_role("dialog", name="Navigation").get_by_role("link", name="Orders")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Navigation")).to_be_hidden()
    page.close()
