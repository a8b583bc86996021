"""From a manifest to the database: check, store as the draft, plan, publish. The rules are in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import asyncpg

from server.database import publisher, rollout
from server.database.publisher import holding
from server.manifest import Manifest, ManifestError, Problem, problems, to_json, with_sql
from server.manifest.document import readable

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Step:
    """One statement of a plan; `risk` is safe, takes a lock, scans, rewrites or loses data."""

    phase: str
    rank: int
    kind: str
    target: str
    statement: str
    risk: str
    why: str | None
    run_as: str
    lock: str | None = None
    estimated_rows: int | None = None


@dataclass(frozen=True)
class Broken:
    """Records that break what the draft newly asks, and what can be done about them."""

    path: str
    rule: str
    message: str
    broken: int
    sample: list[UUID]
    remedies: list[str]


async def mistakes(connection: Connection, manifest: Manifest) -> list[Problem]:
    """Everything that is wrong with a manifest: its shape, its expressions, and what it refers to."""
    found = problems(manifest)
    known = {problem.path for problem in found}
    lines = {readable(manifest.data, path): line for path, line in manifest.lines.items()}
    try:
        async with connection.transaction():
            rows = await connection.fetch(
                "select path, message from meta.problem($1::jsonb)", to_json(manifest.data)
            )
    except asyncpg.DataError:
        # Only a manifest of the wrong shape cannot be taken apart, and that is on the list already.
        if not found:
            raise
        rows = []
    found += [
        Problem(row["path"], row["message"], nearest_line(lines, row["path"]))
        for row in rows
        if row["path"] not in known
    ]
    return sorted(found, key=lambda problem: (problem.line or 0, problem.path))


def nearest_line(lines: dict[str, int], path: str) -> int | None:
    """The line of a path in the file, or of the element that holds it."""
    while path and path not in lines:
        path = path.rpartition("/")[0]
    return lines.get(path)


async def store(connection: Connection, manifest: Manifest, tenant_id: UUID) -> UUID:
    """Make the manifest the draft of its app; raises ManifestError with every mistake. The app's id."""
    found = await mistakes(connection, manifest)
    if found:
        raise ManifestError(found, manifest.name)
    app_id: UUID = await connection.fetchval(
        "select meta.store($1::jsonb, $2)", to_json(with_sql(manifest)), tenant_id
    )
    return app_id


async def plan(connection: Connection, app_id: UUID) -> list[Step]:
    """What publishing the draft would change."""
    return steps(await connection.fetch("select p.* from compile.plan(meta.manifest($1)) p", app_id))


async def preflight(connection: Connection, app_id: UUID) -> list[Broken]:
    """The records that would break the draft; none when it can go live."""
    rows = await connection.fetch(
        "select p.* from compile.preflight(compile.comparison(meta.manifest($1))) p", app_id
    )
    return [Broken(**dict(row)) for row in rows]


async def publish(
    connection: Connection,
    app_id: UUID,
    reason: str | None = None,
    *,
    allow_data_loss: bool = False,
    report: rollout.Report = rollout.unreported,
) -> list[Step]:
    """Publish the draft, whole or not at all; the steps that ran.

    Raises BusyError while somebody else publishes the app, PublicationError when a worker met a refusal,
    asyncpg.LockNotAvailableError when a table stays in use, and PostgresError with SQLSTATE QP002 when data
    would be lost without leave, QP008 when records break the draft.
    """
    rows = await publisher.publish(connection, app_id, reason, allow_data_loss=allow_data_loss, report=report)
    return steps(rows)


async def publish_entities(
    connection: Connection,
    app_id: UUID,
    names: Sequence[str],
    reason: str | None = None,
    *,
    allow_data_loss: bool = False,
) -> list[Step]:
    """Publish these entities of the draft with what they need; the rest stays draft. Raises as publish."""
    statement = "select p.* from publish.entities($1, $2, $3, $4) p"
    async with holding(connection, app_id):
        return steps(
            await rollout.patiently(connection, statement, app_id, list(names), reason, allow_data_loss)
        )


async def drift(connection: Connection, app_id: UUID) -> list[Step]:
    """What differs between the version in force and the database, as the steps of its repair."""
    return steps(await connection.fetch("select d.* from publish.drift($1) d", app_id))


async def repair(connection: Connection, app_id: UUID, *, allow_data_loss: bool = False) -> list[Step]:
    """Make the database again what the version in force asks for; the steps that ran. Raises as publish."""
    async with holding(connection, app_id):
        rows = await rollout.patiently(
            connection, "select r.* from publish.repair($1, $2) r", app_id, allow_data_loss
        )
    return steps(rows)


def steps(rows: Sequence[asyncpg.Record]) -> list[Step]:
    return [Step(**dict(row)) for row in rows]
