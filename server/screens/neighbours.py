"""The records before and after one, in the grid that one came from."""

from typing import Any
from uuid import UUID

from server.model import Entity
from server.screens.grid import narrow
from server.screens.listing import Listing
from server.screens.page import Cursor, beyond, order_by
from server.screens.view import View
from server.screens.visit import Visit


async def neighbours(connection: Any, here: Visit, entity: Entity, key: UUID) -> tuple[str, str]:
    """The addresses of the previous and the next record; empty at the ends.

    The address of the record carries the filters and the order of the grid.
    """
    view = View.parse(here.address(entity), here.request.query_params)
    listing = Listing(here.access, entity)
    keys = listing.sort_keys(view.order)
    listing.where(f"t.id = {listing.bind(key)}")
    texts = [f"{expression}::text" for expression, *_ in keys]
    row = await connection.fetchrow(listing.statement(texts), *listing.arguments)
    cursor = Cursor(tuple(row), 0)
    found = [await step(connection, here, entity, view, cursor, backwards) for backwards in (True, False)]
    previous, following = (address_in(here, entity, view, each) if each else "" for each in found)
    return previous, following


async def step(
    connection: Any, here: Visit, entity: Entity, view: View, cursor: Cursor, backwards: bool
) -> UUID | None:
    listing = Listing(here.access, entity)
    await narrow(connection, listing, view)
    if entity.recycle:
        listing.where("t.deleted_at is null")
    keys = listing.sort_keys(view.order)
    listing.where(beyond(listing, keys, cursor, backwards))
    statement = listing.statement(["t.id"], f"{order_by(keys, backwards)} limit 1")
    found: UUID | None = await connection.fetchval(statement, *listing.arguments)
    return found


def address_in(here: Visit, entity: Entity, view: View, key: UUID) -> str:
    """The address of a record that remembers the grid it is looked at in."""
    query = view.narrowing()
    address = here.address(entity, key)
    return f"{address}?{query}" if query else address
