"""What an expression may name: the columns of one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from server.expressions.kinds import SQL_TYPE, base_type

NUMERIC_TYPE = {"money": "numeric(19,4)", "percent": "numeric(9,6)"}


@dataclass(frozen=True)
class FieldType:
    """A column as an expression sees it."""

    type: str  # as in the manifest
    column: str
    choices: frozenset[str] | None = None
    sql_type: str = ""  # of the column
    # Of a formula, for another formula: what stands for it, or why nothing can.
    inlined: str | None = None
    fault: str | None = None
    constant: bool = False  # the same for every record


PLATFORM = {
    "id": FieldType("uuid", "id"),
    "created_at": FieldType("timestamp", "created_at"),
    "created_by": FieldType("uuid", "created_by"),
    "updated_at": FieldType("timestamp", "updated_at"),
    "updated_by": FieldType("uuid", "updated_by"),
    "version": FieldType("bigint", "version"),
}
OWNER = FieldType("user", "owner_id")


def row(
    entity: Mapping[str, Any], choices: Mapping[str, Sequence[Any]] | None = None
) -> dict[str, FieldType]:
    """The names an expression over this entity may use, for an entity of a manifest or of a model.

    A lookup answers to its name and to its column. `choices` are the choice lists of the app.
    """
    names = dict(PLATFORM)
    if entity.get("ownership") == "owned":
        names |= {"owner": OWNER, "owner_id": OWNER}
    for field in entity.get("fields") or ():
        found = columns(field, choices or {})
        names |= {column.column: column for column in found}
        if len(found) == 1:
            names[field["name"]] = found[0]
    return names


def columns(field: Mapping[str, Any], choices: Mapping[str, Sequence[Any]]) -> list[FieldType]:
    """The columns of a field: of a lookup among several entities one for each, of a geopoint two."""
    if field["type"] == "geopoint":
        return [
            FieldType("float", derived_name(f"{field['name']}_{part}")) for part in ("latitude", "longitude")
        ]
    targets = field.get("entities")
    if field["type"] != "lookup" or not isinstance(targets, list | tuple):
        return [field_type(field, choices)]
    return [FieldType("lookup", derived_name(f"{field['name']}_{target}_id")) for target in targets]


def field_type(field: Mapping[str, Any], choices: Mapping[str, Sequence[Any]]) -> FieldType:
    """One field of a manifest or a model."""
    suffix = "_id" if field["type"] in ("lookup", "user", "file", "image") else ""
    return FieldType(
        type=field["type"],
        column=derived_name(field["name"] + suffix),
        choices=values(field.get("choices"), choices),
        sql_type=column_type(field),
    )


def column_type(field: Mapping[str, Any]) -> str:
    """The type of the column of a field, as the function compile.sql_type gives it."""
    if field["type"] == "decimal":
        return f"numeric({field.get('precision') or 18},{field.get('scale', 2)})"
    kind = base_type(field["type"])
    return NUMERIC_TYPE.get(field["type"]) or SQL_TYPE.get(kind, kind)


def derived_name(name: str) -> str:
    """The name of a column as the compiler cuts it: compile.derived_name."""
    return name if len(name) <= 50 else f"{name[:41]}_{sha256(name.encode()).hexdigest()[:8]}"


def values(given: Any, choices: Mapping[str, Sequence[Any]]) -> frozenset[str] | None:
    """The values of a choice list, named or in place; None when it is not known."""
    listed = choices.get(given) if isinstance(given, str) else given
    if not listed:
        return None
    return frozenset(str(item.get("value") if isinstance(item, Mapping) else item) for item in listed)
