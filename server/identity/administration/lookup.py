"""Names that an administrator types, and what they stand for."""

from uuid import UUID

from asyncpg import Connection, Record


class Invalid(Exception):
    """What was typed cannot be meant; the message says why."""


class UnknownName(Invalid):
    """Something that was named does not exist; the message says what does."""


class Refused(Exception):
    """It cannot be done; the message says why."""


async def tenant_id_of(connection: "Connection[Record]", name: str) -> UUID:
    """The tenant of a name."""
    rows = await connection.fetch("select tenant_id, name from tenancy.tenant order by name")
    ids = {row["name"]: row["tenant_id"] for row in rows}
    if name not in ids:
        raise UnknownName(f"there is no tenant {name}: {listed(list(ids))}")
    return UUID(bytes=ids[name].bytes)


async def user_id_of(connection: "Connection[Record]", email: str) -> UUID:
    """The account of an e-mail address."""
    user_id = await connection.fetchval(
        "select user_id from identity.account where email = lower(btrim($1))", email
    )
    if user_id is None:
        raise UnknownName(f"there is no user {email}")
    return UUID(bytes=user_id.bytes)


async def member_of(connection: "Connection[Record]", tenant: str, email: str) -> tuple[UUID, UUID]:
    """Tenant and user of a member."""
    tenant_id = await tenant_id_of(connection, tenant)
    user_id = await user_id_of(connection, email)
    if not await connection.fetchval(
        "select exists (select from identity.member where tenant_id = $1 and user_id = $2)",
        tenant_id,
        user_id,
    ):
        raise UnknownName(f"{email} is no member of {tenant}")
    return tenant_id, user_id


async def role_names(connection: "Connection[Record]", tenant_id: UUID) -> list[str]:
    """Every ROLE that a member of the tenant can have."""
    rows = await connection.fetch("select n.role from identity.role_names($1) n (role)", tenant_id)
    return [row["role"] for row in rows]


async def refuse_unknown_roles(
    connection: "Connection[Record]", tenant_id: UUID, roles: tuple[str, ...]
) -> None:
    """Raise UnknownName for a ROLE that is none, with those that are."""
    known = await role_names(connection, tenant_id)
    if unknown := [role for role in roles if role not in known]:
        raise UnknownName(f"there is no role {', '.join(unknown)} in this tenant: {listed(known)}")


def listed(names: list[str]) -> str:
    """The names to choose from, for the end of a message."""
    return "choose from " + ", ".join(names) if names else "there is none yet"
