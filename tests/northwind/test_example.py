"""The example of the repository is what its pages say it is."""

import shlex
from pathlib import Path

import asyncpg
import pytest

from server import publication
from server.commands.demo import FILES, FOLDER, load_northwind
from server.settings import Settings, load
from tests.database import Database

ROWS = {
    "category": 8,
    "supplier": 29,
    "product": 77,
    "customer": 91,
    "region": 4,
    "territory": 53,
    "us_state": 51,
    "employee": 9,
    "employee_territory": 49,
    "shipper": 6,
    "sales_order": 830,
    "order_line": 2155,
}


def settings(database: Database) -> Settings:
    return load(
        {
            "QRYVANTA_DATABASE_URL": database.administrator_url,
            "QRYVANTA_WORKER_DATABASE_URL": database.worker_url,
        }
    )


@pytest.fixture
async def northwind(
    database: Database, connection: "asyncpg.Connection[asyncpg.Record]"
) -> "asyncpg.Connection[asyncpg.Record]":
    """The administrator's connection to a database with Northwind in the tenant demo."""
    assert await load_northwind(connection, settings(database), "demo")
    return connection


async def test_every_record_of_the_files_is_there(northwind: "asyncpg.Connection[asyncpg.Record]") -> None:
    found = {entity: await northwind.fetchval(f"select count(*) from northwind.{entity}") for entity in ROWS}

    assert found == ROWS
    assert sum(found.values()) == 3362


async def test_loading_again_does_nothing_even_when_somebody_worked_with_it(
    northwind: "asyncpg.Connection[asyncpg.Record]", database: Database
) -> None:
    await northwind.execute("update northwind.customer set name = 'changed' where code = 'ALFKI'")

    loaded = await load_northwind(northwind, settings(database), "demo")

    assert not loaded
    assert await northwind.fetchval("select name from northwind.customer where code = 'ALFKI'") == "changed"
    assert await publication.plan(northwind, await northwind.fetchval("select app_id from meta.app")) == []


async def test_a_load_that_was_interrupted_goes_on(
    northwind: "asyncpg.Connection[asyncpg.Record]", database: Database
) -> None:
    await northwind.execute(
        "set session_replication_role = replica;"
        "delete from northwind.order_line;"
        "delete from northwind.shipper where number > 3;"
        "reset session_replication_role"
    )

    assert await load_northwind(northwind, settings(database), "demo")

    assert await northwind.fetchval("select count(*) from northwind.order_line") == 2155
    assert await northwind.fetchval("select count(*) from northwind.shipper") == 6


async def test_formulas_say_what_the_data_says(northwind: "asyncpg.Connection[asyncpg.Record]") -> None:
    total = await northwind.fetchval("select sum(line_total) from northwind.order_line")
    late = await northwind.fetchval("select count(*) from northwind.sales_order where is_late")
    open_orders = await northwind.fetchval("select count(*) from northwind.sales_order where not is_shipped")

    assert str(total) == "1265793.2900"
    assert (late, open_orders) == (37, 21)


async def test_the_chain_of_command_ends_at_the_vice_president(
    northwind: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    rows = await northwind.fetch(
        "select e.full_name, s.full_name as superior"
        " from northwind.employee e left join northwind.employee s on s.id = e.reports_to_id"
    )

    superiors = {row["full_name"]: row["superior"] for row in rows}
    assert superiors["Anne Dodsworth"] == "Steven Buchanan"
    assert [name for name, superior in superiors.items() if superior is None] == ["Andrew Fuller"]


async def test_every_rule_is_one_that_the_database_holds(
    northwind: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await northwind.execute(
            "update northwind.sales_order set shipped_on = ordered_on - 1 where number = 10248"
        )

    assert refused.value.constraint_name == "sales_order_shipped_after_ordered_rule"


def test_the_script_and_the_program_import_the_same_files_in_the_same_way() -> None:
    text = (FOLDER / "load").read_text().replace("\\\n", " ")
    lines = [shlex.split(line) for line in text.splitlines() if line.startswith("import ")]

    assert [(line[1], line[2], mapping(line[3:])) for line in lines] == list(FILES)


def mapping(words: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words if word != "--map"]
    return {column: path for column, _, path in pairs}


def test_every_file_of_the_folder_is_imported() -> None:
    files = {path.stem for path in Path(FOLDER / "data").glob("*.csv")}

    assert files == {file for _, file, _ in FILES}
