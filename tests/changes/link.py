"""Changes of what joins entities: rollups, hierarchies, the targets of a lookup."""

from random import Random

from tests.changes.element import any_field, entities, fresh, rollups, some, tables
from tests.model import SUMMED, Element


def set_rollup(model: Element, chance: Random) -> bool:
    """A rollup more, or of something else."""
    made = [field for table in tables(model) for field in table["fields"] if field["type"] == "rollup"]
    if made and chance.random() < 0.5:
        field = chance.choice(made)
        if field.get("where") is None or chance.random() < 0.5:
            field["where"] = chance.choice(["version > 0", "version > 1", "id is not null"])
        else:
            del field["where"]
        if "field" in field:
            field["function"] = chance.choice(["sum", "min", "max", "avg"])
        return True
    pointers = [
        (child, field) for child in entities(model) for field in child["fields"] if field["type"] == "lookup"
    ]
    found = some(chance, pointers)
    if found is None:
        return False
    child, pointer = found
    rollup = {"name": fresh(model, "rollup"), "type": "rollup", "of": f"{child['name']}.{pointer['name']}"}
    summed = [
        field["name"] for field in child["fields"] if field["type"] in SUMMED and "formula" not in field
    ]
    if summed and chance.random() < 0.7:
        rollup |= {"function": chance.choice(["sum", "min", "max", "avg"]), "field": chance.choice(summed)}
    else:
        rollup["function"] = "count"
    parent = chance.choice(pointer.get("entities") or [pointer["entity"]])
    next(item for item in entities(model) if item["name"] == parent)["fields"].append(rollup)
    return True


def set_hierarchy(model: Element, chance: Random) -> bool:
    """A hierarchy more or less, or by another lookup."""
    found = some(
        chance,
        [
            (table, field)
            for table in entities(model)
            for field in table["fields"]
            if field["type"] == "lookup" and field.get("entity") == table["name"]
        ],
    )
    if found is None:
        return False
    table, field = found
    if table.get("hierarchy") == field["name"]:
        del table["hierarchy"]
    else:
        table["hierarchy"] = field["name"]
    return True


def set_targets(model: Element, chance: Random) -> bool:
    """A lookup to one of several entities gets a target more or less."""
    found = any_field(model, chance)
    if found is None or "entities" not in found[1]:
        return False
    table, field = found
    others = [item["name"] for item in entities(model) if item["name"] not in field["entities"]]
    if others and chance.random() < 0.6:
        field["entities"].append(chance.choice(others))
        return True
    if len(field["entities"]) < 3:
        return False
    gone = field["entities"].pop(chance.randrange(len(field["entities"])))
    parent = next(item for item in entities(model) if item["name"] == gone)
    return all(
        rollup["of"] != f"{table['name']}.{field['name']}" or rollup not in parent["fields"]
        for rollup in rollups(model, table["name"])
    )
