"""`qryvanta app adopt` as an administrator meets it."""

import json
import subprocess
from pathlib import Path

from server.manifest import load
from tests.database import Database
from tests.publishing import Connection, tenant
from tests.server.adoption.plain import FILMS
from tests.server.commands.test_operations import KEY, qryvanta


async def test_a_schema_is_adopted_with_a_report(
    database: Database, connection: Connection, tmp_path: Path
) -> None:
    await connection.execute(FILMS)
    await tenant(connection, "acme")
    file = tmp_path / "cinema.yaml"

    result = adopt(database, "films", "--tenant", "acme", "--name", "cinema", "-o", str(file))

    assert result.returncode == 0, result.stderr
    assert "film.cover: is left out: bytes have no field type to go to" in result.stdout
    assert "records are in cinema now." in result.stdout
    assert await connection.fetchval("select count(*) from cinema.film") == 2
    assert load(file).data["app"]["name"] == "cinema"


async def test_a_plan_changes_nothing(database: Database, connection: Connection) -> None:
    await connection.execute(FILMS)
    await tenant(connection, "acme")

    result = adopt(database, "films", "--plan", "--json")

    (report,) = json.loads(result.stdout)
    assert (report["app"], report["tables"]) == ("films_app", [])
    assert {"object": "Order", "note": "is called order_record: the contract refuses its name"} in report[
        "notes"
    ]
    assert await connection.fetchval("select count(*) from meta.app") == 0


async def test_a_schema_that_is_not_there_is_a_mistake_of_use(
    database: Database, connection: Connection
) -> None:
    await tenant(connection, "acme")

    result = adopt(database, "nowhere")

    assert result.returncode == 2
    assert "there is no table in a schema nowhere" in result.stderr


def adopt(database: Database, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return qryvanta("app", "adopt", *arguments, database_url=database.administrator_url, secret_key=KEY)
