"""What lookups and user fields may point at: options to choose from, and titles of ids."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.database.session import transaction
from server.model import Entity, Field
from server.screens.access import Access
from server.screens.form import Input
from server.screens.listing import FILE_TITLE, escaped
from server.screens.several import resolved, titled
from server.screens.values import Unreadable, read
from server.screens.visit import visit

OPTIONS = 50
REFERENCES = ("lookup", "user")


def refers(field: Field) -> bool:
    """Whether the value is an id that means nothing to people without a title."""
    return field.type in REFERENCES or field.is_file


async def search(request: Request) -> Response:
    """The options of one lookup whose titles contain what was typed, as HTML for the combobox."""
    here = await visit(request)
    entity = here.entity(request.path_params["entity"])
    field = entity.fields_by_name.get(request.path_params["field"])
    source = source_of(here.access, field) if field else None
    if field is None or source is None:
        raise HTTPException(404)
    typed = request.query_params.get("q", "").strip()
    async with transaction(here.pool, here.actor(), "read only") as connection:
        rows = await connection.fetch(
            f"select s.id, s.title from ({source}) s where s.title ilike $2::text "
            # What begins with the typed text comes first.
            f"order by s.title not ilike $3::text, s.title, s.id limit {OPTIONS + 1}",
            here.access.tenant_id,
            f"%{escaped(typed)}%",
            f"{escaped(typed)}%",
        )
    options = [{"value": row["id"], "label": row["title"]} for row in rows[:OPTIONS]]
    return here.page(
        "record/_options.html", field=field, options=options, more=len(rows) > OPTIONS, typed=typed
    )


def source_of(access: Access, field: Field, choosable: bool = True) -> str | None:
    """A select of id and title of what the field may point at; `$1` is the tenant.

    Not `choosable` includes what a value of old may still point at: people who left, deleted records.
    """
    if field.type == "user":
        active = " and m.state = 'active'" if choosable else ""
        return (
            f"select m.user_id as id, m.name as title from identity.member m where m.tenant_id = $1{active}"
        )
    if field.entities:
        return source_of_several(access, field, choosable)
    target = access.target(field)
    if target is None:
        return None
    living = " and deleted_at is null" if target.recycle and choosable else ""
    table = f"{access.table(target)} where tenant_id = $1{living}"
    return f"select id, {title_sql(access, target)} as title from {table}"


def source_of_several(access: Access, field: Field, choosable: bool) -> str | None:
    """The records of all targets in one list; each says of what kind it is."""
    parts = []
    for each in field.lookups:
        source, target = source_of(access, each, choosable), access.target(each)
        if source and target:
            kind = f" · {target.label}".replace("'", "''")
            parts.append(
                f"select '{target.name}:' || s.id as id, s.title || '{kind}' as title from ({source}) s"
            )
    return " union all ".join(parts) or None


def title_sql(access: Access, entity: Entity) -> str:
    """The title of a record of `entity` where its columns have bare names; the id when it has none."""
    if not access.reads_title(entity):
        return "id::text"
    return f"coalesce(nullif(({entity.title_sql})::text, ''), id::text)"


async def offer(connection: Any, access: Access, shown: Sequence[Input]) -> None:
    """Give each lookup its first options: the list of a browser without script. One statement."""
    fields = [each for each in shown if each.writable and each.field.type in REFERENCES]
    sources = {each.field.name: source_of(access, each.field) for each in fields}
    parts = [
        f"(select '{name}' as field, s.id::text as id, s.title from ({source}) s"
        f" order by s.title, s.id limit {OPTIONS})"
        for name, source in sources.items()
        if source
    ]
    if not parts:
        return
    rows = await connection.fetch(" union all ".join(parts), access.tenant_id)
    for each in fields:
        each.options = [
            {"value": row["id"], "label": row["title"]} for row in rows if row["field"] == each.field.name
        ]


async def name(connection: Any, access: Access, shown: Sequence[Input]) -> None:
    """Give each reference without one the title of what it points at."""
    for each in shown:
        if refers(each.field) and each.reference and not each.title:
            found = await titles(connection, access, each.field, [each.reference])
            each.title = titled(access.app, each.field, each.reference, found.get(each.reference, ""))


async def titles(connection: Any, access: Access, field: Field, ids: Iterable[str]) -> dict[str, str]:
    """The titles of the records with these ids, as far as they may be seen; text that is no id has none."""
    if field.entities:
        return await titles_of_several(connection, access, field, ids)
    keys = [key for key in map(uuid_or_none, ids) if key]
    if field.is_file:
        rows = await connection.fetch(
            f"select d.file_id as id, {FILE_TITLE} as title from storage.described($1) d", keys
        )
        return {str(row["id"]): str(row["title"]) for row in rows}
    source = source_of(access, field, choosable=False) if keys else None
    if source is None:
        return {}
    rows = await connection.fetch(
        f"select s.id, s.title from ({source}) s where s.id = any ($2::uuid[])", access.tenant_id, keys
    )
    return {str(row["id"]): str(row["title"]) for row in rows}


async def titles_of_several(
    connection: Any, access: Access, field: Field, values: Iterable[str]
) -> dict[str, str]:
    """The titles of the records that values of such a field name."""
    keys: defaultdict[Field, set[str]] = defaultdict(set)
    for value in values:
        found = resolved(field, value)
        if found:
            keys[found[0]].add(found[1])
    known: dict[str, str] = {}
    for each, ids in keys.items():
        named = await titles(connection, access, each, ids)
        known |= {f"{each.entity}:{key}": title for key, title in named.items()}
    return known


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def prefill(
    connection: Any, access: Access, entity: Entity, shown: Sequence[Input], query: QueryParams
) -> None:
    """Put the defaults of the model into an empty form, then what the address says."""
    defaults = {each.field.column: each.field.default_sql for each in shown if each.field.default_sql}
    if defaults:
        # The model's own expressions, checked when it was published; they refer to no column.
        columns = ", ".join(f"({sql}) as {column}" for column, sql in defaults.items())
        row = await connection.fetchrow(f"select {columns}")
        for each in shown:
            each.value = row.get(each.field.column)
    for each in shown:
        if each.field.name in query:
            try:
                each.value = read(each.field, query.getlist(each.field.name))
            except Unreadable:
                continue
    await name(connection, access, shown)
