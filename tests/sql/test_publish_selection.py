"""Some entities of a draft go into force with what they need; the rest stays draft."""

from copy import deepcopy
from typing import Any

import asyncpg
import pytest

from server import publication
from server.manifest import load, to_json
from server.versions import taken_along
from tests.publishing import Connection, app, entity, field, publish, tenant
from tests.sql.shape import without_sql

GRANTS = [{"entity": "ware", "read": "tenant"}, {"entity": "customer", "read": "tenant"}]
SHOP = app(
    "shop",
    entity("ware", field("name")),
    entity("customer", field("name")),
    choices={"state": ["new", "old"]},
    roles=[{"name": "clerk", "grants": GRANTS}],
)


@pytest.fixture
async def draft(connection: Connection) -> dict[str, Any]:
    """The published app with its ids, to be changed and stored."""
    app_id = await publish(connection, SHOP)
    manifest: dict[str, Any] = without_sql(
        load((await connection.fetchval("select meta.manifest($1)::text", app_id)).encode()).data
    )
    found = deepcopy(manifest)
    found["entities"] += [
        entity("basket", field("ware", "lookup", entity="ware"), field("state", "choice", choices="state")),
        entity(
            "parcel",
            field("basket", "lookup", entity="basket"),
            field("town", "lookup", entity="town"),
        ),
        entity("town", field("name")),
    ]
    found["entities"][1]["fields"].append(field("mail", format="email"))
    found["choices"]["state"].append("lost")
    found["relations"] = [{"name": "wish", "kind": "many_to_many", "from": "customer", "to": "ware"}]
    found["roles"][0]["grants"] += [
        {"entity": "basket", "read": "tenant", "create": True},
        {"entity": "town", "read": "tenant"},
    ]
    found["roles"].append({"name": "porter", "grants": [{"entity": "parcel", "update": "tenant"}]})
    return found


async def store(connection: Connection, manifest: dict[str, Any]) -> Any:
    return await publication.store(connection, load(to_json(manifest).encode()), await tenant(connection))


async def in_force(connection: Connection, app_id: Any) -> dict[str, Any]:
    found: dict[str, Any] = load(
        (await connection.fetchval("select publish.current_manifest($1)::text", app_id)).encode()
    ).data
    return found


def names(manifest: dict[str, Any], section: str = "entities") -> list[str]:
    return [item["name"] for item in manifest.get(section, [])]


async def test_an_entity_comes_with_its_choices_and_rights_and_nothing_else(
    connection: Connection, draft: dict[str, Any]
) -> None:
    app_id = await store(connection, draft)
    before = await connection.fetchval("select meta.manifest($1)", app_id)

    along = await taken_along(connection, app_id, ["basket"])
    await publication.publish_entities(connection, app_id, ["basket"], "baskets first")

    found = await in_force(connection, app_id)
    assert along == ["choices state"]
    assert names(found) == ["ware", "customer", "basket"]
    assert names(found, "relations") == []
    assert found["choices"] == {"state": ["new", "old", "lost"]}
    assert names(found["entities"][1], "fields") == ["name"]
    assert [(role["name"], [g["entity"] for g in role["grants"]]) for role in found["roles"]] == [
        ("clerk", ["ware", "customer", "basket"])
    ]
    assert await connection.fetchval("select meta.manifest($1)", app_id) == before
    assert await connection.fetch("select * from publish.drift($1)", app_id) == []
    assert await connection.fetchval("select count(*) from shop.basket") == 0


async def test_what_an_entity_refers_to_and_is_not_there_yet_is_taken_along(
    connection: Connection, draft: dict[str, Any]
) -> None:
    app_id = await store(connection, draft)

    along = await taken_along(connection, app_id, ["parcel"])
    await publication.publish_entities(connection, app_id, ["parcel"])

    found = await in_force(connection, app_id)
    assert along == ["basket", "choices state", "town"]
    assert names(found) == ["ware", "customer", "basket", "parcel", "town"]
    assert names(found, "roles") == ["clerk", "porter"]
    assert names(found["entities"][1], "fields") == ["name"]


async def test_a_relation_goes_with_one_end_when_the_other_is_there(
    connection: Connection, draft: dict[str, Any]
) -> None:
    app_id = await store(connection, draft)

    await publication.publish_entities(connection, app_id, ["customer"])

    found = await in_force(connection, app_id)
    assert names(found, "relations") == ["wish"]
    assert names(found["entities"][1], "fields") == ["name", "mail"]


async def test_all_in_turn_is_the_draft(connection: Connection, draft: dict[str, Any]) -> None:
    app_id = await store(connection, draft)

    for name in ("customer", "parcel", "ware"):
        await publication.publish_entities(connection, app_id, [name])

    assert await connection.fetch("select p.* from compile.plan(meta.manifest($1)) p", app_id) == []


async def test_a_renamed_entity_keeps_its_references(connection: Connection, draft: dict[str, Any]) -> None:
    app_id = await store(connection, draft)
    await publication.publish_entities(connection, app_id, ["basket"])
    changed = without_sql(
        load((await connection.fetchval("select meta.manifest($1)::text", app_id)).encode()).data
    )
    changed["entities"][0]["name"] = "article"
    changed["entities"][2]["fields"][0]["entity"] = "article"
    changed["relations"][0]["to"] = "article"
    changed["roles"][0]["grants"][0]["entity"] = "article"
    app_id = await store(connection, changed)

    await publication.publish_entities(connection, app_id, ["article"])

    found = await in_force(connection, app_id)
    assert names(found) == ["article", "customer", "basket"]
    assert found["entities"][2]["fields"][0]["entity"] == "article"
    assert found["roles"][0]["grants"][0]["entity"] == "article"


async def test_what_others_refer_to_does_not_go_alone(connection: Connection, draft: dict[str, Any]) -> None:
    app_id = await publish(connection, draft)
    draft["entities"].pop()
    draft["entities"][3]["fields"].pop()
    draft["roles"][0]["grants"].pop()
    app_id = await store(connection, draft)

    with pytest.raises(asyncpg.PostgresError, match="parcel refers to town, which would not be there"):
        await publication.publish_entities(connection, app_id, ["town"], allow_data_loss=True)
    await publication.publish_entities(connection, app_id, ["town", "parcel"], allow_data_loss=True)

    assert "town" not in names(await in_force(connection, app_id))


async def test_a_selection_that_cannot_be_published_leaves_everything(
    connection: Connection, draft: dict[str, Any]
) -> None:
    draft["entities"][0]["fields"] = [field("other")]
    app_id = await store(connection, draft)
    before = await connection.fetchval("select meta.manifest($1)", app_id)

    with pytest.raises(asyncpg.PostgresError, match="loses data"):
        await publication.publish_entities(connection, app_id, ["ware", "basket"])
    with pytest.raises(asyncpg.PostgresError, match="there is no entity nothing"):
        await publication.publish_entities(connection, app_id, ["nothing"])

    assert await connection.fetchval("select meta.manifest($1)", app_id) == before
    assert names(await in_force(connection, app_id)) == ["ware", "customer"]
