"""`qryvanta app preflight`, `remedy`, `dropped`, `undrop` and `purge`: what a change does to records."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import click

from server import publication, quarantine, remedies
from server.commands.administration import administration
from server.commands.app import app_named
from server.commands.execution import coroutine
from server.commands.failure import NO, USAGE, failure
from server.commands.output import as_json, show
from server.commands.span import SPAN


@click.command()
@click.argument("name", metavar="APP")
@as_json
@coroutine
async def preflight(name: str, as_json: bool) -> None:
    """List the records that the draft of APP would break, with the remedies there are.

    Ends with 1 when there are any.
    """
    async with administration() as connection:
        found = await publication.preflight(connection, await app_named(connection, name))
    show(
        [
            {
                "path": item.path,
                "rule": item.rule,
                "message": item.message,
                "records": item.broken,
                "examples": ", ".join(map(str, item.sample)) if not as_json else item.sample,
                "remedies": ", ".join(item.remedies) if not as_json else item.remedies,
            }
            for item in found
        ],
        as_json,
    )
    if found:
        raise SystemExit(NO)


@click.command()
@click.argument("name", metavar="APP")
@click.argument("path", metavar="ENTITY.FIELD")
@click.option("--fill", metavar="EXPR", help="Give records without a value this one.")
@click.option("--map", "pairs", metavar="OLD=NEW", multiple=True, help="Replace a value by another.")
@click.option("--clear", is_flag=True, help="Empty what breaks a check of the field.")
@click.option("--new-rows-only", is_flag=True, help="Let the checks, or the rule, hold for new rows only.")
@click.option("--forget", is_flag=True, help="Take back what was decided.")
@coroutine
async def remedy(
    name: str,
    path: str,
    fill: str | None,
    pairs: tuple[str, ...],
    clear: bool,
    new_rows_only: bool,
    forget: bool,
) -> None:
    """Decide what becomes of records that the draft of APP would break; done by the next publish."""
    if sum(map(bool, (fill, pairs, clear, new_rows_only, forget))) != 1:
        raise failure("say one of --fill, --map, --clear, --new-rows-only and --forget", USAGE)
    async with administration() as connection:
        app_id = await app_named(connection, name)
        try:
            if fill:
                await remedies.fill(connection, app_id, path, fill)
            elif pairs:
                await remedies.replace(connection, app_id, path, dict(pair(text) for text in pairs))
            elif clear:
                await remedies.clear(connection, app_id, path)
            elif new_rows_only:
                await remedies.keep_for_new_rows(connection, app_id, path)
            else:
                await remedies.forget(connection, app_id, path)
        except remedies.RemedyError as error:
            raise failure(str(error), USAGE) from error
    click.echo(f"Kept for the next publish of {name}.")


def pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals:
        raise failure(f"--map {text}: write OLD=NEW", USAGE)
    return old, new


@click.command()
@click.argument("name", metavar="APP")
@as_json
@coroutine
async def dropped(name: str, as_json: bool) -> None:
    """List what was dropped from APP and keeps its data."""
    async with administration() as connection:
        found = await quarantine.dropped(connection, await app_named(connection, name))
    show([vars(item) for item in found], as_json)


@click.command()
@click.argument("name", metavar="APP")
@click.argument("element", metavar="ELEMENT", type=click.UUID)
@coroutine
async def undrop(name: str, element: UUID) -> None:
    """Put a dropped entity or field (its id, from `app dropped`) back into the draft of APP."""
    async with administration() as connection:
        try:
            await quarantine.undrop(connection, await app_named(connection, name), element)
        except quarantine.NotDroppedError as error:
            raise failure(str(error), NO) from error
    click.echo(f"It is in the draft again; publish {name} to have its data back.")


@click.command()
@click.argument("name", metavar="APP")
@click.option(
    "--older-than", type=SPAN, default="30d", show_default=True, help="What was dropped longer ago."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@coroutine
async def purge(name: str, older_than: timedelta, yes: bool, as_json: bool) -> None:
    """Delete for good what was dropped from APP. Nothing brings it back but a backup."""
    async with administration() as connection:
        app_id = await app_named(connection, name)
        doomed = await quarantine.dropped(connection, app_id, older_than)
        if doomed and not yes:
            show([vars(item) for item in doomed], False)
            click.confirm("Delete this for good?", abort=True)
        try:
            gone = await quarantine.purge(connection, app_id, older_than)
        except asyncpg.DependentObjectsStillExistError as error:
            raise failure(f"nothing was deleted: {error}. {error.detail}", NO) from error
    show(gone, as_json)
