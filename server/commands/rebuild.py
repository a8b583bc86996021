"""`qryvanta data rebuild`: rollups computed again from their children, in batches."""

from uuid import UUID

import click

from server.commands.administration import administration
from server.commands.app import app_named
from server.commands.execution import coroutine
from server.commands.failure import NO
from server.commands.output import as_json, show
from server.identity.administration.lookup import Invalid
from server.publication import Connection

BATCH = 2000  # records; so many stay locked at a time
ROLLUPS = "select table_name, column_name from publish.published_rollup($1, $2, $3)"
NEXT = "select * from publish.rebuild_batch($1, $2, $3, $4, $5, $6, $7)"
FIRST = UUID(int=0)


@click.command()
@click.argument("target", metavar="APP.ENTITY[.FIELD]")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a rollup is not right.")
@as_json
@coroutine
async def rebuild(target: str, check: bool, as_json: bool) -> None:
    """Compute rollups again, of all tenants, while people work."""
    app, entity, field = [*target.split("."), None, None][:3]
    async with administration() as connection:
        await app_named(connection, str(app))
        found = await connection.fetch(ROLLUPS, app, entity, field)
        if not found:
            raise Invalid(f"there is no rollup {target}")
        rows = [await rebuilt(connection, str(app), *rollup.values(), check=check) for rollup in found]
    if as_json:
        show(rows, as_json)
    else:
        for row in rows:
            said = "differ" if check else "differed, now right"
            click.echo(f"{row['rollup']}: {row['examined']} records, {row['different']} {said}")
    if check and any(row["different"] for row in rows):
        click.get_current_context().exit(NO)


async def rebuilt(
    connection: Connection, app: str, entity: str, field: str, *, check: bool
) -> dict[str, object]:
    """One rollup of all records, each batch in a transaction of its own."""
    tenant_id, record_id, examined, different = FIRST, FIRST, 0, 0
    while True:
        async with connection.transaction():
            row = await connection.fetchrow(NEXT, app, entity, field, check, tenant_id, record_id, BATCH)
        assert row is not None
        examined, different = examined + row["examined"], different + row["different"]
        if row["examined"] < BATCH:
            return {"rollup": f"{app}.{entity}.{field}", "examined": examined, "different": different}
        tenant_id, record_id = row["tenant_id"], row["id"]
