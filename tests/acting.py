"""Do something in the database as a role of an app, in a tenant, as a user."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def acting(
    connection: Connection, role: str, tenant_id: UUID | None, user_id: UUID | None = None, **settings: str
) -> AsyncIterator[Connection]:
    """A transaction as `role`; committed at the end, rolled back when something is raised."""
    said = {"tenant_id": str(tenant_id or ""), "user_id": str(user_id or ""), **settings}
    async with connection.transaction():
        for name, value in said.items():
            await connection.execute("select set_config($1, $2, true)", f"qryvanta.{name}", value)
        await connection.execute(f'set local role "{role}"')
        yield connection


async def member(connection: Connection, tenant_id: UUID, email: str) -> UUID:
    """The id of a new user who is a member of the tenant."""
    user_id: UUID = await connection.fetchval(
        "insert into identity.account (email, name) values ($1, $1) returning user_id", email
    )
    await connection.execute(
        "insert into identity.member (tenant_id, user_id, name, email) values ($1, $2, $3, $3)",
        tenant_id,
        user_id,
        email,
    )
    return user_id


def row(record: asyncpg.Record | None) -> dict[str, Any]:
    """A record as a dict."""
    assert record is not None
    return dict(record)
