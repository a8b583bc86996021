"""Rich text in a staged file: sanitised before any line becomes a record."""

from asyncpg import Connection, Record

from server.exchange.path import Cell
from server.exchange.plan import Plan
from server.exchange.sql import literal
from server.model.richtext import sanitised

BATCH = 500
# Text without any of these is what the sanitiser would make of it.
DOUBTFUL = "[<>&\r\u00a0]"


async def clean(connection: "Connection[Record]", plan: Plan) -> None:
    """Sanitise the staged values of every richtext field, some hundred lines at a time."""
    for target in plan.targets:
        if target.field and target.field.type == "richtext" and isinstance(target.value, Cell):
            await _clean_column(connection, target.value.column.staged)


async def _clean_column(connection: "Connection[Record]", column: str) -> None:
    doubtful = f"select ctid, {column} as html from pg_temp.import_line where {column} ~ {literal(DOUBTFUL)}"
    batch: list[Record] = []
    async for row in connection.cursor(doubtful, prefetch=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            await _write(connection, column, batch)
            batch.clear()
    await _write(connection, column, batch)


async def _write(connection: "Connection[Record]", column: str, rows: "list[Record]") -> None:
    changed = [(row["ctid"], html) for row in rows if (html := sanitised(row["html"])) != row["html"]]
    # By the place of the line: the staging table has no index.
    await connection.execute(
        f"update pg_temp.import_line s set {column} = c.html"
        " from unnest($1::tid[], $2::text[]) as c (place, html) where s.ctid = c.place",
        [place for place, _ in changed],
        [html for _, html in changed],
    )
