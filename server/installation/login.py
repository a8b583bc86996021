"""What the logins of the server and the workers must not be."""

import asyncpg

TOO_POWERFUL = """
select case
    when r.rolsuper then 'is a superuser'
    when r.rolbypassrls then 'bypasses row-level security'
    when pg_has_role(r.rolname, 'qryvanta_owner', 'member') then 'may become the owner of the tables'
    when pg_has_role(r.rolname, 'qryvanta_ddl', 'member') then 'may become the executor qryvanta_ddl'
    when exists (
        select from pg_catalog.pg_database d
        where d.datname = current_database() and d.datdba = r.oid
    ) then 'owns the database'
end
from pg_catalog.pg_roles r
where r.rolname = session_user
"""


class LoginTooPowerful(Exception):
    """The login could ignore what the database enforces."""


async def check_login(name: str, url: str) -> None:
    """Refuse the login of setting `name` when row-level security would not bind it."""
    connection = await asyncpg.connect(url)
    try:
        login, fault = await connection.fetchval("select session_user"), await too_powerful(connection)
    finally:
        await connection.close()
    if fault:
        raise LoginTooPowerful(f"{name}: login {login} {fault}; use qryvanta_server or qryvanta_worker")


async def too_powerful(connection: "asyncpg.Connection[asyncpg.Record]") -> str | None:
    """Why the login of `connection` is too powerful to serve requests; null when it is not."""
    fault: str | None = await connection.fetchval(TOO_POWERFUL)
    return fault
