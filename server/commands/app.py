"""`qryvanta app`: models of applications, from a manifest to native tables and back."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import click

from server import publication
from server import versions as kept_versions
from server.commands.administration import administration
from server.commands.breaks import show_breaks
from server.commands.execution import coroutine
from server.commands.failure import NO, UNUSABLE, failure
from server.commands.output import as_json, show
from server.commands.progress import steps_shown
from server.database import publisher, rollout
from server.manifest import ManifestError, canonical, load, to_json
from server.manifest.document import located

WITHOUT_LEAVE = "QP002"
IN_THE_WAY = "QP005"
RECORDS_BREAK_IT = "QP008"
LOST = (
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    ConnectionError,
)

allow_data_loss_option = click.option(
    "--allow-data-loss", is_flag=True, help="Also run the steps that lose data."
)


@click.group()
def app() -> None:
    """Models of applications: apply a manifest, plan, publish, export."""


@app.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", help="The tenant that owns the app; default: the only one.")
@click.option("--plan", "only_plan", is_flag=True, help="Show what would change, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before publishing.")
@allow_data_loss_option
@as_json
@coroutine
async def apply(
    file: Path, tenant: str | None, only_plan: bool, yes: bool, allow_data_loss: bool, as_json: bool
) -> None:
    """Make FILE the draft and publish it: all or nothing."""
    async with administration() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            app_id = await publication.store(connection, load(file), await owning_tenant(connection, tenant))
            planned = await publication.plan(connection, app_id)
            broken = [] if as_json else await kept_versions.breaks(connection, app_id)
        except ManifestError as error:
            raise refused(error, as_json) from None
        if only_plan or not confirmed(planned, yes, as_json):
            await transaction.rollback()
            if only_plan:
                show_steps(planned, as_json)
                show_breaks(broken)
            return
        await transaction.commit()
        await publish_and_show(connection, app_id, f"apply {file.name}", allow_data_loss, as_json)


@app.command()
@click.argument("name", metavar="APP")
@click.option("--breaks", "only_breaks", is_flag=True, help="Show only what it would break, not the steps.")
@as_json
@coroutine
async def plan(name: str, only_breaks: bool, as_json: bool) -> None:
    """Show what publishing the draft of APP would change, and what that breaks for others."""
    async with administration() as connection:
        app_id = await app_named(connection, name)
        broken = await kept_versions.breaks(connection, app_id) if only_breaks or not as_json else []
        if not only_breaks:
            show_steps(await publication.plan(connection, app_id), as_json)
    if as_json and only_breaks:
        show(broken, as_json)
    elif not as_json:
        show_breaks(broken)


@app.command()
@click.argument("name", metavar="APP")
@click.option("--only", metavar="ENTITY[,ENTITY]", help="Only these entities and what they need.")
@click.option("--reason", help="Why; kept with the version.")
@allow_data_loss_option
@as_json
@coroutine
async def publish(
    name: str, only: str | None, reason: str | None, allow_data_loss: bool, as_json: bool
) -> None:
    """Publish the draft of APP."""
    async with administration() as connection:
        app_id = await app_named(connection, name)
        if only is None:
            await publish_and_show(connection, app_id, reason, allow_data_loss, as_json)
        else:
            await publish_some(connection, app_id, only.split(","), reason, allow_data_loss, as_json)


@app.command()
@click.argument("name", metavar="APP")
@click.option("--version", "number", type=int, help="A published version instead of the draft.")
@click.option("--only", metavar="ENTITY[,ENTITY]", help="Only these entities and what they need.")
@as_json
@coroutine
async def export(name: str, number: int | None, only: str | None, as_json: bool) -> None:
    """Print the draft of APP as a manifest in its canonical form."""
    async with administration() as connection:
        app_id = await app_named(connection, name)
        try:
            kept = await kept_versions.manifest(connection, app_id, number, only.split(",") if only else ())
        except asyncpg.NoDataFoundError as error:
            raise failure(str(error), NO) from error
    text = canonical(kept)
    click.echo(to_json(load(text.encode()).data) if as_json else text, nl=as_json)


@app.command()
@click.argument("name", metavar="APP")
@as_json
@coroutine
async def versions(name: str, as_json: bool) -> None:
    """List the published versions of APP, the newest first."""
    async with administration() as connection:
        app_id = await app_named(connection, name)
        rows = await connection.fetch(
            """
            select
                v.number, v.published_at, coalesce(a.email, v.published_by) as published_by, v.reason,
                (select count(*) from publish.step s where s.version_id = v.version_id) as steps
            from publish.version v
            left join identity.account a on a.user_id = v.published_by_user_id
            where v.app_id = $1
            order by v.number desc
            """,
            app_id,
        )
    show([dict(row) for row in rows], as_json)


@app.command()
@click.argument("name", metavar="APP")
@click.option("--tenant", required=True, help="The tenant that gets the use of it.")
@coroutine
async def install(name: str, tenant: str) -> None:
    """Give a tenant the use of APP."""
    async with administration() as connection:
        await connection.execute(
            """
            insert into tenancy.installation (tenant_id, app_id)
            values ($1, $2)
            on conflict do nothing
            """,
            await owning_tenant(connection, tenant),
            await app_named(connection, name),
        )
    click.echo(f"{tenant} can use {name} now.")


async def app_named(connection: publication.Connection, name: str) -> UUID:
    """The id of an app; ends the command when there is none."""
    app_id: UUID | None = await connection.fetchval("select a.app_id from meta.app a where a.name = $1", name)
    if app_id is None:
        names = await connection.fetch("select a.name::text from meta.app a order by 1")
        known = ", ".join(row["name"] for row in names) or "none yet"
        raise click.UsageError(f"there is no app {name}; there are: {known}")
    return app_id


async def owning_tenant(connection: publication.Connection, name: str | None) -> UUID:
    """The id of the tenant that was named, or of the only one."""
    rows = await connection.fetch("select t.tenant_id, t.name from tenancy.tenant t order by t.name")
    found = [row for row in rows if name is None or row["name"] == name]
    if len(found) == 1:
        tenant_id: UUID = found[0]["tenant_id"]
        return tenant_id
    names = ", ".join(row["name"] for row in rows) or "none yet"
    if name is None:
        raise click.UsageError(f"say which tenant with --tenant; there are: {names}")
    raise click.UsageError(f"there is no tenant {name}; there are: {names}")


def confirmed(planned: Sequence[publication.Step], yes: bool, as_json: bool) -> bool:
    """Whether to publish: a person at a terminal is shown the plan and asked."""
    if yes or as_json or not planned or not sys.stdin.isatty():
        return True
    show_steps(planned, as_json)
    return click.confirm("Publish this?")


async def publish_and_show(
    connection: publication.Connection,
    app_id: UUID,
    reason: str | None,
    allow_data_loss: bool,
    as_json: bool,
) -> None:
    """Publish the draft and print what ran, with warnings; refusals end the command with 1."""
    broken = [] if as_json else await kept_versions.breaks(connection, app_id)
    try:
        with steps_shown() as report:
            ran = await publication.publish(
                connection, app_id, reason, allow_data_loss=allow_data_loss, report=report
            )
    except (publisher.BusyError, rollout.PublicationError) as error:
        raise failure(f"not published, nothing was changed: {error}.", NO) from error
    except LOST as error:
        # Whether the last transaction was committed is not known here.
        raise failure(
            "the database ended the connection. Publish again: it goes on where it stopped.", UNUSABLE
        ) from error
    except asyncpg.PostgresError as error:
        raise publishing_failure(error) from error
    show_breaks(broken, err=True)
    show_steps(ran, as_json)


async def publish_some(
    connection: publication.Connection,
    app_id: UUID,
    names: Sequence[str],
    reason: str | None,
    allow_data_loss: bool,
    as_json: bool,
) -> None:
    """Publish some entities of the draft and print what ran, and what came along."""
    try:
        along = await kept_versions.taken_along(connection, app_id, names)
        ran = await publication.publish_entities(
            connection, app_id, names, reason, allow_data_loss=allow_data_loss
        )
    except asyncpg.PostgresError as error:
        raise publishing_failure(error) from error
    if along:
        click.echo(f"Taken along: {', '.join(along)}", err=True)
    show_steps(ran, as_json)


def publishing_failure(error: asyncpg.PostgresError) -> click.ClickException:
    """A refusal by the database in words; nothing was changed."""
    hint = ""
    if error.sqlstate == WITHOUT_LEAVE:
        hint = " Say that this is meant with --allow-data-loss."
    elif error.sqlstate == IN_THE_WAY:
        hint = f" Remedy: {error.hint}."
    elif error.sqlstate == RECORDS_BREAK_IT:
        hint = " " + str(error.hint)
    message = getattr(error, "message", None) or str(error)
    return failure(f"not published, nothing was changed: {message}.{hint}", NO)


def refused(error: ManifestError, as_json: bool) -> click.ClickException:
    """A manifest with mistakes: every one on a line of its own."""
    if as_json:
        show(
            [{"path": p.path, "message": p.message, "line": p.line} for p in error.problems],
            as_json,
        )
    else:
        for problem in error.problems:
            click.echo(located(problem, error.name), err=True)
    count = len(error.problems)
    return failure(f"{error.name} has {count} mistake{'' if count == 1 else 's'}; nothing was changed.", NO)


def show_steps(steps: Sequence[publication.Step], as_json: bool) -> None:
    """A plan as JSON, or in words: what is not plainly safe line by line, the rest as counts."""
    if as_json:
        show([as_row(step) for step in steps], as_json)
        return
    if not steps:
        click.echo("Nothing differs.")
        return
    noteworthy = [step for step in steps if step.risk != "safe"]
    if noteworthy:
        show([noted(step) for step in noteworthy], False)
    safe = Counter(step.kind for step in steps if step.risk == "safe")
    for kind, count in safe.items():
        click.echo(f"safe: {kind.replace('_', ' ')}: {count}")
    risks = Counter(step.risk for step in steps)
    click.echo(f"{len(steps)} steps: " + ", ".join(f"{count} {risk}" for risk, count in risks.items()))


def noted(step: publication.Step) -> dict[str, Any]:
    """What a person should know of a step."""
    return {
        "phase": step.phase,
        "risk": step.risk,
        "lock": step.lock,
        "rows": step.estimated_rows,
        "step": step.kind,
        "target": step.target,
        "why": step.why,
    }


def as_row(step: publication.Step) -> dict[str, Any]:
    return dict(vars(step))
