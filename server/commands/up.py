"""`qryvanta up`: everything in one command."""

import asyncio
import http.client
import secrets
from dataclasses import dataclass

import asyncpg
import click

from server.commands.demo import load_northwind
from server.commands.process import (
    require_free_port,
    server_command,
    supervise,
    terminable,
    worker_command,
)
from server.identity.administration.tenant import create_tenant
from server.identity.administration.user import create_first_user
from server.installation.access import installation
from server.installation.preparation import prepare
from server.settings import Settings, load

EMAIL = "admin@example.com"
DEMO_TENANT = "demo"
FIRST_TENANT = "main"


@click.command()
@click.option("--no-demo", is_flag=True, help="Do not load the Northwind example.")
@click.option("--email", default=EMAIL, show_default=True, help="Of the first administrator.")
def up(no_demo: bool, email: str) -> None:
    """Database, migrations, first administrator, example, server and worker, until Ctrl-C."""
    own = load().embedded
    with terminable(), installation(stops=True) as settings:
        require_free_port(settings)
        administrator = asyncio.run(_prepare(settings, own, email, demo=not no_demo))
        supervise(
            {"server": server_command(settings), "worker": worker_command()},
            settings,
            lambda: _announce(settings, administrator),
        )


@dataclass(frozen=True)
class Administrator:
    """The first administrator, who was made just now."""

    email: str
    password: str


async def _prepare(settings: Settings, own: bool, email: str, demo: bool) -> Administrator | None:
    """Everything before the start; each step does nothing where it was done before."""
    click.echo("Preparing the database …")
    await prepare(settings, own)
    connection = await asyncpg.connect(settings.required("database_url"))
    try:
        administrator = await _first_administrator(connection, email, DEMO_TENANT if demo else FIRST_TENANT)
        if administrator:
            # Said at once as well: what follows may be interrupted, and the password is stored nowhere.
            click.echo(f"First administrator: {administrator.email}, password {administrator.password}")
        if demo:
            await load_northwind(connection, settings, DEMO_TENANT)
    finally:
        await connection.close()
    return administrator


async def _first_administrator(
    connection: "asyncpg.Connection[asyncpg.Record]", email: str, tenant: str
) -> Administrator | None:
    """The first tenant and its owner; None when this installation has users already."""
    async with connection.transaction():
        if await connection.fetchval("select exists (select from identity.account)"):
            return None
        if not await connection.fetchval(
            "select exists (select from tenancy.tenant where name = $1)", tenant
        ):
            await create_tenant(connection, tenant)
        password = secrets.token_urlsafe(12)
        created = await create_first_user(connection, email, tenant=tenant, password=password)
        return Administrator(email, password) if created else None


def _announce(settings: Settings, administrator: Administrator | None) -> bool:
    """Say where the server is as soon as it answers; False before."""
    if not _answers(settings):
        return False
    click.echo(f"\nQryvanta is at  {settings.public_url}")
    if administrator:
        click.echo(f"Sign in as      {administrator.email}")
        click.echo(f"Password        {administrator.password}   (stored nowhere: note it now)")
    else:
        click.echo("Sign in as before; qryvanta user password EMAIL sets a new password.")
    click.echo("Ctrl-C stops everything.\n")
    return True


def _answers(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
