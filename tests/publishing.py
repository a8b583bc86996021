"""Publish a model in one line."""

import json
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from server import publication
from server.manifest import load

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def tenant(connection: Connection, name: str = "demo") -> UUID:
    """The id of a tenant, created where it is missing."""
    tenant_id: UUID = await connection.fetchval(
        """
        insert into tenancy.tenant (name, label) values ($1, initcap($1))
        on conflict (name) do update set label = excluded.label
        returning tenant_id
        """,
        name,
    )
    return tenant_id


async def publish(
    connection: Connection,
    manifest: dict[str, Any] | str | bytes,
    owner: str = "demo",
    *,
    allow_data_loss: bool = False,
) -> UUID:
    """Store and publish a manifest (a dict, or YAML); raises ManifestError. The id of the app."""
    source = json.dumps(manifest) if isinstance(manifest, dict) else manifest
    data = source.encode() if isinstance(source, str) else source
    app_id = await publication.store(connection, load(data), await tenant(connection, owner))
    await publication.publish(connection, app_id, allow_data_loss=allow_data_loss)
    return app_id


def app(name: str, *entities: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """A manifest with these entities."""
    return {"qryvanta": 1, "app": {"name": name}, "entities": list(entities), **sections}


def entity(name: str, *fields: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """An entity with these fields."""
    return {"name": name, "fields": list(fields), **settings}


def field(name: str, type: str = "text", **parameters: Any) -> dict[str, Any]:
    """A field; a text unless told otherwise."""
    return {"name": name, "type": type, **parameters}
