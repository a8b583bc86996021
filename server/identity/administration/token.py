"""API tokens."""

from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from server.identity import tokens
from server.identity.administration.lookup import Refused, UnknownName, member_of, refuse_unknown_roles


async def create_token(
    connection: "Connection[Record]",
    email: str,
    *,
    tenant: str,
    name: str = "command line",
    roles: tuple[str, ...] = (),
    expires_at: datetime | None = None,
) -> str:
    """Create an API token of a member; without `roles` it may what its owner may."""
    token = tokens.new_token()
    async with connection.transaction():
        tenant_id, user_id = await member_of(connection, tenant, email)
        await refuse_unknown_roles(connection, tenant_id, roles)
        held = await connection.fetchval(
            "select identity.granted_roles($1, $2, $3)", tenant_id, user_id, list(roles)
        )
        if missing := set(roles) - set(held):
            raise Refused(f"{email} has no role {', '.join(sorted(missing))} in {tenant}")
        await connection.execute(
            "insert into identity.token (hash, tenant_id, user_id, name, roles, expires_at)"
            " values ($1, $2, $3, $4, $5, $6)",
            tokens.digest(token),
            tenant_id,
            user_id,
            name,
            list(roles) or None,
            expires_at,
        )
        await connection.execute("select identity.create_role_sets()")
    return token


async def revoke_token(connection: "Connection[Record]", token_id: UUID) -> None:
    """End an API token."""
    found = await connection.fetchval(
        "update identity.token set revoked_at = coalesce(revoked_at, now())"
        " where token_id = $1 returning token_id",
        token_id,
    )
    if found is None:
        raise UnknownName(f"there is no token {token_id}")
