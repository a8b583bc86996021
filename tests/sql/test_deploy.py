"""The migrations as a whole: deploy, verify and revert on an empty database."""

from collections.abc import Iterator

import asyncpg
import pytest

from server.installation.cluster import Cluster
from server.installation.migration import deploy, sqitch
from tests.database import PASSWORD

SCHEMAS = """
select nspname
from pg_namespace
where nspname !~ '^pg_' and nspname not in ('information_schema', 'public', 'sqitch')
"""


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    """The address of an empty database in a cluster whose roles another one may have made."""
    administrator = cluster.url("postgres", PASSWORD, "postgres")

    def run(statement: str) -> None:
        result = cluster.account.run([cluster.binaries / "psql", "-X", "-d", administrator, "-c", statement])
        assert result.returncode == 0, result.stdout

    run("create database test_empty")
    yield cluster.url("postgres", PASSWORD, "test_empty")
    run("drop database test_empty with (force)")


async def test_what_is_deployed_can_be_reverted_and_deployed_again(cluster: Cluster, empty: str) -> None:
    psql = cluster.binaries / "psql"

    deploy(empty, psql)
    deployed = await schemas(empty)
    sqitch(["revert", "-y"], empty, psql)
    reverted = await schemas(empty)
    deploy(empty, psql)
    again = await schemas(empty)

    assert {"tenancy", "identity", "meta", "compile", "publish", "audit", "queue", "api", "lint"} <= deployed
    assert reverted == set()
    assert again == deployed


async def test_deploying_twice_changes_nothing(cluster: Cluster, template: str) -> None:
    psql = cluster.binaries / "psql"

    report = deploy(cluster.url("postgres", PASSWORD, template), psql)

    assert "Nothing to deploy" in report


async def test_the_verify_scripts_find_everything(cluster: Cluster, template: str) -> None:
    psql = cluster.binaries / "psql"

    report = sqitch(["verify"], cluster.url("postgres", PASSWORD, template), psql)

    assert "Verify successful" in report


async def test_every_function_of_ours_fixes_its_search_path(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    """Except those that must be inlined, which name everything with its schema."""
    loose = await connection.fetch(
        """
        select p.oid::regprocedure::text as name
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in (
                'tenancy', 'identity', 'meta', 'compile', 'publish', 'audit', 'queue', 'api', 'lint'
            )
            and p.prosecdef
            and not exists (
                select from unnest(p.proconfig) as setting
                where setting = 'search_path=pg_catalog, pg_temp'
            )
        """
    )

    assert [row["name"] for row in loose] == []


async def schemas(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {row["nspname"] for row in await connection.fetch(SCHEMAS)}
    finally:
        await connection.close()
