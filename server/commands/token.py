"""`qryvanta token`: API tokens."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import click

from server.commands.administration import administration
from server.commands.execution import coroutine
from server.commands.output import as_json, show
from server.commands.span import SPAN
from server.identity.administration.token import create_token, revoke_token

LIST = """
    select
        k.token_id, k.name, m.email, t.name as tenant,
        coalesce(identity.granted_roles(k.tenant_id, k.user_id, k.roles), '{}') as roles,
        case
            when k.revoked_at is not null then 'revoked'
            when k.expires_at <= now() then 'expired'
            else 'valid'
        end as state,
        k.created_at, k.expires_at, k.last_used_at
    from identity.token k
    join identity.member m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
    join tenancy.tenant t on t.tenant_id = k.tenant_id
    order by t.name, m.email, k.created_at
"""


@click.group()
def token() -> None:
    """API tokens."""


@token.command()
@click.option("--user", "email", required=True, help="E-mail address of the member it acts for.")
@click.option("--tenant", required=True, help="The tenant it works in.")
@click.option("--role", "roles", multiple=True, help="What it may at most; default: all that the member may.")
@click.option("--expires", type=SPAN, help="How long it lasts, for example 30d; default: for ever.")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@as_json
@coroutine
async def create(
    email: str, tenant: str, roles: tuple[str, ...], expires: timedelta | None, name: str, as_json: bool
) -> None:
    """Print a new token, this once."""
    expires_at = datetime.now(UTC) + expires if expires else None
    async with administration() as connection:
        created = await create_token(
            connection, email, tenant=tenant, name=name, roles=roles, expires_at=expires_at
        )
    if as_json:
        show([{"token": created, "expires_at": expires_at}], as_json)
    else:
        click.echo(created)


@token.command("list")
@as_json
@coroutine
async def index(as_json: bool) -> None:
    """List the tokens, without their secret."""
    async with administration() as connection:
        rows = [dict(row) for row in await connection.fetch(LIST)]
    if not as_json:
        rows = [{**row, "roles": ", ".join(row["roles"])} for row in rows]
    show(rows, as_json)


@token.command()
@click.argument("token_id", type=click.UUID)
@coroutine
async def revoke(token_id: UUID) -> None:
    """End a token, named by its id in the list."""
    async with administration() as connection:
        await revoke_token(connection, token_id)
    click.echo("Revoked.")
