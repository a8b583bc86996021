"""`app diff` and `app rollback` as an operator meets them."""

from typing import Any

import pytest

from server import publication
from server.manifest import load, to_json
from tests.command import qryvanta
from tests.database import Database
from tests.publishing import Connection, app, entity, field, publish, tenant

FIRST = app("shop", entity("ware", field("name", length=40), keys=[{"fields": ["name"]}]))
SECOND = app("shop", entity("ware", field("name", length=60), field("price", "decimal")))
DRAFT = app("shop", entity("ware", field("name", length=60, required=True), field("price", "decimal")))


@pytest.fixture
async def shop(database: Database, connection: Connection) -> Database:
    """Two versions of an app, the second without the key, and a draft that goes on."""
    await publish(connection, FIRST)
    await publish(connection, SECOND)
    await draft(connection, DRAFT)
    return database


async def draft(connection: Connection, manifest: dict[str, Any]) -> None:
    await publication.store(connection, load(to_json(manifest).encode()), await tenant(connection))


@pytest.mark.parametrize(
    ("versions", "sentences"),
    [
        ((), ["Field Ware.name is now required"]),
        (("1",), ["Field Ware.name: length 60 → 40", "Field Ware.price removed", "Key of Ware (name) added"]),
        (
            ("1", "2"),
            ["Field Ware.name: length 40 → 60", "Field Ware.price added", "Key of Ware (name) removed"],
        ),
        (("2", "2"), ["Nothing differs."]),
    ],
)
async def test_a_diff_says_in_words_what_differs(
    shop: Database, versions: tuple[str, ...], sentences: list[str]
) -> None:
    result = await qryvanta(shop, "app", "diff", "shop", *versions)

    assert sorted(result.output.splitlines()) == sentences


async def test_a_diff_for_programs_has_the_values(shop: Database) -> None:
    result = await qryvanta(shop, "app", "diff", "shop", "1", "draft", "--json")

    changed = [row for row in result.rows if row["property"] == "length"]
    assert [(row["path"], row["old"], row["new"]) for row in changed] == [
        ("entities/ware/fields/name", 40, 60)
    ]


async def test_a_diff_as_sql_is_what_ran_and_then_what_is_planned(shop: Database) -> None:
    result = await qryvanta(shop, "app", "diff", "shop", "1", "draft", "--sql")

    ran, _, planned = result.output.partition("-- planned")
    assert "-- ran for version 2" in ran
    assert "add column price numeric(18,2)" in ran
    assert "not null" in planned
    assert "add column price" not in planned


async def test_the_way_back_can_be_planned_from_the_version_in_force_only(shop: Database) -> None:
    back = await qryvanta(shop, "app", "diff", "shop", "2", "1", "--sql")
    refused = await qryvanta(shop, "app", "diff", "shop", "1", "1", "--sql")
    unknown = await qryvanta(shop, "app", "diff", "shop", "7")

    assert "ware_name_key" in back.output
    assert refused.output == "-- nothing differs\n"
    assert (unknown.code, unknown.errors) == (
        1,
        "Error: there is no version 7; see qryvanta app versions\n",
    )


async def test_a_rollback_publishes_the_old_version_as_a_new_one(
    shop: Database, connection: Connection
) -> None:
    await draft(connection, SECOND)
    before = await qryvanta(shop, "app", "export", "shop")

    result = await qryvanta(shop, "app", "rollback", "shop", "1", "--allow-data-loss", "--json")
    versions = await qryvanta(shop, "app", "versions", "shop", "--json")
    back = await qryvanta(shop, "app", "diff", "shop", "1", "3")
    forward = await qryvanta(shop, "app", "rollback", "shop", "2")
    after = await qryvanta(shop, "app", "export", "shop")

    assert result.code == 0, result.errors
    assert (versions.rows[0]["number"], versions.rows[0]["reason"]) == (3, "rollback to version 1")
    assert back.output == "Nothing differs.\n"
    assert forward.code == 0, forward.errors
    assert after.output == before.output
    assert (await qryvanta(shop, "drift", "shop")).code == 0


async def test_a_rollback_does_not_throw_away_a_draft_unasked(shop: Database) -> None:
    before = await qryvanta(shop, "app", "export", "shop")

    planned = await qryvanta(shop, "app", "rollback", "shop", "1", "--plan")
    refused = await qryvanta(shop, "app", "rollback", "shop", "1")

    assert planned.code == 0
    assert refused.code == 1
    assert "never published" in refused.errors
    assert (await qryvanta(shop, "app", "export", "shop")).output == before.output


async def test_a_rollback_that_loses_data_wants_the_yes(shop: Database, connection: Connection) -> None:
    result = await qryvanta(shop, "app", "rollback", "shop", "1", "--yes")

    assert result.code == 1
    assert "--allow-data-loss" in result.errors
    assert await connection.fetchval("select count(price) from shop.ware") == 0


async def test_a_plan_says_what_it_breaks_and_what_stands_in_the_way(
    database: Database, connection: Connection
) -> None:
    await publish(connection, SECOND)
    await connection.execute("create schema bi; create view bi.prices as select price from shop.ware")
    await draft(connection, app("shop", entity("ware", field("name", length=30))))

    planned = await qryvanta(database, "app", "plan", "shop")
    listed = await qryvanta(database, "app", "plan", "shop", "--breaks", "--json")
    refused = await qryvanta(database, "app", "publish", "shop", "--allow-data-loss")
    await connection.execute("drop view bi.prices")
    published = await qryvanta(database, "app", "publish", "shop", "--allow-data-loss")

    assert (
        "In the way:\n  entities/ware/fields/price is removed, but view bi.prices of postgres"
        in planned.output
    )
    assert "Field Ware.name takes at most 30 characters" in planned.output
    assert [row["object"] for row in listed.rows] == [None, None, "bi.prices"]
    assert refused.code == 1
    assert "drop view bi.prices, publish, and create it anew" in refused.errors
    assert published.code == 0
    assert "Field Ware.price is removed" in published.errors
