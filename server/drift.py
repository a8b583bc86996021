"""Is the database what was published? Differences in words, and their repair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from server import publication
from server.database import rollout
from server.publication import Connection, Step


@dataclass(frozen=True)
class Difference:
    """One thing that is not as published, the statements that would repair it, and who changed it last."""

    object: str
    target: str
    difference: str
    statement: str
    risk: str
    changed_by: str | None
    changed_at: datetime | None
    query: str | None


async def differences(connection: Connection, app_id: UUID) -> list[Difference]:
    """Everything that differs between the version in force and the database."""
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        "select d.* from publish.drift_difference($1) d", app_id
    )
    return [Difference(**dict(row)) for row in rows]


async def repair(connection: Connection, app_id: UUID, *, allow_data_loss: bool = False) -> list[Step]:
    """Make the database again what the version in force asks for; the steps that ran.

    What nobody published and would be lost stays without `allow_data_loss`. Raises as publishing does.
    """
    ran = await rollout.patiently(
        connection, "select r.* from publish.repair_stray($1, $2) r", app_id, allow_data_loss
    )
    return publication.steps(ran) + await publication.repair(
        connection, app_id, allow_data_loss=allow_data_loss
    )
