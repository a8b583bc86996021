"""Lists: order, filters, search, pages, columns, counts."""

from itertools import pairwise

import pytest

from tests.database import Database
from tests.screens.conftest import SignIn
from tests.screens.person import Person
from tests.screens.reading import Node, link, links, read, rows, titles

ORDERS = "/a/northwind/sales_order"


@pytest.fixture
def traders(shared: Database) -> Database:
    """Nothing is changed here, so one database is enough."""
    return shared


async def test_the_grid_shows_titles_instead_of_ids(sign_in: SignIn) -> None:
    page = await (await sign_in()).see(f"{ORDERS}?sort=number")

    first = rows(page)[0]

    assert "10248" in first
    assert "Vins et alcools Chevalier" in first
    assert "4 Jul 1996" in first


@pytest.mark.parametrize(
    "sort", ["", "number", "-number", "shipped_on", "-shipped_on", "customer", "-freight,number"]
)
async def test_every_record_comes_once_on_the_way_through_all_pages(sign_in: SignIn, sort: str) -> None:
    person = await sign_in()

    pages = await all_pages(person, f"{ORDERS}?sort={sort}")

    numbers = [title for page in pages for title in titles(page)]
    assert len(numbers) == 830
    assert len(set(numbers)) == 830


async def test_the_way_back_shows_the_same_pages(sign_in: SignIn) -> None:
    person = await sign_in()
    pages = await all_pages(person, f"{ORDERS}?sort=-shipped_on")

    back = pages[-1]
    for expected in reversed(pages[:-1]):
        back = await person.see(link(back, "Previous page"))
        assert titles(back) == titles(expected)
    assert "Previous page" not in links(back)


async def test_the_footer_says_where_one_is(sign_in: SignIn) -> None:
    person = await sign_in()
    first = await person.see(f"{ORDERS}?sort=number")

    second = await person.see(link(first, "Next page"))

    assert "1\N{EN DASH}50 of 830" in first.one("footer", class_="footer").text
    assert "51\N{EN DASH}100 of 830" in second.one("footer", class_="footer").text


async def test_a_forged_cursor_and_one_of_another_view_lead_to_the_first_page(sign_in: SignIn) -> None:
    person = await sign_in()
    first = await person.see(f"{ORDERS}?sort=number")
    cursor = link(first, "Next page").partition("after=")[2]

    other = await person.see(f"{ORDERS}?sort=-number&after={cursor}")
    forged = await person.see(f"{ORDERS}?sort=number&after=x{cursor}")

    assert titles(other)[0] == "11077"
    assert titles(forged)[0] == "10248"


@pytest.mark.parametrize(
    ("words", "sentence", "count"),
    [
        ("shipped_on.empty", "Shipped is empty", 21),
        ("ordered_on.before.1996-07-10", "Ordered is before 10 Jul 1996", 5),
        ("freight.above.800", "Freight is more than 800", 4),
        ("ship_country.is.Norway", "Delivery country is Norway", 6),
        ("ship_region.not.RJ", "Delivery region is not RJ", 796),
        ("is_late.is.true", "Shipped late is yes", 37),
    ],
)
async def test_a_filter_reads_as_a_sentence_and_counts(
    sign_in: SignIn, words: str, sentence: str, count: int
) -> None:
    page = await (await sign_in()).see(f"{ORDERS}?filter={words}")

    chip = page.one("span", class_="chip")

    assert chip.text == sentence
    assert page.one("span", class_="count").text.startswith(str(count))


async def test_a_filter_on_a_lookup_names_the_record(sign_in: SignIn) -> None:
    person = await sign_in()
    customer = await person.open("customer", "Ernst Handel")

    page = await person.see(link(customer, "Show all"))

    assert page.one("span", class_="chip").text == "Customer is Ernst Handel"
    assert len(titles(page)) == 30


async def test_a_filter_is_added_without_script(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.see(link(await person.see(ORDERS), "Delivery country"))
    form = page.one("form", aria_label="Filter by Delivery country")

    response = await person.client.get(
        form.attributes["action"],
        params={"add": "ship_country", "operator": "is", "value": "Norway"},
        follow_redirects=True,
    )

    assert str(response.url).endswith("filter=ship_country.is.Norway")
    assert len(titles(person.page(response))) == 6


@pytest.mark.parametrize(
    "words",
    ["ordered_on.before.soon", "freight.above.lots", "no_field.is.1", "freight.like.1", "customer.is.x"],
)
async def test_a_filter_that_makes_no_sense_shows_nothing_and_says_why(sign_in: SignIn, words: str) -> None:
    person = await sign_in()

    page = await person.see(f"{ORDERS}?filter={words}")

    assert person.status == 422
    assert titles(page) == []
    assert page.all("div", role="alert")


async def test_search_looks_at_all_rows_titles_of_lookups_included(sign_in: SignIn) -> None:
    person = await sign_in()

    by_customer = await person.see(f"{ORDERS}?q=wolski")
    by_number = await person.see(f"{ORDERS}?q=11077")
    by_sign = await person.see(f"{ORDERS}?q=%25")

    assert len(titles(by_customer)) == 7
    assert titles(by_number) == ["11077"]
    assert titles(by_sign) == []
    assert "No results for these filters" in by_sign.text


async def test_a_click_on_a_head_sorts_up_down_and_not_at_all(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.see(ORDERS)

    orders = []
    for _ in range(3):
        head = next(head for head in page.all("th") if head.text == "Freight")
        page = await person.see(head.one("a").attributes["href"])
        head = next(head for head in page.all("th") if head.text == "Freight")
        orders.append(head.attributes.get("aria-sort"))

    assert orders == ["ascending", "descending", None]


async def test_the_chosen_columns_are_shown(sign_in: SignIn) -> None:
    page = await (await sign_in()).see(f"{ORDERS}?columns=ship_city&columns=freight")

    assert [head.text for head in page.all("th")][1:] == ["Order number", "Delivery city", "Freight"]


async def test_large_tables_are_counted_up_to_a_limit(sign_in: SignIn) -> None:
    page = await (await sign_in()).see("/a/northwind/order_line")

    assert page.one("span", class_="count").text.startswith("1,000+")


async def test_htmx_gets_the_view_that_it_swaps(sign_in: SignIn) -> None:
    person = await sign_in()

    response = await person.client.get(f"{ORDERS}?sort=number", headers={"HX-Request": "true"})

    assert read(response.text).all("div", id="view")


async def all_pages(person: Person, address: str) -> list[Node]:
    pages = [await person.see(address)]
    while "Next page" in links(pages[-1]):
        pages.append(await person.see(link(pages[-1], "Next page")))
    assert all(titles(one) != titles(other) for one, other in pairwise(pages))
    return pages
