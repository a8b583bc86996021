"""Writes of a form: one statement, and everything that stood against it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from asyncpg import PostgresError

from server.database.session import transaction
from server.model import Entity, Field
from server.screens.access import Access
from server.screens.visit import Visit


async def insert(
    connection: Any, access: Access, entity: Entity, key: UUID | None, values: Mapping[str, Any]
) -> None:
    """Insert a record, with the chosen id if there is one; columns without a value take their default."""
    arguments: list[Any] = [key] if key else []
    placed = {**({"id": "$1"} if key else {}), **placeholders(entity, values, arguments)}
    await connection.execute(
        f"insert into {access.table(entity)} ({', '.join(placed)}) values ({', '.join(placed.values())})",
        *arguments,
    )


async def update(
    connection: Any, access: Access, entity: Entity, key: UUID, version: int, values: Mapping[str, Any]
) -> bool:
    """Change the given columns of the record if it still has `version`; False when nothing was changed."""
    arguments: list[Any] = [access.tenant_id, key, version]
    placed = placeholders(entity, values, arguments)
    changes = ", ".join(f"{column} = {value}" for column, value in placed.items())
    found = await connection.fetchval(
        f"update {access.table(entity)} as t set {changes} "
        "where t.tenant_id = $1 and t.id = $2 and t.version = $3 returning t.id",
        *arguments,
    )
    return found is not None


async def delete(here: Visit, entity: Entity, keys: list[UUID]) -> list[UUID]:
    """Delete the records; those of an entity with a recycle bin go there. Returns the deleted ids."""
    table, arguments = here.access.table(entity), (here.access.tenant_id, keys)
    where = "where t.tenant_id = $1 and t.id = any ($2::uuid[])"
    async with transaction(here.pool, here.actor(entity.recycle)) as connection:
        if not entity.recycle:
            rows = await connection.fetch(f"delete from {table} t {where} returning t.id", *arguments)
            return [row["id"] for row in rows]
        # A trigger turns this into a move to the bin, so that it reports no row.
        await connection.execute(f"delete from {table} t {where} and t.deleted_at is null", *arguments)
        rows = await connection.fetch(
            f"select t.id from {table} t {where} and t.deleted_at is not null", *arguments
        )
        return [row["id"] for row in rows]


async def restore(here: Visit, entity: Entity, keys: list[UUID]) -> list[UUID]:
    """Take records back out of the recycle bin. Returns the restored ids."""
    if not entity.recycle:
        return []
    async with transaction(here.pool, here.actor(True)) as connection:
        rows = await connection.fetch(
            f"update {here.access.table(entity)} as t set deleted_at = null where t.tenant_id = $1 "
            "and t.id = any ($2::uuid[]) and t.deleted_at is not null returning t.id",
            here.access.tenant_id,
            keys,
        )
        return [row["id"] for row in rows]


def exists_already(entity: Entity, error: PostgresError) -> bool:
    """Whether the record with the chosen id is there: the same form was sent before."""
    constraint = entity.constraints_by_name.get(error.constraint_name or "")
    return constraint is not None and constraint.kind == "primary"


def placeholders(entity: Entity, values: Mapping[str, Any], arguments: list[Any]) -> dict[str, str]:
    """Column → placeholder; every value goes as text that the database casts to the column's type."""
    fields = {each.column: each for each in entity.fields}
    placed = {}
    for column, value in values.items():
        arguments.append(argument(fields[column], value))
        kind = "text[]" if isinstance(value, list) and fields[column].type == "multichoice" else "text"
        placed[column] = f"${len(arguments)}::{kind}::{fields[column].sql_type}"
    return placed


def argument(field: Field, value: Any) -> Any:
    if value is None or isinstance(value, str):
        return json.dumps(value) if field.type == "json" and value is not None else value
    if isinstance(value, list) and field.type == "multichoice":
        return value
    return json.dumps(value)
