"""What a member is to the database, in each app."""

import asyncpg
import pytest

from server.identity.administration.lookup import UnknownName
from server.identity.administration.tenant import create_tenant
from server.identity.administration.token import create_token
from server.identity.administration.user import create_user, disable_user, revoke_roles
from tests.database import Database
from tests.sql.crm import EMAIL, Connection, publish_crm


@pytest.fixture
async def crm(connection: Connection) -> None:
    """The app crm of the tenant acme; the tenant other has not installed it."""
    await create_tenant(connection, "acme")
    await create_tenant(connection, "other")
    await publish_crm(connection, "acme")


async def member(connection: Connection, *roles: str, tenant: str = "acme") -> None:
    await create_user(connection, EMAIL, tenant=tenant, password="correct horse battery", roles=roles)


async def acting_role(connection: Connection, tenant: str = "acme") -> str | None:
    role: str | None = await connection.fetchval(
        """
        select api.actor_role(t.tenant_id, a.user_id, 'crm')
        from tenancy.tenant t, identity.account a
        where t.name = $1 and a.email = $2
        """,
        tenant,
        EMAIL,
    )
    return role


@pytest.mark.parametrize(
    ("roles", "acting"),
    [
        ((), None),
        (("builder", "auditor", "operator"), None),
        (("crm.sales",), "crm_sales"),
        (("owner",), "crm__owner"),
        (("owner", "crm.sales"), "crm__owner"),
    ],
)
async def test_a_member_acts_as_the_role_of_the_app(
    connection: Connection, crm: None, roles: tuple[str, ...], acting: str | None
) -> None:
    await member(connection, *roles)

    assert await acting_role(connection) == acting


async def test_several_roles_act_as_one_that_has_the_rights_of_all(
    connection: Connection, database: Database, crm: None
) -> None:
    await member(connection, "crm.sales", "crm.clerk")

    role = await acting_role(connection)

    assert role is not None
    assert role.startswith("rs_")
    server = await asyncpg.connect(database.server_url)
    async with server.transaction():
        await server.execute(f"set local role {role}")
        may = await server.fetchrow(
            """
            select
                has_column_privilege('crm.deal', 'name', 'update') as deal,
                has_column_privilege('crm.invoice', 'name', 'update') as invoice
            """
        )
    await server.close()
    assert may is not None
    assert (may["deal"], may["invoice"]) == (True, True)


async def test_the_same_combination_is_the_same_role_set(connection: Connection, crm: None) -> None:
    await member(connection, "crm.sales", "crm.clerk")
    await create_user(
        connection,
        "bob@example.org",
        tenant="acme",
        password="correct horse battery",
        roles=("crm.clerk", "crm.sales"),
    )

    # Roles belong to the cluster: another database may have role sets of its own.
    sets = await connection.fetchval(
        "select count(*) from pg_auth_members where roleid = 'crm_clerk'::regrole "
        "and member::regrole::text like 'rs\\_%'"
    )
    assert sets == 1


async def test_the_server_has_no_right_of_a_role_set_before_it_becomes_it(
    connection: Connection, database: Database, crm: None
) -> None:
    await member(connection, "crm.sales", "crm.clerk")

    server = await asyncpg.connect(database.server_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await server.fetch("select name from crm.deal")
    await server.close()


async def test_less_roles_are_another_combination(connection: Connection, crm: None) -> None:
    await member(connection, "crm.sales", "crm.clerk")

    await revoke_roles(connection, EMAIL, tenant="acme", roles=("crm.clerk",))

    assert await acting_role(connection) == "crm_sales"


async def test_a_lost_role_set_opens_nothing_until_the_app_is_repaired(
    connection: Connection, crm: None
) -> None:
    await member(connection, "crm.sales", "crm.clerk")
    role = await acting_role(connection)
    await connection.execute(f"drop role {role}")

    lost = await acting_role(connection)
    await connection.execute("select publish.repair(app_id) from meta.app")

    assert lost is None
    assert await acting_role(connection) == role


async def test_a_token_with_several_roles_has_its_role_set(connection: Connection, crm: None) -> None:
    await member(connection, "owner")
    await create_token(connection, EMAIL, tenant="acme", roles=("crm.sales", "crm.clerk"))

    actors = await connection.fetchval(
        "select actors ->> 'crm' from identity.token t, api.token_principal(t.hash)"
    )

    assert actors.startswith("rs_")


async def test_the_owner_of_a_tenant_without_the_app_is_nobody_in_it(
    connection: Connection, crm: None
) -> None:
    await member(connection, "owner", tenant="other")

    assert await acting_role(connection, "other") is None


async def test_a_disabled_member_is_nobody(connection: Connection, crm: None) -> None:
    await member(connection, "owner")

    await disable_user(connection, EMAIL)

    assert await acting_role(connection) is None


@pytest.mark.parametrize("role", ["boss", "crm.boss", "crm._owner", "sales", "crm.", ".sales", "other.sales"])
async def test_an_unknown_role_is_refused_with_the_known_ones(
    connection: Connection, crm: None, role: str
) -> None:
    with pytest.raises(UnknownName, match=r"owner, builder, auditor, operator, crm\.clerk, crm\.sales"):
        await member(connection, role)

    assert await connection.fetchval("select count(*) from identity.account") == 0


async def test_a_role_of_an_app_that_is_not_installed_is_refused(connection: Connection, crm: None) -> None:
    with pytest.raises(UnknownName):
        await member(connection, "crm.sales", tenant="other")
