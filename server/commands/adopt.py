"""`qryvanta app adopt`: a plain schema becomes an app, with its rows."""

from pathlib import Path

import asyncpg
import click

from server.adoption.schema import NothingToAdopt, Result, adopt
from server.commands.administration import administration
from server.commands.app import app, owning_tenant, publishing_failure, refused
from server.commands.execution import coroutine
from server.commands.failure import NO, USAGE, failure
from server.commands.output import as_json, show
from server.manifest import ManifestError, canonical


@app.command("adopt")
@click.argument("schema")
@click.option("--tenant", help="The tenant whose records the rows become; default: the only one.")
@click.option("--name", help="The name of the app; default: like the schema.")
@click.option("--plan", "only_plan", is_flag=True, help="Show what would become of it, change nothing.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the manifest.")
@as_json
@coroutine
async def adopt_schema(
    schema: str, tenant: str | None, name: str | None, only_plan: bool, output: Path | None, as_json: bool
) -> None:
    """Make an app of the tables of SCHEMA and copy their rows; the schema itself is only read."""
    async with administration() as connection:
        try:
            tenant_id = await owning_tenant(connection, tenant)
            result = await adopt(connection, schema, tenant_id, name, only_plan=only_plan)
        except NothingToAdopt as error:
            raise failure(str(error), USAGE) from None
        except ManifestError as error:
            raise refused(error, as_json) from None
        except asyncpg.PostgresError as error:
            raise publishing_failure(error) from error
    save(result, output)
    report(result, only_plan, as_json)
    if any(count.rows != count.records for count in result.counts):
        click.get_current_context().exit(NO)


def save(result: Result, output: Path | None) -> None:
    """Write the manifest where it was asked for."""
    if output is not None:
        output.write_text(canonical(result.manifest.data))


def report(result: Result, only_plan: bool, as_json: bool) -> None:
    """Print what is not as it was, and the rows of each table."""
    if as_json:
        notes = [{"object": note.object, "note": note.reason} for note in result.notes]
        show([{"app": result.app, "notes": notes, "tables": [vars(count) for count in result.counts]}], True)
        return
    for note in result.notes:
        click.echo(f"{note.object}: {note.reason}")
    if only_plan:
        entities = len(result.manifest.data["entities"])
        relations = len(result.manifest.data.get("relations", []))
        click.echo(f"{result.app} would have {entities} entities and {relations} relations.")
        return
    show([vars(count) for count in result.counts], False)
    click.echo(f"{sum(count.records for count in result.counts)} records are in {result.app} now.")
