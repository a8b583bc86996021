"""Run a plan that writes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asyncpg import PostgresError, Record

from server.database.errors import Refusal
from server.query.answer import unreadable_filter
from server.query.caller import Caller, Connection
from server.query.cleaning import cleaned
from server.query.payload import Payload
from server.query.plan import Plan
from server.query.refusal import refused_write, unreadable
from server.query.violation import explains, refused_insert, refused_update
from server.query.warning import Warned, told, warnings


@dataclass(frozen=True, slots=True)
class Changed:
    """What was written: how many rows; of a single one its id and version; the rows as text if asked for.

    `warned` are the warnings that the written records break.
    """

    rows: int
    id: str | None
    version: str | None
    body: str | None
    warned: tuple[Warned, ...] = ()


async def insert(
    caller: Caller, plan: Plan, payload: Payload, columns: tuple[str, ...], *, keep: bool
) -> Changed:
    """Create records; refused with all faults of all of them."""
    payload = cleaned(payload, caller.entity)
    records = f"[{payload.text}]" if payload.single else payload.text
    try:
        return await caller.perform(_once(caller, plan, [records]), keep=keep)
    except PostgresError as error:
        raise await refused_insert(caller, payload, columns, error) from error


async def update(
    caller: Caller,
    plan: Plan,
    payload: Payload,
    columns: tuple[str, ...],
    target: Sequence[UUID | list[int]],
    *,
    keep: bool,
    most: int | None,
    chosen: Callable[[], Awaitable[list[str]]],
) -> Changed:
    """Change records; `chosen` finds the ids of those that were meant, to say what is wrong with them."""
    payload = cleaned(payload, caller.entity)
    text = payload.text if payload.single else payload.text.strip()[1:-1]
    work = _bounded(_once(caller, plan, [text, *target]), most)
    try:
        return await caller.perform(work, keep=keep, shows_deleted=plan.shows_deleted)
    except PostgresError as error:
        await _refuse_filter(caller, plan, error)
        ids = await chosen() if explains(error) else []
        raise await refused_update(caller, payload, columns, ids, error) from error


async def delete(
    caller: Caller,
    plan: Plan,
    recycled: Plan | None,
    target: Sequence[UUID | list[int]],
    *,
    keep: bool,
    most: int | None,
) -> Changed:
    """Delete records; with a plan `recycled` a trigger may move them to the bin instead."""

    async def work(connection: Connection) -> Changed:
        deleted = await _once(caller, plan, list(target))(connection)
        if recycled is None or deleted.rows:
            return deleted
        await connection.execute("set local qryvanta.deleted = 'visible'")
        return await _once(caller, recycled, [])(connection)

    try:
        return await caller.perform(_bounded(work, most), keep=keep, shows_deleted=plan.shows_deleted)
    except PostgresError as error:
        await _refuse_filter(caller, plan, error)
        raise refused_write(error, caller.app, caller.entity, deletes=True) from error


Work = Callable[[Connection], Awaitable[Changed]]


def _once(caller: Caller, plan: Plan, fixed: Sequence[Any]) -> Work:
    async def work(connection: Connection) -> Changed:
        row = await connection.fetchrow(plan.sql, caller.actor.tenant_id, *fixed, *plan.values)
        assert row is not None
        return _changed(caller, row)

    return work


def _bounded(work: Work, most: int | None) -> Work:
    async def bounded(connection: Connection) -> Changed:
        changed = await work(connection)
        if most is not None and changed.rows > most:
            message = f"The request would change {changed.rows} records, more than max-affected={most}"
            raise Refusal(400, "PGRST124", message)
        return changed

    return bounded


def _changed(caller: Caller, row: Record) -> Changed:
    entity = caller.entity
    counts = row.get("warned")
    warned = told(entity, warnings(entity, caller.rights.readable), counts) if counts else ()
    return Changed(row["rows"], row["id"], row["version"], row.get("body"), warned)


async def _refuse_filter(caller: Caller, plan: Plan, error: PostgresError) -> None:
    if (error.sqlstate or "").startswith("22") and plan.typed:
        column = await unreadable_filter(caller, plan)
        if column:
            fault = unreadable(caller.entity, column)
            raise Refusal(400, str(error.sqlstate), fault.message, [fault]) from error
