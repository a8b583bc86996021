"""Random moves in a hierarchy, alone and at the same time, against a tree in Python."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.installation.cluster import Cluster
from server.installation.migration import grant_database
from tests.acting import acting
from tests.database import PASSWORD
from tests.publishing import Connection, app, entity, field, publish, tenant

FIRM = app(
    "firm",
    entity("employee", field("name"), field("boss", "lookup", entity="employee"), hierarchy="boss"),
)
PEOPLE = 6
Tree = dict[int, int | None]
Moves = list[tuple[int, int | None]]
# One statement moves one or several people, each once.
STATEMENTS = st.lists(
    st.lists(
        st.tuples(st.integers(1, PEOPLE), st.none() | st.integers(1, PEOPLE)),
        min_size=1,
        max_size=4,
        unique_by=lambda move: move[0],
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def url(cluster: Cluster, template: str) -> str:
    """A database with an empty firm in it."""

    async def make() -> str:
        maintenance = await asyncpg.connect(cluster.url("postgres", PASSWORD, "postgres"))
        await maintenance.execute(f"create database any_tree template {template}")
        await maintenance.close()
        url = cluster.url("postgres", PASSWORD, "any_tree")
        connection = await asyncpg.connect(url)
        await grant_database(connection)
        await publish(connection, FIRM)
        await connection.close()
        return url

    return asyncio.run(make())


@asynccontextmanager
async def people(url: str) -> AsyncIterator[tuple[Connection, UUID]]:
    """A connection, and the tenant in which the people 1, 2, 3 … are nobody's employees."""
    connection = await asyncpg.connect(url)
    try:
        demo = await tenant(connection)
        await connection.execute("delete from firm.employee")
        async with acting(connection, "firm__owner", demo):
            await connection.executemany(
                "insert into firm.employee (id) values ($1)",
                [(UUID(int=each),) for each in range(1, PEOPLE + 1)],
            )
        yield connection, demo
    finally:
        await connection.close()


async def moved(connection: Connection, demo: UUID, moves: Moves) -> bool:
    """Whether the database lets these people move in one statement."""
    values = [(UUID(int=each), UUID(int=boss) if boss else None) for each, boss in moves]
    try:
        async with acting(connection, "firm__owner", demo):
            await connection.execute(
                "update firm.employee e set boss_id = m.boss"
                " from unnest($1::uuid[], $2::uuid[]) as m (id, boss) where e.id = m.id",
                [each for each, _ in values],
                [boss for _, boss in values],
            )
    except asyncpg.CheckViolationError:
        return False
    return True


async def found(connection: Connection) -> Tree:
    rows = await connection.fetch("select id, boss_id from firm.employee")
    return {row["id"].int: row["boss_id"].int if row["boss_id"] else None for row in rows}


def ancestors(tree: Tree, person: int) -> list[int] | None:
    """A person and all above; None when the way up comes round."""
    way = [person]
    while (boss := tree[way[-1]]) is not None:
        if boss in way:
            return None
        way.append(boss)
    return way


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(statements=STATEMENTS)
def test_exactly_the_moves_that_leave_a_tree_are_made(url: str, statements: list[Moves]) -> None:
    async def compare() -> None:
        async with people(url) as (connection, demo):
            tree: Tree = dict.fromkeys(range(1, PEOPLE + 1))
            for moves in statements:
                after = tree | dict(moves)
                right = all(ancestors(after, person) for person in after)
                assert await moved(connection, demo, moves) is right
                tree = after if right else tree
            assert await found(connection) == tree
            view = await connection.fetch("select ancestor_id, id, depth from firm.employee_hierarchy")
            assert {(row["ancestor_id"].int, row["id"].int, row["depth"]) for row in view} == {
                (above, person, depth)
                for person in tree
                for depth, above in enumerate(ancestors(tree, person) or [])
            }

    asyncio.run(compare())


@pytest.mark.parametrize("seed", range(3))
def test_whoever_moves_at_the_same_time_a_tree_remains(url: str, seed: int) -> None:
    async def mover(number: int, demo: UUID) -> int:
        chance = random.Random(seed * 100 + number)
        connection = await asyncpg.connect(url)
        made = 0
        for _ in range(30):
            move = (chance.randint(1, PEOPLE), chance.choice([None, *range(1, PEOPLE + 1)]))
            try:
                made += await moved(connection, demo, [move])
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                continue
        await connection.close()
        return made

    async def at_once() -> None:
        async with people(url) as (connection, demo):
            made = await asyncio.gather(*(mover(number, demo) for number in range(4)))
            tree = await found(connection)

            assert sum(made) > 20
            assert all(ancestors(tree, person) for person in tree)

    asyncio.run(at_once())
