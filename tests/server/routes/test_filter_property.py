"""Whatever is asked of a list, the answer is what the same question gives in Python."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from server.installation.cluster import Cluster
from tests.acting import member
from tests.cloning import cloned
from tests.publishing import publish, tenant
from tests.server.routes.client import Client, running
from tests.server.routes.logic import holds, ordered
from tests.server.routes.question import QUESTIONS, WORDS, Question
from tests.server.routes.warehouse import WAREHOUSE, rows

pytestmark = pytest.mark.asyncio(loop_scope="module")
MANY = settings(max_examples=150, deadline=None)
ROWS = rows()
OPERATORS = [
    "eq",
    "gt",
    "like",
    "ilike",
    "in",
    "is",
    "cs",
    "fts",
    "eq(any)",
    "not.lt",
    "isdistinct",
    "nonsense",
    "",
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def warehouse(cluster: Cluster, template: str) -> AsyncIterator[Client]:
    """The record API over the rows, one for all examples."""
    async with cloned(cluster, template) as database:
        connection = await asyncpg.connect(database.administrator_url)
        await publish(connection, WAREHOUSE)
        tenant_id = await tenant(connection)
        user_id = await member(connection, tenant_id, "ann@example.org")
        await connection.close()
        async with running(database.server_url, tenant_id, user_id) as client:
            response = await client.ask("POST", "item", json=ROWS)
            assert response.status_code == 201, response.text
            yield client


@MANY
@given(question=QUESTIONS)
async def test_a_list_is_what_python_finds_in_the_rows(warehouse: Client, question: Question) -> None:
    kept = [row for row in ROWS if all(holds(condition, row) for condition in question.conditions)]
    last = None if question.limit is None else question.offset + question.limit
    expected = [row["id"] for row in ordered(kept, question.order)][question.offset : last]

    found = await warehouse.get(f"item?{urlencode(question.parameters)}")

    assert [row["id"] for row in found] == expected


@MANY
@given(question=QUESTIONS)
async def test_the_total_is_the_number_of_rows_without_the_limit(
    warehouse: Client, question: Question
) -> None:
    total = sum(all(holds(condition, row) for condition in question.conditions) for row in ROWS)

    response = await warehouse.ask("GET", f"item?{urlencode(question.parameters)}", prefer="count=exact")

    assert response.headers["Content-Range"].partition("/")[2] == str(total)
    assert (response.status_code == 416) == (question.offset > total)


@MANY
@given(
    column=st.sampled_from([*WORDS, "id", "and", "or", "not.or", "order", "select", "limit", "offset"]),
    operator=st.sampled_from(OPERATORS),
    value=st.text(max_size=12) | st.text('(){}",.\\:->*! aid10', max_size=12),
)
async def test_any_words_are_answered_or_refused(
    warehouse: Client, column: str, operator: str, value: str
) -> None:
    for text in (f"{operator}.{value}", value, f"({value})", f"(name.{operator}.{value},code.eq.c01)"):
        response = await warehouse.ask("GET", f"item?{urlencode({column: text})}")

        assert response.status_code in (200, 206, 300, 400, 404, 422), (text, response.text)
