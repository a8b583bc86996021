"""What belongs to a record: children, many-to-many relations, lookups."""

from uuid import UUID

from tests.screens.conftest import SignIn
from tests.screens.reading import Node, form_values, heading, link, messages, record_form, undo_form

EMPLOYEE = "Nancy Davolio"


async def test_the_children_of_a_record_stand_on_its_page(sign_in: SignIn) -> None:
    person = await sign_in()

    lines = section(await person.open("sales_order", "10248"), "Order lines")

    assert lines.one("span", class_="count").text == "3 records"
    assert "Queso Cabrales" in lines.text
    assert "$ 98.00" in lines.text.replace("\N{NARROW NO-BREAK SPACE}", " ")


async def test_many_children_come_in_pages(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.open("customer", "Ernst Handel")

    first = section(page, "Orders")
    second = section(await person.see(link(first, "Next page")), "Orders")
    part = await person.client.get(link(first, "Next page"), headers={"HX-Request": "true"})

    assert first.one("span", class_="count").text == "10+ records"
    assert numbers(first) != numbers(second)
    assert len({*numbers(first), *numbers(second)}) == 20
    assert "<html" not in part.text
    assert numbers(second)[0] in part.text


async def test_a_new_child_knows_its_parent(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.open("customer", "Ernst Handel")

    form = await person.see(link(section(page, "Orders"), "New order"))

    customer = str(form_values(record_form(form))["customer"])
    assert record_form(page).attributes["action"].endswith(customer)


async def test_the_other_ends_of_a_relation_are_added_and_removed(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.open("employee", EMPLOYEE)
    found = await person.see("/a/northwind/employee_territory/lookup/territory?q=Hoffman")
    key = found.one("div", role="option").attributes["data-value"]

    added = await person.send(section(page, "Territories").one("form", class_="filter"), territory=key)
    removed = await person.send(
        next(
            form
            for form in section(added, "Territories").all("form", method="post")
            if form.all("button", aria_label="Remove Hoffman Estates")
        )
    )
    undone = await person.send(undo_form(removed))

    assert "Hoffman Estates" not in territories(page)
    assert messages(added) == ["Territory added"]
    assert "Hoffman Estates" in territories(added)
    assert messages(removed) == ["Territory removed"]
    assert "Hoffman Estates" not in territories(removed)
    assert "Hoffman Estates" in territories(undone)


async def test_the_same_end_twice_is_refused_in_words(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.open("employee", EMPLOYEE)
    known = section(page, "Territories").all("a", class_="pair__text grid__link")[0].attributes["href"]

    again = await person.send(
        section(page, "Territories").one("form", class_="filter"), territory=known.rpartition("/")[2]
    )

    assert len(messages(again)) == 1
    assert "added" not in messages(again)[0]


async def test_a_lookup_finds_any_record_by_a_part_of_its_title(sign_in: SignIn) -> None:
    person = await sign_in()

    found = await person.see("/a/northwind/sales_order/lookup/customer?q=zajazd")
    nothing = await person.see("/a/northwind/sales_order/lookup/customer?q=100%25")

    option = found.one("div", role="option")
    assert option.text == "Wolski Zajazd"
    assert UUID(option.attributes["data-value"])
    assert "Nothing found" in nothing.text


async def test_a_lookup_without_script_offers_a_list(sign_in: SignIn) -> None:
    page = await (await sign_in()).see("/a/northwind/sales_order/new")

    options = [each.text for each in page.one("select", name="shipper").all("option")]

    assert "Speedy Express" in options


async def test_a_record_tells_its_colleagues_apart(sign_in: SignIn) -> None:
    person = await sign_in()

    page = await person.open("employee", "Andrew Fuller")

    assert heading(page) == "Andrew Fuller"
    assert EMPLOYEE in section(page, "Employees \N{MIDDLE DOT} Reports to").text


def section(page: Node, label: str) -> Node:
    for node in page.all("section", class_="section"):
        if node.all("h2") and node.one("h2").text == label:
            return node
    raise AssertionError(f"no section {label!r}")


def numbers(node: Node) -> list[str]:
    return [each.text for each in node.all("a", class_="grid__title")]


def territories(page: Node) -> str:
    return section(page, "Territories").one("table").text
