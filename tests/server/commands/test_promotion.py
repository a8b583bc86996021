"""A model goes from one installation to another, and back: ids, extras and rows of the target stay."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from server.installation.cluster import Cluster
from server.installation.migration import grant_database
from server.manifest import to_json
from tests.command import qryvanta
from tests.database import Database
from tests.publishing import Connection, app, entity, field, publish, tenant

SHOP = app(
    "shop",
    entity("ware", field("name"), field("state", "choice", choices="state"), keys=[{"fields": ["name"]}]),
    entity(
        "basket",
        field("ware", "lookup", entity="ware"),
        field("count", "integer"),
        rules=[{"name": "counted", "check": "count > 0"}],
        indexes=[{"fields": ["count"]}],
    ),
    choices={"state": ["new", "old"]},
    relations=[{"name": "pair", "kind": "many_to_many", "from": "ware", "to": "basket"}],
    roles=[{"name": "clerk", "grants": [{"entity": "ware", "read": "tenant", "fields": {"state": "read"}}]}],
)


@pytest.fixture
async def other(database: Database, cluster: Cluster, template: str) -> AsyncIterator[Database]:
    """Another installation in the same cluster, with a tenant of its own; its roles go with `database`."""
    maintenance = await asyncpg.connect(database.administrator_url)
    await maintenance.execute(f"create database test_promotion template {template}")
    found = Database("test_promotion", "127.0.0.1", cluster.port)
    connection = await asyncpg.connect(found.administrator_url)
    await grant_database(connection)
    await tenant(connection, "other")
    await connection.close()
    yield found
    await maintenance.execute("drop database test_promotion with (force)")
    await maintenance.close()


async def exported(database: Database, path: Path, *options: str) -> Path:
    result = await qryvanta(database, "app", "export", "shop", *options)
    assert result.code == 0, result.errors
    return await asyncio.to_thread(written, path, result.output)


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


async def apply(database: Database, file: Path, *options: str) -> Any:
    return await qryvanta(database, "app", "apply", file, *options)


async def query(database: Database, statement: str) -> Any:
    connection = await asyncpg.connect(database.administrator_url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_model_arrives_as_it_left(
    database: Database, connection: Connection, other: Database, tmp_path: Path
) -> None:
    await publish(connection, SHOP)
    file = await exported(database, tmp_path / "first.yaml")

    first = await apply(other, file)
    again = await apply(other, file)
    back = await exported(other, tmp_path / "second.yaml")

    assert first.code == again.code == 0, first.errors
    assert again.output == "Nothing differs.\n"
    assert back.read_bytes() == file.read_bytes()
    assert await query(other, "select max(number) from publish.version") == 1


async def test_an_app_that_both_made_keeps_the_ids_of_the_target(
    database: Database, connection: Connection, other: Database, tmp_path: Path
) -> None:
    await publish(connection, SHOP)
    there = tmp_path / "there.json"
    there.write_text(to_json(SHOP))
    await apply(other, there)
    before = await exported(other, tmp_path / "before.yaml")

    same = await apply(other, await exported(database, tmp_path / "first.yaml"))
    after = await exported(other, tmp_path / "after.yaml")
    await rename(connection)
    await query(other, "insert into shop.ware (tenant_id, name) select tenant_id, 'nut' from tenancy.tenant")
    renamed = await apply(other, await exported(database, tmp_path / "second.yaml"))

    assert same.output == "Nothing differs.\n"
    assert after.read_bytes() == before.read_bytes()
    assert renamed.code == 0, renamed.errors
    assert await query(other, "select title from shop.article") == "nut"
    assert (await apply(other, tmp_path / "second.yaml")).output == "Nothing differs.\n"


async def rename(connection: Connection) -> None:
    """The entity ware and its field name get other names; their ids stay."""
    text: str = await connection.fetchval("select meta.manifest(app_id)::text from meta.app")
    await connection.execute(
        "select meta.store($1::jsonb, tenant_id) from meta.app",
        text.replace('"ware"', '"article"')
        .replace('"name": "name"', '"name": "title"')
        .replace('"fields": ["name"]', '"fields": ["title"]')
        .replace('"title_sql": "name"', '"title_sql": "title"'),
    )


async def test_the_order_of_a_file_means_nothing_to_the_database(
    database: Database, connection: Connection, other: Database, tmp_path: Path
) -> None:
    await publish(connection, SHOP)
    file = tmp_path / "reversed.json"
    file.write_text(to_json({**SHOP, "entities": SHOP["entities"][::-1]}))

    assert (await apply(other, file)).code == 0

    catalogue = """
        select string_agg(format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)), e'\n'
            order by conrelid::regclass::text, conname)
        from pg_constraint where connamespace = 'shop'::regnamespace
    """
    assert await query(other, catalogue) == await query(database, catalogue)


async def test_what_the_target_has_besides_is_told_and_stays(
    database: Database, connection: Connection, other: Database, tmp_path: Path
) -> None:
    await publish(connection, app("shop", entity("ware", field("name"))))
    file = await exported(database, tmp_path / "first.yaml")
    await apply(other, file)
    richer = tmp_path / "richer.json"
    richer.write_text(to_json(SHOP))
    await apply(other, richer)

    planned = await apply(other, file, "--plan")
    refused = await apply(other, file)

    assert "loses data" in planned.output
    for extra in ("Entity Basket is removed", "Field Ware.state is removed", "Role clerk is removed"):
        assert extra in planned.output
    assert refused.code == 1
    assert await query(other, "select count(*) from shop.basket") == 0
    assert await query(other, "select published_version from meta.app") == 2


async def test_a_role_goes_only_with_consent(
    database: Database, connection: Connection, tmp_path: Path
) -> None:
    await publish(connection, SHOP)
    file = tmp_path / "roleless.json"
    file.write_text(to_json({**SHOP, "roles": [{"name": "boss", "grants": []}]}))

    refused = await apply(database, file)
    agreed = await apply(database, file, "--allow-data-loss")

    assert refused.code == 1
    assert "role clerk is removed" in refused.errors
    assert agreed.code == 0


async def test_one_entity_is_exported_with_what_it_needs(
    database: Database, connection: Connection, other: Database, tmp_path: Path
) -> None:
    await publish(connection, SHOP)

    alone = await exported(database, tmp_path / "ware.yaml", "--only", "ware")
    both = await exported(database, tmp_path / "basket.yaml", "--only", "basket", "--version", "1")

    assert "basket" not in alone.read_text()
    assert "name: clerk" in alone.read_text()
    assert (await apply(other, alone)).code == 0
    assert (await apply(other, both)).code == 0
    assert await query(other, "select count(*) from shop.pair") == 0
    assert (await exported(other, tmp_path / "all.yaml")).read_bytes() == (
        await exported(database, tmp_path / "first.yaml")
    ).read_bytes()


async def test_an_unknown_entity_cannot_be_chosen(database: Database, connection: Connection) -> None:
    await publish(connection, SHOP)

    published = await qryvanta(database, "app", "publish", "shop", "--only", "nothing")
    sent = await qryvanta(database, "app", "export", "shop", "--only", "nothing")

    assert (published.code, sent.code) == (1, 1)
    assert "there is no entity nothing" in published.errors
    assert "there is no entity nothing" in sent.errors
