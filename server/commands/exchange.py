"""Where records go in and out: an entity of an app, a tenant, and the worker's connection."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import asyncpg

from server.database.actor import Actor
from server.exchange.published import published_app
from server.identity.administration.lookup import Invalid, tenant_id_of
from server.model import App, Entity
from server.settings import Settings

INSTALLED = """
    select array(
        select a.name::text
        from tenancy.installation i
        join meta.app a on a.app_id = i.app_id
        where i.tenant_id = $1 and a.published_version is not null
        order by a.name
    )
"""

TENANT = "select t.time_zone, tenancy.new_id() as first_id from tenancy.tenant t where t.tenant_id = $1"


@dataclass(frozen=True)
class Place:
    """An entity in a tenant."""

    app: App
    entity: Entity
    tenant_id: UUID
    time_zone: str
    first_id: UUID  # from which the ids of an import count on

    def actor(self, source: Literal["import", "command"]) -> Actor:
        """The tenant's owner in the app; a command at the machine is no member, so no user stands for it."""
        return Actor(self.tenant_id, None, f"{self.app.name}__owner", source, secrets.token_hex(8))


async def find_place(connection: "asyncpg.Connection[asyncpg.Record]", target: str, tenant: str) -> Place:
    """The place that `target` (APP.ENTITY) means in a tenant; raises Invalid."""
    app_name, _, entity_name = target.partition(".")
    tenant_id = await tenant_id_of(connection, tenant)
    installed = await connection.fetchval(INSTALLED, tenant_id)
    app = await published_app(connection, app_name) if app_name in installed else None
    if app is None:
        apps = f"its apps are {', '.join(installed)}" if installed else "it has none yet"
        raise Invalid(f"tenant {tenant} has no app {app_name}; {apps}")
    entity = app.entities_by_name.get(entity_name)
    if entity is None:
        raise Invalid(
            f"{app.name} has no entity {entity_name or '…'}; it has {', '.join(app.entities_by_name)}"
        )
    row = await connection.fetchrow(TENANT, tenant_id)
    assert row is not None
    return Place(app, entity, tenant_id, row["time_zone"], row["first_id"])


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection as the worker's login: the one that may stage a file and become a role of an app."""
    connection = await asyncpg.connect(settings.required("worker_database_url"))
    try:
        yield connection
    finally:
        await connection.close()
