"""Changes of fields: more and fewer of them, their names, types and flags."""

from random import Random

from tests import model as strategies
from tests.changes.element import (
    any_field,
    drawn,
    entities,
    forget,
    fresh,
    grants,
    reworded,
    rollups,
    some_field,
    speaks_of,
    tables,
)
from tests.model import DEFAULTS, Element


def add_field(model: Element, chance: Random) -> bool:
    table = chance.choice(tables(model))
    reach = [entity["name"] for entity in entities(model)]
    field = drawn(strategies.field(fresh(model, "added"), reach, list(model.get("choices", {}))), chance)
    field.pop("id", None)
    if field["type"] == "lookup":
        field.pop("required", None)
    if field.get("required") and "default" not in field and field["type"] in DEFAULTS:
        field["default"] = DEFAULTS[field["type"]][0]
    if "default" in field:
        field.pop("unique", None)
    table.setdefault("fields", []).insert(chance.randrange(len(table.get("fields", [])) + 1), field)
    return True


def drop_field(model: Element, chance: Random) -> bool:
    found = any_field(model, chance)
    if found is None or (found[0] in model["entities"] and len(found[0]["fields"]) == 1):
        return False
    table, field = found
    table["fields"].remove(field)
    return forget(model, table, field["name"])


def rename_field(model: Element, chance: Random) -> bool:
    found = any_field(model, chance)
    if found is None:
        return False
    table, field = found
    old, new = field["name"], fresh(model, "renamed")
    if speaks_of(model.get("choices"), old):
        return False
    field["name"] = new
    for part in ("keys", "indexes"):
        for item in table.get(part, []):
            item["fields"] = [new if name == old else name for name in item["fields"]]
    for grant in grants(model, table["name"]):
        if old in grant.get("fields", {}):
            grant["fields"][new] = grant["fields"].pop(old)
    if table.get("hierarchy") == old:
        table["hierarchy"] = new
    for rollup in rollups(model, table["name"]):
        if rollup["of"] == f"{table['name']}.{old}":
            rollup["of"] = f"{table['name']}.{new}"
        if rollup.get("field") == old:
            rollup["field"] = new
    reworded(table, old, new)
    return True


def move_field(model: Element, chance: Random) -> bool:
    chance.shuffle(chance.choice(entities(model))["fields"])
    return True


def require(model: Element, chance: Random) -> bool:
    return toggled(model, chance, "required")


def make_unique(model: Element, chance: Random) -> bool:
    return toggled(model, chance, "unique", "text", "integer", "date", "lookup", "uuid")


def make_indexed(model: Element, chance: Random) -> bool:
    return toggled(model, chance, "indexed")


def make_sensitive(model: Element, chance: Random) -> bool:
    return toggled(model, chance, "sensitive")


def toggled(model: Element, chance: Random, flag: str, *types: str) -> bool:
    found = some_field(model, chance, *types)
    if found is None or (flag == "required" and found[1].get("on_delete") == "clear"):
        return False
    field = found[1]
    if flag in strategies.COMPARED and (field["type"] in strategies.WHOLE or "entities" in field):
        return False
    if flag == "required":
        field.pop("required_when", None)
    if flag == "sensitive":
        field.pop("searchable", None)
    found[1][flag] = not found[1].get(flag, False)
    return True


def bound(model: Element, chance: Random) -> bool:
    """Tighten or loosen what a value may be."""
    found = some_field(model, chance, "integer", "decimal", "text", "date")
    if found is None:
        return False
    field = found[1]
    key, wanted = {
        "text": ("length", chance.choice([3, 5, 60, 200])),
        "date": ("max", f"{chance.randrange(2031, 2060)}-12-31"),
    }.get(field["type"], ("max", chance.choice([50, 100_000, 2_000_000])))
    if key in field and chance.random() < 0.5:
        del field[key]
    else:
        field[key] = wanted
    return True


def set_default(model: Element, chance: Random) -> bool:
    found = some_field(model, chance, *DEFAULTS)
    if found is None:
        return False
    if "default" in found[1]:
        del found[1]["default"]
    else:
        found[1]["default"] = chance.choice(DEFAULTS[found[1]["type"]])
    return True


def make_searchable(model: Element, chance: Random) -> bool:
    found = some_field(model, chance, *strategies.SEARCHED)
    if found is None or found[1].get("sensitive"):
        return False
    found[1]["searchable"] = not found[1].get("searchable", False)
    return True


def set_condition(model: Element, chance: Random) -> bool:
    """Required under a condition, or no more."""
    found = some_field(model, chance)
    if found is None or found[1].get("required") or found[1]["type"] == "autonumber":
        return False
    if "required_when" in found[1]:
        del found[1]["required_when"]
    else:
        found[1]["required_when"] = chance.choice(["version > 1", "version > 2"])
    return True


def set_format(model: Element, chance: Random) -> bool:
    """Another look of the numbers to come."""
    found = some_field(model, chance, "autonumber")
    if found is None:
        return False
    found[1]["format"] = chance.choice(["A-{000}", "{00}/{yyyy}", "N{00000}"])
    return True
