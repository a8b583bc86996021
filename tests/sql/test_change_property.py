"""Whatever happens to a model, its database follows, and no value is lost.

What lives went wrong on is kept in test_change_regression.py, each in a few lines.

`python -m pytest tests/sql/test_change_property.py` lives a few lives. With
QRYVANTA_TEST_LIVES=300 it lives 300, with QRYVANTA_TEST_FIRST_LIFE=1000 those from 1000 on.
"""

import asyncio
import os
from random import Random

import asyncpg
import pytest

from server.installation.cluster import Cluster
from tests.cloning import cloned
from tests.evolution import Life

FIRST = int(os.environ.get("QRYVANTA_TEST_FIRST_LIFE", 1))
LIVES = int(os.environ.get("QRYVANTA_TEST_LIVES", 3))


async def lived(cluster: Cluster, template: str, number: int) -> Life:
    """A life of 50 changes; how it went is told when it fails."""
    async with cloned(cluster, template) as database:
        connection = await asyncpg.connect(database.administrator_url)
        life = Life(connection, Random(number))
        try:
            await life.live()
        except BaseException:
            print(f"life {number}, {dict(life.counts)}:", *life.told, sep="\n  ")
            raise
        finally:
            await connection.close()
        return life


@pytest.mark.parametrize("number", range(FIRST, FIRST + LIVES))
def test_a_model_lives_through_any_changes(cluster: Cluster, template: str, number: int) -> None:
    life = asyncio.run(lived(cluster, template, number))

    assert life.counts["changes"] >= 50
    assert life.counts["rows"] > 0
