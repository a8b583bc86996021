"""Rules on the screens: warnings on the record, conditions at the input, overlaps at the field."""

from collections.abc import AsyncIterator

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import publish, tenant
from tests.screens.reading import Node, read
from tests.server.routes.client import Client, running
from tests.server.routes.test_rules import HOTEL, ROOM_TAKEN


@pytest.fixture
async def hotel(database: Database, connection: Connection) -> AsyncIterator[Client]:
    await publish(connection, HOTEL)
    tenant_id = await tenant(connection)
    user_id = await member(connection, tenant_id, "ann@example.org")
    async with running(database.server_url, tenant_id, user_id) as client:
        yield client


async def seen(hotel: Client, address: str) -> Node:
    response = await hotel.http.get(f"/a/shop/{address}")
    assert response.status_code == 200, response.text
    return read(response.text)


async def test_a_record_tells_which_warnings_it_breaks(hotel: Client) -> None:
    doubtful = await hotel.add("booking", arrives="2024-01-01", leaves="2024-03-01", price=5)
    fine = await hotel.add("booking", arrives="2024-01-01", leaves="2024-01-02", price=50)

    warned = (await seen(hotel, f"booking/{doubtful['id']}")).one("div", class_="alert alert--warn")

    assert "2 things are worth a second look" in warned.text
    assert [node.text for node in warned.all("li")] == ["Leaves : Very long", "Price : Cheap as „nothing“"]
    assert warned.one("li").one("a").attributes["href"] == "#field-leaves"
    assert not (await seen(hotel, f"booking/{fine['id']}")).all("div", class_="alert alert--warn")


async def test_who_may_not_read_a_field_is_not_warned_of_it(hotel: Client) -> None:
    cheap = await hotel.add("booking", price=5)
    hotel.act_as("clerk")

    assert not (await seen(hotel, f"booking/{cheap['id']}")).all("div", class_="alert alert--warn")


async def test_an_input_says_when_it_is_required(hotel: Client) -> None:
    page = await seen(hotel, "booking/new")

    reason = page.one("input", name="reason")
    note = page.one("span", id=reason.attributes["aria-describedby"])
    assert note.text == "Required when status = 'lost'"


async def test_an_overlap_is_said_at_its_field(hotel: Client) -> None:
    room = (await hotel.add("room", name="A"))["id"]
    await hotel.add("booking", room_id=room, arrives="2024-01-01", leaves="2024-01-05")

    response = await hotel.http.post(
        "/a/shop/booking",
        data={
            "id": "01a2080d-eeea-7c39-ad0d-0485c31e32bf",
            "original": "{}",
            "room": room,
            "arrives": "2024-01-04",
        },
    )

    assert response.status_code == 409
    page = read(response.text)
    assert page.one("span", id="field-arrives-error").text == ROOM_TAKEN


async def test_only_values_that_may_follow_are_offered(hotel: Client) -> None:
    lost = await hotel.add("booking", status="lost", reason="late", price=50)
    still_open = await hotel.add("booking", status="open", price=50)

    for address, offered in (
        ("booking/new", ["", "open", "lost"]),
        (f"booking/{still_open['id']}", ["", "open", "lost"]),
        (f"booking/{lost['id']}", ["", "lost"]),
    ):
        options = (await seen(hotel, address)).one("select", name="status").all("option")
        assert [option.attributes["value"] for option in options] == offered, address
