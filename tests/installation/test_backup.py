"""The commands of deploy/backup.md: from one cluster into another that knows none of our roles."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from server.database.actor import Actor
from server.database.pool import open_pool
from server.database.session import transaction
from server.installation.account import account
from server.installation.cluster import Cluster, free_port
from server.installation.migration import deploy, grant_database
from tests.conftest import OPTIONS
from tests.database import PASSWORD, Database
from tests.files import PNG, stored
from tests.publishing import app, entity, field, publish, tenant


@pytest.fixture
def elsewhere(cluster: Cluster) -> Iterator[Cluster]:
    """Another running cluster, empty."""
    home = Path(tempfile.mkdtemp(prefix="qryvanta-restore-"))
    home.chmod(0o711)  # the account that runs PostgreSQL passes through
    other = Cluster(cluster.binaries, home / "data", free_port(), account(), OPTIONS)
    other.initialise(PASSWORD)
    other.start()
    yield other
    other.stop("immediate")
    shutil.rmtree(home)


async def test_a_dump_of_the_backup_role_restores_without_loss_or_drift(
    database: Database,
    connection: "asyncpg.Connection[asyncpg.Record]",
    cluster: Cluster,
    elsewhere: Cluster,
    tmp_path: Path,
) -> None:
    acme, globex = await tenant(connection, "acme"), await tenant(connection, "globex")
    note = entity(
        "note", field("title", required=True), field("body", sensitive=True), field("scan", "image")
    )
    app_id = await publish(connection, app("notebook", note), "acme")
    for tenant_id in (acme, globex):
        await write(database, tenant_id)
    environment = {**os.environ, "PGPASSWORD": PASSWORD}
    source = f"--host=127.0.0.1 --port={cluster.port} --username=qryvanta_backup".split()
    target = f"--host=127.0.0.1 --port={elsewhere.port} --username=postgres".split()

    def run(program: str, *arguments: str) -> str:
        command = [str(cluster.binaries / program), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout

    roles, dump = str(tmp_path / "roles.sql"), str(tmp_path / "dump")
    run(
        "pg_dumpall",
        *source,
        "--roles-only",
        "--no-role-passwords",
        f"--database={database.name}",
        f"--file={roles}",
    )
    run("pg_dump", *source, "--format=custom", f"--file={dump}", database.name)
    run("psql", *target, "--dbname=postgres", f"--file={roles}")
    run("createdb", *target, "--template=template0", "--encoding=UTF8", "restored")
    run("pg_restore", *target, "--exit-on-error", "--single-transaction", "--dbname=restored", dump)

    restored = await asyncpg.connect(elsewhere.url("postgres", PASSWORD, "restored"))
    report = deploy(elsewhere.url("postgres", PASSWORD, "restored"), cluster.binaries / "psql")
    await grant_database(restored)
    assert "Nothing to deploy" in report
    assert await restored.fetchval("select count(*) from notebook.note") == 2
    assert await restored.fetchval("select count(*) from audit.change") == 2
    pictures = (
        "select n.tenant_id, c.content from notebook.note n join storage.chunk c on c.file_id = n.scan_id"
    )
    assert {tuple(row) for row in await restored.fetch(pictures)} == {(acme, PNG), (globex, PNG)}
    assert await restored.fetch("select * from publish.drift($1)", app_id) == []
    assert await restored.fetchval("select publish.watches_ddl()")
    count = "select count(*) from publish.ddl_event"
    assert await restored.fetchval(count) == await connection.fetchval(count)
    assert await privileges(restored) == await privileges(connection)
    await restored.close()


async def write(database: Database, tenant_id: UUID) -> None:
    pool = await open_pool(database.server_url, 2)
    actor = Actor(tenant_id, None, "notebook__owner", "api", "1")
    async with transaction(pool, actor) as connection:
        file_id = await stored(connection)
        await connection.execute(
            "insert into notebook.note (title, body, scan_id) values ('Hello', 'World', $1)", file_id
        )
    await pool.close()


async def privileges(connection: "asyncpg.Connection[asyncpg.Record]") -> set[str]:
    """Who may do what with every table, function and schema, the built-in functions included."""
    rows = await connection.fetch(
        """
        with object (name, acl) as (
            select oid::regclass::text, coalesce(relacl, acldefault('r', relowner))
            from pg_class
            where relkind in ('r', 'p', 'v') and relnamespace::regnamespace::text !~ '^pg_toast'
            union all
            select oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)) from pg_proc
            union all
            select nspname, coalesce(nspacl, acldefault('n', nspowner))
            from pg_namespace where nspname !~ '^pg_(toast|temp)'
        )
        select format('%s: %s to %s', o.name, a.privilege_type, a.grantee::regrole) as privilege
        from object o, aclexplode(o.acl) a
        """
    )
    return {row["privilege"] for row in rows}
