"""Tenants."""

import re
from uuid import UUID

from asyncpg import Connection, Record
from asyncpg.exceptions import UniqueViolationError

from server.identity.administration.lookup import Invalid, Refused


async def create_tenant(connection: "Connection[Record]", name: str, label: str | None = None) -> UUID:
    """Create a tenant; `label` is what people read."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,47}", name):
        raise Invalid(
            f"{name!r} is no name: 1 to 48 lower-case letters, digits and _, beginning with a letter"
        )
    try:
        tenant_id = await connection.fetchval(
            "insert into tenancy.tenant (name, label) values ($1, $2) returning tenant_id",
            name,
            label or name.replace("_", " ").capitalize(),
        )
    except UniqueViolationError:
        raise Refused(f"there is a tenant {name} already") from None
    return UUID(bytes=tenant_id.bytes)
