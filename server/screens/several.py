"""Fields of several columns: on screens their value is one text.

Of a lookup among several entities it is `entity:id`, of a geopoint `latitude, longitude`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.model import App, Entity, Field
from server.model.entity import part_label


def resolved(field: Field, value: Any) -> tuple[Field, str] | None:
    """The lookup of one target that a value names, and the id; None when it names none of them."""
    if not field.entities:
        return field, str(value)
    entity, _, key = str(value).partition(":")
    found = next((each for each in field.lookups if each.entity == entity), None)
    return (found, key) if found and key else None


def value_sql(field: Field, alias: str) -> str:
    """The value of a field over a table's alias: its column, or one text for all of them."""
    if field.type == "geopoint":
        return "(" + " || ', ' || ".join(f"{alias}.{each.name}" for each in field.columns) + ")"
    if not field.entities:
        return f"{alias}.{field.column}"
    parts = [f"'{each.entity}:' || {alias}.{each.name}" for each in field.columns]
    return f"coalesce({', '.join(parts)})"


def stored(entity: Entity, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values by the columns of the table; of several targets one is filled, the others are not."""
    written = dict(values)
    for field in entity.fields:
        if field.type == "geopoint" and field.column in written:
            value = written.pop(field.column)
            numbers = value.split(",") if value else (None, None)
            written |= {each.name: number for each, number in zip(field.columns, numbers, strict=True)}
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
    """The fields with one column each: a lookup of each of several entities, the numbers of a geopoint."""
    return [each for field in entity.fields for each in (field.lookups or numbers(field) or (field,))]


def numbers(field: Field) -> tuple[Field, ...]:
    """Latitude and longitude of a geopoint as fields; none for other types."""
    if field.type != "geopoint":
        return ()
    return tuple(
        replace(
            field,
            name=each.name,
            type="float",
            column=each.name,
            label=part_label(field.label, each.part),
            columns=(each,),
        )
        for each in field.columns
    )
