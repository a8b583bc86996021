"""Changes of types and formulas."""

from random import Random

from tests.changes.element import BARE, fresh, rollups, some_field, speaks_of, tables
from tests.model import Element

WIDER = {
    "integer": ["bigint", "decimal", "text"],
    "bigint": ["text"],
    "date": ["text", "timestamp"],
    "boolean": ["text", "integer"],
    "timestamp": ["text"],
    "choice": ["text"],
    "multichoice": ["text"],
}
NARROWER = {
    "text": ["integer", "date", "boolean", "uuid", "decimal"],
    "bigint": ["integer", "boolean"],
    "integer": ["boolean"],
    "decimal": ["integer", "bigint", "float"],
    "money": ["integer", "percent"],
    "float": ["integer", "decimal"],
    "timestamp": ["date"],
    "duration": ["time"],
}


def widen(model: Element, chance: Random) -> bool:
    """Another type that every value fits."""
    return retyped(model, chance, WIDER)


def narrow(model: Element, chance: Random) -> bool:
    """Another type that not every value fits."""
    return retyped(model, chance, NARROWER)


def retyped(model: Element, chance: Random, types: dict[str, list[str]]) -> bool:
    found = some_field(model, chance, *types)
    if found is None:
        return False
    table, field = found
    used = (table.get("rules"), formulas(table), rollups(model, table["name"]))
    if any(speaks_of(part, field["name"]) for part in used):
        return False
    field["type"] = chance.choice(types[field["type"]])
    for key in set(field) - set(BARE) - {"type", "unique", "indexed", "sensitive", "readonly"}:
        del field[key]
    return True


def formulas(table: Element) -> list[str]:
    return [field["formula"] for field in table["fields"] if "formula" in field]


def set_formula(model: Element, chance: Random) -> bool:
    table = chance.choice(tables(model))
    made = [field for field in table["fields"] if "formula" in field]
    if made:
        field = chance.choice(made)
        field["formula"] = f"({field['formula']})" if field["type"] == "boolean" else field["formula"]
        field["formula"] = {"decimal": "version * 1.5", "boolean": "version > 2"}.get(
            field["type"], "lower('Y' || id::text)"
        )
    else:
        name = fresh(model, "formula")
        table["fields"].append({"name": name, "type": "boolean", "formula": "version > 1"})
    return True
