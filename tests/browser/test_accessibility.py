"""axe-core finds nothing on the main screens, light and dark, wide and narrow."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, check_accessibility

LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
ADDRESSES = [
    "/",
    "/a/northwind/sales_order",
    "/a/northwind/sales_order?filter=shipped_on.empty&add=customer",
    "/a/northwind/sales_order?filter=number.is.1",
    "/a/northwind/sales_order?deleted=1",
    "/a/northwind/sales_order/new",
    "/a/northwind/nothing",
]


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_nothing_is_found_on_any_screen(visit: Opener, theme: str, width: int) -> None:
    page = visit("", theme=theme, width=width)
    page.goto("/login")
    check_accessibility(page)

    page = visit(theme=theme, width=width)
    for address in ADDRESSES:
        page.goto(address, wait_until="networkidle")
        check_accessibility(page)
        does_not_scroll_sideways(page)

    open_record(page, "/a/northwind/sales_order", "10248")
    check_accessibility(page)
    does_not_scroll_sideways(page)
    open_record(page, "/a/northwind/employee", "Nancy Davolio")
    check_accessibility(page)


def open_record(page: Page, grid: str, title: str) -> None:
    page.goto(grid)
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.wait_for_load_state("networkidle")


def does_not_scroll_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
