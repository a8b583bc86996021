"""Any model the gate lets through is published, and then there is nothing left to do."""

import asyncio
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings

from server import publication
from server.installation.cluster import Cluster
from server.installation.migration import grant_database
from server.manifest import Manifest
from server.manifest.normal import normal
from tests.database import PASSWORD
from tests.model import models
from tests.publishing import tenant


@pytest.fixture(scope="module")
def url(cluster: Cluster, template: str) -> str:
    async def make() -> None:
        maintenance = await asyncpg.connect(cluster.url("postgres", PASSWORD, "postgres"))
        await maintenance.execute(f"create database any_model template {template}")
        await maintenance.close()
        connection = await asyncpg.connect(cluster.url("postgres", PASSWORD, "any_model"))
        await grant_database(connection)
        await connection.close()

    asyncio.run(make())
    return cluster.url("postgres", PASSWORD, "any_model")


async def left_to_do(url: str, model: dict[str, Any]) -> tuple[int, list[str]]:
    """How many steps publishing takes, and which statements a second time would run."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        owner = await tenant(connection)
        app_id = await publication.store(connection, Manifest(normal(model)), owner)
        steps = await connection.fetch("select kind from publish.app($1)", app_id)
        plan = await connection.fetch("select statement from compile.plan(meta.manifest($1))", app_id)
        return len(steps), [step["statement"] for step in plan]
    finally:
        # Roles and schema go as well: the next model begins on an empty database.
        await transaction.rollback()
        await connection.close()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(model=models())
def test_publishing_any_model_leaves_nothing_to_do(url: str, model: dict[str, Any]) -> None:
    steps, left = asyncio.run(left_to_do(url, model))

    assert steps > 0
    assert left == []
