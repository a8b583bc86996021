"""PostgreSQL itself crashes while a version is published: in an online step, and in the last transaction."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from server.installation.account import account
from server.installation.cluster import Cluster, free_port
from server.installation.migration import deploy
from tests.command import ended, qryvanta, started
from tests.conftest import OPTIONS
from tests.database import PASSWORD, Database
from tests.workers import halting, long_plan, seen

CRASHES = (
    "prepare: end of create trigger",
    "advance: update fill",
    "create: end of create index",
    "alter: end of alter table",
    "finish: end of grant",
    "COMMIT: insert version",
)


@pytest.fixture
def brittle(cluster: Cluster) -> Iterator[Cluster]:
    """A deployed cluster of this test alone, which keeps what was committed."""
    home = Path(tempfile.mkdtemp(prefix="qryvanta-test-"))
    home.chmod(0o711)  # the account that runs PostgreSQL passes through
    options = {**OPTIONS, "synchronous_commit": "on"}
    brittle = Cluster(cluster.binaries, home / "data", free_port(), account(), options)
    try:
        brittle.initialise(PASSWORD)
        brittle.start()
        deploy(brittle.url("postgres", PASSWORD, "postgres"), brittle.binaries / "psql", verify=False)
        yield brittle
    finally:
        brittle.stop("immediate")
        shutil.rmtree(home)


async def test_a_publish_outlives_crashes_of_the_database(brittle: Cluster) -> None:
    database = Database("postgres", "127.0.0.1", brittle.port)
    connection = await asyncpg.connect(database.administrator_url)
    await long_plan.settle_in(connection)
    await long_plan.move_in(connection)
    await long_plan.draw_up(connection)
    await halting.observe(connection)
    before = await seen.look(connection)

    for number, kind in enumerate(CRASHES, 1):
        await halting.halt_at_kind(connection, kind)
        publisher = await started(database, "app", "publish", "load", "--allow-data-loss")
        halted = await halting.halted(connection, publisher)
        assert halted, f"never came to {kind}: {await ended(publisher)}"
        brittle.stop("immediate")
        result = await ended(publisher)
        assert result.code == 3, result
        assert "it goes on where it stopped" in result.errors
        brittle.start()
        connection = await asyncpg.connect(database.administrator_url)
        await seen.undisturbed(connection, before)
        await seen.use(connection, number)
        before = await seen.look(connection)

    result = await qryvanta(database, "app", "publish", "load", "--allow-data-loss")
    assert result.code == 0, result.errors
    assert await seen.left_behind(connection) == []
    after = await seen.look(connection)
    assert after.version == 2
    known = {row["number"]: row for row in before.rows['"load"."parcel"'].values()}
    now = {row["number"]: row for row in after.rows['"load"."parcel"'].values()}
    same = {"amount": "amount", "kind": "kind", "note": "remark", "size": "size", "at_id": "at_id"}
    assert {number: [row[name] for name in same] for number, row in known.items()} == {
        number: [row[name] for name in same.values()] for number, row in now.items()
    }
    assert all(row["code"] == (known[number]["code"] or f"N{number}") for number, row in now.items())
    await connection.close()
