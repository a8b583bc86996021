"""`qryvanta app diff` and `rollback`: published versions, compared and published again."""

import sys
from itertools import groupby
from operator import itemgetter
from typing import Any

import asyncpg
import click

from server import publication, versions
from server.commands.administration import administration
from server.commands.app import (
    allow_data_loss_option,
    app_named,
    confirmed,
    publish_and_show,
    show_steps,
)
from server.commands.execution import coroutine
from server.commands.failure import NO, USAGE, failure
from server.commands.output import as_json, show

DRAFT = "draft"


@click.command()
@click.argument("name", metavar="APP")
@click.argument("numbers", metavar="[V1] [V2]", nargs=-1)
@click.option("--sql", is_flag=True, help="The statements between them instead of words.")
@as_json
@coroutine
async def diff(name: str, numbers: tuple[str, ...], sql: bool, as_json: bool) -> None:
    """Show what differs between two versions of APP, in words or as SQL.

    A version is its number, or `draft`. With one of them the version in force is compared with it, with
    none the version in force with the draft.
    """
    if len(numbers) > 2:
        raise failure("two versions can be compared, not more", USAGE)
    async with administration() as connection:
        app_id = await app_named(connection, name)
        in_force = await versions.in_force(connection, app_id)
        old = number_of(numbers[0]) if len(numbers) == 2 else in_force
        new = number_of(numbers[-1]) if numbers else versions.DRAFT
        try:
            if sql:
                show_statements(await versions.statements(connection, app_id, old, new), as_json)
            else:
                show_differences(await versions.difference(connection, app_id, old, new), as_json)
        except (asyncpg.NoDataFoundError, asyncpg.ObjectNotInPrerequisiteStateError) as error:
            raise failure(str(error), NO) from error


@click.command()
@click.argument("name", metavar="APP")
@click.argument("number", metavar="VERSION", type=int)
@click.option("--plan", "only_plan", is_flag=True, help="Show what would change, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before publishing.")
@allow_data_loss_option
@as_json
@coroutine
async def rollback(
    name: str, number: int, only_plan: bool, yes: bool, allow_data_loss: bool, as_json: bool
) -> None:
    """Publish VERSION of APP again, as a new version. It becomes the draft as well."""
    async with administration() as connection:
        app_id = await app_named(connection, name)
        transaction = connection.transaction()
        await transaction.start()
        unpublished = await versions.restore(connection, app_id, number)
        planned = await publication.plan(connection, app_id)
        if only_plan:
            show_steps(planned, as_json)
        if only_plan or not agreed(unpublished, planned, yes, as_json):
            await transaction.rollback()
            return
        await transaction.commit()
        await publish_and_show(connection, app_id, f"rollback to version {number}", allow_data_loss, as_json)


def agreed(unpublished: bool, planned: list[publication.Step], yes: bool, as_json: bool) -> bool:
    """Whether to go back; a draft with work in it is not thrown away unasked."""
    if unpublished and not yes:
        lost = "the draft has changes that were never published and would be lost"
        if as_json or not sys.stdin.isatty():
            raise failure(f"{lost}; say that this is meant with --yes", NO)
        click.echo(f"Mind that {lost}.", err=True)
    return confirmed(planned, yes, as_json)


def number_of(version: str) -> int | None:
    """The number of a version; None for the draft."""
    if version == DRAFT:
        return None
    if not version.isdecimal():
        raise failure(f"{version} is no version: a number, or {DRAFT}", USAGE)
    return int(version)


def show_differences(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show(rows, as_json)
        return
    for row in rows:
        click.echo(row["sentence"])
    if not rows:
        click.echo("Nothing differs.")


def show_statements(rows: list[dict[str, Any]], as_json: bool) -> None:
    """SQL that can be read, with a comment where it comes from."""
    if as_json:
        show(rows, as_json)
        return
    for source, part in groupby(rows, key=itemgetter("source")):
        click.echo(f"-- {source}")
        for row in part:
            click.echo(f"{row['statement'].rstrip(';')};")
    if not rows:
        click.echo("-- nothing differs")
