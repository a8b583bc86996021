"""What was dropped: listed, brought back with its data, deleted for good by a command only."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from server import publication, quarantine
from tests.publishing import Connection, app, entity, field, publish, tenant

WHOLE = app("crm", entity("account", field("name"), field("code")), entity("deal", field("title")))
LESS = app("crm", entity("account", field("name")))


@pytest.fixture
async def reduced(connection: Connection) -> Connection:
    """An app of which a field and an entity were dropped."""
    await publish(connection, WHOLE)
    tenant_id = await tenant(connection)
    await connection.execute(
        "insert into crm.account (tenant_id, name, code) values ($1, 'A', '7')", tenant_id
    )
    await connection.execute("insert into crm.deal (tenant_id, title) values ($1, 'One')", tenant_id)
    await publish(connection, LESS, allow_data_loss=True)
    return connection


async def the_app(connection: Connection) -> UUID:
    app_id: UUID = await connection.fetchval("select app_id from meta.app")
    return app_id


async def test_what_was_dropped_is_listed_with_its_time(reduced: Connection) -> None:
    found = await quarantine.dropped(reduced, await the_app(reduced))

    assert sorted((item.column or item.table).split("_")[2] for item in found) == ["code", "deal"]
    assert all(item.dropped_at for item in found)


async def test_what_was_dropped_comes_back_with_its_data(reduced: Connection) -> None:
    app_id = await the_app(reduced)
    for item in await quarantine.dropped(reduced, app_id):
        assert item.element
        await quarantine.undrop(reduced, app_id, item.element)
    await publication.publish(reduced, app_id)

    assert await reduced.fetchval("select code from crm.account") == "7"
    assert await reduced.fetchval("select title from crm.deal") == "One"
    assert await quarantine.dropped(reduced, app_id) == []


async def test_a_relation_comes_back_with_its_rows(connection: Connection) -> None:
    link = {"name": "link", "kind": "many_to_many", "from": "account", "to": "account"}
    app_id = await publish(connection, LESS | {"relations": [link]})
    await connection.execute(
        """
        with new as (insert into crm.account (tenant_id) values ($1) returning tenant_id, id)
        insert into crm.link (tenant_id, from_account_id, to_account_id) select tenant_id, id, id from new
        """,
        await tenant(connection),
    )
    await publish(connection, LESS, allow_data_loss=True)
    [item] = await quarantine.dropped(connection, app_id)
    assert item.element

    await quarantine.undrop(connection, app_id, item.element)
    await publication.publish(connection, app_id)

    assert await connection.fetchval("select count(*) from crm.link") == 1


async def test_a_purge_deletes_what_is_old_enough_and_nothing_else(reduced: Connection) -> None:
    app_id = await the_app(reduced)

    assert await quarantine.purge(reduced, app_id, timedelta(days=30)) == []
    gone = await quarantine.purge(reduced, app_id, timedelta())

    assert len(gone) == 2
    assert await quarantine.dropped(reduced, app_id) == []
    assert await publication.drift(reduced, app_id) == []


async def test_what_nobody_dropped_cannot_come_back(reduced: Connection) -> None:
    with pytest.raises(quarantine.NotDroppedError, match="nothing that was dropped"):
        await quarantine.undrop(reduced, await the_app(reduced), uuid4())
