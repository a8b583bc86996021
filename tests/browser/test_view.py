"""The grid changes in place: without a new page, and with an address that leads back to it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opener


def test_sorting_searching_and_paging_swap_the_view_alone(visit: Opener) -> None:
    page = visit()
    page.goto("/a/northwind/sales_order?sort=number")
    page.evaluate("window.sameDocument = true")

    page.get_by_role("link", name="Next page").click()
    expect(first(page)).to_have_text("10298")
    page.get_by_role("columnheader", name="Order number").get_by_role("link").click()
    expect(first(page)).to_have_text("11077")
    page.get_by_role("searchbox").fill("wolski")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("tbody").get_by_role("row")).to_have_count(7)
    expect(page).to_have_url(re.compile("q=wolski"))

    assert page.evaluate("window.sameDocument") is True
    page.go_back()
    expect(first(page)).to_have_text("11077")


def test_a_filter_is_put_together_and_taken_away(visit: Opener) -> None:
    page = visit()
    page.goto("/a/northwind/sales_order")

    page.keyboard.press("f")
    page.get_by_role("menuitem", name="Customer").click()
    page.get_by_role("combobox", name="Value").fill("ernst")
    page.get_by_role("option", name="Ernst Handel").click()
    page.get_by_role("button", name="Apply").click()

    chip = page.get_by_role("group", name="Filters").locator(".chip").first
    expect(chip).to_have_text(re.compile(r"Customer\s*is\s*Ernst Handel"))
    expect(page.locator("tbody").get_by_role("row")).to_have_count(30)
    page.get_by_role("link", name="Remove filter Customer").click()
    expect(page.locator("tbody").get_by_role("row")).to_have_count(50)


def test_a_filter_that_cannot_be_read_says_so_in_place(visit: Opener) -> None:
    page = visit()
    page.goto("/a/northwind/sales_order?add=freight")

    page.get_by_label("Value").fill("lots")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("alert").filter(has_text="Enter a number")).to_be_visible()


def test_children_are_paged_in_place(visit: Opener) -> None:
    page = visit()
    page.goto("/a/northwind/customer?q=Ernst")
    page.get_by_role("link", name="Ernst Handel").first.click()
    orders = page.get_by_role("region", name="Orders", exact=True)
    before = first_of(orders).inner_text()
    page.get_by_label("Fax").fill("7675-9999")

    orders.get_by_role("link", name="Next page").click()

    expect(first_of(orders)).not_to_have_text(before)
    expect(page.get_by_label("Fax")).to_have_value("7675-9999")


def test_the_brackets_lead_to_the_neighbours(visit: Opener) -> None:
    page = visit()
    page.goto("/a/northwind/sales_order?sort=number")
    first(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order 10248")

    page.keyboard.press("]")

    expect(page.get_by_role("heading", level=1)).to_have_text("Order 10249")


def first(page: Page) -> Locator:
    return page.locator("tbody a.grid__title").first


def first_of(section: Locator) -> Locator:
    return section.locator("tbody a.grid__title").first
