"""Databases for tests: clones of the deployed template, gone afterwards with the roles made meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import asyncpg

from server.installation.cluster import Cluster
from server.installation.migration import grant_database
from tests.database import PASSWORD, Database

NUMBERS = count(1)


@asynccontextmanager
async def cloned(cluster: Cluster, template: str) -> AsyncIterator[Database]:
    """A database with all system schemas."""
    name = f"test_{next(NUMBERS)}"
    maintenance = await asyncpg.connect(cluster.url("postgres", PASSWORD, "postgres"))
    roles = await _roles(maintenance)
    await maintenance.execute(f"create database {name} template {template}")
    database = Database(name, "127.0.0.1", cluster.port)
    connection = await asyncpg.connect(database.administrator_url)
    await grant_database(connection)
    await connection.close()
    try:
        yield database
    finally:
        await maintenance.execute(f"drop database {name} with (force)")
        for role in await _roles(maintenance) - roles:
            await maintenance.execute(f'drop role "{role}"')
        await maintenance.close()


async def _roles(connection: "asyncpg.Connection[asyncpg.Record]") -> set[str]:
    rows = await connection.fetch("select rolname from pg_catalog.pg_roles")
    return {row["rolname"] for row in rows}
