"""Stored files: taken in and given out chunk by chunk, so that no file is ever whole in memory.

Every chunk has a transaction of its own: a slow sender or reader holds neither a connection nor a snapshot.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.database.errors import Fault, Refusal
from server.model import Entity, Field
from server.model.media import file_name, is_accepted, media_type
from server.query.caller import Caller, Connection

CHUNK = 262_144  # bytes, as storage.chunk keeps them
TOGETHER = 4  # chunks in one transaction


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a stored file; of a removed one only this is left."""

    id: UUID
    name: str
    type: str
    size: int
    sha256: str
    removed: bool = False


async def receive(
    caller: Caller,
    field: Field,
    name: str,
    declared: str,
    body: AsyncIterator[bytes],
    length: int | None = None,
) -> Stored:
    """Store what `body` gives; the file is its sender's until a record refers to it.

    Raises a 413 when it is, or by `length` says that it is, larger than the field allows, and a 422 for a
    type that the field does not accept; nothing of it stays then.
    """
    refuse_size(caller.entity, field, length or 0)
    name = file_name(name, field.name)
    digest, size, place, kind = hashlib.sha256(), 0, 0, ""
    file_id = await _call(caller, "select storage.receive($1, 'application/octet-stream')", name)
    try:
        async for block in _blocks(body):
            size += len(block)
            refuse_size(caller.entity, field, size)
            kind = kind or _accepted(caller.entity, field, media_type(block[:16], declared))
            digest.update(block)
            chunks = [block[at : at + CHUNK] for at in range(0, len(block), CHUNK)]
            await _call(caller, "select storage.append($1, $2, $3)", file_id, place, chunks)
            place += len(chunks)
        kind = kind or _accepted(caller.entity, field, media_type(b"", declared))
        await _call(caller, "select storage.finish($1, $2, $3)", file_id, kind, digest.hexdigest())
    except Exception:
        await discard(caller, file_id)
        raise
    return Stored(file_id, name, kind, size, digest.hexdigest())


async def discard(caller: Caller, file_id: UUID) -> None:
    """Forget a file to which no record refers."""
    await _call(caller, "select storage.discard($1)", file_id)


async def described(caller: Caller, file_ids: Sequence[UUID]) -> dict[UUID, Stored]:
    """What is known of files, by their ids."""
    async with caller.transaction("read only") as connection:
        return await described_in(connection, file_ids)


async def described_in(connection: Connection, file_ids: Sequence[UUID]) -> dict[UUID, Stored]:
    """The same within a transaction."""
    if not file_ids:
        return {}
    rows = await connection.fetch("select * from storage.described($1)", list(file_ids))
    return {row["file_id"]: Stored(*row) for row in rows}


async def content(caller: Caller, file: Stored, first: int, last: int) -> AsyncIterator[bytes]:
    """The bytes from `first` to `last`, both included."""
    places = range(first // CHUNK, last // CHUNK + 1)
    for place in places[::TOGETHER]:
        until = min(place + TOGETHER, places.stop) - 1
        async with caller.transaction("read only") as connection:
            rows = await connection.fetch(
                "select content from storage.content($1, $2, $3) as content", file.id, place, until
            )
        if len(rows) != until - place + 1:
            raise OSError(f"file {file.id} was removed while it was read")
        for at, row in enumerate(rows, start=place):
            start = at * CHUNK
            yield row["content"][max(first - start, 0) : last + 1 - start]


def refuse_size(entity: Entity, field: Field, size: int) -> None:
    """Raise a 413 that names field and limit when a file is too large."""
    if field.max_size is not None and size > field.max_size:
        fault = _fault(entity, field, "max_size")
        raise Refusal(413, "23514", fault.message, [fault])


def _accepted(entity: Entity, field: Field, kind: str) -> str:
    if not is_accepted(kind, field.accept):
        fault = _fault(entity, field, "accept")
        raise Refusal(422, "23514", fault.message, [fault])
    return kind


def _fault(entity: Entity, field: Field, rule: str) -> Fault:
    message = next(
        each.message for each in entity.constraints if each.fields == (field.name,) and each.rule == rule
    )
    return Fault(field.column, rule, message)


async def _blocks(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The body in blocks of whole chunks, the last one shorter."""
    held = bytearray()
    async for piece in body:
        held += piece
        while len(held) >= CHUNK * TOGETHER:
            yield bytes(held[: CHUNK * TOGETHER])
            del held[: CHUNK * TOGETHER]
    if held:
        yield bytes(held)


async def _call(caller: Caller, statement: str, *arguments: object) -> UUID:
    async with caller.transaction() as connection:
        found: UUID = await connection.fetchval(statement, *arguments)
    return found
