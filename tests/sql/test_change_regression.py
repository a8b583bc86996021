"""What lives of random models went wrong on, each in a few lines."""

from typing import Any

from server import publication
from server.manifest import canonical, from_json, load
from tests.publishing import Connection, app, entity, field, publish, tenant


async def exported(connection: Connection, name: str = "crm") -> dict[str, Any]:
    """The draft of an app, with ids."""
    text = await connection.fetchval(
        "select meta.manifest(a.app_id)::text from meta.app a where a.name = $1", name
    )
    found: dict[str, Any] = load(canonical(from_json(text)).encode()).data
    return found


async def test_a_new_field_may_take_the_name_that_another_one_gives_up(connection: Connection) -> None:
    await publish(connection, app("crm", entity("account", field("name"))))
    await connection.execute(
        "insert into crm.account (tenant_id, name) values ($1, 'A')", await tenant(connection)
    )
    wanted = await exported(connection)
    wanted["entities"][0]["fields"][0]["name"] = "old_name"
    wanted["entities"][0]["fields"].append(field("name"))

    app_id = await publish(connection, wanted)

    assert tuple(await connection.fetchrow("select old_name, name from crm.account") or ()) == ("A", None)
    assert await publication.drift(connection, app_id) == []
