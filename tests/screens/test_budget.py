"""A page costs the same number of statements, however many rows it shows."""

from typing import Any

import asyncpg
import pytest

from tests.database import Database
from tests.screens.conftest import SignIn

METHODS = ("execute", "fetch", "fetchrow", "fetchval")


@pytest.fixture
def traders(shared: Database) -> Database:
    """Nothing is changed here, so one database is enough."""
    return shared


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that the server sends."""
    sent: list[str] = []

    def counting(method: Any) -> Any:
        async def counted(self: Any, query: str, *arguments: Any, **options: Any) -> Any:
            sent.append(query)
            return await method(self, query, *arguments, **options)

        return counted

    for name in METHODS:
        monkeypatch.setattr(asyncpg.Connection, name, counting(getattr(asyncpg.Connection, name)))
    return sent


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("/a/northwind/sales_order?q=10248", "/a/northwind/sales_order?q=1026"),
        (
            "/a/northwind/sales_order?filter=number.is.10248",
            "/a/northwind/sales_order?filter=number.below.10290",
        ),
        ("/a/northwind/order_line?filter=quantity.is.130", "/a/northwind/order_line?filter=quantity.is.100"),
    ],
)
async def test_a_grid_costs_as_much_for_one_row_as_for_many(
    sign_in: SignIn, statements: list[str], one: str, many: str
) -> None:
    person = await sign_in()
    await person.see(many)

    costs = []
    for address in (one, many):
        statements.clear()
        await person.see(address)
        costs.append(cost(statements))

    assert costs[0] == costs[1]
    assert costs[0] <= 5


async def test_the_first_page_of_a_large_table_is_three_round_trips_and_a_count(
    sign_in: SignIn, statements: list[str]
) -> None:
    person = await sign_in()
    await person.see("/a/northwind/order_line")
    statements.clear()

    await person.see("/a/northwind/order_line")

    # begin, the page, the time limit of the count, the count, commit
    assert cost(statements) == 5


async def test_a_record_costs_as_much_with_many_changes_as_with_one(
    sign_in: SignIn, statements: list[str]
) -> None:
    person = await sign_in()
    await person.open("customer", "Ernst Handel")
    costs = []
    for name in ("Ernst Handel", "Centro comercial Moctezuma"):
        page = await person.open("customer", name)
        statements.clear()
        await person.see(page.one("form", id="form").attributes["action"])
        costs.append(cost(statements))

    assert costs[0] == costs[1]
    assert costs[0] <= 10


def cost(statements: list[str]) -> int:
    """How many statements the page took; who is asking is looked up now and then, not for every page."""
    count, counts = 0, True
    for statement in statements:
        if statement.startswith("begin"):
            counts = "qryvanta_gateway" not in statement
        count += counts
    return count
