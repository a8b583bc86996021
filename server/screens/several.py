"""A lookup among several entities: on screens its value is one text, `entity:id`."""

from collections.abc import Mapping
from typing import Any

from server.model import App, Entity, Field


def resolved(field: Field, value: Any) -> tuple[Field, str] | None:
    """The lookup of one target that a value names, and the id; None when it names none of them."""
    if not field.entities:
        return field, str(value)
    entity, _, key = str(value).partition(":")
    found = next((each for each in field.lookups if each.entity == entity), None)
    return (found, key) if found and key else None


def value_sql(field: Field, alias: str) -> str:
    """The value of a field over a table's alias: its column, or which of several targets it has."""
    if not field.entities:
        return f"{alias}.{field.column}"
    parts = [f"'{each.entity}:' || {alias}.{each.name}" for each in field.columns]
    return f"coalesce({', '.join(parts)})"


def stored(entity: Entity, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values by the columns of the table: one of several targets is filled, the others are not."""
    written = dict(values)
    for field in entity.fields:
        if field.entities and field.column in written:
            found = resolved(field, written.pop(field.column))
            for each in field.columns:
                written[each.name] = found[1] if found and found[0].column == each.name else None
    return written


def titled(app: App, field: Field, value: Any, title: str) -> str:
    """A title with the kind of record it is the title of, where a field may have several."""
    found = resolved(field, value) if field.entities and title else None
    return f"{title} · {app.entities_by_name[found[0].entity or ''].label}" if found else title


def single(entity: Entity) -> list[Field]:
    """The fields with one column each: a lookup among several entities as one lookup of each."""
    return [each for field in entity.fields for each in (field.lookups or (field,))]
