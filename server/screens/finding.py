"""Find the record that an address names."""

from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException

from server.database.session import transaction
from server.model import Entity
from server.query.warning import judged, told, warnings
from server.screens.listing import Listing
from server.screens.visit import Visit


def located(here: Visit) -> tuple[Entity, UUID]:
    """The entity and the id in the address."""
    return here.entity(here.request.path_params["entity"]), uuid_in(here.request.path_params["id"])


def number_in(text: str) -> int:
    """A version; what is none is that of no record."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def uuid_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise HTTPException(404) from None


async def is_there(here: Visit, entity: Entity, key: UUID) -> bool:
    """Whether the record exists for the reader: then the same form was sent before."""
    statement = f"select exists (select from {here.access.table(entity)} where tenant_id = $1 and id = $2)"
    async with transaction(here.pool, here.actor(), "read only") as connection:
        return bool(await connection.fetchval(statement, here.access.tenant_id, key))


async def fetch(connection: Any, here: Visit, entity: Entity, key: UUID) -> dict[str, Any]:
    """The record with the titles behind its lookups, and the warnings that it breaks as `warned`.

    Raises 404 when it is not there or not visible.
    """
    listing = Listing(here.access, entity)
    listing.where(f"t.id = {listing.bind(key)}")
    columns = ["t.id", "t.version", "t.updated_by"]
    if entity.recycle:
        columns.append("t.deleted_at")
    columns += [f"{listing.own_title()} as title", *listing.selected(here.access.fields(entity))]
    doubts = warnings(entity, here.access.rights[entity.name].readable)
    columns += [f"{judged(entity, doubts, 't')} as warned"] if doubts else []
    row = await connection.fetchrow(listing.statement(columns), *listing.arguments)
    if row is None:
        raise HTTPException(404)
    record = dict(row)
    return {**record, "warned": told(entity, doubts, record.get("warned", []))}
