"""What an expression may name: the columns of one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldType:
    """A column as an expression sees it."""

    type: str  # as in the manifest
    column: str
    choices: frozenset[str] | None = None
    formula: bool = False


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
        column = field_type(field, choices or {})
        names[column.column] = column
        names[field["name"]] = column
    return names


def field_type(field: Mapping[str, Any], choices: Mapping[str, Sequence[Any]]) -> FieldType:
    """One field of a manifest or a model."""
    suffix = "_id" if field["type"] in ("lookup", "user") else ""
    return FieldType(
        type=field["type"],
        column=field["name"] + suffix,
        choices=values(field.get("choices"), choices),
        formula=field.get("formula") is not None,
    )


def values(given: Any, choices: Mapping[str, Sequence[Any]]) -> frozenset[str] | None:
    """The values of a choice list, named or in place; None when it is not known."""
    listed = choices.get(given) if isinstance(given, str) else given
    if not listed:
        return None
    return frozenset(str(item.get("value") if isinstance(item, Mapping) else item) for item in listed)
