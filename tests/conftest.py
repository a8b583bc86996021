"""Every test process has a PostgreSQL of its own, deployed once; every test a clone of it.

Own lines instead of pytest-postgresql's factories: its loader knows nothing of roles, which belong
to the cluster and are left over by a test, nor of privileges of the database, which a clone loses.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from server.database.pool import open_pool
from server.installation.account import account
from server.installation.binaries import embedded
from server.installation.cluster import Cluster, free_port
from server.installation.migration import deploy
from tests.cloning import cloned
from tests.database import PASSWORD, Database

# Fixtures of one definition for all folders: imported into several, each would make its own.
pytest_plugins = ["tests.traders"]

TEMPLATE = "qryvanta_template"
LOGINS = ("qryvanta_server", "qryvanta_worker", "qryvanta_publisher", "qryvanta_backup")

# A test database may be lost in a crash; what it may not is wait for the disk.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "2GB",
    "max_connections": "200",
    "autovacuum": "off",
    # To compile a query takes longer than to run it here; the embedded PostgreSQL has no compiler.
    "jit": "off",
    "log_min_messages": "warning",
}


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL: the embedded one, or that of QRYVANTA_TEST_POSTGRES_BIN."""
    given = os.environ.get("QRYVANTA_TEST_POSTGRES_BIN")
    home = Path(tempfile.mkdtemp(prefix="qryvanta-test-"))
    home.chmod(0o711)  # the account that runs PostgreSQL passes through
    cluster = Cluster(
        binaries=Path(given) if given else embedded(),
        directory=home / "data",
        port=free_port(),
        account=account(),
        options=OPTIONS,
    )
    try:
        cluster.initialise(PASSWORD)
        cluster.start()
        yield cluster
    finally:
        cluster.stop("immediate")
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The name of the database that sqitch deployed once."""
    psql = cluster.binaries / "psql"
    administrator = cluster.url("postgres", PASSWORD, "postgres")
    _sql(cluster, psql, administrator, f"create database {TEMPLATE}")
    deploy(cluster.url("postgres", PASSWORD, TEMPLATE), psql, verify=False)
    for login in LOGINS:
        _sql(cluster, psql, administrator, f"alter role {login} password '{PASSWORD}'")
    return TEMPLATE


@pytest.fixture
async def database(cluster: Cluster, template: str) -> AsyncIterator[Database]:
    """A database of this test alone, with all system schemas; roles that the test makes go with it."""
    async with cloned(cluster, template) as database:
        yield database


@pytest.fixture
async def connection(database: Database) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The administrator's connection."""
    connection = await asyncpg.connect(database.administrator_url)
    yield connection
    with suppress(asyncpg.PostgresError, OSError):
        await connection.close()


@pytest.fixture
async def pool(database: Database) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """The web server's pool: a login without any right of its own."""
    pool = await open_pool(database.server_url, 5)
    yield pool
    await pool.close()


def _sql(cluster: Cluster, psql: Path, url: str, statement: str) -> None:
    result = cluster.account.run([psql, "-X", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement])
    assert result.returncode == 0, result.stdout
