"""Whatever grants roles are given, the database's verdict is that of the contract."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.installation.cluster import Cluster
from tests.acting import acting, member
from tests.cloning import cloned
from tests.publishing import Connection, app, entity, field, publish, tenant

FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FIELDS = {"name": False, "price": False, "pin": True}  # name: is it sensitive?
SCOPES = st.sampled_from(["none", "own", "tenant"])
GRANTS = st.fixed_dictionaries(
    {
        "entity": st.just("deal"),
        "read": SCOPES,
        "create": st.booleans(),
        "update": SCOPES,
        "delete": SCOPES,
        "fields": st.dictionaries(
            st.sampled_from(sorted(FIELDS)), st.sampled_from(["none", "read", "write"])
        ),
    }
)
Grant = dict[str, Any]


@dataclass(frozen=True)
class People:
    """Two members of a tenant, each with one deal; a deal of another tenant is there too."""

    demo: UUID
    ann: UUID
    bob: UUID


class TakenBack(Exception):
    """Ends a transaction that was only a question."""


@given(grants=st.lists(GRANTS, min_size=1, max_size=4))
@FEW
def test_the_database_decides_as_the_contract_says(
    cluster: Cluster, template: str, grants: list[Grant]
) -> None:
    asyncio.run(compare(cluster, template, grants))


async def compare(cluster: Cluster, template: str, grants: list[Grant]) -> None:
    async with cloned(cluster, template) as database:
        connection = await asyncpg.connect(database.administrator_url)
        try:
            await publish(connection, crm(grants))
            people = await deals(connection)
            for number, grant in enumerate(grants):
                await compare_role(connection, f"crm_role{number}", grant, people)
        finally:
            await connection.close()


def crm(grants: list[Grant]) -> dict[str, Any]:
    fields = [field("name"), field("price", "decimal"), field("pin", sensitive=True)]
    roles = [{"name": f"role{number}", "grants": [grant]} for number, grant in enumerate(grants)]
    return app("crm", entity("deal", *fields, ownership="owned"), roles=roles)


async def deals(connection: Connection) -> People:
    demo, other = await tenant(connection), await tenant(connection, "other")
    ann, bob = [await member(connection, demo, f"{name}@example.org") for name in ("ann", "bob")]
    for tenant_id, user_id in (
        (demo, ann),
        (demo, bob),
        (other, await member(connection, other, "eve@example.org")),
    ):
        async with acting(connection, "crm__owner", tenant_id, user_id):
            await connection.execute("insert into crm.deal (name, price, pin) values ('x', 1, 'y')")
    return People(demo, ann, bob)


async def compare_role(connection: Connection, role: str, grant: Grant, people: People) -> None:
    """Ask everything that Ann could do in the role; None is a refusal."""
    for statement, expected in questions(grant, people).items():
        try:
            async with acting(connection, role, people.demo, people.ann):
                answer: int | None = int((await connection.execute(statement)).split()[-1])
                raise TakenBack
        except TakenBack:
            pass
        except asyncpg.InsufficientPrivilegeError:
            answer = None
        assert answer == expected, (statement, grant)


def questions(grant: Grant, people: People) -> dict[str, int | None]:
    """Statements, and how many rows the contract lets each see or change; None where it is refused."""
    rows = {"none": None, "own": 1, "tenant": 2}
    read, update, delete = (rows[grant[verb]] for verb in ("read", "update", "delete"))
    create = 1 if grant["create"] else None
    asked: dict[str, int | None] = {
        "delete from crm.deal": delete,
        "select id from crm.deal": read,
        "update crm.deal set version = 9": None,
        "update crm.deal set tenant_id = null": None,
        "insert into crm.deal (created_by) values (null)": None,
        # Who reads own rows only cannot make one for somebody else.
        f"insert into crm.deal (owner_id) values ('{people.bob}')": None
        if grant["read"] == "own"
        else create,
        f"insert into crm.deal (owner_id) values ('{people.ann}')": create,
    }
    for name, sensitive in FIELDS.items():
        access = grant["fields"].get(name, "none" if sensitive else "write")
        seen, written = access != "none", access == "write"
        asked[f"select {name} from crm.deal"] = read if seen else None
        asked[f"select id from crm.deal where {name} is not null"] = read if seen else None
        asked[f"select id from crm.deal order by {name}"] = read if seen else None
        asked[f"insert into crm.deal ({name}) values (null)"] = create if written else None
        asked[f"update crm.deal set {name} = null"] = update if written else None
    return asked
