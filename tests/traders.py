"""Northwind with all its records and a few people: made once, cloned for every test that changes it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from server.installation.cluster import Cluster
from server.installation.migration import DATABASE_PRIVILEGES
from server.settings import Settings
from server.settings import load as load_settings
from tests.database import PASSWORD, Database

ROOT = Path(__file__).parents[1]
SECRET = "a-key-for-tests-only-of-40-characters-.."
PASSWORD_OF_PEOPLE = "a long phrase to sign in"
PEOPLE = {
    "mara@example.org": ("Mara Lind", "demo", ["owner"]),
    "jonas@example.org": ("Jonas Weber", "demo", ["owner"]),
    "ida@example.org": ("Ida Berg", "demo", ["northwind.sales"]),
    "vera@example.org": ("Vera Novak", "demo", ["northwind.viewer"]),
    "nina@example.org": ("Nina Holm", "demo", []),
    "olga@example.org": ("Olga Other", "other", ["owner"]),
}
NUMBERS = count(1)


@pytest.fixture(scope="session")
def northwind(cluster: Cluster, template: str) -> Database:
    """The database that is cloned: tenant `demo` with Northwind, tenant `other` with the app alone."""
    made = clone(cluster, template, "northwind_template")
    run(made, "tenant", "create", "demo", "--label", "Demo")
    run(made, "tenant", "create", "other", "--label", "Other")
    subprocess.run(
        [ROOT / "docs/examples/northwind/load", "demo"],
        env=environment(made),
        check=True,
        capture_output=True,
    )
    run(made, "app", "install", "northwind", "--tenant", "other")
    for email, (name, tenant, roles) in PEOPLE.items():
        given = [word for role in roles for word in ("--role", role)]
        options = ["--tenant", tenant, "--name", name, *given, "--password-stdin"]
        run(made, "user", "create", email, *options, words=PASSWORD_OF_PEOPLE)
    return made


@pytest.fixture
def traders(cluster: Cluster, northwind: Database) -> Iterator[Database]:
    """A clone of Northwind for one test."""
    name = f"traders_{next(NUMBERS)}"
    yield clone(cluster, northwind.name, name)
    with psycopg.connect(cluster.url("postgres", PASSWORD, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture(scope="session")
def shared(cluster: Cluster, northwind: Database) -> Database:
    """A clone of Northwind for all tests that only read."""
    return clone(cluster, northwind.name, "northwind_shared")


def clone(cluster: Cluster, template: str, name: str) -> Database:
    """A database with everything of `template`."""
    database = Database(name, "127.0.0.1", cluster.port)
    maintenance = cluster.url("postgres", PASSWORD, "postgres")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}".encode())
    with psycopg.connect(database.administrator_url, autocommit=True) as connection:
        connection.execute(DATABASE_PRIVILEGES.encode())
    return database


def run(database: Database, *words_of_command: str, words: str = "") -> None:
    """Run a `qryvanta` command on the database."""
    done = subprocess.run(
        [Path(sys.executable).parent / "qryvanta", *words_of_command],
        env=environment(database),
        input=words,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr


def environment(database: Database) -> dict[str, str]:
    """The settings of an installation on the database."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "QRYVANTA_DATABASE_URL": database.administrator_url,
        "QRYVANTA_SERVER_DATABASE_URL": database.server_url,
        "QRYVANTA_WORKER_DATABASE_URL": database.worker_url,
        "QRYVANTA_SECRET_KEY": SECRET,
    }


def settings_of(database: Database, port: int = 8000) -> Settings:
    """The settings of a server on the database."""
    return load_settings({**environment(database), "QRYVANTA_PORT": str(port)})
