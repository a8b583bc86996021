"""What the rows say against the model: looked up before it is published, so that every row fits."""

from collections.abc import Callable
from typing import Any

from server.adoption.catalogue import Column
from server.adoption.copying import quoted
from server.adoption.parts import Adopted, Adoption, Note
from server.publication import Connection


async def probe(connection: Connection, adoption: Adoption, place: Callable[[Adopted], str]) -> None:
    """Loosen what some row does not fulfil, and note it; `place` tells as SQL where rows of a table are."""
    for adopted in adoption.tables:
        for field in adopted.element.get("fields", []):
            column = column_of(adopted, field["name"])
            if column is not None:
                await loosen(connection, adoption, adopted, field, column, place(adopted))


async def loosen(
    connection: Connection,
    adoption: Adoption,
    adopted: Adopted,
    field: dict[str, Any],
    column: Column,
    place: str,
) -> None:
    name, object_ = quoted(column.name), f"{adopted.table.name}.{column.name}"
    if field["type"] == "text" and field.get("required"):
        # A required text has at least one visible character.
        if await exists(connection, place, rf"{name}::text !~ '\S'"):
            del field["required"]
            adoption.notes.append(Note(object_, "is not required: some rows are blank"))
    elif field["type"] == "decimal" and column.modifier < 0:
        odd = f"{name} in ('NaN', 'Infinity', '-Infinity')"
        if await exists(connection, place, f"{odd} or round({name}, 12) <> {name} or abs({name}) >= 1e26"):
            field.clear()
            field |= {"name": adopted.fields[column.name], "type": "text"}
            adoption.notes.append(Note(object_, "has numbers of more digits: kept as text"))


def column_of(adopted: Adopted, field: str) -> Column | None:
    """The column that became a field; a lookup stands for a reference."""
    return next((adopted.table.columns[c] for c, name in adopted.fields.items() if name == field), None)


async def exists(connection: Connection, place: str, condition: str) -> bool:
    """Whether a row fulfils a condition of ours."""
    return bool(await connection.fetchval(f"select exists (select from {place} where {condition})"))
