"""One record: read and change it on the same page, or create it."""

from typing import Any
from uuid import UUID, uuid4

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.database.errors import Refusal
from server.database.session import transaction
from server.model import Entity, Field
from server.screens import conflict, form, history, references, related, uploads, writing
from server.screens.finding import fetch, is_there, located, number_in, uuid_in
from server.screens.flash import Flash
from server.screens.neighbours import neighbours
from server.screens.refusal import Problem, problems_of, unreadable, warned
from server.screens.visit import Visit, visit
from server.screens.words import heading, noun

UNIQUE = "23505"
HIGHLIGHTS = 5
HIGHLIGHTED = {"lookup", "user", "date", "timestamp", "money", "decimal"}


async def show(request: Request) -> Response:
    """The record with its related records and its history."""
    here = await visit(request)
    entity, key = located(here)
    section = request.query_params.get("section", "")
    async with transaction(here.pool, here.actor(entity.recycle), "read only") as connection:
        record = await fetch(connection, here, entity, key)
        if section and here.partial:
            only = await related.section(connection, here, entity, record, section)
            gone = record.get("deleted_at") is not None
            return here.page("record/_section.html", entity=entity, deleted=gone, section=only)
        return await shown(connection, here, entity, record)


async def shown(
    connection: Any,
    here: Visit,
    entity: Entity,
    record: dict[str, Any],
    sent: form.Submission | None = None,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> Response:
    """The page of the record; with what was typed and what was wrong with it after a refusal."""
    related_sections = await related.sections(connection, here, entity, record)
    changes = await history.timeline(connection, here, entity, record)
    previous, following = await neighbours(connection, here, entity, record["id"])
    inputs = form.typed(form.inputs(here.access, entity, record), sent, problems or [])
    await references.name(connection, here.access, inputs)
    await references.offer(connection, here.access, inputs)
    return here.page(
        "record/show.html",
        status,
        entity=entity,
        record=record,
        heading=heading(entity, record["title"]),
        original=sent.original if sent else form.original(inputs),
        inputs=inputs,
        problems=problems or [],
        warned=warned(entity, record["warned"]),
        sections=related_sections,
        changes=changes,
        previous=previous,
        following=following,
        highlights=highlights(entity, inputs),
        tags=[each for each in inputs if each.value and is_state(each.field)],
        deleted=record.get("deleted_at") is not None,
        editable=any(each.writable for each in inputs) and record.get("deleted_at") is None,
        deletable=here.access.deletes(entity),
    )


async def new(request: Request) -> Response:
    """An empty form with the defaults of the model, and with what the address prefills."""
    here = await visit(request)
    entity = creatable(here)
    inputs = form.inputs(here.access, entity, None)
    async with transaction(here.pool, here.actor(), "read only") as connection:
        await references.prefill(connection, here.access, entity, inputs, request.query_params)
        await references.offer(connection, here.access, inputs)
    # The id is chosen here: sent twice, the same form makes one record.
    return blank(here, entity, uuid4(), inputs, form.original(inputs, blank=True))


def blank(
    here: Visit,
    entity: Entity,
    key: UUID,
    inputs: list[form.Input],
    original: str,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> Response:
    return here.page(
        "record/new.html",
        status,
        entity=entity,
        key=key,
        inputs=inputs,
        original=original,
        problems=problems or [],
        deleted=False,
    )


async def create(request: Request) -> Response:
    """Insert the record and go to it."""
    here = await visit(request)
    entity = creatable(here)
    data, faults = await uploads.read_form(here, entity, new=True)
    key = uuid_in(str(data.get("id", "")))
    sent = form.submission(here.access, entity, data, new=True)
    problems, status = unreadable(entity, {**sent.unreadable, **faults}), 422
    if not problems:
        try:
            await writing.create_record(here, entity, {"id": str(key), **sent.values})
            return here.go(here.address(entity, key), Flash(f"{entity.label} created"))
        except Refusal as refusal:
            if refusal.code == UNIQUE and await is_there(here, entity, key):
                return here.go(here.address(entity, key))
            problems, status = problems_of(entity, refusal), refusal.status
    inputs = form.typed(form.inputs(here.access, entity, None), sent, problems)
    async with transaction(here.pool, here.actor(), "read only") as connection:
        await references.name(connection, here.access, inputs)
        await references.offer(connection, here.access, inputs)
    return blank(here, entity, key, inputs, sent.original, problems, status)


async def update(request: Request) -> Response:
    """Write the changed fields, unless somebody else saved first."""
    here = await visit(request)
    entity, key = located(here)
    data, faults = await uploads.read_form(here, entity, new=False)
    sent = form.submission(here.access, entity, data, new=False)
    version = number_in(str(data.get("version", "")))
    problems, status = unreadable(entity, {**sent.unreadable, **faults}), 422
    if not problems:
        if not sent.values:
            return here.go(here.address(entity, key), Flash("Nothing was changed", tone="info"))
        try:
            if await writing.change_record(here, entity, key, version, sent.values):
                return here.go(here.address(entity, key), Flash("Saved"))
        except Refusal as refusal:
            problems, status = problems_of(entity, refusal), refusal.status
    async with transaction(here.pool, here.actor(entity.recycle), "read only") as connection:
        record = await fetch(connection, here, entity, key)
        if problems:
            return await shown(connection, here, entity, record, sent, problems, status)
        if record["version"] == version:
            raise HTTPException(403, f"You may not change this {noun(entity.label)}.")
        return await conflict.page(connection, here, entity, record, sent)


def highlights(entity: Entity, inputs: list[form.Input]) -> list[form.Input]:
    """The few facts under the title: what the record points at, its days and amounts."""
    return [
        each
        for each in inputs
        if each.field.type in HIGHLIGHTED
        and each.value is not None
        and each.field.name != entity.title
        and not each.field.sensitive
    ][:HIGHLIGHTS]


def is_state(field: Field) -> bool:
    """Whether a choice says how the record stands: its values have colours."""
    return field.type == "choice" and any(choice.tone != "gray" for choice in field.choices)


def creatable(here: Visit) -> Entity:
    entity = here.entity(here.request.path_params["entity"])
    if not here.access.creates(entity):
        raise HTTPException(403, f"You may not create {noun(entity.plural)}.")
    return entity
