"""What a rollup is to an expression: a number or a date, by the field of the children that it is made of."""

from collections.abc import Mapping
from typing import Any

Element = dict[str, Any]

DEEPEST = 20  # rollups of rollups; a circle of them is told by the database
PLAIN = ("name", "type", "precision", "scale")


def valued(entities: Mapping[str, Element], field: Element, depth: int = 0) -> Element:
    """The field as expressions see it; a rollup that is made of nothing known stays a rollup.

    `entities` are those of the manifest by name. The types are those of compile.rollup_type.
    """
    if field["type"] != "rollup" or depth > DEEPEST:
        return field
    if field.get("function") == "count":
        return {"name": field["name"], "type": "bigint"}
    value = child_field(entities, field)
    if value is None:
        return field
    value = valued(entities, value, depth + 1)
    if value["type"] == "rollup":
        return field
    return {"name": field["name"], **value_type(str(field.get("function")), value)}


def child(field: Element) -> str:
    """The entity whose records a rollup gathers."""
    return str(field.get("of")).partition(".")[0]


def child_field(entities: Mapping[str, Element], field: Element) -> Element | None:
    fields = entities.get(child(field), {}).get("fields", ())
    return next((each for each in fields if each["name"] == field.get("field")), None)


def value_type(function: str, value: Element) -> Element:
    kind = value["type"]
    if function in ("min", "max") or kind in ("money", "percent", "float", "duration"):
        return {key: value[key] for key in PLAIN if key != "name" and key in value}
    if function == "sum" and kind == "integer":
        return {"type": "bigint"}
    return {"type": "decimal"}
