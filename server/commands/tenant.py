"""`qryvanta tenant`: organisations whose data nobody else sees."""

import click

from server.commands.administration import administration
from server.commands.execution import coroutine
from server.commands.output import as_json, show
from server.identity.administration.tenant import create_tenant

LIST = """
    select
        t.name, t.label, t.time_zone, t.created_at,
        (select count(*) from identity.member m where m.tenant_id = t.tenant_id) as members,
        array(
            select a.name::text
            from tenancy.installation i
            join meta.app a on a.app_id = i.app_id
            where i.tenant_id = t.tenant_id
            order by 1
        ) as apps
    from tenancy.tenant t
    order by t.name
"""


@click.group()
def tenant() -> None:
    """Organisations whose data nobody else sees."""


@tenant.command()
@click.argument("name")
@click.option("--label", help="What people read; default: from the name.")
@as_json
@coroutine
async def create(name: str, label: str | None, as_json: bool) -> None:
    """Create a tenant."""
    async with administration() as connection:
        tenant_id = await create_tenant(connection, name, label)
    if as_json:
        show([{"name": name, "tenant_id": tenant_id}], as_json)
    else:
        click.echo(f"Created tenant {name}.")


@tenant.command("list")
@as_json
@coroutine
async def index(as_json: bool) -> None:
    """List the tenants."""
    async with administration() as connection:
        rows = [dict(row) for row in await connection.fetch(LIST)]
    if not as_json:
        rows = [{**row, "apps": ", ".join(row["apps"])} for row in rows]
    show(rows, as_json)
