"""Where expressions stand in a manifest, and what each of them may name and must give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.expressions import FieldType, field_type, is_expressible, row, with_formulas
from server.expressions.walk import Context
from server.manifest.document import Path
from server.manifest.field_schema import PARAMETERS
from server.manifest.rollup import child, valued

Known = Mapping[str, dict[str, Any]]  # entities and relations by name
Choices = Mapping[str, list[Any]]  # choice lists by name


@dataclass(frozen=True)
class Slot:
    """One expression of a manifest; `sql_key` is where its canonical SQL goes, beside it."""

    path: Path
    holder: dict[str, Any]
    sql_key: str
    text: str
    names: Mapping[str, FieldType]
    want: str | FieldType
    context: Context


def slots(data: Any) -> Iterator[Slot]:
    """Every expression of a manifest, also of one with mistakes: what has no shape is passed over."""
    given = data.get("choices") if isinstance(data, dict) else None
    choices = {name: values for name, values in mapping(given).items() if isinstance(values, list)}
    places = [
        ((section, index), entity)
        for section in ("entities", "relations")
        for index, entity in elements(data, section)
    ]
    known = {str(entity.get("name")): with_ends(entity) for _, entity in places}
    for path, entity in places:
        yield from entity_slots(path, entity, known, choices)


def entity_slots(path: Path, entity: dict[str, Any], known: Known, choices: Choices) -> Iterator[Slot]:
    fields = [(index, field) for index, field in elements(entity, "fields") if is_field(field)]
    names = with_formulas(names_of(with_ends(entity), known, choices), formulas(fields))
    if path[0] == "entities":
        yield Slot((*path, "title"), entity, "title_sql", title(entity, fields), names, "text", "title")
    for index, field in fields:
        if field["type"] in PARAMETERS:
            yield from field_slots((*path, "fields", index), field, names, field_type(field, choices))
        if isinstance(field.get("where"), str) and child(field) in known:
            children = names_of(known[child(field)], known, choices)
            place = (*path, "fields", index, "where")
            yield Slot(place, field, "where_sql", field["where"], children, "boolean", "rollup")
    for index, rule in elements(entity, "rules"):
        if isinstance(rule.get("check"), str):
            place = (*path, "rules", index, "check")
            yield Slot(place, rule, "check_sql", rule["check"], names, "boolean", "rule")


def field_slots(
    path: Path, field: dict[str, Any], names: Mapping[str, FieldType], want: FieldType
) -> Iterator[Slot]:
    wanted: tuple[tuple[str, str | FieldType, Context], ...] = (
        ("default", want, "default"),
        ("formula", want, "formula"),
        ("required_when", "boolean", "rule"),
    )
    for key, kind, context in wanted:
        # What has no value of its own has no default either: that is said where the types are checked.
        if kind is want and not is_expressible(want.type):
            continue
        if isinstance(field.get(key), str):
            yield Slot((*path, key), field, f"{key}_sql", field[key], names, kind, context)


def names_of(entity: dict[str, Any], known: Known, choices: Choices) -> dict[str, FieldType]:
    """What an expression over an entity may name."""
    return row({**entity, "fields": [valued(known, field) for field in entity["fields"]]}, choices)


def with_ends(entity: dict[str, Any]) -> dict[str, Any]:
    """An entity with the fields that have a shape, a relation with its two lookups too."""
    fields = [field for _, field in elements(entity, "fields") if is_field(field)]
    return {**entity, "fields": [*relation_ends(entity), *fields]}


def formulas(fields: list[tuple[int, dict[str, Any]]]) -> dict[str, str]:
    """The texts of the formula fields, by name."""
    return {
        field["name"]: field["formula"]
        for _, field in fields
        if isinstance(field.get("formula"), str) and field["type"] in PARAMETERS
    }


def title(entity: dict[str, Any], fields: list[tuple[int, dict[str, Any]]]) -> str:
    """The title as given, else the first text field, else the id."""
    if isinstance(entity.get("title"), str):
        return str(entity["title"])
    return next((field["name"] for _, field in fields if field["type"] == "text"), "id")


def relation_ends(relation: dict[str, Any]) -> list[dict[str, Any]]:
    """The two lookups of a many-to-many relation."""
    start, end = relation.get("from"), relation.get("to")
    if not isinstance(start, str) or not isinstance(end, str):
        return []
    names = (f"from_{start}", f"to_{end}") if start == end else (start, end)
    return [{"name": name, "type": "lookup"} for name in names]


def elements(holder: Any, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    items = holder.get(key) if isinstance(holder, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield index, item


def mapping(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def is_field(field: dict[str, Any]) -> bool:
    return isinstance(field.get("name"), str) and isinstance(field.get("type"), str)
