"""Places through the record API: two columns like any others."""

from collections.abc import AsyncIterator

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import Client, running

SITES = app("shop", entity("site", field("name"), field("place", "geopoint", required=True)))


@pytest.fixture
async def sites(database: Database, connection: Connection) -> AsyncIterator[Client]:
    await publish(connection, SITES)
    tenant_id = await tenant(connection)
    async with running(
        database.server_url, tenant_id, await member(connection, tenant_id, "a@x.org")
    ) as client:
        yield client


async def test_places_are_written_read_and_filtered(sites: Client) -> None:
    for name, latitude, longitude in (("Zürich", 47.3769, 8.5417), ("Sydney", -33.8688, 151.2093)):
        await sites.add("site", name=name, place_latitude=latitude, place_longitude=longitude)

    found = await sites.get("site?place_latitude=gte.45&place_latitude=lt.50&place_longitude=gt.5")
    await sites.ask("PATCH", "site?name=eq.Sydney", json={"place_latitude": -33.9})

    assert [(each["name"], each["place_latitude"], each["place_longitude"]) for each in found] == [
        ("Zürich", 47.3769, 8.5417)
    ]
    assert await sites.get("site?select=place_latitude&name=eq.Sydney") == [{"place_latitude": -33.9}]


async def test_half_a_place_and_one_off_the_earth_are_said_at_the_field(sites: Client) -> None:
    half = await sites.ask("POST", "site", json={"name": "a", "place_latitude": 1})
    off = await sites.ask("POST", "site", json={"place_latitude": 91, "place_longitude": 0})

    assert (half.status_code, off.status_code) == (422, 422)
    assert half.json()["errors"] == [
        {"field": "place", "rule": "required", "message": "Place is required, latitude and longitude"}
    ]
    assert off.json()["errors"][0]["rule"] == "range"


async def test_the_description_has_both_numbers(sites: Client) -> None:
    schemas = (await sites.http.get("/api/shop")).json()["components"]["schemas"]

    latitude = schemas["site"]["properties"]["place_latitude"]
    assert latitude["title"] == "Place (latitude)"
    assert "number" in latitude["type"]
