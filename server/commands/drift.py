"""`qryvanta drift`: is the database what was published?"""

from uuid import UUID

import asyncpg
import click

from server import publication
from server.commands.administration import administration
from server.commands.app import (
    allow_data_loss_option,
    app_named,
    as_row,
    publishing_failure,
)
from server.commands.execution import coroutine
from server.commands.failure import NO
from server.commands.output import as_json, show

PUBLISHED = "select a.name::text, a.app_id from meta.app a where a.published_version is not null order by 1"


@click.command()
@click.argument("name", metavar="APP", required=False)
@click.option("--repair", is_flag=True, help="Make the database again what was published.")
@allow_data_loss_option
@as_json
@coroutine
async def drift(name: str | None, repair: bool, allow_data_loss: bool, as_json: bool) -> None:
    """Show what differs between the published model and the database; exit 1 when something does."""
    rows = []
    async with administration() as connection:
        if name is not None:
            await app_named(connection, name)
        for app in await connection.fetch(PUBLISHED):
            if name in (None, app["name"]):
                steps = await differences(connection, app["app_id"], repair, allow_data_loss)
                rows += [{"app": app["name"], **as_row(step)} for step in steps]
    report(rows, repair, as_json)
    if rows and not repair:
        click.get_current_context().exit(NO)


async def differences(
    connection: publication.Connection, app_id: UUID, repair: bool, allow_data_loss: bool
) -> list[publication.Step]:
    """What differs, or what was done about it."""
    if not repair:
        return await publication.drift(connection, app_id)
    try:
        return await publication.repair(connection, app_id, allow_data_loss=allow_data_loss)
    except asyncpg.PostgresError as error:
        raise publishing_failure(error) from error


def report(rows: list[dict[str, object]], repair: bool, as_json: bool) -> None:
    """Print the differences, or that there is none."""
    if as_json:
        show(rows, as_json)
    elif not rows:
        click.echo("No drift: the database is what was published.")
    else:
        for row in rows:
            click.echo(f"{row['target']}: {row['why']}")
            click.echo(f"    {row['statement']}")
        click.echo(f"{len(rows)} {'differences repaired' if repair else 'differences'}")
