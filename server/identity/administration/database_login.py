"""Direct SQL logins (BI)."""

from dataclasses import dataclass
from uuid import UUID

from asyncpg import Connection, Record

from server.identity import scram
from server.identity.administration.lookup import UnknownName, listed, member_of, role_names, tenant_id_of

OWNER = "owner"


@dataclass(frozen=True)
class DatabaseLogin:
    """A new direct SQL login; its password is stored nowhere."""

    login: str
    password: str


async def create_database_login(
    connection: "Connection[Record]", *, tenant: str, role: str, email: str | None = None
) -> DatabaseLogin:
    """Create a direct SQL login that reads what a role may read, in one tenant.

    `role` is a role of an app, or `owner`: everything in the apps that the tenant has now.
    With `email` rows of scope "own" are that person's, and disabling the person ends the login.
    """
    password = scram.new_password()
    async with connection.transaction():
        tenant_id = await tenant_id_of(connection, tenant)
        apps, app_role = await _place(connection, tenant, tenant_id, role)
        user_id = (await member_of(connection, tenant, email))[1] if email else None
        login = await connection.fetchval(
            "select identity.create_database_login($1, $2, $3, $4, $5)",
            tenant_id,
            apps,
            app_role,
            scram.verifier(password),
            user_id,
        )
    return DatabaseLogin(login, password)


async def _place(
    connection: "Connection[Record]", tenant: str, tenant_id: UUID, role: str
) -> tuple[list[str], str]:
    """The apps that a login of this role reaches, and the role's name there."""
    names = [name for name in await role_names(connection, tenant_id) if "." in name]
    if role == OWNER and names:
        return sorted({name.partition(".")[0] for name in names}), "_owner"
    if role not in names:
        known = listed([OWNER, *names])
        raise UnknownName(f"there is no role {role} for direct SQL logins in {tenant}: {known}")
    app, _, app_role = role.partition(".")
    return [app], app_role


async def drop_database_login(connection: "Connection[Record]", login: str) -> None:
    """End a direct SQL login and its sessions."""
    known = [row["login"] for row in await connection.fetch("select login from tenancy.database_login")]
    if login not in known:
        raise UnknownName(f"there is no direct SQL login {login}")
    await connection.execute("select identity.drop_database_login($1)", login)
