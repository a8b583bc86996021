"""The story of a working day: find an order, change it, be told what is wrong, see the past, take back."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, toast


def test_an_order_is_found_changed_refused_saved_deleted_and_taken_back(visit: Opener) -> None:
    page = visit()

    find(page, "10250")
    change_freight(page)
    be_refused(page)
    expect(page.get_by_label("Shipped", exact=True)).to_have_value("1996-07-01")
    page.get_by_label("Shipped", exact=True).fill("1996-07-13")
    page.get_by_role("button", name="Save").click()
    expect(toast(page, "Saved")).to_be_visible()
    see_history(page)
    delete_and_undo(page)


def find(page: Page, number: str) -> None:
    page.get_by_role("link", name="Northwind Traders").click()
    page.get_by_role("navigation", name="Northwind Traders").get_by_role(
        "link", name="Orders", exact=True
    ).click()
    page.get_by_role("searchbox").fill(number)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("tbody").get_by_role("row")).to_have_count(1)
    page.get_by_role("link", name=number, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Order {number}")


def change_freight(page: Page) -> None:
    freight = page.get_by_label("Freight")
    expect(freight).to_have_value("65.83")
    freight.fill("70.10")


def be_refused(page: Page) -> None:
    page.get_by_label("Shipped", exact=True).fill("1996-07-01")
    page.get_by_role("button", name="Save").click()
    summary = page.locator("#form-errors")
    expect(summary).to_contain_text("An order cannot ship before it was placed")
    expect(summary).to_be_focused()
    # What was typed is still there, and the reason stands at the field.
    expect(page.get_by_label("Freight")).to_have_value("70.10")
    field = page.locator(".field", has=page.get_by_label("Shipped", exact=True))
    expect(field).to_contain_text("An order cannot ship before it was placed")
    expect(page.get_by_label("Shipped", exact=True)).to_have_attribute("aria-invalid", "true")


def see_history(page: Page) -> None:
    history = page.get_by_role("complementary", name="History")
    newest = history.get_by_role("listitem").first
    expect(newest).to_contain_text("Mara Lind changed 2 fields")
    expect(newest).to_contain_text("65.83")
    expect(newest).to_contain_text("70.10")
    expect(newest).to_contain_text("13 Jul 1996")


def delete_and_undo(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    message = toast(page, "Order deleted")
    expect(message).to_be_visible()
    message.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order 10250")
    expect(page.get_by_label("Freight")).to_have_value("70.10")
    expect(page.get_by_role("complementary", name="History").get_by_role("listitem").first).to_contain_text(
        "restored this record"
    )
