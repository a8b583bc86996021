"""A plain schema becomes an app of a tenant, with its rows; the schema itself is only read."""

from dataclasses import dataclass
from uuid import UUID

from server import publication
from server.adoption import catalogue
from server.adoption.acceptance import accepted
from server.adoption.copying import Count, copy, source, stage, staged
from server.adoption.model import adoption
from server.adoption.naming import legal
from server.adoption.parts import Note
from server.adoption.probe import probe
from server.manifest import Manifest
from server.publication import Connection

SCHEMAS = "select n.nspname::text as name from pg_catalog.pg_namespace n"
TAKEN = """
select to_regnamespace(quote_ident($1)) is not null or exists (select from meta.app a where a.name = $1)
"""


class NothingToAdopt(Exception):
    """There is no such schema, or no table in it; the message is for people."""


@dataclass(frozen=True)
class Result:
    """The manifest that was made, what is not as it was, and the rows copied (none when only planned)."""

    app: str
    manifest: Manifest
    notes: list[Note]
    counts: list[Count]


async def adopt(
    connection: Connection, schema: str, tenant_id: UUID, name: str | None, *, only_plan: bool
) -> Result:
    """Adopt a schema: all or nothing. Raises NothingToAdopt, ManifestError, and as publishing does."""
    tables = await catalogue.tables(connection, schema)
    if not tables:
        raise NothingToAdopt(f"there is no table in a schema {schema}")
    app = name or await app_name(connection, schema)
    if await connection.fetchval(TAKEN, app):
        raise NothingToAdopt(f"there is a schema or an app {app} already: choose another name with --name")
    made = await adoption(connection, schema, app, tables)
    made.notes += [
        Note(other, f"a {kind} is not carried over")
        for kind, other in await catalogue.others(connection, schema)
    ]
    if only_plan:
        await probe(connection, made, lambda adopted: source(schema, adopted))
        return Result(app, await accepted(connection, made), made.notes, [])
    async with connection.transaction():
        # What is copied is what was looked at, whatever is written to the schema meanwhile.
        for adopted in made.tables:
            await stage(connection, schema, adopted)
        await probe(connection, made, lambda adopted: staged(adopted.table.id))
        manifest = await accepted(connection, made)
        app_id = await publication.store(connection, manifest, tenant_id)
        await publication.publish(connection, app_id, f"adopt {schema}")
        return Result(app, manifest, made.notes, await copy(connection, app, made.tables, tenant_id))


async def app_name(connection: Connection, schema: str) -> str:
    """A name like the schema's that no schema has yet: an app lives in one of its own name."""
    taken = {row["name"] for row in await connection.fetch(SCHEMAS)}
    return await legal(connection, f"{schema}_app" if schema in taken else schema, "app", taken)
