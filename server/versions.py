"""Published versions of an app: compare them, find the SQL between them, make one the draft again."""

import json
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

DRAFT = None
"""Stands for the number of a version: the draft."""


async def in_force(connection: Connection, app_id: UUID) -> int | None:
    """The number of the version in force; None before the first publish."""
    number: int | None = await connection.fetchval("select publish.in_force($1)", app_id)
    return number


async def difference(
    connection: Connection, app_id: UUID, old: int | None, new: int | None
) -> list[dict[str, Any]]:
    """What differs between two versions: kind, path, change, property, old, new, and a sentence.

    `old` of None is no version at all, `new` of None the draft. Raises NoDataFoundError for a version
    that does not exist.
    """
    rows = await connection.fetch(
        """
        select d.*
        from publish.difference(
            case when $2::integer is null then null else publish.manifest($1, $2) end,
            publish.manifest($1, $3)
        ) d
        """,
        app_id,
        old,
        new,
    )
    return [
        {key: json.loads(value) if value and key in ("old", "new") else value for key, value in row.items()}
        for row in rows
    ]


async def statements(
    connection: Connection, app_id: UUID, old: int | None, new: int | None
) -> list[dict[str, Any]]:
    """The SQL between two versions, each with its source: `ran for version 3`, `planned`.

    Raises ObjectNotInPrerequisiteStateError for a way back that does not start at the version in force.
    """
    rows = await connection.fetch("select s.* from publish.statement($1, $2, $3) s", app_id, old, new)
    return [dict(row) for row in rows]


async def restore(connection: Connection, app_id: UUID, number: int) -> bool:
    """Make a version the draft; whether the draft before had changes that were never published."""
    unpublished: bool = await connection.fetchval("select publish.restore($1, $2)", app_id, number)
    return unpublished


async def breaks(connection: Connection, app_id: UUID) -> list[dict[str, Any]]:
    """What publishing the draft would break: path, kind, sentence; `refused` with object, owner, definition
    and remedy where somebody's view, function or foreign key stands in the way."""
    rows = await connection.fetch("select b.* from publish.breaks($1) b", app_id)
    return [dict(row) for row in rows]
