"""tenant, user, token and bi as an operator meets them."""

import json
import os
import subprocess
import sys

import asyncpg
import pytest

from server.identity.administration.tenant import create_tenant
from server.identity.administration.user import create_first_user, create_user
from tests.database import Database
from tests.sql.crm import EMAIL, Connection, publish_crm

PASSWORD = "correct horse battery"


class Terminal:
    """The qryvanta command on one database."""

    def __init__(self, database: Database) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("QRYVANTA_")},
            "QRYVANTA_DATABASE_URL": database.administrator_url,
        }

    def __call__(self, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "server", *arguments],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
async def qryvanta(database: Database, connection: Connection) -> Terminal:
    """A database with the tenant acme and the app crm."""
    await create_tenant(connection, "acme", "Acme Ltd")
    await publish_crm(connection, "acme")
    return Terminal(database)


async def test_a_tenant_is_created_once_and_listed(qryvanta: Terminal) -> None:
    first = qryvanta("tenant", "create", "globex", "--label", "Globex Corporation")
    again = qryvanta("tenant", "create", "globex")
    wrong = qryvanta("tenant", "create", "Globex!")
    listed = json.loads(qryvanta("tenant", "list", "--json").stdout)

    assert (first.returncode, again.returncode, wrong.returncode) == (0, 1, 2)
    assert "already" in again.stderr
    assert [(row["name"], row["label"], row["apps"]) for row in listed] == [
        ("acme", "Acme Ltd", ["crm"]),
        ("globex", "Globex Corporation", []),
    ]


async def test_a_user_is_created_with_a_password_from_standard_input(qryvanta: Terminal) -> None:
    arguments = ("user", "create", "Ann@Example.org", "--tenant", "acme", "--role", "crm.sales")

    created = qryvanta(*arguments, "--password-stdin", typed=f"{PASSWORD}\n")
    again = qryvanta(*arguments, "--password-stdin", typed=f"{PASSWORD}\n")
    listed = json.loads(qryvanta("user", "list", "--json").stdout)

    assert (created.returncode, again.returncode) == (0, 1), created.stderr
    assert PASSWORD not in created.stdout
    assert [(row["email"], row["tenant"], row["roles"], row["state"]) for row in listed] == [
        ("ann@example.org", "acme", ["crm.sales"], "active")
    ]


async def test_without_a_terminal_a_password_is_made_up_and_shown_once(qryvanta: Terminal) -> None:
    created = qryvanta("user", "create", EMAIL, "--tenant", "acme", "--json")

    [row] = json.loads(created.stdout)
    assert len(row["password"]) >= 20
    assert row["password"] not in qryvanta("user", "list", "--json").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--tenant", "acme", "--role", "crm.boss"),
            "choose from owner, builder, auditor, operator, crm.clerk",
        ),
        (("--tenant", "nowhere"), "there is no tenant nowhere: choose from acme"),
        ((), "Missing option '--tenant'"),
    ],
)
async def test_what_is_unknown_is_a_usage_error(
    qryvanta: Terminal, arguments: tuple[str, ...], message: str
) -> None:
    result = qryvanta("user", "create", EMAIL, *arguments)

    assert result.returncode == 2
    assert message in result.stderr


async def test_a_weak_password_is_refused(qryvanta: Terminal) -> None:
    result = qryvanta("user", "create", EMAIL, "--tenant", "acme", "--password-stdin", typed="password123\n")

    assert result.returncode == 1
    assert "first that anybody would try" in result.stderr


async def test_a_token_is_printed_alone_and_can_be_revoked(
    qryvanta: Terminal, connection: Connection
) -> None:
    await create_user(connection, EMAIL, tenant="acme", password=PASSWORD, roles=("crm.sales",))

    created = qryvanta("token", "create", "--user", EMAIL, "--tenant", "acme", "--expires", "30d")
    [row] = json.loads(qryvanta("token", "list", "--json").stdout)
    revoked = qryvanta("token", "revoke", row["token_id"])
    [after] = json.loads(qryvanta("token", "list", "--json").stdout)

    assert created.stdout.startswith("qry_")
    assert created.stdout.count("\n") == 1
    assert (row["roles"], row["state"], revoked.returncode, after["state"]) == (
        ["crm.sales"], "valid", 0, "revoked"
    )  # fmt: skip


async def test_a_wrong_time_span_is_a_usage_error(qryvanta: Terminal) -> None:
    result = qryvanta("token", "create", "--user", EMAIL, "--tenant", "acme", "--expires", "soon")

    assert result.returncode == 2
    assert "write 12h, 30d, 8w or 1y" in result.stderr


async def test_a_bi_login_connects_with_what_was_printed_until_it_is_revoked(qryvanta: Terminal) -> None:
    created = qryvanta("bi", "create", "--tenant", "acme", "--role", "crm.sales")
    url = created.stdout.strip()
    session = await asyncpg.connect(url)
    seen = await session.fetch("select name from deal")
    await session.close()
    [row] = json.loads(qryvanta("bi", "list", "--json").stdout)
    revoked = qryvanta("bi", "revoke", row["login"])

    assert (created.returncode, seen, revoked.returncode) == (0, [], 0)
    assert (row["tenant"], row["member_of"]) == ("acme", "bi_crm_sales")
    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(url)


async def test_a_bi_login_needs_a_role_that_exists(qryvanta: Terminal) -> None:
    result = qryvanta("bi", "create", "--tenant", "acme", "--role", "auditor")

    assert result.returncode == 2
    assert "choose from owner, crm.clerk, crm.sales" in result.stderr


async def test_a_user_is_disabled_and_the_missing_owner_named(
    qryvanta: Terminal, connection: Connection
) -> None:
    await create_user(connection, EMAIL, tenant="acme", password=PASSWORD, roles=("owner",))

    result = qryvanta("user", "disable", EMAIL)
    unknown = qryvanta("user", "disable", "nobody@example.org")

    assert (result.returncode, unknown.returncode) == (0, 2)
    assert "acme has no owner" in result.stderr


async def test_there_is_one_first_administrator(connection: Connection) -> None:
    await create_tenant(connection, "main")

    first = await create_first_user(connection, EMAIL, tenant="main", password=PASSWORD)
    second = await create_first_user(connection, "eve@example.org", tenant="main", password=PASSWORD)

    assert first is not None
    assert second is None
    assert await connection.fetchval("select count(*) from identity.account") == 1
