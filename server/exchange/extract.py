"""An export: COPY of one query to a stream, as CSV that can be imported again, or as NDJSON."""

import csv
import io
from typing import BinaryIO, Literal

from asyncpg import Connection, Record

from server.database.actor import Actor
from server.exchange.become import become
from server.exchange.columns import Column, Columns
from server.exchange.sql import literal, name
from server.expressions import FieldType, check, row
from server.model import App, Entity

Format = Literal["csv", "ndjson"]

# A spreadsheet runs a text that begins so as a formula; with an apostrophe before it, it stays a text.
FORMULA = r"'^''*[-=+@\t\r]'"

# No JSON has these characters, so COPY writes it as it is.
QUOTE, DELIMITER = "\x01", "\x02"


async def give_out(
    connection: "Connection[Record]",
    app: App,
    entity: Entity,
    actor: Actor,
    target: BinaryIO,
    *,
    where: str | None = None,
    form: Format = "csv",
    time_zone: str = "UTC",
) -> int:
    """Write the records that `actor` may read to `target` and return their number.

    Raises ExpressionError when `where` is no condition over the fields of the entity.
    """
    columns = Columns(app, f"'{actor.tenant_id}'::uuid")
    columns.add(entity)
    query = _query(app, entity, columns, _condition(entity, where), form)
    transaction = connection.transaction(isolation="repeatable_read", readonly=True)
    await transaction.start()
    try:
        await become(connection, actor, time_zone)
        if form == "csv":
            target.write(_head(columns.found))
        status = await _copy(connection, query, target, form)
    except OSError:
        # Nobody takes what COPY gives: only the end of the connection ends it.
        connection.terminate()
        raise
    except BaseException:
        await transaction.rollback()
        raise
    await transaction.commit()
    return int(status.rpartition(" ")[2])


async def _copy(connection: "Connection[Record]", query: str, target: BinaryIO, form: Format) -> str:
    if form == "csv":
        return await connection.copy_from_query(query, output=target, format="csv", encoding="utf8")
    return await connection.copy_from_query(
        query, output=target, format="csv", encoding="utf8", quote=QUOTE, delimiter=DELIMITER
    )


def _condition(entity: Entity, where: str | None) -> str:
    if not where:
        return "true"
    return check(where, _names(entity), want="boolean", context="filter").sql


def _names(entity: Entity) -> dict[str, FieldType]:
    fields = [
        {
            "name": field.name,
            "type": field.type,
            "entities": field.entities or None,
            "formula": field.formula,
            "choices": [choice.value for choice in field.choices],
        }
        for field in entity.fields
    ]
    return row({"ownership": entity.ownership, "fields": fields})


def _query(app: App, entity: Entity, columns: Columns, condition: str, form: Format) -> str:
    table = f"{name(app.name)}.{name(entity.name)}"
    own = ", ".join(name(column) for column in entity.columns)
    # The condition names bare columns: it stands where no other table is in sight.
    rows = f"(select {own} from {table} where tenant_id = {columns.tenant} and ({condition}))"
    items = ", ".join(_csv(column) for column in columns.found) if form == "csv" else _json(columns.found)
    return f"select {items}\nfrom {rows} t{columns.joins}\norder by t.id"


def _csv(column: Column) -> str:
    if not column.textual:
        return f"{column.sql}::text"
    return f"case when {column.sql} ~ {FORMULA} then '''' || {column.sql} else {column.sql} end"


def _json(columns: list[Column]) -> str:
    """One object a line; built by hand, because an alias of SQL ends after 63 bytes."""
    pairs = [f"to_json({literal(column.path)}::text) || ':' || {_value(column)}" for column in columns]
    return "'{' || " + " || ',' || ".join(pairs) + " || '}'"


def _value(column: Column) -> str:
    return f"coalesce(to_json({column.sql})::text, 'null')"


def _head(columns: list[Column]) -> bytes:
    head = io.StringIO()
    csv.writer(head, lineterminator="\n").writerow([column.path for column in columns])
    return head.getvalue().encode()
