"""The migrations as a whole."""

import asyncpg


async def test_a_clone_has_the_system_schemas(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    schemas = await connection.fetchval("select count(*) from pg_namespace where nspname = 'tenancy'")

    assert schemas == 1
