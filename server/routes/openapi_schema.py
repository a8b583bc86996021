"""Records as JSON Schema: to read, to create, to change."""

from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from server.model import Column, Entity, Field, Rights

Document: TypeAlias = dict[str, Any]
SQL_TYPES: dict[str, Document] = {
    "text": {"type": "string"},
    "integer": {"type": "integer", "format": "int32"},
    "bigint": {"type": "integer", "format": "int64"},
    "numeric": {"type": "number"},
    "double precision": {"type": "number", "format": "double"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "time without time zone": {"type": "string", "format": "time"},
    "timestamptz": {"type": "string", "format": "date-time"},
    "timestamp with time zone": {"type": "string", "format": "date-time"},
    "interval": {"type": "string", "format": "duration"},
    "uuid": {"type": "string", "format": "uuid"},
    "text[]": {"type": "array", "items": {"type": "string"}},
}
FORMATS = {"email": "email", "url": "uri"}
# What the platform writes itself, and always.
STAMPS = frozenset({"id", "created_at", "updated_at", "version"})


def readable(entity: Entity, rights: Rights) -> Document:
    """A record as the caller sees it."""
    written = rights.insertable | rights.updatable
    made: Document = {"type": "object", "title": entity.label, "properties": {}}
    for column in _columns(entity, rights.readable):
        fixed = column.computed or column.name not in written
        made["properties"][column.name] = _property(column) | ({"readOnly": True} if fixed else {})
    return made | ({"description": entity.description} if entity.description else {})


def new_record(entity: Entity, rights: Rights) -> Document:
    """What can be given to a new record, and what must be."""
    columns = _columns(entity, rights.insertable)
    required = [column.name for column in columns if _must(column)]
    made: Document = {
        "type": "object",
        "title": f"New {entity.label}",
        "properties": {column.name: _property(column) for column in columns},
        "additionalProperties": False,
    }
    return {**made, "required": required} if required else made


def changes(entity: Entity, rights: Rights) -> Document:
    """What can be changed in a record."""
    return {
        "type": "object",
        "title": f"Change of {entity.label}",
        "properties": {column.name: _property(column) for column in _columns(entity, rights.updatable)},
        "additionalProperties": False,
    }


def _columns(entity: Entity, names: frozenset[str]) -> list[Column]:
    return [column for column in entity.columns.values() if column.name in names]


def _must(column: Column) -> bool:
    """Whether it must be given; of several columns of a field one or the other, so that none must."""
    field = column.field
    if field is None or column.part:
        return False
    return field.required and field.default_sql is None and field.type != "autonumber"


def _property(column: Column) -> Document:
    made = dict(SQL_TYPES.get(column.sql_type.partition("(")[0], {}))
    field = column.field
    if field:
        made |= _described(field) | {"title": column.label}
    values = [choice.value for choice in field.choices] if field else []
    nullable = column.name not in STAMPS and not (field and field.required and not column.part)
    if values and column.sql_type == "text[]":
        made["items"] = {"type": "string", "enum": values}
    elif values:
        made["enum"] = [*values, None] if nullable else values
    if nullable and "type" in made:
        made["type"] = [made["type"], "null"]
    return made


def _described(field: Field) -> Document:
    made: Document = {"title": field.label}
    condition = f"Required when {field.required_when}" if field.required_when else None
    if said := ". ".join(filter(None, (field.description, condition))):
        made["description"] = said
    if field.length is not None:
        made["maxLength"] = field.length
    if field.type == "text" and field.format in FORMATS:
        made["format"] = FORMATS[field.format]
    if field.type == "richtext":
        made["contentMediaType"] = "text/html"
    bounds = {"minimum": _number(field.min), "maximum": _number(field.max)}
    return made | {word: bound for word, bound in bounds.items() if bound is not None}


def _number(bound: Any) -> int | float | None:
    """A bound as a number; those of dates and times are none."""
    try:
        number = Decimal(str(bound))
    except InvalidOperation:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
