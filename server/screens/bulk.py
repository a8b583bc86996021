"""Delete and restore the selected rows of a grid."""

from starlette.requests import Request
from starlette.responses import Response

from server.database.errors import Refusal
from server.model import Entity
from server.screens import writing
from server.screens.flash import Flash
from server.screens.references import uuid_or_none
from server.screens.refusal import words
from server.screens.view import PAGE_SIZE
from server.screens.visit import visit
from server.screens.words import noun


async def destroy(request: Request) -> Response:
    """Delete the selected records; without a recycle bin only after a question."""
    here = await visit(request)
    entity = here.entity(request.path_params["entity"])
    form = await request.form()
    keys = [key for key in map(uuid_or_none, map(str, form.getlist("id"))) if key][:PAGE_SIZE]
    back = here.address(entity)
    if not keys:
        return here.go(back, Flash("Select the records first", tone="info"))
    if not entity.recycle and form.get("confirmed") != "yes":
        return here.page("record/delete.html", entity=entity, record=None, keys=keys, dependants=[])
    try:
        deleted = await writing.delete_records(here, entity, keys)
    except Refusal as refusal:
        return here.go(back, Flash(words(refusal), tone="danger"))
    if not deleted:
        return here.go(back, Flash("Nothing was deleted: you may not delete these records", tone="danger"))
    undo = f"{back}/restore" if entity.recycle else ""
    fields = tuple(("id", str(key)) for key in keys)
    return here.go(back, Flash(f"{counted(entity, deleted)} deleted", undo, fields=fields if undo else ()))


async def restore(request: Request) -> Response:
    """Take records back out of the recycle bin: an undo, or the selected rows of the bin."""
    here = await visit(request)
    entity = here.entity(request.path_params["entity"])
    form = await request.form()
    keys = [key for key in map(uuid_or_none, map(str, form.getlist("id"))) if key][:PAGE_SIZE]
    back = here.address(entity)
    try:
        restored = await writing.restore_records(here, entity, keys)
    except Refusal as refusal:
        return here.go(back, Flash(words(refusal), tone="danger"))
    return here.go(back, Flash(f"{counted(entity, restored)} restored"))


def counted(entity: Entity, number: int) -> str:
    """1 order, 3 orders."""
    return f"{number} {noun(entity.label if number == 1 else entity.plural)}"
