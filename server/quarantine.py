"""What was dropped and keeps its data: listed, brought back, deleted for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.database import rollout
from server.publication import Connection


@dataclass(frozen=True)
class Dropped:
    """A table or column that was set aside; `element` is the entity or field that it was."""

    element: UUID | None
    table: str
    column: str | None
    dropped_at: datetime | None
    rows: int  # an estimate


class NotDroppedError(LookupError):
    """There is nothing to bring back."""


async def dropped(connection: Connection, app_id: UUID, older_than: timedelta = timedelta()) -> list[Dropped]:
    """What keeps its data, the newest first."""
    rows = await connection.fetch(
        """
        select d.element_id, d.schema_name || '.' || d.table_name, d.column_name, d.dropped_at,
            d.estimated_rows
        from publish.dropped d
        where d.app_id = $1 and d.dropped_at <= now() - $2::interval
        order by d.dropped_at desc, 2, 3
        """,
        app_id,
        older_than,
    )
    return [Dropped(*row) for row in rows]


async def undrop(connection: Connection, app_id: UUID, element_id: UUID) -> None:
    """Put an element back into the draft, as it was last published; publishing brings its data back."""
    async with connection.transaction():
        if element_id not in {item.element for item in await dropped(connection, app_id)}:
            raise NotDroppedError(
                f"nothing that was dropped has the id {element_id}: see qryvanta app dropped"
            )
        tenant_id = await connection.fetchval(
            "select a.tenant_id from meta.app a where a.app_id = $1", app_id
        )
        await connection.execute(
            "select meta.store(publish.recovered($1, $2), $3)", app_id, element_id, tenant_id
        )


async def purge(connection: Connection, app_id: UUID, older_than: timedelta) -> list[dict[str, Any]]:
    """Delete for good; the statements that ran."""
    rows = await rollout.patiently(connection, "select p.* from publish.purge($1, $2) p", app_id, older_than)
    return [dict(row) for row in rows]
