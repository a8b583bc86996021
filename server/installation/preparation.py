"""From a database that may be empty to one that the server can use."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

from server.installation import embedded
from server.installation.login import check_login
from server.installation.migration import MigrationError, deploy, grant_database
from server.settings import Settings

OLDEST = 15
DATABASE_EXISTS = "select 1 from pg_catalog.pg_database where datname = $1"


async def prepare(settings: Settings, own: bool) -> str:
    """Create the database if it is ours, migrate it, let the logins in; returns sqitch's account.

    Safe to run again. `own` says that `settings` were derived for the embedded cluster.
    """
    url = settings.required("database_url")
    if own:
        await _create_database(url)
    connection = await asyncpg.connect(url)
    try:
        await _check_version(connection)
        report = deploy(url, _psql(settings, own))
        await grant_database(connection)
        for login, password in _passwords(settings, own).items():
            await _set_password(connection, login, password)
    finally:
        await connection.close()
    # Not that of the publisher: it is there to become the executor, in the workers alone.
    for name in ("server_database_url", "worker_database_url"):
        address = getattr(settings, name)
        if address:
            await check_login(f"QRYVANTA_{name.upper()}", address)
    return report


async def _create_database(url: str) -> None:
    name = urlsplit(url).path.lstrip("/")
    connection = await asyncpg.connect(url, database="postgres")
    try:
        if await connection.fetchval(DATABASE_EXISTS, name) is None:
            await connection.execute(f'create database "{name}"')
    except asyncpg.DuplicateDatabaseError:
        pass  # Another command was faster.
    finally:
        await connection.close()


async def _check_version(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    major = connection.get_server_version().major
    if major < OLDEST:
        raise MigrationError(f"PostgreSQL {major} is too old: {OLDEST} or later is needed")


def _psql(settings: Settings, own: bool) -> Path | None:
    return embedded.cluster(settings).binaries / "psql" if own else None


def _passwords(settings: Settings, own: bool) -> dict[str, str]:
    """The passwords of our logins: generated ones, or those that stand in the given addresses."""
    if own:
        return {login: embedded.password(settings, login) for login in embedded.LOGINS}
    passwords = {}
    for address in (
        settings.server_database_url,
        settings.worker_database_url,
        settings.publisher_database_url,
    ):
        parts = urlsplit(address or "")
        # Another login than ours is the administrator's to look after.
        if parts.username in embedded.LOGINS and parts.password:
            passwords[parts.username] = unquote(parts.password)
    return passwords


async def _set_password(connection: "asyncpg.Connection[asyncpg.Record]", login: str, password: str) -> None:
    # A utility statement takes no parameters: the server quotes the text for us.
    statement = await connection.fetchval(
        "select format('alter role %I password %L', $1::text, $2::text)", login, password
    )
    await connection.execute(statement)
