"""Delete a record and take it back."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.database.errors import Refusal
from server.database.session import transaction
from server.screens import related, writing
from server.screens.finding import fetch, located
from server.screens.flash import Flash
from server.screens.record import shown
from server.screens.refusal import problems_of, words
from server.screens.visit import visit
from server.screens.words import noun


async def confirm(request: Request) -> Response:
    """Ask before a delete that cannot be undone."""
    here = await visit(request)
    entity, key = located(here)
    async with transaction(here.pool, here.actor(), "read only") as connection:
        record = await fetch(connection, here, entity, key)
        dependants = await related.dependants(connection, here, entity, [key])
    return here.page("record/delete.html", entity=entity, record=record, keys=[], dependants=dependants)


async def destroy(request: Request) -> Response:
    """Delete the record: into the recycle bin with a way back, or for good after a question."""
    here = await visit(request)
    entity, key = located(here)
    try:
        deleted = await writing.delete_records(here, entity, [key])
    except Refusal as refusal:
        problems = problems_of(entity, refusal)
        async with transaction(here.pool, here.actor(), "read only") as connection:
            record = await fetch(connection, here, entity, key)
            return await shown(connection, here, entity, record, None, problems, refusal.status)
    if not deleted:
        raise HTTPException(403, f"You may not delete this {noun(entity.label)}.")
    undo = here.address(entity, key, "restore") if entity.recycle else ""
    return here.go(here.address(entity), Flash(f"{entity.label} deleted", undo))


async def restore(request: Request) -> Response:
    """Take the record back out of the recycle bin."""
    here = await visit(request)
    entity, key = located(here)
    try:
        restored = await writing.restore_records(here, entity, [key])
    except Refusal as refusal:
        return here.go(here.address(entity, key), Flash(f"Not restored: {words(refusal)}", tone="danger"))
    if not restored:
        raise HTTPException(404)
    return here.go(here.address(entity, key), Flash(f"{entity.label} restored"))
