"""`qryvanta bi`: direct SQL logins for BI tools."""

from urllib.parse import urlsplit, urlunsplit

import click

from server.commands.administration import administration
from server.commands.execution import coroutine
from server.commands.output import as_json, show
from server.identity.administration.database_login import create_database_login, drop_database_login
from server.installation.access import installation

# The role is what the login is a member of: the catalogue knows, so nothing else has to.
LIST = """
    select
        l.login, t.name as tenant,
        (
            select string_agg(g.rolname, ', ' order by g.rolname)
            from pg_catalog.pg_auth_members a
            join pg_catalog.pg_roles g on g.oid = a.roleid
            where a.member = r.oid
        ) as member_of,
        m.email as user, l.created_at,
        (select count(*) from pg_catalog.pg_stat_activity s where s.usename = l.login) as sessions
    from tenancy.database_login l
    join tenancy.tenant t on t.tenant_id = l.tenant_id
    left join pg_catalog.pg_roles r on r.rolname = l.login
    left join identity.member m on m.tenant_id = l.tenant_id and m.user_id = l.user_id
    order by t.name, l.created_at
"""


@click.group()
def bi() -> None:
    """Direct SQL logins for BI tools."""


@bi.command()
@click.option("--tenant", required=True, help="The one tenant that the login sees.")
@click.option(
    "--role", required=True, help="app.role, or owner for all apps: it reads what this role may read."
)
@click.option("--user", "email", help="Rows of scope own are this member's; disabling them ends the login.")
@as_json
@coroutine
async def create(tenant: str, role: str, email: str | None, as_json: bool) -> None:
    """Print the connection string of a new login, this once."""
    async with administration() as connection:
        created = await create_database_login(connection, tenant=tenant, role=role, email=email)
    with installation() as settings:
        url = address(settings.required("database_url"), created.login, created.password)
    if as_json:
        show([{"login": created.login, "url": url}], as_json)
    else:
        click.echo(url)


@bi.command("list")
@as_json
@coroutine
async def index(as_json: bool) -> None:
    """List the logins."""
    async with administration() as connection:
        show([dict(row) for row in await connection.fetch(LIST)], as_json)


@bi.command()
@click.argument("login")
@coroutine
async def revoke(login: str) -> None:
    """End a login and its sessions."""
    async with administration() as connection:
        await drop_database_login(connection, login)
    click.echo("Revoked.")


def address(administrator_url: str, login: str, password: str) -> str:
    """The administrator's address of the database, for another login."""
    parts = urlsplit(administrator_url)
    return urlunsplit(parts._replace(netloc=f"{login}:{password}@{parts.netloc.rpartition('@')[2]}"))
