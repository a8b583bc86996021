"""A change of a model with a step of every kind, on tables that count as large."""

import json
from typing import Any
from uuid import UUID

from server import publication, remedies
from server.installation.migration import grant_database
from server.manifest import load
from tests.publishing import Connection, app, entity, field, publish, tenant

ROWS = 2500  # more than the first batch of a fill

NAMES = """
depot depot_name parcel number amount kind note old size code at weight due_on keeper parcels label
label_parcel text more
"""
IDS = {
    name: f"00000000-0000-7000-8000-0000000000{number:02}" for number, name in enumerate(NAMES.split(), 10)
}


def known(name: str, type: str = "text", id: str | None = None, **parameters: Any) -> dict[str, Any]:
    return field(name, type, id=IDS[id or name], **parameters)


def depot(name: str, *fields: dict[str, Any]) -> dict[str, Any]:
    return entity(name, known("name", id="depot_name", required=True), *fields, id=IDS["depot"])


BEFORE = app(
    "load",
    depot("depot"),
    entity(
        "parcel",
        known("number", "integer", required=True),
        known("amount", "integer"),
        known("kind"),
        known("note"),
        known("old"),
        known("size", "integer", max=1000),
        known("code"),
        known("at", "lookup", entity="depot"),
        id=IDS["parcel"],
    ),
)

PARCEL = [
    known("number", "integer", required=True),
    known("amount", "bigint"),
    known("kind", "choice", choices=["letter", "box", "crate"]),
    known("remark", id="note", searchable=True),
    known("size", "integer", required=True, max=500),
    known("code", required=True, unique=True),
    known("at", "lookup", entity="store", on_delete="clear"),
    known("due_on", "date", required=True, default="current_date + 14"),
    known("keeper", "lookup", entity="store"),
    known("weight", "integer", formula="size * 2"),
]


def after(*parcel: dict[str, Any]) -> dict[str, Any]:
    """The model as it shall be, with these fields of a parcel."""
    return app(
        "load",
        depot("store", known("parcels", "rollup", of="parcel.at", function="sum", field="amount")),
        entity(
            "parcel",
            *parcel,
            id=IDS["parcel"],
            keys=[{"fields": ["number"]}],
            indexes=[{"fields": ["kind", "amount"]}, {"fields": ["due_on"]}],
            rules=[{"name": "heavy", "check": "size < 400 or kind <> 'letter'"}],
        ),
        entity(
            "label",
            known("text"),
            known("parcel", "lookup", "label_parcel", entity="parcel"),
            id=IDS["label"],
        ),
    )


AFTER = after(*PARCEL)
# Another value for the rows without a code, and a field more: what was prepared is partly of use.
OTHERWISE = after(*PARCEL, known("more", id="more"))


async def settle_in(connection: Connection) -> None:
    """The first version, with rows; a size is missing nowhere, a code in every third."""
    await publish(connection, BEFORE)
    await connection.execute(
        """
        insert into load.depot (tenant_id, id, name)
        select $1, ('00000000-0000-7000-8000-0001' || lpad(n::text, 8, '0'))::uuid, 'No. ' || n
        from generate_series(1, 3) n
        """,
        await tenant(connection),
    )
    await connection.execute(
        """
        insert into load.parcel (tenant_id, id, number, amount, kind, note, old, size, code, at_id)
        select
            d.tenant_id, ('00000000-0000-7000-8000-0002' || lpad(n::text, 8, '0'))::uuid, n, n % 7,
            (array['letter', 'box', 'crate'])[n % 3 + 1], 'usual', 'x', n % 400,
            case when n % 3 > 0 then 'C' || n end, d.id
        from generate_series(1, $1) n
        join load.depot d on d.name = 'No. ' || n % 3 + 1
        """,
        ROWS,
    )


async def move_in(connection: Connection) -> None:
    """What a database made of a template lacks: rights, and the setting that makes every table large."""
    await grant_database(connection)
    await connection.execute(
        "do $$ begin execute format("
        "'alter database %I set qryvanta.online_size = 0', current_database()); end $$"
    )
    await connection.execute("set qryvanta.online_size = 0")


async def draw_up(
    connection: Connection, manifest: dict[str, Any] = AFTER, code: str = "'N' || number"
) -> UUID:
    """Make the change the draft, with what is decided about the rows; the id of the app."""
    app_id = await publication.store(
        connection, load(json.dumps(manifest).encode()), await tenant(connection)
    )
    if manifest is not BEFORE:
        await remedies.fill(connection, app_id, "parcel.code", code)
    return app_id
