"""What differs between two versions of an app, by stable ids and in plain words."""

from copy import deepcopy
from typing import Any

from server.manifest import Manifest, compiled, from_json, load, to_json
from server.publication import store
from tests.publishing import Connection, app, entity, field, publish, tenant
from tests.sql.shape import without_sql

ORDER = entity(
    "sales_order",
    field("number", "integer", required=True),
    field("freight", "decimal"),
    field("note", length=40),
    field("status", "choice", choices="order_status"),
    label="Order",
    keys=[{"fields": ["number"]}],
    rules=[{"name": "free", "check": "freight >= 0", "message": "Nobody is paid to receive"}],
)
SALES: dict[str, Any] = {
    "name": "sales",
    "grants": [{"entity": "sales_order", "read": "tenant", "create": True, "delete": "tenant"}],
}
SHOP = app("shop", ORDER, choices={"order_status": ["open", "shipped"]}, roles=[SALES])


async def kept(connection: Connection, manifest: dict[str, Any] = SHOP) -> dict[str, Any]:
    """A published manifest with its ids."""
    app_id = await publish(connection, manifest)
    return from_json(await connection.fetchval("select meta.manifest($1)::text", app_id))


async def difference(
    connection: Connection, old: dict[str, Any] | None, new: dict[str, Any]
) -> dict[tuple[str, str, str | None], str]:
    """(path, change, property) → sentence."""
    rows = await connection.fetch(
        "select d.* from publish.difference($1::jsonb, $2::jsonb) d",
        to_json(old) if old else None,
        to_json(compiled(Manifest(load(to_json(without_sql(new)).encode()).data))),
    )
    return {(row["path"], row["change"], row["property"]): row["sentence"] for row in rows}


def fields(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in manifest["entities"][0]["fields"]}


async def test_a_manifest_does_not_differ_from_itself(connection: Connection) -> None:
    old = await kept(connection)

    assert await difference(connection, old, old) == {}


async def test_a_rename_is_a_rename_also_where_the_name_is_used(connection: Connection) -> None:
    old = await kept(connection)
    new = deepcopy(old)
    new["entities"][0]["name"] = "purchase"
    new["roles"][0]["grants"][0]["entity"] = "purchase"
    fields(new)["number"]["name"] = "code"
    new["entities"][0]["keys"][0]["fields"] = ["code"]

    assert await difference(connection, old, new) == {
        ("entities/purchase", "renamed", "name"): "Entity Order is now called purchase",
        ("entities/purchase/fields/code", "renamed", "name"): "Field Order.number is now called code",
    }


async def test_properties_are_told_with_their_old_and_new_values(connection: Connection) -> None:
    old = await kept(connection)
    new = deepcopy(old)
    found = fields(new)
    found["note"] |= {"length": 60, "required": True, "help": "Where to ring"}
    found["freight"]["precision"] = 12
    found["number"].pop("required")
    found["freight"]["scale"] = 2  # as by default
    new["entities"][0]["rules"][0]["check"] = "freight > 0"

    assert list((await difference(connection, old, new)).values()) == [
        "Field Order.freight: precision 18 → 12",
        "Field Order.note: help none → Where to ring",
        "Field Order.note: length 40 → 60",
        "Field Order.note is now required",
        "Field Order.number is no longer required",
        "Rule Order.free: check freight >= 0 → freight > 0",
    ]


async def test_what_comes_and_goes_does_so_as_a_whole(connection: Connection) -> None:
    old = await kept(connection)
    new = deepcopy(old)
    new["entities"].append(entity("customer", field("name"), keys=[{"fields": ["name"]}]))
    new["entities"][0]["fields"].pop(1)
    new["entities"][0]["rules"] = []
    new["entities"][0]["indexes"] = [{"fields": ["note", "status"]}]
    new["choices"]["order_status"] = ["open", {"value": "shipped", "tone": "green"}, "lost"]

    assert sorted((await difference(connection, old, new)).values()) == [
        'Choice "lost" of order_status added',
        'Choice "shipped" of order_status: tone gray → green',
        "Entity Customer added",
        "Field Order.freight removed",
        "Index of Order (note, status) added",
        "Rule Order.free removed",
    ]


async def test_rights_are_told_as_what_a_role_may_do(connection: Connection) -> None:
    old = await kept(connection)
    new = deepcopy(old)
    grant = new["roles"][0]["grants"][0]
    grant |= {"read": "own", "create": False, "update": "tenant", "fields": {"freight": "read"}}
    grant.pop("delete")
    new["roles"].append({"name": "audit", "grants": [{"entity": "sales_order", "read": "tenant"}]})
    new["entities"][0]["ownership"] = "owned"

    assert sorted((await difference(connection, old, new)).values()) == [
        "Entity Order: ownership tenant → owned",
        "Role audit added",
        "Role sales may no longer create orders",
        "Role sales may no longer delete orders",
        "Role sales may now read its own instead of all orders",
        "Role sales may now update all orders",
        "Role sales may see and not write Order.freight",
    ]


async def test_the_default_roles_are_compared_too(connection: Connection) -> None:
    plain = app("plain", entity("note", field("words")))
    old = await kept(connection, plain)
    rights = {"read": "tenant", "create": True, "update": "tenant"}
    new = {**old, "roles": [{"name": "user", "grants": [{"entity": "note", **rights}]}]}

    assert sorted((await difference(connection, old, new)).values()) == [
        "Role admin removed",
        "Role user may no longer delete notes",
        "Role viewer removed",
    ]


async def test_another_order_is_one_difference(connection: Connection) -> None:
    old = await kept(connection)
    new = deepcopy(old)
    new["entities"][0]["fields"].reverse()
    new["entities"][0]["fields"].insert(1, field("extra"))

    assert await difference(connection, old, new) == {
        ("entities/sales_order", "changed", "order of fields"): (
            "Entity Order: order of fields number, freight, note, status → status, note, freight, number"
        ),
        ("entities/sales_order/fields/extra", "added", None): "Field Order.extra added",
    }


async def test_before_the_first_publish_all_is_new(connection: Connection) -> None:
    new = await kept(connection)

    assert "App shop added" in (await difference(connection, None, new)).values()


async def test_keys_and_indexes_keep_their_ids_when_their_fields_are_renamed(connection: Connection) -> None:
    old = await kept(connection)
    new = without_sql(deepcopy(old))
    fields(new)["number"]["name"] = "code"
    new["entities"][0]["keys"] = [{"fields": ["code"]}]

    app_id = await store(connection, load(to_json(new).encode()), await tenant(connection))
    again = from_json(await connection.fetchval("select meta.manifest($1)::text", app_id))

    assert again["entities"][0]["keys"] == [{"id": old["entities"][0]["keys"][0]["id"], "fields": ["code"]}]
