"""`qryvanta data`: records in and out of files."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import click

from server.commands.exchange import Place, find_place, worker
from server.commands.execution import coroutine
from server.commands.failure import NO, failure
from server.commands.outcome import progress, report
from server.commands.output import as_json
from server.commands.rebuild import rebuild
from server.exchange.extract import Format, give_out
from server.exchange.header import read_header
from server.exchange.intake import Options, Outcome, take_in
from server.exchange.plan import make_plan
from server.exchange.refusal import FileError, MappingError
from server.expressions import ExpressionError
from server.identity.administration.lookup import Invalid
from server.installation.access import installation
from server.settings import Settings

USAGE = 2


@click.group()
def data() -> None:
    """Records in and out of files."""


data.add_command(rebuild)


@data.command("import")
@click.argument("target", metavar="APP.ENTITY")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="Whose records they become.")
@click.option("--key", help="Fields, joined by commas, that tell whether a record is there already.")
@click.option(
    "--map", "pairs", multiple=True, metavar="CSVCOLUMN=PATH", help="Where a column goes; empty: nowhere."
)
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Import what is good; the rest goes here.",
)
@as_json
@coroutine
async def import_(
    target: str,
    file: Path,
    tenant: str,
    key: str | None,
    pairs: tuple[str, ...],
    dry_run: bool,
    rejects: Path | None,
    as_json: bool,
) -> None:
    """Import a CSV file: new records are made, those with the same key are changed."""
    fields = tuple(part.strip() for part in key.split(",")) if key else ()
    with refusals(), installation() as settings, progress(file) as advance:
        options = Options(dry_run=dry_run, rejects=rejects, advance=advance)
        outcome = await import_file(settings, target, file, tenant, _mapping(pairs), fields, options)
    report(outcome, dry_run, as_json)
    if outcome.rejected:
        sys.exit(NO)


@data.command("export")
@click.argument("target", metavar="APP.ENTITY")
@click.option("--tenant", required=True, help="Whose records.")
@click.option("--where", metavar="EXPR", help="Only the records for which this is true.")
@click.option("--format", "form", type=click.Choice(["csv", "ndjson"]), default="csv", show_default=True)
@coroutine
async def export(target: str, tenant: str, where: str | None, form: Format) -> None:
    """Write records to the standard output."""
    with refusals(), installation() as settings:
        place = await _place(settings, target, tenant)
        async with worker(settings) as connection:
            await give_out(
                connection,
                place.app,
                place.entity,
                place.actor("command"),
                sys.stdout.buffer,
                where=where,
                form=form,
                time_zone=place.time_zone,
            )


async def import_file(
    settings: Settings,
    target: str,
    file: Path,
    tenant: str,
    mapping: dict[str, str],
    key: tuple[str, ...] = (),
    options: Options | None = None,
) -> Outcome:
    """Import `file` into `target` (APP.ENTITY) of a tenant."""
    place = await _place(settings, target, tenant)
    header = read_header(file, mapping)
    plan = make_plan(place.app, place.entity, place.tenant_id, header, key, place.first_id)
    options = replace(options or Options(), time_zone=place.time_zone)
    async with worker(settings) as connection:
        return await take_in(connection, plan, file, place.actor("import"), options)


@contextmanager
def refusals() -> Iterator[None]:
    """What was typed wrongly ends with exit code 2, a file that cannot be read with 1."""
    try:
        yield
    except (Invalid, MappingError, ExpressionError) as error:
        raise failure(str(error), USAGE) from error
    except FileError as error:
        raise failure(str(error), NO) from error
    except BrokenPipeError:
        # Whoever reads our output has seen enough; Python would still try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _place(settings: Settings, target: str, tenant: str) -> Place:
    connection = await asyncpg.connect(settings.required("database_url"))
    try:
        return await find_place(connection, target, tenant)
    finally:
        await connection.close()


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    """`COLUMN=PATH` pairs; a name of a column may have a = in it, a PATH has none."""
    mapping = {}
    for pair in pairs:
        column, sign, path = pair.rpartition("=")
        if not sign or column in mapping:
            reason = "names a column twice" if sign else "is not CSVCOLUMN=PATH"
            raise click.UsageError(f"--map {pair} {reason}")
        mapping[column] = path.strip()
    return mapping
