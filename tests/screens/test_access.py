"""Who sees what: roles, fields, tenants, visitors."""

from httpx import AsyncClient

from tests.screens.conftest import SignIn
from tests.screens.reading import (
    buttons,
    form_values,
    heading,
    history,
    links,
    messages,
    record_form,
    rows,
    titles,
)

EMPLOYEES = "/a/northwind/employee"


async def test_home_offers_the_apps_that_are_open_to_the_person(sign_in: SignIn) -> None:
    mara, nina = await sign_in(), await sign_in("nina@example.org")

    hers, nobodys = await mara.see("/"), await nina.see("/")

    assert any("Northwind Traders" in text for text in links(hers))
    assert "Mara Lind" in heading(hers)
    assert "No app is open to you yet" in nobodys.text


async def test_an_app_that_is_closed_to_somebody_is_not_there_for_them(sign_in: SignIn) -> None:
    nina = await sign_in("nina@example.org")

    for address in ("/a/northwind", EMPLOYEES, f"{EMPLOYEES}/new", f"{EMPLOYEES}/lookup/reports_to"):
        await nina.see(address)
        assert nina.status == 404


async def test_a_visitor_is_sent_to_sign_in_and_back(sign_in: SignIn) -> None:
    visitor = await sign_in("")

    response = await visitor.client.get(f"{EMPLOYEES}?q=Nancy")

    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=/a/northwind/employee%3Fq%3DNancy"


async def test_another_tenant_sees_nothing_of_ours(sign_in: SignIn) -> None:
    mara, olga = await sign_in(), await sign_in("olga@example.org")
    page = await mara.open("employee", "Nancy Davolio")
    address = record_form(page).attributes["action"]

    grid = await olga.see(EMPLOYEES)
    await olga.see(address)

    assert titles(grid) == []
    assert "No employees yet" in grid.text
    assert olga.status == 404
    assert titles(await olga.see(f"{EMPLOYEES}/lookup/reports_to?q=")) == []


async def test_what_a_role_may_not_read_is_nowhere_on_its_screens(sign_in: SignIn) -> None:
    mara, ida = await sign_in(), await sign_in("ida@example.org")
    nancy = await mara.open("employee", "Nancy Davolio")
    await mara.save(nancy, home_phone="(1) 234 567", extension="1111")

    page = await ida.open("employee", "Nancy Davolio")

    assert "Date of birth" in nancy.text
    assert "Date of birth" not in page.text
    assert "Home phone" not in page.text
    assert "(1) 234 567" not in page.text
    assert "changed 1 field" in history(page)[0]


async def test_what_a_role_may_not_read_is_no_way_to_ask(sign_in: SignIn) -> None:
    ida = await sign_in("ida@example.org")

    grid = await ida.see(f"{EMPLOYEES}?sort=birth_on&columns=birth_on&columns=hired_on")
    guess = await ida.see(f"{EMPLOYEES}?filter=birth_on.before.1950-01-01")

    assert len(rows(grid)) == 9
    assert "1948" not in grid.text
    assert titles(guess) == []
    assert ida.status == 422
    assert titles(await ida.see(f"{EMPLOYEES}?q=1948-12-08")) == []


async def test_a_role_sees_the_buttons_for_what_it_may_do(sign_in: SignIn) -> None:
    mara, ida = await sign_in(), await sign_in("ida@example.org")

    assert any(text.startswith("New employee") for text in links(await mara.see(EMPLOYEES)))
    assert not any(text.startswith("New employee") for text in links(await ida.see(EMPLOYEES)))
    assert any("Save" in text for text in buttons(await ida.open("customer", "Ernst Handel")))
    assert not any("Save" in text for text in buttons(await ida.open("employee", "Nancy Davolio")))


async def test_two_roles_open_what_either_of_them_opens(sign_in: SignIn) -> None:
    wim = await sign_in("wim@example.org")

    page = await wim.save(await wim.open("sales_order", "10248"), freight="33", ship_city="Lyon")

    # Sales may not write the freight, the warehouse may not create orders.
    assert messages(page) == ["Saved"]
    assert form_values(record_form(page))["freight"] == "33.00"
    await wim.see("/a/northwind/sales_order/new")
    assert wim.status == 200


async def test_a_form_without_its_token_is_refused(sign_in: SignIn) -> None:
    mara = await sign_in()
    form = record_form(await mara.open("employee", "Nancy Davolio"))
    values = {**form_values(form), "csrf": "", "extension": "9999"}

    refused = await mara.client.post(form.attributes["action"], data=values)

    assert refused.status_code == 403
    after = form_values(record_form(await mara.open("employee", "Nancy Davolio")))
    assert after["extension"] == "5467"


async def test_a_page_from_elsewhere_cannot_send_a_form(sign_in: SignIn) -> None:
    mara = await sign_in()
    form = record_form(await mara.open("employee", "Nancy Davolio"))
    client: AsyncClient = mara.client

    refused = await client.post(
        form.attributes["action"], data=form_values(form), headers={"Origin": "http://evil.test"}
    )

    assert refused.status_code == 403
