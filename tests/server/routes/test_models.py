"""/api/meta/apps: builders see and change the drafts of their own tenant, nobody else does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import Client, running

SHOP = app("shop", entity("ware", field("name", length=40), field("price", "decimal", min=0.5)))
NEXT = app("shop", entity("ware", field("name", length=60), field("price", "decimal")))


@pytest.fixture
async def builder(database: Database, connection: Connection) -> AsyncIterator[Client]:
    """A builder of the tenant demo, which has published the shop; another tenant has an app too."""
    await publish(connection, SHOP)
    await publish(connection, app("depot", entity("thing", field("name"))), owner="other")
    tenant_id = await tenant(connection)
    user_id = await member(connection, tenant_id, "ann@example.org")
    await give(connection, "builder")
    async with running(database.server_url, tenant_id, user_id) as client:
        assert client.principal
        client.principal = replace(client.principal, roles=frozenset({"builder"}))
        yield client


async def give(connection: Connection, role: str) -> None:
    await connection.execute(
        "insert into identity.member_role (tenant_id, user_id, role)"
        " select tenant_id, user_id, $1 from identity.member",
        role,
    )


async def get(client: Client, path: str, status: int = 200) -> Any:
    response = await client.http.get(f"/api/meta/apps{path}")
    assert response.status_code == status, response.text
    return response.json()


async def put(client: Client, manifest: Any, app: str = "shop") -> Any:
    return await client.http.put(f"/api/meta/apps/{app}/manifest", json=manifest)


async def test_the_apps_of_the_tenant_are_listed(builder: Client) -> None:
    assert await get(builder, "") == [
        {"name": "shop", "label": "Shop", "description": None, "published_version": 1}
    ]


async def test_a_draft_is_read_changed_compared_and_planned(builder: Client) -> None:
    manifest = await get(builder, "/shop/manifest")
    manifest["entities"][0]["fields"][0]["length"] = 30
    stored = await put(builder, manifest)

    assert stored.status_code == 204, stored.text
    assert manifest["entities"][0]["fields"][1]["min"] == 0.5
    assert await get(builder, "/shop/manifest") == manifest
    assert (await get(builder, "/shop/manifest?version=1"))["entities"][0]["fields"][0]["length"] == 40
    assert [row["sentence"] for row in await get(builder, "/shop/diff")] == [
        "Field Ware.name: length 40 → 30"
    ]
    assert await get(builder, "/shop/diff?from=1&to=1") == []
    planned = await get(builder, "/shop/plan")
    assert any("30" in step["statement"] for step in planned["steps"])
    assert [row["sentence"] for row in planned["breaks"]] == ["Field Ware.name takes at most 30 characters"]
    assert [version["number"] for version in await get(builder, "/shop/versions")] == [1]


async def test_a_wrong_manifest_is_refused_with_every_path(builder: Client) -> None:
    before = await get(builder, "/shop/manifest")
    wrong_shape = app("shop", entity("ware", field("name", length=-1), field("price", "decimal", wide=True)))
    wrong_meaning = app("shop", entity("ware", field("select"), field("box", "lookup", entity="nothing")))

    shape, meaning = await put(builder, wrong_shape), await put(builder, wrong_meaning)
    nonsense = await builder.http.put("/api/meta/apps/shop/manifest", content=b"{")

    assert shape.status_code == meaning.status_code == nonsense.status_code == 422
    assert [fault["field"] for fault in shape.json()["errors"]] == [
        "entities/ware/fields/name/length",
        "entities/ware/fields/price/wide",
    ]
    assert "entities/ware/fields/box/entity" in [fault["field"] for fault in meaning.json()["errors"]]
    assert await get(builder, "/shop/manifest") == before


async def test_other_tenants_apps_are_not_there(builder: Client, connection: Connection) -> None:
    for path in ("/depot/manifest", "/depot/plan", "/nothing/versions", "/shop/manifest?version=9"):
        assert (await get(builder, path, 404))["code"] == "P0002"
    foreign = app("depot", entity("thing", field("name")))

    assert (await put(builder, foreign, "depot")).status_code == 404
    assert (await put(builder, foreign, "shop")).status_code in (400, 403)
    assert (await put(builder, app("fresh", entity("thing", field("name"))))).status_code == 400
    assert await connection.fetchval("select count(*) from meta.app") == 2


async def test_the_database_asks_itself_whether_somebody_is_a_builder(
    builder: Client, connection: Connection
) -> None:
    await connection.execute("delete from identity.member_role")
    claimed = await builder.http.get("/api/meta/apps")
    assert builder.principal
    builder.principal = replace(builder.principal, roles=frozenset({"shop.admin"}))
    plain = await builder.http.get("/api/meta/apps/shop/manifest")
    builder.principal = None
    stranger = await builder.http.get("/api/meta/apps")

    assert [claimed.status_code, plain.status_code, stranger.status_code] == [403, 403, 403]


async def test_a_version_is_a_number_or_the_draft(builder: Client) -> None:
    assert (await get(builder, "/shop/diff?from=first", 400))["message"] == (
        "from must be the number of a version, or draft"
    )
