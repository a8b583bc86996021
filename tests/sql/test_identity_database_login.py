"""A direct SQL login sees one tenant, for life, whatever its session tries."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from server.identity.administration.database_login import (
    DatabaseLogin,
    create_database_login,
    drop_database_login,
)
from server.identity.administration.lookup import UnknownName
from server.identity.administration.tenant import create_tenant
from server.identity.administration.user import create_user, disable_user
from tests.database import Database
from tests.sql.crm import EMAIL, Connection, add_deal, install_crm, publish_crm

PASSWORD = "correct horse battery"
OTHER = "eve@example.org"

ATTEMPTS = [
    "set qryvanta.tenant_id = '{other}'",
    "select set_config('qryvanta.tenant_id', '{other}', false)",
    "select set_config('qryvanta.user_id', '{eve}', false)",
    "set qryvanta.deleted = 'visible'",
    "set row_security = off",
    "set search_path = pg_temp, public, crm",
    "set session authorization default",
    "reset role",
    "reset all",
    "discard all",
    "set role none",
    "begin; set local qryvanta.tenant_id = '{other}'; commit",
    "set default_transaction_read_only = off",
    "set session_replication_role = replica",
]

BEYOND_READING = [
    "insert into crm.deal (name) values ('x')",
    "update crm.deal set name = 'x'",
    "delete from crm.deal",
    "truncate crm.deal",
    "drop table crm.deal",
    "alter table crm.deal disable row level security",
    "drop policy sales_read on crm.deal",
    "select * from crm.invoice",
    "select * from tenancy.database_login",
    "insert into tenancy.database_login (login, tenant_id) select session_user, gen_random_uuid()",
    "select * from tenancy.tenant",
    "select * from identity.account",
    "select * from identity.session",
    "select * from identity.token",
    "select * from meta.app",
    "select * from publish.version",
    "select * from audit.change",
    "select * from api.begin_login('a', 'b')",
    "select identity.create_database_login(gen_random_uuid(), array['crm'], 'sales', 'x')",
    "select identity.revoke_sessions(gen_random_uuid())",
    "create schema mine",
    "create table crm.mine ()",
    "create table public.mine ()",
    "create temporary table mine ()",
    "create role mine",
    "alter role qryvanta_owner password 'x'",
    "grant bi_crm_clerk to bi_crm_sales",
    "select pg_advisory_lock(1)",
    "select pg_notify('qryvanta_identity', '')",
    "select lo_create(0)",
    "select pg_read_file('/etc/passwd')",
    "copy crm.deal to program 'true'",
    "copy crm.deal from stdin",
]


@pytest.fixture
async def two_tenants(connection: Connection) -> None:
    """Acme and Other use crm; each has a member and a deal."""
    await create_tenant(connection, "acme")
    await create_tenant(connection, "other")
    await publish_crm(connection, "acme")
    await install_crm(connection, "other")
    await create_user(connection, EMAIL, tenant="acme", password=PASSWORD, roles=("owner", "crm.clerk"))
    await create_user(connection, OTHER, tenant="other", password=PASSWORD, roles=("owner",))
    await add_deal(connection, "acme", "deal of acme")
    await add_deal(connection, "other", "deal of other")


@pytest.fixture
async def login(connection: Connection, two_tenants: None) -> DatabaseLogin:
    """A login for the sales role of acme."""
    return await create_database_login(connection, tenant="acme", role="crm.sales")


@pytest.fixture
async def analyst(database: Database, login: DatabaseLogin) -> AsyncIterator[Connection]:
    """A session of that login."""
    connection = await asyncpg.connect(database.url(login.login, login.password))
    yield connection
    connection.terminate()


async def deals(analyst: Connection) -> list[str]:
    return [row["name"] for row in await analyst.fetch("select name from crm.deal order by name")]


async def sessions(connection: Connection, login: str) -> int:
    """How many sessions of a login are left; a terminated one takes a moment to go."""
    for _ in range(50):
        count: int = await connection.fetchval(
            "select count(*) from pg_stat_activity where usename = $1", login
        )
        if not count:
            break
        await asyncio.sleep(0.1)
    return count


async def test_a_login_sees_its_tenant(analyst: Connection) -> None:
    assert await deals(analyst) == ["deal of acme"]
    assert [row["name"] for row in await analyst.fetch("select name from deal")] == ["deal of acme"]


async def test_a_login_of_the_owner_sees_everything_in_its_tenant(
    connection: Connection, database: Database, two_tenants: None
) -> None:
    login = await create_database_login(connection, tenant="acme", role="owner")
    analyst = await asyncpg.connect(database.url(login.login, login.password))

    assert await deals(analyst) == ["deal of acme"]
    await analyst.close()


async def test_a_login_reads_the_names_of_its_own_people(analyst: Connection) -> None:
    rows = await analyst.fetch(
        """
        select m.email
        from identity.member m
        left join crm.deal d on (d.tenant_id, d.owner_id) = (m.tenant_id, m.user_id)
        """
    )

    assert [row["email"] for row in rows] == [EMAIL]


async def test_no_setting_shows_another_tenant(
    connection: Connection, database: Database, login: DatabaseLogin
) -> None:
    other = await connection.fetchval("select tenant_id from tenancy.tenant where name = 'other'")
    eve = await connection.fetchval("select user_id from identity.account where email = $1", OTHER)

    seen: dict[str, list[str]] = {}
    for attempt in ATTEMPTS:
        # A session each: what one attempt leaves behind must not hide the effect of the next.
        session = await asyncpg.connect(database.url(login.login, login.password))
        # To be refused is as good as to have no effect.
        with suppress(asyncpg.InsufficientPrivilegeError):
            await session.execute(attempt.format(other=other, eve=eve))
        with suppress(asyncpg.InsufficientPrivilegeError):
            seen[attempt] = await deals(session)
        session.terminate()
        await sessions(connection, login.login)

    # PostgreSQL refuses to answer at all when the session switches row security off.
    assert set(ATTEMPTS) - set(seen) == {"set row_security = off"}
    assert all(names == ["deal of acme"] for names in seen.values())


async def test_a_login_becomes_no_role_of_the_cluster(connection: Connection, analyst: Connection) -> None:
    version = analyst.get_server_version().major
    login = await analyst.fetchval("select session_user")
    rows = await connection.fetch("select rolname from pg_roles where rolname <> $1", login)
    # Before 16 a member may always become its role; that one holds the same rights and policies.
    own = {"bi_crm_sales", "qryvanta_app"} if version < 16 else set()

    for role in (row["rolname"] for row in rows):
        try:
            await analyst.execute(f'set role "{role}"')
        except asyncpg.InsufficientPrivilegeError:
            continue
        assert role in own
        if role == "bi_crm_sales":
            assert await deals(analyst) == ["deal of acme"]
        await analyst.execute("reset role")


@pytest.mark.parametrize("settings", ["role", "session_authorization"])
async def test_a_login_chooses_no_other_role_when_it_connects(
    database: Database, login: DatabaseLogin, settings: str
) -> None:
    with pytest.raises(asyncpg.PostgresError, match="permission denied"):
        await asyncpg.connect(
            database.url(login.login, login.password), server_settings={settings: "qryvanta_owner"}
        )


async def test_a_login_may_only_read_what_it_was_given(analyst: Connection) -> None:
    allowed = []
    for statement in BEYOND_READING:
        with suppress(asyncpg.InsufficientPrivilegeError):
            await analyst.execute(statement)
            allowed.append(statement)

    assert allowed == []


async def test_copy_out_obeys_the_policies(analyst: Connection) -> None:
    rows: list[bytes] = []

    async def collect(data: bytes) -> None:
        rows.append(data)

    await analyst.copy_from_query("select name from crm.deal", output=collect)

    assert b"".join(rows) == b"deal of acme\n"


async def test_a_login_is_in_one_mirror_role_only(connection: Connection, login: DatabaseLogin) -> None:
    roles = await connection.fetch(
        "select roleid::regrole::text as role from pg_auth_members where member = $1::regrole", login.login
    )
    limit = await connection.fetchval("select rolconnlimit from pg_roles where rolname = $1", login.login)

    assert [row["role"] for row in roles] == ["bi_crm_sales"]
    assert limit == 5


async def test_an_unmapped_login_sees_nothing(
    connection: Connection, database: Database, two_tenants: None
) -> None:
    await connection.execute("create role lost login password 'lost'; grant bi_crm_sales to lost")

    session = await asyncpg.connect(database.url("lost", "lost"))
    await session.execute("select set_config('qryvanta.tenant_id', gen_random_uuid()::text, false)")

    assert await deals(session) == []
    await session.close()


@pytest.mark.parametrize("login", ["qryvanta_server", "qryvanta_worker", "nobody"])
async def test_a_login_that_may_choose_its_tenant_is_never_mapped(
    connection: Connection, two_tenants: None, login: str
) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await connection.execute(
            "insert into tenancy.database_login (login, tenant_id) select $1, tenant_id from tenancy.tenant",
            login,
        )


async def test_a_login_of_a_person_sees_that_persons_own_rows(
    connection: Connection, database: Database, two_tenants: None
) -> None:
    await create_user(connection, "bob@example.org", tenant="acme", password=PASSWORD)
    await add_deal(connection, "acme", "deal of bob", "bob@example.org")

    login = await create_database_login(connection, tenant="acme", role="crm.clerk", email=EMAIL)
    session = await asyncpg.connect(database.url(login.login, login.password))

    assert await deals(session) == ["deal of acme"]
    await session.close()


async def test_disabling_a_person_ends_their_login(
    connection: Connection, database: Database, two_tenants: None
) -> None:
    login = await create_database_login(connection, tenant="acme", role="crm.clerk", email=EMAIL)
    session = await asyncpg.connect(database.url(login.login, login.password))

    await disable_user(connection, EMAIL)

    assert await sessions(connection, login.login) == 0
    session.terminate()
    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(database.url(login.login, login.password))


async def test_a_revoked_login_ends_with_its_sessions(
    connection: Connection, analyst: Connection, login: DatabaseLogin
) -> None:
    await drop_database_login(connection, login.login)

    assert await sessions(connection, login.login) == 0
    assert await connection.fetchval("select count(*) from tenancy.database_login") == 0
    with pytest.raises(UnknownName):
        await drop_database_login(connection, login.login)


async def test_only_a_login_of_ours_is_dropped(connection: Connection, two_tenants: None) -> None:
    with pytest.raises(asyncpg.NoDataFoundError):
        await connection.execute("select identity.drop_database_login('qryvanta_server')")

    assert await connection.fetchval("select to_regrole('qryvanta_server') is not null")


@pytest.mark.parametrize("role", ["crm.boss", "auditor", "crm._owner", "crm"])
async def test_a_login_needs_a_role_of_an_app(connection: Connection, two_tenants: None, role: str) -> None:
    with pytest.raises(UnknownName, match=r"choose from .*crm\.clerk, crm\.sales"):
        await create_database_login(connection, tenant="acme", role=role)


async def test_the_password_never_stands_in_a_statement(connection: Connection, login: DatabaseLogin) -> None:
    stored = await connection.fetchval("select rolpassword from pg_authid where rolname = $1", login.login)

    assert stored.startswith("SCRAM-SHA-256$")
    assert login.password not in stored
