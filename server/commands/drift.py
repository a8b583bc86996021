"""`qryvanta drift`: is the database what was published?"""

from typing import Any
from uuid import UUID

import asyncpg
import click

from server import drift as drifting
from server.adoption.changes import adopt_drift
from server.commands.administration import administration
from server.commands.app import allow_data_loss_option, app_named, publishing_failure
from server.commands.execution import coroutine
from server.commands.failure import NO, failure
from server.commands.output import as_json, show
from server.database.publisher import BusyError
from server.publication import Connection

PUBLISHED = "select a.name::text, a.app_id from meta.app a where a.published_version is not null order by 1"


@click.command()
@click.argument("name", metavar="APP", required=False)
@click.option("--repair", is_flag=True, help="Make the database again what was published.")
@click.option("--adopt", is_flag=True, help="Take what was changed by hand into the draft.")
@allow_data_loss_option
@as_json
@coroutine
async def drift(name: str | None, repair: bool, adopt: bool, allow_data_loss: bool, as_json: bool) -> None:
    """Explain what differs between the published model and the database; exit 1 when something does."""
    if repair and adopt:
        raise click.UsageError("either --repair or --adopt")
    rows: list[dict[str, Any]] = []
    repaired = 0
    async with administration() as connection:
        if name is not None:
            await app_named(connection, name)
        for app in await connection.fetch(PUBLISHED):
            if name not in (None, app["name"]):
                continue
            if adopt:
                rows += await take_over(connection, app["name"], app["app_id"])
                continue
            if repair:
                repaired += await mend(connection, app["app_id"], allow_data_loss)
            found = await drifting.differences(connection, app["app_id"])
            rows += [{"app": app["name"], **vars(difference)} for difference in found]
    if adopt:
        report_adoption(rows, as_json)
        rows = [row for row in rows if not row["adopted"]]
    else:
        report(rows, repaired, as_json)
    if rows:
        click.get_current_context().exit(NO)


async def mend(connection: Connection, app_id: UUID, allow_data_loss: bool) -> int:
    """How many statements ran to repair an app."""
    try:
        return len(await drifting.repair(connection, app_id, allow_data_loss=allow_data_loss))
    except BusyError as error:
        raise failure(f"not repaired, nothing was changed: {error}.", NO) from error
    except asyncpg.PostgresError as error:
        raise publishing_failure(error) from error


async def take_over(connection: Connection, name: str, app_id: UUID) -> list[dict[str, Any]]:
    """What became of each difference."""
    return [
        {
            "app": name,
            "object": outcome.difference.object,
            "target": outcome.difference.target,
            "adopted": outcome.adopted,
            "words": outcome.words,
        }
        for outcome in await adopt_drift(connection, app_id)
    ]


def report_adoption(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print what the draft took over, and what it did not with the reason."""
    if as_json:
        show(rows, as_json)
        return
    for row in rows:
        click.echo(f"{row['target']}: {'' if row['adopted'] else 'not adopted: '}{row['words']}")
    names = sorted({row["app"] for row in rows if row["adopted"]})
    for name in names:
        click.echo(f"The draft of {name} has changed: qryvanta app plan {name}, then publish.")
    if not names:
        click.echo("No drift." if not rows else "Nothing could be adopted.")


def report(rows: list[dict[str, Any]], repaired: int, as_json: bool) -> None:
    """Print the differences that are there (after a repair: still there), or that there is none."""
    if as_json:
        show(rows, as_json)
        return
    if repaired:
        click.echo(f"{repaired} statements repaired what differed.")
    for row in rows:
        click.echo(f"{row['target']}: {row['difference']}")
        if row["changed_by"]:
            click.echo(f"    last changed by {row['changed_by']} {row['changed_at']:%Y-%m-%d %H:%M:%S} UTC:")
            click.echo(indented(row["query"], "        "))
        risk = "" if row["risk"] == "safe" else f"  -- {row['risk']}"
        click.echo(indented(row["statement"] + ";" + risk, "    → "))
    count = len(rows)
    click.echo(
        f"{count} difference{'' if count == 1 else 's'}"
        if rows
        else "No drift: the database is what was published."
    )


def indented(text: str, margin: str) -> str:
    """Lines of a text under its subject, the first with the mark."""
    return margin + text.strip().replace("\n", "\n" + " " * len(margin))
