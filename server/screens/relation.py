"""Add and remove connections of a many-to-many relation."""

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.database.errors import Refusal
from server.database.session import transaction
from server.model import Entity, Field
from server.screens import writing
from server.screens.flash import Flash
from server.screens.references import uuid_or_none
from server.screens.refusal import words
from server.screens.related import children, far_end
from server.screens.visit import Visit, visit


async def link(request: Request) -> Response:
    """Connect the record with one at the other end of a many-to-many relation."""
    here, entity, key, child, field = await relation(request)
    far = far_end(child, field)
    form = await request.form()
    other = uuid_or_none(str(form.get(far.name, ""))) if far else None
    back = f"{here.address(entity, key)}#related-{child.name}-{field.name}"
    if far is None or other is None:
        return here.go(back, Flash("Choose one from the list first", tone="danger"))
    values = {field.column: str(key), far.column: str(other)}
    try:
        await writing.create_record(here, child, values)
    except Refusal as refusal:
        return here.go(back, Flash(words(refusal), tone="danger"))
    return here.go(back, Flash(f"{far.label} added"))


async def unlink(request: Request) -> Response:
    """Take a connection away; the toast connects again."""
    here, entity, key, child, field = await relation(request)
    far = far_end(child, field)
    form = await request.form()
    row = uuid_or_none(str(form.get("row", "")))
    if far is None or row is None:
        raise HTTPException(404)
    async with transaction(here.pool, here.actor(), "read only") as connection:
        where = f"t.tenant_id = $1 and t.id = $2 and t.{field.column} = $3"
        statement = f"select t.{far.column} from {here.access.table(child)} t where {where}"
        other = await connection.fetchval(statement, here.access.tenant_id, row, key)
    if other:
        await writing.delete_records(here, child, [row])
    back = f"{here.address(entity, key)}#related-{child.name}-{field.name}"
    if other is None:
        return here.go(back, Flash("This had been removed already", tone="info"))
    undo = f"{here.address(entity, key)}/link/{child.name}.{field.name}"
    return here.go(back, Flash(f"{far.label} removed", undo, fields=((far.name, str(other)),)))


async def relation(request: Request) -> tuple[Visit, Entity, UUID, Entity, Field]:
    """The record and the many-to-many relation in the address."""
    here = await visit(request)
    entity = here.entity(request.path_params["entity"])
    key = uuid_or_none(request.path_params["id"])
    for child, field in children(here, entity):
        if child.relation and request.path_params["section"] == f"{child.name}.{field.name}" and key:
            return here, entity, key, child, field
    raise HTTPException(404)
