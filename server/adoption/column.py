"""A changed column in the draft: added, dropped, renamed, of another type, with another default."""

import re
from typing import Any

from server.adoption.catalogue import Column
from server.adoption.draft import Draft
from server.adoption.expression import translated
from server.adoption.kinds import kind
from server.adoption.reasons import NotAdoptable
from server.drift import Difference

# Types that a field has without any change of a value.
EXACT = (
    "text", "character varying", "character", "smallint", "integer", "bigint", "numeric", "real",
    "double precision", "boolean", "date", "time without time zone", "timestamp with time zone", "interval",
    "json", "jsonb", "uuid",
)  # fmt: skip
RENAMED = re.compile(r"""alter table \S+ rename column (\S+) to (?!"?_dropped_)(\S+)$""")
KEPT = (
    "id", "name", "label", "description", "help", "required", "unique", "readonly", "sensitive", "indexed",
    "default", "min", "max",
)  # fmt: skip


def column(draft: Draft, difference: Difference, table: str, name: str) -> str:
    """Take over what differs in a column."""
    renamed = RENAMED.match(difference.statement)
    if renamed:
        return rename(draft, table, renamed[1], name)
    if name not in draft.tables[table].columns:
        field, entity = draft.field(table, name), draft.entity(table)
        entity["fields"].remove(field)
        return f"the field {field['name']} is removed"
    if difference.difference.startswith("nobody published"):
        return new_field(draft, table, draft.column(table, name))
    return retyped(draft, draft.field(table, name), draft.column(table, name))


def rename(draft: Draft, table: str, now: str, before: str) -> str:
    field = draft.field(table, before)
    name = now
    if field["type"] in ("lookup", "user"):
        if not now.endswith("_id"):
            raise NotAdoptable("the column of a lookup ends with _id")
        name = now.removesuffix("_id")
    was, field["name"] = field["name"], name
    for part in ("keys", "indexes"):
        for key in draft.entity(table).get(part, []):
            key["fields"] = [name if item == was else item for item in key["fields"]]
    for role in draft.data.get("roles", []):
        for grant in role.get("grants", []):
            if grant.get("entity") == table and was in grant.get("fields", {}):
                grant["fields"][name] = grant["fields"].pop(was)
    return f"the field {was} is called {name}"


def new_field(draft: Draft, table: str, column: Column) -> str:
    if column.counted:
        raise NotAdoptable("the column counts by a sequence, which no field does")
    found = draft.target(table, column.name) or typed(draft, column)
    name = column.name
    if found["type"] in ("lookup", "user"):
        if not name.endswith("_id"):
            raise NotAdoptable("the column of a lookup ends with _id")
        name = name.removesuffix("_id")
    field: dict[str, Any] = {"name": name, **found, **words(column.comment, name)}
    names = {other: other for other in draft.tables[table].columns}
    if column.formula:
        field["formula"] = translated(column.formula, names)
    elif column.required:
        field["required"] = True
    if column.default:
        field["default"] = translated(column.default, {})
    draft.entity(table).setdefault("fields", []).append(field)
    return f"a new field {name} of type {field['type']}"


def typed(draft: Draft, column: Column) -> dict[str, Any]:
    """Type and parameters of a column that a field can hold as it is."""
    if column.labels:
        return dict(kind(column).parameters)
    digits = column.type != "numeric" or column.modifier >= 0
    if column.element or column.domain or column.type not in EXACT or not digits:
        raise NotAdoptable(f"no field holds {column.written} as it is")
    return dict(kind(column).parameters)


def words(comment: str | None, name: str) -> dict[str, str]:
    """A comment `Label: description` as what it says."""
    if not comment:
        return {}
    label, colon, description = comment.partition(": ")
    if not colon and len(label) > len(name) + 20:
        return {"description": label}
    return {"label": label} | ({"description": description} if description else {})


def retyped(draft: Draft, field: dict[str, Any], column: Column) -> str:
    """A column of another type or nullability."""
    found = typed(draft, column)
    said = []
    fits = field["type"] not in ("lookup", "user") and (field["type"], found["type"]) != ("choice", "text")
    if fits and (found["type"] != field["type"] or "length" in found or found["type"] == "decimal"):
        for key in [key for key in field if key not in KEPT]:
            del field[key]
        field |= found
        said.append(f"is of type {column.written}")
    if bool(field.get("required")) != column.required:
        field["required"] = column.required
        said.append("is required" if column.required else "is no longer required")
    if not said:
        raise NotAdoptable(f"no field of type {field['type']} is {column.written}")
    return f"the field {field['name']} {' and '.join(said)}"


def default(draft: Draft, difference: Difference, table: str, name: str) -> str:
    """Take over another default."""
    field, found = draft.field(table, name), draft.column(table, name).default
    if found is None:
        field.pop("default", None)
        return f"the field {field['name']} has no default"
    field["default"] = translated(found, {})
    return f"the default of the field {field['name']} is {field['default']}"
