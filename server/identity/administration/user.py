"""People and their memberships."""

import re
from uuid import UUID

from asyncpg import Connection, Record

from server.identity import passwords
from server.identity.administration.lookup import (
    Invalid,
    Refused,
    member_of,
    refuse_unknown_roles,
    tenant_id_of,
    user_id_of,
)


async def create_user(
    connection: "Connection[Record]",
    email: str,
    *,
    tenant: str,
    password: str,
    name: str | None = None,
    roles: tuple[str, ...] = (),
) -> UUID:
    """Create an account, a member of `tenant` with `roles`.

    A person who has an account keeps its password and becomes a member here as well. Raises Refused when
    they are one already.
    """
    email = email.strip().lower()
    name = name or _name_of(email)
    async with connection.transaction():
        tenant_id = await tenant_id_of(connection, tenant)
        await refuse_unknown_roles(connection, tenant_id, roles)
        user_id = await connection.fetchval("select user_id from identity.account where email = $1", email)
        if user_id is None:
            user_id = await _create_account(connection, email, name, password)
        if not await connection.fetchval("select identity.add_member($1, $2)", tenant_id, user_id):
            raise Refused(f"{email} is a member of {tenant} already: give roles with qryvanta user grant")
        await connection.execute("select identity.assign_roles($1, $2, $3)", tenant_id, user_id, list(roles))
    return UUID(bytes=user_id.bytes)


async def create_first_user(
    connection: "Connection[Record]", email: str, *, tenant: str, password: str
) -> UUID | None:
    """Create the first administrator, owner of `tenant`; None when anybody has an account already."""
    async with connection.transaction():
        # Two starts at once must not both find the table empty.
        await connection.execute("lock table identity.account in share row exclusive mode")
        if await connection.fetchval("select exists (select from identity.account)"):
            return None
        return await create_user(
            connection, email, tenant=tenant, password=password, name="Administrator", roles=("owner",)
        )


async def has_account(connection: "Connection[Record]", email: str) -> bool:
    """Whether somebody has this e-mail address as login name."""
    return bool(
        await connection.fetchval(
            "select exists (select from identity.account where email = lower(btrim($1)))", email
        )
    )


async def grant_roles(
    connection: "Connection[Record]", email: str, *, tenant: str, roles: tuple[str, ...]
) -> None:
    """Give a member roles in addition to those held."""
    async with connection.transaction():
        tenant_id, user_id = await member_of(connection, tenant, email)
        await refuse_unknown_roles(connection, tenant_id, roles)
        await connection.execute("select identity.assign_roles($1, $2, $3)", tenant_id, user_id, list(roles))


async def revoke_roles(
    connection: "Connection[Record]", email: str, *, tenant: str, roles: tuple[str, ...]
) -> None:
    """Take roles from a member; one that is not held is ignored."""
    async with connection.transaction():
        tenant_id, user_id = await member_of(connection, tenant, email)
        await connection.execute(
            "select identity.withdraw_roles($1, $2, $3)", tenant_id, user_id, list(roles)
        )


async def set_password(connection: "Connection[Record]", email: str, password: str) -> None:
    """Set a password and sign the person out everywhere."""
    user_id = await user_id_of(connection, email)
    name = await connection.fetchval("select name from identity.account where user_id = $1", user_id)
    await connection.execute(
        "select identity.set_password($1, $2)", user_id, await _digest(password, email, name)
    )


async def disable_user(connection: "Connection[Record]", email: str) -> list[str]:
    """End everything a person can do. Returns the tenants that are left without an owner."""
    async with connection.transaction():
        user_id = await user_id_of(connection, email)
        await connection.execute("select identity.disable_user($1)", user_id)
        rows = await connection.fetch(_WITHOUT_OWNER, user_id)
    return [row["name"] for row in rows]


async def _create_account(connection: "Connection[Record]", email: str, name: str, password: str) -> UUID:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email) or len(email) > 254:
        raise Invalid(f"{email!r} is no e-mail address")
    digest = await _digest(password, email, name)
    user_id = await connection.fetchval("select identity.create_user($1, $2, $3)", email, name, digest)
    return UUID(bytes=user_id.bytes)


async def _digest(password: str, email: str, name: str) -> str:
    if fault := passwords.fault(password, email=email, name=name):
        raise Refused(fault)
    return await passwords.digest(password)


def _name_of(email: str) -> str:
    words = re.split(r"[._+-]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word) or email


_WITHOUT_OWNER = """
    select t.name
    from identity.member m
    join tenancy.tenant t on t.tenant_id = m.tenant_id
    where m.user_id = $1
        and not exists (
            select
            from identity.member_role r
            join identity.account a on a.user_id = r.user_id and a.disabled_at is null
            where r.tenant_id = m.tenant_id and r.app is null and r.role = 'owner'
        )
    order by t.name
"""
