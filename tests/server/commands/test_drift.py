"""`qryvanta drift` as an administrator meets it."""

import json
import subprocess

from tests.database import Database
from tests.publishing import Connection, app, entity, field, publish
from tests.server.commands.test_operations import KEY, qryvanta

CRM = app("crm", entity("deal", field("title"), field("amount", "decimal")))


async def test_without_drift_it_says_so(database: Database, connection: Connection) -> None:
    await publish(connection, CRM)

    result = drift(database)

    assert (result.returncode, result.stdout) == (0, "No drift: the database is what was published.\n")


async def test_drift_is_told_with_its_author_and_its_repair(
    database: Database, connection: Connection
) -> None:
    await publish(connection, CRM)
    await connection.execute("alter table crm.deal add column extra text")

    result = drift(database, "crm")

    assert result.returncode == 1
    assert "crm.deal.extra: nobody published this column" in result.stdout
    assert "last changed by postgres" in result.stdout
    assert "alter table crm.deal add column extra text" in result.stdout
    assert "→ alter table crm.deal rename column extra to _dropped_extra" in result.stdout


async def test_programs_get_json(database: Database, connection: Connection) -> None:
    await publish(connection, CRM)
    await connection.execute("alter table crm.deal disable row level security")

    result = drift(database, "--json")

    (row,) = json.loads(result.stdout)
    assert result.returncode == 1
    assert (row["app"], row["object"], row["target"]) == ("crm", "row security", "crm.deal")
    assert row["statement"].startswith("alter table crm.deal enable row level security")
    assert (row["changed_by"], row["risk"]) == ("postgres", "takes a lock")


async def test_repair_leaves_what_would_be_lost_and_says_so(
    database: Database, connection: Connection
) -> None:
    await publish(connection, CRM)
    await connection.execute("create view crm.v with (security_invoker = true) as select 1 as one")
    await connection.execute("grant select on crm.deal to public")

    first = drift(database, "--repair")
    second = drift(database, "--repair", "--allow-data-loss")

    assert first.returncode == 1
    assert "crm.v: nobody published this view" in first.stdout
    assert "public" not in first.stdout
    assert second.returncode == 0
    assert "No drift" in second.stdout


def drift(database: Database, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return qryvanta("drift", *arguments, database_url=database.administrator_url, secret_key=KEY)


async def test_a_change_by_hand_is_adopted_and_what_is_not_is_told(
    database: Database, connection: Connection
) -> None:
    await publish(connection, CRM)
    await connection.execute("alter table crm.deal add column extra text")
    await connection.execute("grant select on crm.deal to public")

    result = drift(database, "crm", "--adopt")

    assert result.returncode == 1
    assert "crm.deal.extra: a new field extra of type text" in result.stdout
    assert "crm.deal to public: not adopted: rights follow from the roles of the model" in result.stdout
    assert "qryvanta app plan crm" in result.stdout


async def test_repair_and_adopt_exclude_each_other(database: Database) -> None:
    assert drift(database, "--repair", "--adopt").returncode == 2
