"""migrate, doctor, psql and the others as an operator meets them: text, exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import asyncpg
import pytest

from server.installation.cluster import Cluster
from tests.database import PASSWORD, Database

KEY = "0123456789abcdef0123456789abcdef"


def qryvanta(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with these settings and no others."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("QRYVANTA_")}
    given = {f"QRYVANTA_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        env=inherited | given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    """The address of a database that nothing was deployed to."""
    administrator = cluster.url("postgres", PASSWORD, "postgres")

    def run(statement: str) -> None:
        result = cluster.account.run([cluster.binaries / "psql", "-X", "-d", administrator, "-c", statement])
        assert result.returncode == 0, result.stdout

    run("create database test_unmigrated")
    yield cluster.url("postgres", PASSWORD, "test_unmigrated")
    run("drop database test_unmigrated with (force)")


def test_it_says_its_version() -> None:
    result = qryvanta("--version")

    assert result.returncode == 0
    assert result.stdout.startswith("qryvanta, version ")


def test_a_wrong_setting_stops_the_start_with_one_line() -> None:
    result = qryvanta("serve", port="http")

    assert result.returncode == 3
    assert result.stderr == "Error: QRYVANTA_PORT is 'http': a port is a number from 1 to 65535\n"


def test_a_database_that_is_not_there_is_one_line() -> None:
    result = qryvanta("migrate", database_url="postgresql://postgres@127.0.0.1:1/qryvanta")

    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("Error: cannot reach the database")


def test_a_wrong_password_is_one_line(database: Database) -> None:
    result = qryvanta("migrate", database_url=database.url("postgres", "wrong"))

    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 1


def test_a_wrong_option_is_a_usage_error() -> None:
    assert qryvanta("migrate", "--nonsense").returncode == 2


def test_migrating_makes_the_logins_of_the_addresses_work(cluster: Cluster, empty: str) -> None:
    server_url = cluster.url("qryvanta_server", PASSWORD, "test_unmigrated")

    first = qryvanta("migrate", database_url=empty, server_database_url=server_url)
    second = qryvanta("migrate", database_url=empty, server_database_url=server_url)

    assert first.returncode == 0, first.stderr
    assert "Nothing to deploy" in second.stdout


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_server_login_that_could_ignore_policies_is_refused(database: Database, command: str) -> None:
    result = qryvanta(
        command,
        database_url=database.administrator_url,
        server_database_url=database.administrator_url,
        secret_key=KEY,
    )

    assert result.returncode == 3
    assert result.stderr == (
        "Error: QRYVANTA_SERVER_DATABASE_URL: login postgres is a superuser; "
        "use qryvanta_server or qryvanta_worker\n"
    )


def test_serving_what_was_never_migrated_says_what_to_do(cluster: Cluster, empty: str) -> None:
    result = qryvanta(
        "work",
        database_url=empty,
        worker_database_url=cluster.url("qryvanta_worker", "wrong", "test_unmigrated"),
    )

    assert result.returncode == 3
    assert "qryvanta migrate" in result.stderr


def test_the_doctor_finds_nothing_wrong_but_the_missing_worker(database: Database) -> None:
    result = doctor(database)

    findings = {finding["subject"]: finding for finding in json.loads(result.stdout)}
    assert result.returncode == 0, result.stdout
    assert findings["migrations"]["state"] == "ok"
    assert findings["QRYVANTA_SERVER_DATABASE_URL"]["state"] == "ok"
    assert findings["worker"]["remedy"] == "qryvanta work (or qryvanta up)"


async def test_the_doctor_sees_that_a_worker_went_silent(
    database: Database, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute(
        "insert into queue.worker (worker_id, host, process, version, started_at, beaten_at)"
        " values (gen_random_uuid(), 'host', 1, '0', now() - interval '1 hour', now() - interval '1 minute')"
    )

    result = doctor(database)

    assert result.returncode == 1
    assert "silent since" in result.stdout


async def test_the_doctor_sees_that_nobody_records_changes_by_hand(
    database: Database, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute("alter event trigger qryvanta_drop disable")

    result = doctor(database)

    assert "missing or disabled: nobody sees who changes the structure by hand" in result.stdout
    assert "select publish.watch_ddl()" in result.stdout


async def test_the_doctor_tells_of_open_alarms(
    database: Database, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute(
        "insert into publish.alarm (kind, target, what)"
        " values ('owner_changed', 'crm.deal', 'it belongs to dba')"
    )

    result = doctor(database)

    assert result.returncode == 1
    assert "crm.deal: it belongs to dba" in result.stdout


def test_the_doctor_sees_missing_migrations(empty: str) -> None:
    result = qryvanta("doctor", database_url=empty)

    assert result.returncode == 1
    assert "qryvanta migrate" in result.stdout


def test_psql_takes_its_own_arguments(database: Database) -> None:
    result = qryvanta(
        "psql", "--", "-At", "-c", "select current_user", database_url=database.administrator_url
    )

    assert result.stdout == "postgres\n"


def test_psql_hands_on_the_exit_code(database: Database) -> None:
    result = qryvanta("psql", "--", "-c", "select nonsense", database_url=database.administrator_url)

    assert result.returncode == 1


def doctor(database: Database) -> "subprocess.CompletedProcess[str]":
    return qryvanta(
        "doctor",
        "--json",
        database_url=database.administrator_url,
        server_database_url=database.server_url,
        worker_database_url=database.worker_url,
        secret_key=KEY,
    )
