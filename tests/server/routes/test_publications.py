"""POST …/publish: a builder publishes through the server, a worker with the publisher's login does it."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.acting import Connection
from tests.database import Database
from tests.publishing import app, entity, field, tenant
from tests.server.routes.client import Client
from tests.server.routes.test_models import builder, get, put
from tests.workers.process import beating, worker

__all__ = ["builder"]

WARE = [field("name", length=40), field("price", "decimal", min=0.5)]
ORDER = entity("purchase", field("ware", "lookup", entity="ware"))


@pytest.fixture
async def working(database: Database, connection: Connection) -> AsyncIterator[None]:
    """A worker is at work."""
    with worker(database):
        await beating(connection)
        yield


async def post(client: Client, status: int, app: str = "shop", **wishes: Any) -> Any:
    response = await client.http.post(f"/api/meta/apps/{app}/publish", json=wishes)
    assert response.status_code == status, response.text
    return response.json()


@pytest.mark.usefixtures("working")
async def test_a_builder_publishes_new_roles_and_tables(builder: Client, connection: Connection) -> None:
    draft = app("shop", entity("ware", *WARE), ORDER)
    draft["roles"] = [
        {"name": name, "grants": [{"entity": "ware", "read": "tenant"}]} for name in ("buyer", "seller")
    ]
    # Whoever has both acts as a role set, which is made at publishing.
    await connection.execute(
        "insert into identity.member_role (tenant_id, user_id, app, role) select m.tenant_id, m.user_id,"
        " 'shop', r.role from identity.member m cross join unnest($1::text[]) r (role)",
        ["buyer", "seller"],
    )
    assert (await put(builder, draft)).status_code == 204

    done = await post(builder, 200, reason="we buy now", allow_data_loss=True)

    assert (done["state"], done["version"], done["reason"]) == ("live", 2, "we buy now")
    assert await get(builder, f"/shop/publications/{done['publication_id']}") == done
    versions = await get(builder, "/shop/versions")
    assert (versions[0]["number"], versions[0]["published_by"]) == (2, "ann@example.org")
    assert (await get(builder, "/shop/plan"))["steps"] == []
    assert await connection.fetchval("select to_regclass('shop.purchase') is not null")
    assert await connection.fetchval("select count(*) from pg_roles where rolname like 'rs\\_%'") >= 1
    assert await connection.fetch("select * from lint.finding") == []


@pytest.mark.usefixtures("working")
async def test_an_app_is_started_and_published_over_http_alone(builder: Client) -> None:
    pond = app("pond", entity("duck", field("name", required=True)))

    assert (await put(builder, pond, app="lake")).status_code == 400
    assert (await put(builder, pond, app="pond")).status_code == 201
    assert (await post(builder, 200, app="pond"))["version"] == 1
    assert [item["name"] for item in await get(builder, "")] == ["pond", "shop"]
    # By its id it is the pond, whatever it is called.
    renamed = await get(builder, "/pond/manifest")
    renamed["app"]["name"] = "lake"
    assert (await put(builder, renamed, app="lake")).status_code == 400
    assert [item["name"] for item in await get(builder, "")] == ["pond", "shop"]


@pytest.mark.usefixtures("working")
async def test_what_refuses_a_publication_is_the_answer(builder: Client, connection: Connection) -> None:
    await connection.execute(
        "insert into shop.ware (tenant_id, name) values ($1, 'x')", await tenant(connection)
    )
    gone = app("shop", entity("ware", WARE[0], field("code", required=True)))
    assert (await put(builder, gone)).status_code == 204

    broken = await post(builder, 422)
    gone["entities"][0]["fields"].pop()
    await put(builder, gone)
    lossy = await post(builder, 409)

    assert [(item["rule"], item["message"]) for item in broken["errors"]] == [
        ("required", "Code is required: 1 records break this")
    ]
    assert lossy["code"] == "QP002"
    assert "loses data" in lossy["message"]
    assert await connection.fetchval("select count(*) from publish.version where number > 1") == 0
    assert (await post(builder, 200, allow_data_loss=True))["version"] == 2


@pytest.mark.usefixtures("working")
async def test_who_does_not_want_to_wait_asks_later(builder: Client) -> None:
    await put(builder, app("shop", entity("ware", *WARE, field("note"))))

    response = await builder.http.post(
        "/api/meta/apps/shop/publish", headers={"Prefer": "respond-async"}, json={}
    )

    assert response.status_code == 202
    found = (await builder.http.get(response.headers["location"])).json()
    assert found["state"] in ("requested", "running", "live")


async def test_a_draft_that_changed_since_is_not_published(
    builder: Client, connection: Connection, database: Database
) -> None:
    await connection.execute("insert into queue.worker values (gen_random_uuid(), 'here', 1, '0', true)")
    await put(builder, app("shop", entity("ware", *WARE, field("note"))))
    response = await builder.http.post(
        "/api/meta/apps/shop/publish", headers={"Prefer": "respond-async"}, json={}
    )
    await put(builder, app("shop", entity("ware", *WARE, field("remark"))))

    with worker(database):
        while (found := (await builder.http.get(response.headers["location"])).json())[
            "state"
        ] == "requested":
            await connection.execute("select pg_sleep(0.1)")

    assert (found["state"], found["fault"]["code"]) == ("failed", "QP007")
    assert "changed since" in found["fault"]["message"]
    assert (
        await connection.fetchval(
            "select max(number) from publish.version v join meta.app a using (app_id) where a.name = 'shop'"
        )
        == 1
    )


async def test_without_a_worker_nothing_is_asked_for(builder: Client, connection: Connection) -> None:
    response = await builder.http.post("/api/meta/apps/shop/publish")

    assert (response.status_code, response.json()["code"]) == (503, "QP009")
    assert "retry-after" in response.headers
    assert (
        await connection.fetchval("select count(*) from publish.publication where state = 'requested'") == 0
    )


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("{", "not JSON"),
        ("[]", "nothing else"),
        ('{"force": true}', "nothing else"),
        ('{"reason": 1}', "reason"),
    ],
)
async def test_a_body_that_says_something_else_is_refused(builder: Client, body: str, word: str) -> None:
    response = await builder.http.post("/api/meta/apps/shop/publish", content=body)

    assert response.status_code == 400
    assert word in response.json()["message"]


async def test_the_apps_of_others_are_not_published_or_looked_at(builder: Client) -> None:
    assert (await post(builder, 404, app="depot"))["code"] == "P0002"
    await get(builder, "/depot/preflight", 404)
    await get(builder, "/shop/publications/none", 404)
    await get(builder, "/shop/publications/00000000-0000-0000-0000-000000000000", 404)


async def test_who_builds_sees_which_records_break_the_draft(builder: Client, connection: Connection) -> None:
    mine = await connection.fetchval(
        "insert into shop.ware (tenant_id, price) values ($1, 1.25) returning id", await tenant(connection)
    )
    await connection.execute(
        "insert into shop.ware (tenant_id, price) values ($1, 2.25)", await tenant(connection, "other")
    )
    await put(builder, app("shop", entity("ware", field("name", required=True), field("price", "integer"))))

    found = await get(builder, "/shop/preflight")
    planned = await get(builder, "/shop/plan")

    assert [(item["path"], item["broken"], item["sample"], item["remedies"]) for item in found] == [
        ("entities/ware/fields/name", 1, [str(mine)], ["fill"])
    ]
    assert any("2 values lose something" in step["why"] for step in planned["steps"] if step["why"])


async def test_the_publisher_makes_no_role_but_those_of_apps(
    database: Database, connection: Connection
) -> None:
    await connection.execute("set role qryvanta_ddl")
    for call in (
        "create_app_role('pg_friend')",
        "create_app_role('qryvanta_friend')",
        "create_app_role('Friend; drop')",
        "grant_app_role('pg_execute_server_program', 'qryvanta_worker')",
        "grant_app_role('qryvanta_app', 'postgres')",
        "grant_app_role('qryvanta_ddl', 'qryvanta_server')",
        "drop_app_role('qryvanta_app')",
        "drop_app_role('pg_monitor')",
    ):
        state = await refused(connection, call)
        assert state == "42501", call
    await connection.execute("reset role; set role qryvanta_gateway")
    assert await refused(connection, "create_app_role('friend')") == "42501"


async def refused(connection: Connection, call: str) -> str | None:
    """The SQLSTATE with which a function of schema identity refuses."""
    try:
        await connection.execute(f"select identity.{call}")
    except asyncpg.PostgresError as error:
        return error.sqlstate
    return None
