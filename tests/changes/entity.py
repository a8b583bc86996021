"""Changes of entities and relations."""

from random import Random

from tests import model as strategies
from tests.changes.element import drawn, entities, fresh, grants, rollups, some, speaks_of, tables
from tests.model import Element


def add_entity(model: Element, chance: Random) -> bool:
    reach = [entity["name"] for entity in entities(model)]
    entity = drawn(strategies.entity(fresh(model, "entity"), reach, list(model.get("choices", {}))), chance)
    for item in (entity, *entity["fields"], *entity.get("rules", [])):
        item.pop("id", None)
    model["entities"].append(entity)
    return True


def drop_entity(model: Element, chance: Random) -> bool:
    found = some(chance, entities(model))
    if found is None or len(model["entities"]) == 1:
        return False
    model["entities"].remove(found)
    for role in model.get("roles", []):
        role["grants"] = [item for item in role.get("grants", []) if item["entity"] != found["name"]]
    return not speaks_of([tables(model)], found["name"])


def rename_entity(model: Element, chance: Random) -> bool:
    found = chance.choice(tables(model))
    old, new = found["name"], fresh(model, "table")
    found["name"] = new
    for table in tables(model):
        for key in ("from", "to"):
            if table.get(key) == old:
                table[key] = new
        for field in table.get("fields", []):
            if field.get("entity") == old:
                field["entity"] = new
            if "entities" in field:
                field["entities"] = [new if name == old else name for name in field["entities"]]
    for rollup in rollups(model, old):
        rollup["of"] = f"{new}.{rollup['of'].partition('.')[2]}"
    for grant in list(grants(model, old)):
        grant["entity"] = new
    return True


def add_relation(model: Element, chance: Random) -> bool:
    ends = [chance.choice(entities(model))["name"] for _ in range(2)]
    relation = {"name": fresh(model, "link"), "kind": "many_to_many", "from": ends[0], "to": ends[1]}
    model.setdefault("relations", []).append({**relation, "fields": []})
    return True


def drop_relation(model: Element, chance: Random) -> bool:
    found = some(chance, model.get("relations", []))
    if found is None:
        return False
    model["relations"].remove(found)
    for role in model.get("roles", []):
        role["grants"] = [item for item in role.get("grants", []) if item["entity"] != found["name"]]
    return True


def set_flag(model: Element, chance: Random) -> bool:
    entity = chance.choice(entities(model))
    flag = chance.choice(["audit", "recycle"])
    entity[flag] = not entity.get(flag, flag == "audit")
    return True


def set_ownership(model: Element, chance: Random) -> bool:
    entity = chance.choice(entities(model))
    entity["ownership"] = "tenant" if entity.get("ownership") == "owned" else "owned"
    return True
