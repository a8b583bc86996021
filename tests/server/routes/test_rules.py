"""Rules at the door of the API: overlaps, fields required under a condition, and warnings."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.acting import Connection, acting, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import Client, running

ROOM_TAKEN = "The room is taken"
GRANT = {"read": "tenant", "create": True, "update": "tenant", "delete": "tenant"}
HOTEL = app(
    "shop",
    entity("room", field("name")),
    entity(
        "booking",
        field("room", "lookup", entity="room"),
        field("arrives", "date"),
        field("leaves", "date"),
        field("status", "choice", choices=["open", "lost"], transitions={"open": ["lost"]}),
        field("reason", required_when="status = 'lost'", label="Why"),
        field("price", "decimal", min=0),
        rules=[
            {"name": "long", "check": "leaves - arrives < 30", "severity": "warning", "message": "Very long"},
            {
                "name": "room_free",
                "no_overlap": {"key": ["room"], "from": "arrives", "to": "leaves"},
                "message": ROOM_TAKEN,
            },
            {"name": "cheap", "check": "price > 10", "severity": "warning", "message": "Cheap as „nothing“"},
            {"name": "even", "check": "price <> 13", "message": "Nobody pays 13"},
        ],
    ),
    roles=[
        {"name": "clerk", "grants": [{"entity": "booking", **GRANT, "fields": {"price": "none"}}]},
        {"name": "buyer", "grants": [{"entity": "booking", **GRANT, "read": "none", "update": "none"}]},
    ],
)


@pytest.fixture
async def hotel(database: Database, connection: Connection) -> AsyncIterator[Client]:
    await publish(connection, HOTEL)
    tenant_id = await tenant(connection)
    user_id = await member(connection, tenant_id, "ann@example.org")
    async with running(database.server_url, tenant_id, user_id) as client:
        yield client


def warned(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code in (200, 201, 204), response.text
    found: list[dict[str, Any]] = json.loads(response.headers.get("Qryvanta-Warnings", "[]"))
    return found


def faults(response: httpx.Response) -> list[tuple[str, str]]:
    return [(fault["field"], fault["rule"]) for fault in response.json()["errors"]]


async def test_an_overlap_is_a_conflict_with_the_message_of_its_rule(hotel: Client) -> None:
    room = (await hotel.add("room", name="A"))["id"]
    first = await hotel.add("booking", room_id=room, arrives="2024-01-01", leaves="2024-01-05")

    refused = await hotel.ask("POST", "booking", json={"room_id": room, "arrives": "2024-01-04"})

    assert refused.status_code == 409
    assert refused.json() == {
        "code": "23P01",
        "message": ROOM_TAKEN,
        "details": None,
        "hint": None,
        "errors": [{"field": "arrives", "rule": "room_free", "message": ROOM_TAKEN}],
    }
    later = await hotel.add("booking", room_id=room, arrives="2024-01-05", leaves="2024-01-06")
    moved = await hotel.ask("PATCH", f"booking/{later['id']}", json={"arrives": "2024-01-04"})
    assert (moved.status_code, faults(moved)) == (409, [("arrives", "room_free")])
    stays = await hotel.ask("PATCH", f"booking/{first['id']}", json={"leaves": "2024-01-04"})
    assert stays.status_code == 204


async def test_an_overlap_is_listed_beside_all_other_broken_rules(hotel: Client) -> None:
    room = (await hotel.add("room", name="A"))["id"]
    first = await hotel.add("booking", room_id=room, arrives="2024-01-01", leaves="2024-01-05")
    wrong = {"room_id": room, "arrives": "2024-01-04", "status": "lost", "price": 13}
    listed = [("reason", "required_when"), ("arrives", "room_free"), ("price", "even")]

    created = await hotel.ask("POST", "booking", json=wrong)
    other = await hotel.add("booking", room_id=room, arrives="2024-02-01", leaves="2024-02-05")
    changed = await hotel.ask("PATCH", f"booking/{other['id']}", json=wrong)
    same = await hotel.ask("PATCH", f"booking/{first['id']}", json={"status": "lost", "price": 13})

    assert (created.status_code, faults(created)) == (422, listed)
    assert (changed.status_code, faults(changed)) == (422, listed)
    assert faults(same) == [("reason", "required_when"), ("price", "even")]
    assert created.json()["errors"][0]["message"] == "Why is required"


async def test_a_period_that_ends_before_it_begins_is_a_broken_rule(hotel: Client) -> None:
    refused = await hotel.ask("POST", "booking", json={"arrives": "2024-01-04", "leaves": "2024-01-01"})

    assert (refused.status_code, faults(refused)) == (422, [("leaves", "period")])
    assert refused.json()["message"] == "Leaves must not be before Arrives"


async def test_other_tenants_and_their_bookings_are_not_told(hotel: Client, connection: Connection) -> None:
    other = await tenant(connection, "other")
    room = (await hotel.add("room", name="A"))["id"]
    async with acting(connection, "shop__owner", other):
        await connection.execute("insert into shop.room (id, name) values ($1, 'theirs')", room)
        await connection.execute(
            "insert into shop.booking (room_id, arrives, leaves) values ($1, '2024-01-01', null)", room
        )

    response = await hotel.ask(
        "POST", "booking", json={"room_id": room, "arrives": "2024-01-04", "price": 99}
    )

    assert response.status_code == 201


async def test_a_warning_refuses_nothing_and_is_told(hotel: Client) -> None:
    long = {"arrives": "2024-01-01", "leaves": "2024-03-01", "price": 5}

    created = await hotel.ask("POST", "booking", json=long)
    shown = await hotel.ask("POST", "booking", json=long, prefer="return=representation")

    assert warned(created) == [
        {"field": "leaves", "rule": "long", "message": "Very long", "records": 1},
        {"field": "price", "rule": "cheap", "message": "Cheap as „nothing“", "records": 1},
    ]
    assert warned(shown) == warned(created)
    assert set(shown.json()[0]) >= {"id", "price", "version"}
    assert "warned" not in shown.json()[0]


async def test_a_change_tells_what_it_leaves_behind(hotel: Client) -> None:
    booking = await hotel.add("booking", arrives="2024-01-01", leaves="2024-03-01", price=5)

    first = await hotel.ask("PATCH", f"booking/{booking['id']}", json={"price": 50})
    second = await hotel.ask(
        "PATCH", f"booking/{booking['id']}", json={"leaves": "2024-01-02"}, prefer="return=representation"
    )

    assert [each["rule"] for each in warned(first)] == ["long"]
    assert "Qryvanta-Warnings" not in second.headers
    assert second.json()["leaves"] == "2024-01-02"


async def test_of_many_records_the_warnings_are_counted(hotel: Client) -> None:
    rows = [{"price": price} for price in (5, 6, 50)]

    created = await hotel.ask("POST", "booking", json=rows)
    changed = await hotel.ask("PATCH", "booking?price=gt.5", json={"price": 1})

    assert [(each["rule"], each["records"]) for each in warned(created)] == [("cheap", 2)]
    assert [(each["rule"], each["records"]) for each in warned(changed)] == [("cheap", 2)]


async def test_a_warning_tells_nothing_about_what_may_not_be_read(hotel: Client) -> None:
    hotel.act_as("clerk")
    seen = await hotel.ask("POST", "booking", json={"arrives": "2024-01-01", "leaves": "2024-03-01"})
    hotel.act_as("buyer")
    blind = await hotel.ask("POST", "booking", json={"price": 1}, prefer="return=minimal")

    assert [each["rule"] for each in warned(seen)] == ["long"]
    assert warned(blind) == []


async def test_sql_lists_who_breaks_a_warning(hotel: Client, connection: Connection) -> None:
    cheap = await hotel.add("booking", price=1)
    await hotel.add("booking", price=50)
    demo, other = await tenant(connection), await tenant(connection, "other")
    question = "select id::text, rule, message from api.warning('shop.booking')"

    async with acting(connection, "shop__owner", demo):
        found = [tuple(row) for row in await connection.fetch(question)]
    async with acting(connection, "shop__owner", other):
        theirs = await connection.fetch(question)

    assert found == [(cheap["id"], "cheap", "Cheap as „nothing“")]
    assert theirs == []


async def test_openapi_tells_of_warnings_and_conditions(hotel: Client) -> None:
    document = (await hotel.http.get("/api/shop")).json()

    booking = document["components"]["schemas"]["booking.new"]["properties"]
    assert booking["reason"]["description"] == "Required when status = 'lost'"
    for path, verb, status in (("/booking", "post", "201"), ("/booking/{id}", "patch", "204")):
        assert "Qryvanta-Warnings" in document["paths"][path][verb]["responses"][status]["headers"]
    assert "headers" not in document["paths"]["/room"]["post"]["responses"]["201"]


async def test_a_change_to_a_value_that_may_not_follow_is_refused(hotel: Client) -> None:
    booking = await hotel.add("booking", status="open", price=50)
    lost = await hotel.ask("PATCH", f"booking/{booking['id']}", json={"status": "lost", "reason": "late"})
    found = await hotel.ask("PATCH", f"booking/{booking['id']}", json={"status": "open"})

    assert lost.status_code == 204
    assert (found.status_code, faults(found)) == (422, [("status", "transition")])
    assert found.json()["message"] == "Status cannot change to this value"
