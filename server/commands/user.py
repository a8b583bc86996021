"""`qryvanta user`: people, their tenants and their roles."""

import secrets
import sys

import click

from server.commands.administration import administration
from server.commands.execution import coroutine
from server.commands.failure import failure
from server.commands.output import as_json, show
from server.identity.administration import user as people

LIST = """
    select
        a.email, a.name, t.name as tenant,
        case when a.disabled_at is null then coalesce(m.state, 'active') else 'disabled' end as state,
        coalesce(identity.granted_roles(m.tenant_id, m.user_id), '{}') as roles,
        (
            select max(s.created_at) from identity.session s
            where s.user_id = a.user_id and s.tenant_id = m.tenant_id
        ) as last_sign_in
    from identity.account a
    left join identity.member m on m.user_id = a.user_id
    left join tenancy.tenant t on t.tenant_id = m.tenant_id
    order by a.email, t.name
"""

in_tenant = click.option("--tenant", required=True, help="The tenant.")
roles_option = click.option(
    "--role", "roles", multiple=True, help="app.role, or owner, builder, auditor, operator; repeatable."
)
password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def user() -> None:
    """People, their tenants and their roles."""


@user.command()
@click.argument("email")
@in_tenant
@roles_option
@click.option("--name", help="The person's name; default: from the address.")
@password_stdin
@as_json
@coroutine
async def create(
    email: str, tenant: str, roles: tuple[str, ...], name: str | None, password_stdin: bool, as_json: bool
) -> None:
    """Create a user; who has an account already keeps its password."""
    async with administration() as connection:
        known = await people.has_account(connection, email)
        password, generated = ("", False) if known else _password(password_stdin)
        user_id = await people.create_user(
            connection, email, tenant=tenant, password=password, name=name, roles=roles
        )
    if as_json:
        row = {"email": email.strip().lower(), "user_id": user_id, "tenant": tenant, "roles": list(roles)}
        show([{**row, "password": password} if generated else row], as_json)
        return
    click.echo(f"{email} is a member of {tenant} now{'; the password stays as it is' if known else ''}.")
    if generated:
        click.echo(f"Password, shown this once: {password}")


@user.command("list")
@as_json
@coroutine
async def index(as_json: bool) -> None:
    """List the users, once for each tenant they belong to."""
    async with administration() as connection:
        rows = [dict(row) for row in await connection.fetch(LIST)]
    if not as_json:
        rows = [{**row, "roles": ", ".join(row["roles"])} for row in rows]
    show(rows, as_json)


@user.command()
@click.argument("email")
@coroutine
async def disable(email: str) -> None:
    """End everything a user can do, at once: sessions, API tokens, direct SQL logins."""
    async with administration() as connection:
        orphans = await people.disable_user(connection, email)
    click.echo(f"{email} is disabled.")
    for orphan in orphans:
        click.echo(f"Tenant {orphan} has no owner any more.", err=True)


@user.command()
@click.argument("email")
@in_tenant
@roles_option
@coroutine
async def grant(email: str, tenant: str, roles: tuple[str, ...]) -> None:
    """Give a member more roles."""
    async with administration() as connection:
        await people.grant_roles(connection, email, tenant=tenant, roles=_some(roles))
    click.echo(f"{email} has {', '.join(roles)} in {tenant} now.")


@user.command()
@click.argument("email")
@in_tenant
@roles_option
@coroutine
async def revoke(email: str, tenant: str, roles: tuple[str, ...]) -> None:
    """Take roles from a member."""
    async with administration() as connection:
        await people.revoke_roles(connection, email, tenant=tenant, roles=_some(roles))
    click.echo(f"{email} has no {', '.join(roles)} in {tenant} now.")


@user.command("password")
@click.argument("email")
@password_stdin
@coroutine
async def set_password(email: str, password_stdin: bool) -> None:
    """Set a user's password and sign them out everywhere."""
    password, generated = _password(password_stdin)
    async with administration() as connection:
        await people.set_password(connection, email, password)
    click.echo(f"{email} has a new password.")
    if generated:
        click.echo(f"Password, shown this once: {password}")


def _some(roles: tuple[str, ...]) -> tuple[str, ...]:
    if not roles:
        raise click.UsageError("Name at least one --role.")
    return roles


def _password(from_stdin: bool) -> tuple[str, bool]:
    """The password, and whether it was made up here and must be shown."""
    if from_stdin:
        # The line end belongs to echo, spaces may belong to the password.
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise failure("there is no password on standard input", 2)
        return password, False
    if sys.stdin.isatty():
        password = click.prompt(
            "Password (empty: make one up)",
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=True,
            err=True,
        )
        if password:
            return password, False
    return secrets.token_urlsafe(15), True
