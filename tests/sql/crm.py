"""A small published app for tests of who may do what."""

import json
from typing import Any, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
EMAIL = "ann@example.org"


def entity(name: str) -> dict[str, Any]:
    return {"name": name, "ownership": "owned", "fields": [{"name": "name", "type": "text"}]}


def everything(entity: str, read: str = "tenant") -> dict[str, Any]:
    return {"entity": entity, "read": read, "create": True, "update": read, "delete": read}


MANIFEST = {
    "qryvanta": 1,
    "app": {"name": "crm"},
    "entities": [entity("deal"), entity("invoice")],
    "roles": [
        {"name": "sales", "grants": [everything("deal")]},
        {"name": "clerk", "grants": [everything("invoice"), {"entity": "deal", "read": "own"}]},
    ],
}


async def publish_crm(connection: Connection, tenant: str) -> None:
    """Publish the app crm, owned by and installed for `tenant`."""
    await connection.execute(
        """
        select publish.app(meta.store($1::jsonb, t.tenant_id))
        from tenancy.tenant t
        where t.name = $2
        """,
        json.dumps(MANIFEST),
        tenant,
    )


async def install_crm(connection: Connection, tenant: str) -> None:
    """Give another tenant the use of crm."""
    await connection.execute(
        """
        insert into tenancy.installation (tenant_id, app_id)
        select t.tenant_id, a.app_id from tenancy.tenant t, meta.app a where t.name = $1
        """,
        tenant,
    )


async def add_deal(connection: Connection, tenant: str, name: str, owner: str | None = None) -> None:
    """Write a deal as the administrator, who is bound by no policy."""
    await connection.execute(
        """
        insert into crm.deal (tenant_id, name, owner_id)
        select t.tenant_id, $2, m.user_id
        from tenancy.tenant t
        join identity.member m on m.tenant_id = t.tenant_id and m.email = coalesce($3, m.email)
        where t.name = $1
        """,
        tenant,
        name,
        owner,
    )
