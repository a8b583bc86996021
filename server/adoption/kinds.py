"""The field type of a column, and how its values are read."""

from dataclasses import dataclass, field
from typing import Any

from server.adoption.catalogue import Column

HEADER = 4  # PostgreSQL adds it to the length of a text and to the digits of a number

# PostgreSQL's type → the field's parameters, and the value as SQL over the column %s.
PLAIN: dict[str, tuple[dict[str, Any], str]] = {
    "text": ({"type": "text"}, "%s"),
    "name": ({"type": "text"}, "%s::text"),
    "character varying": ({"type": "text"}, "%s::text"),
    "character": ({"type": "text"}, "%s::text"),
    "smallint": ({"type": "integer"}, "%s::integer"),
    "integer": ({"type": "integer"}, "%s"),
    "bigint": ({"type": "bigint"}, "%s"),
    "oid": ({"type": "bigint"}, "%s::bigint"),
    "real": ({"type": "float"}, "%s::float8"),
    "double precision": ({"type": "float"}, "%s"),
    "money": ({"type": "money"}, "%s::numeric"),
    "boolean": ({"type": "boolean"}, "%s"),
    "date": ({"type": "date"}, "%s"),
    "time without time zone": ({"type": "time"}, "%s"),
    "timestamp with time zone": ({"type": "timestamp"}, "%s"),
    "timestamp without time zone": ({"type": "timestamp"}, "%s at time zone 'UTC'"),
    "interval": ({"type": "duration"}, "%s"),
    "jsonb": ({"type": "json"}, "%s"),
    "json": ({"type": "json"}, "%s::jsonb"),
    "uuid": ({"type": "uuid"}, "%s"),
}
REMARKS = {
    "timestamp without time zone": "a time without zone is read as UTC",
    "citext": "upper and lower case are different now",
}
# Derived from other columns, or nothing that a field could hold.
LEFT_OUT = {
    "bytea": "bytes have no field type to go to",
    "tsvector": "a search document follows from other columns: mark those searchable",
    "tsquery": "a search is no value of a record",
}


@dataclass(frozen=True)
class Kind:
    """What a column becomes: parameters of the field, its value as SQL, what changes with it."""

    parameters: dict[str, Any] = field(default_factory=dict)
    value: str = "%s"
    remark: str | None = None
    left_out: str | None = None


def kind(column: Column) -> Kind:
    """The field type of a column; `left_out` says why there is none."""
    if column.type in LEFT_OUT:
        return Kind(left_out=LEFT_OUT[column.type])
    if column.element:
        return list_kind(column)
    if column.labels:
        return Kind({"type": "choice", "choices": column.labels}, "%s::text")
    if column.type == "numeric":
        return number(column.modifier)
    if column.type in PLAIN:
        parameters, value = PLAIN[column.type]
        length = column.modifier - HEADER
        if column.type in ("character varying", "character") and length > 0:
            parameters = {**parameters, "length": length}
        return Kind(parameters, value, REMARKS.get(column.type))
    remark = REMARKS.get(column.type, f"{column.written} is kept as text")
    return Kind({"type": "text"}, "%s::text", remark)


def list_kind(column: Column) -> Kind:
    """Arrays of an enum choose several of its values; others are lists in JSON."""
    if column.labels:
        return Kind({"type": "multichoice", "choices": column.labels}, "%s::text[]")
    return Kind({"type": "json"}, "to_jsonb(%s)", f"{column.written} is kept as a list in JSON")


def number(modifier: int) -> Kind:
    """numeric(p, s); without digits of its own a number has as many as are sure to be enough."""
    if modifier < HEADER:
        remark = "a number without given digits: 38 of them, 12 behind the point"
        return Kind({"type": "decimal", "precision": 38, "scale": 12}, "%s", remark)
    precision, scale = (modifier - HEADER) >> 16, (modifier - HEADER) & 0x7FF
    if scale > precision:
        return Kind({"type": "text"}, "%s::text", f"numeric({precision},{scale}) is kept as text")
    return Kind({"type": "decimal", "precision": precision, "scale": scale})
