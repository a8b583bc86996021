"""One record: create, change, conflict, delete, take back."""

from typing import TypeAlias
from uuid import uuid4

import asyncpg

from tests.screens.conftest import SignIn
from tests.screens.reading import (
    Node,
    buttons,
    form_values,
    heading,
    history,
    link,
    links,
    messages,
    problem_at,
    record_form,
    summary,
    titles,
    undo_form,
)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
ORDERS = "/a/northwind/sales_order"
SHIPPERS = "/a/northwind/shipper"


async def test_a_new_record_is_there_after_saving(sign_in: SignIn) -> None:
    person = await sign_in()

    page = await person.save(
        await person.see(f"{SHIPPERS}/new"), number="9", name="Slow & Steady", phone="(1) 555"
    )

    assert heading(page) == "Slow & Steady"
    assert messages(page) == ["Shipper created"]
    assert history(page)[0].startswith("Mara Lind created this record")


async def test_the_defaults_of_the_model_stand_in_the_new_form(sign_in: SignIn) -> None:
    page = await (await sign_in()).see("/a/northwind/sales_order/new")

    assert form_values(record_form(page))["freight"] == "0"
    assert str(form_values(record_form(page))["ordered_on"]).startswith("20")


async def test_everything_that_is_missing_is_said_at_once(sign_in: SignIn) -> None:
    person = await sign_in()

    page = await person.save(await person.see(f"{SHIPPERS}/new"), phone="no phone at all")

    assert person.status == 422
    assert problem_at(page, "number") == "Number is required"
    assert problem_at(page, "name") == "Name is required"
    assert problem_at(page, "phone")
    assert "3 things need attention" in summary(page)
    assert form_values(record_form(page))["phone"] == "no phone at all"


async def test_a_text_that_is_no_number_is_said_at_its_field(sign_in: SignIn) -> None:
    person = await sign_in()

    page = await person.save(await person.open("shipper", "Speedy Express"), number="many")

    assert person.status == 422
    assert problem_at(page, "number") == "Enter a whole number, such as 42"
    assert form_values(record_form(page))["number"] == "many"


async def test_a_key_that_exists_is_said_at_its_field(sign_in: SignIn) -> None:
    person = await sign_in()

    page = await person.save(await person.open("shipper", "Speedy Express"), name="United Package")

    assert person.status == 409
    assert problem_at(page, "name")


async def test_sending_a_new_record_twice_makes_one(sign_in: SignIn) -> None:
    person = await sign_in()
    form = record_form(await person.see(f"{SHIPPERS}/new"))
    values = {"number": "9", "name": "Twice", "phone": "555"}

    first = await person.send(form, **values)
    second = await person.send(form, **values)

    assert heading(first) == heading(second) == "Twice"
    assert len(titles(await person.see(f"{SHIPPERS}?q=Twice"))) == 1


async def test_only_what_was_changed_is_written(
    sign_in: SignIn, administrator: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    person = await sign_in()
    page = await person.open("shipper", "Speedy Express")

    await person.save(page, phone="(503) 555-0000")

    changes = await administrator.fetch(
        "select new_values::text from audit.change where operation = 'U' order by at desc limit 1"
    )
    assert '"phone"' in changes[0][0]
    assert '"name"' not in changes[0][0]


async def test_saving_without_a_change_writes_nothing(sign_in: SignIn) -> None:
    person = await sign_in()

    page = await person.save(await person.open("employee", "Nancy Davolio"))

    assert messages(page) == ["Nothing was changed"]
    assert len(history(page)) == 1


async def test_fields_that_a_role_may_not_write_stay_as_they_are(sign_in: SignIn) -> None:
    ida, mara = await sign_in("ida@example.org"), await sign_in()
    page = await ida.open("sales_order", "10248")
    assert "freight" not in form_values(record_form(page))

    await ida.save(page, ship_city="Lyon", freight="0.01")

    seen = form_values(record_form(await mara.open("sales_order", "10248")))
    assert (seen["ship_city"], seen["freight"]) == ("Lyon", "32.38")


async def test_who_saves_second_sees_both_sides_and_chooses(sign_in: SignIn) -> None:
    mara, jonas = await sign_in(), await sign_in("jonas@example.org")
    hers = await mara.open("sales_order", "10248")
    his = await jonas.open("sales_order", "10248")
    await mara.save(hers, freight="50", ship_city="Lyon")

    conflict = await jonas.save(his, freight="60", ship_name="Chez Vins")

    assert jonas.status == 412
    assert "Mara Lind changed this order" in conflict.text
    sides = [label.text for label in conflict.all("label", class_="conflict__side")]
    assert sides == ["Yours: 60.00", "Theirs: 50.00"]
    settled = await jonas.save(conflict, freight="60")
    values = form_values(record_form(settled))
    assert (values["freight"], values["ship_name"], values["ship_city"]) == ("60.00", "Chez Vins", "Lyon")


async def test_a_deleted_record_waits_in_the_bin_and_comes_back(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.open("sales_order", "10249")
    delete = page.one("form", action=link_of(page) + "/delete")

    grid = await person.send(delete)

    assert messages(grid) == ["Order deleted"]
    assert titles(await person.see(f"{ORDERS}?q=10249")) == []
    assert titles(await person.see(f"{ORDERS}?deleted=1")) == ["10249"]
    back = await person.send(undo_form(grid))
    assert heading(back) == "Order 10249"
    assert [entry.split(" this record")[0] for entry in history(back)[:2]] == [
        "Mara Lind restored",
        "Mara Lind deleted",
    ]


async def test_without_a_bin_one_is_asked_first(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.save(await person.see(f"{SHIPPERS}/new"), number="9", name="Gone", phone="555")

    question = await person.see(link(page, "Delete…"))
    after = await person.send(question.one("form", method="post", class_="section stack"))

    assert "This cannot be undone" in question.text
    assert messages(after) == ["Shipper deleted"]
    assert titles(await person.see(f"{SHIPPERS}?q=Gone")) == []


async def test_a_record_that_others_need_is_not_deleted(sign_in: SignIn) -> None:
    person = await sign_in()
    page = await person.open("shipper", "Speedy Express")

    question = await person.see(link(page, "Delete…"))
    refused = await person.send(question.one("form", method="post", class_="section stack"))

    assert person.status == 409
    assert heading(refused) == "Speedy Express"
    assert "sales_order" in summary(refused)


async def test_a_record_that_is_not_there_is_a_page_that_says_so(sign_in: SignIn) -> None:
    person = await sign_in()

    page = await person.see(f"{SHIPPERS}/{uuid4()}")

    assert person.status == 404
    assert "does not exist, or you can" in page.text


async def test_a_viewer_reads_and_finds_no_button_to_write(sign_in: SignIn) -> None:
    person = await sign_in("vera@example.org")

    page = await person.open("sales_order", "10248")

    assert "Save" not in buttons(page)
    assert form_values(record_form(page)).keys() == {"csrf", "original", "version"}
    await person.save(page, freight="1")
    assert form_values(record_form(await person.open("sales_order", "10248"))).keys() == {
        "csrf",
        "original",
        "version",
    }
    await person.see("/a/northwind/sales_order/new")
    assert person.status == 403


async def test_text_that_looks_like_markup_stays_text(sign_in: SignIn) -> None:
    person = await sign_in()
    name = "<script>alert('x')</script>"
    form = await person.see(f"{SHIPPERS}/new")

    page = await person.save(form, number="9", name=name, phone="555")
    renamed = await person.save(page, name="<b>bold</b>")

    assert heading(page) == name
    assert name in history(renamed)[0]
    assert titles(await person.see(f"{SHIPPERS}?q=<b>")) == ["<b>bold</b>"]


def link_of(page: Node) -> str:
    return record_form(page).attributes["action"]


async def test_the_next_record_is_the_next_one_of_the_grid(sign_in: SignIn) -> None:
    person = await sign_in()
    grid = await person.see(f"{ORDERS}?filter=ship_country.is.Norway&sort=-freight")
    expected = titles(grid)

    page = await person.see(link(grid, expected[0]))
    seen = [heading(page)]
    while "Next record" in links(page):
        page = await person.see(link(page, "Next record"))
        seen.append(heading(page))

    assert seen == [f"Order {title}" for title in expected]
    assert heading(await person.see(link(page, "Previous record"))) == seen[-2]
