"""Published versions of an app: compare them, find the SQL between them, make one the draft again."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from server.manifest import from_json

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


async def manifest(
    connection: Connection, app_id: UUID, number: int | None, only: Sequence[str] = ()
) -> dict[str, Any]:
    """The manifest of a version or of the draft; with `only` that of these entities and what they need."""
    text: str = await connection.fetchval(
        """
        select case
            when cardinality($3::text[]) = 0 then m.manifest
            else (select s.manifest from publish.selection(m.manifest, null, $3) s)
        end::text
        from publish.manifest($1, $2) as m (manifest)
        """,
        app_id,
        number,
        list(only),
    )
    return from_json(text)


async def taken_along(connection: Connection, app_id: UUID, only: Sequence[str]) -> list[str]:
    """What would be published besides these entities of the draft, because they need it."""
    along: list[str] | None = await connection.fetchval(
        """
        select s.along
        from publish.selection(meta.manifest($1), publish.current_manifest($1), $2) s
        """,
        app_id,
        list(only),
    )
    return along or []
