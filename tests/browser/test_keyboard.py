"""A day's work without a mouse."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opener, toast


def test_an_order_is_found_changed_and_saved_with_the_keyboard_alone(visit: Opener) -> None:
    page = visit()
    press = page.keyboard.press
    page.goto("/a/northwind/sales_order")

    press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("10251")
    press("Enter")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("searchbox").blur()
    press("j")
    press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text("Order 10251")

    tab_to(page, "Freight")
    press("Control+a")
    page.keyboard.type("42")
    press("Control+s")

    expect(toast(page, "Saved")).to_be_visible()
    expect(page.get_by_label("Freight")).to_have_value("42.00")


def test_a_lookup_finds_by_typing(visit: Opener) -> None:
    page = visit()
    page.goto("/a/northwind/sales_order/new")

    customer = page.get_by_role("combobox", name="Customer")
    customer.focus()
    page.keyboard.type("wolski")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(customer).to_have_value("Wolski  Zajazd")


def test_selected_rows_are_deleted_and_taken_back(visit: Opener) -> None:
    page = visit()
    page.goto("/a/northwind/sales_order?q=1025")
    before = rows(page).count()

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Delete").press("Enter")

    message = toast(page, "2 orders deleted")
    expect(message).to_be_visible()
    page.goto("/a/northwind/sales_order?q=1025")
    expect(rows(page)).to_have_count(before - 2)
    page.goto("/a/northwind/sales_order?deleted=1")
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Select all rows").check()
    page.get_by_role("button", name="Restore").click()
    expect(toast(page, "2 orders restored")).to_be_visible()


def rows(page: Page) -> Locator:
    return page.locator("tbody").get_by_role("row")


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the input of that label has the focus."""
    wanted = page.get_by_label(label)
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label} cannot be reached with Tab")
