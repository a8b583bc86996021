"""Northwind with all its records and a few people: made once, cloned for every test that changes it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import asyncpg
import psycopg
import pytest

from server.commands.demo import load_northwind
from server.identity.administration.tenant import create_tenant
from server.identity.administration.user import create_user
from server.installation.cluster import Cluster
from server.installation.migration import DATABASE_PRIVILEGES
from server.settings import Settings
from server.settings import load as load_settings
from tests.database import PASSWORD, Database

SECRET = "a-key-for-tests-only-of-40-characters-.."
PASSWORD_OF_PEOPLE = "a long phrase to sign in"
PEOPLE = (
    ("mara@example.org", "Mara Lind", "demo", ("owner",)),
    ("jonas@example.org", "Jonas Weber", "demo", ("owner",)),
    ("ida@example.org", "Ida Berg", "demo", ("northwind.sales",)),
    ("vera@example.org", "Vera Novak", "demo", ("northwind.viewer",)),
    ("wim@example.org", "Wim Bakker", "demo", ("northwind.sales", "northwind.warehouse")),
    ("nina@example.org", "Nina Holm", "demo", ()),
    ("olga@example.org", "Olga Other", "other", ("owner",)),
)
INSTALL = """
insert into tenancy.installation (tenant_id, app_id)
select $1, a.app_id from meta.app a where a.name = 'northwind'
"""
NUMBERS = count(1)


@pytest.fixture(scope="session")
def northwind(cluster: Cluster, template: str) -> Database:
    """The database that is cloned: tenant `demo` with Northwind, tenant `other` with the app alone."""
    made = clone(cluster, template, "northwind_template")
    # A loop of its own: the tests' loop is not running yet, and must not be touched.
    with ThreadPoolExecutor() as executor:
        executor.submit(lambda: asyncio.run(fill(made))).result()
    return made


async def fill(database: Database) -> None:
    connection = await asyncpg.connect(database.administrator_url)
    try:
        await create_tenant(connection, "demo", "Demo")
        other = await create_tenant(connection, "other", "Other")
        await load_northwind(connection, settings_of(database))
        await connection.execute(INSTALL, other)
        for email, name, tenant, roles in PEOPLE:
            await create_user(
                connection, email, tenant=tenant, password=PASSWORD_OF_PEOPLE, name=name, roles=roles
            )
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def shared(cluster: Cluster, northwind: Database) -> Database:
    """A clone of Northwind for all tests that only read."""
    return clone(cluster, northwind.name, "northwind_shared")


@pytest.fixture
def traders(cluster: Cluster, northwind: Database) -> Iterator[Database]:
    """A clone of Northwind for one test."""
    name = f"traders_{next(NUMBERS)}"
    yield clone(cluster, northwind.name, name)
    with psycopg.connect(cluster.url("postgres", PASSWORD, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


def clone(cluster: Cluster, template: str, name: str) -> Database:
    """A database with everything of `template`."""
    database = Database(name, "127.0.0.1", cluster.port)
    with psycopg.connect(cluster.url("postgres", PASSWORD, "postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}".encode())
    with psycopg.connect(database.administrator_url, autocommit=True) as connection:
        connection.execute(DATABASE_PRIVILEGES.encode())
    return database


def settings_of(database: Database, port: int = 8000) -> Settings:
    """The settings of a server on the database."""
    return load_settings(
        {
            "QRYVANTA_DATABASE_URL": database.administrator_url,
            "QRYVANTA_SERVER_DATABASE_URL": database.server_url,
            "QRYVANTA_WORKER_DATABASE_URL": database.worker_url,
            "QRYVANTA_SECRET_KEY": SECRET,
            "QRYVANTA_PORT": str(port),
        }
    )
