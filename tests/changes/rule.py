"""Changes of keys, indexes, rules, choices, roles and rights."""

import re
from random import Random

from tests import model as strategies
from tests.changes.element import drawn, entities, fresh, grants, some, some_field, speaks_of, tables
from tests.model import Element


def label(model: Element, chance: Random) -> bool:
    places = [model["app"], *tables(model), *(field for table in tables(model) for field in table["fields"])]
    places += model.get("roles", [])
    chance.choice(places)[chance.choice(["label", "description"])] = f"Text {chance.randrange(10_000)}"
    return True


def add_choice(model: Element, chance: Random) -> bool:
    found = some_field(model, chance, "choice", "multichoice")
    if found is None:
        return False
    choices = found[1]["choices"]
    values = model["choices"][choices] if isinstance(choices, str) else choices
    values.insert(chance.randrange(len(values) + 1), f"new {chance.randrange(10_000)}")
    return True


def drop_choice(model: Element, chance: Random) -> bool:
    found = some_field(model, chance, "choice", "multichoice")
    if found is None:
        return False
    choices = found[1]["choices"]
    values = model["choices"][choices] if isinstance(choices, str) else choices
    if len(values) < 2 or found[1].get("default"):
        return False
    found[1].pop("transitions", None)
    gone = strategies.value(values.pop())
    return not speaks_of([field.get("choices") for field in found[0]["fields"]], re.escape(gone))


def set_key(model: Element, chance: Random) -> bool:
    return listed(model, chance, "keys")


def set_index(model: Element, chance: Random) -> bool:
    return listed(model, chance, "indexes")


def listed(model: Element, chance: Random, part: str) -> bool:
    """A key or an index more or less."""
    entity = chance.choice(entities(model))
    if entity.get(part) and chance.random() < 0.5:
        entity[part].pop(chance.randrange(len(entity[part])))
        return True
    plain = [
        field["name"]
        for field in entity["fields"]
        if field["type"] in ("text", "integer", "date", "lookup", "choice") and "formula" not in field
    ]
    fields = chance.sample(plain, min(len(plain), 2))
    if not fields or any(item["fields"] == fields for item in entity.get(part, [])):
        return False
    entity.setdefault(part, []).append({"fields": fields})
    return True


def set_rule(model: Element, chance: Random) -> bool:
    table = chance.choice(tables(model))
    rules = table.setdefault("rules", [])
    if rules and chance.random() < 0.5:
        rules.remove(chance.choice(rules))
    else:
        check = chance.choice(["version > 0", "version >= 1 or id is null", "id is not null"])
        severity = chance.choice(["error", "warning"])
        rules.append({"name": fresh(model, "rule"), "check": check, "severity": severity})
    return True


def set_overlap(model: Element, chance: Random) -> bool:
    """A rule against overlaps more or less."""
    table = chance.choice(entities(model))
    rules = table.setdefault("rules", [])
    known = [item for item in rules if "no_overlap" in item]
    if known:
        rules.remove(chance.choice(known))
        return True
    dates = [item["name"] for item in table["fields"] if item["type"] == "date" and "formula" not in item]
    if len(dates) < 2:
        return False
    given = [item for item in table["fields"] if "formula" not in item and "entities" not in item]
    rules.append({**drawn(strategies.overlap(given, dates), chance), "name": fresh(model, "overlap")})
    return True


def set_role(model: Element, chance: Random) -> bool:
    roles = model.setdefault("roles", [])
    if len(roles) > 1 and chance.random() < 0.5:
        roles.remove(chance.choice(roles))
    else:
        role = drawn(strategies.role(entities(model)), chance)
        role.pop("id", None)
        roles.append({**role, "name": fresh(model, "role")})
    return True


def set_grant(model: Element, chance: Random) -> bool:
    found = some(chance, [grant for table in tables(model) for grant in grants(model, table["name"])])
    if found is None:
        return False
    verb = chance.choice(["read", "update", "delete"])
    found[verb] = "none" if found.get(verb) == "tenant" else "tenant"
    return True
