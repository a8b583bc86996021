"""Changes of a model at random. Each takes an exported manifest and alters it in place; false where it
finds nothing to do."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests import model as strategies
from tests.model import DEFAULTS, Element

Change = Callable[[Element, Random], bool]
Drawn = TypeVar("Drawn")

EXPRESSIONS = ("formula", "default", "title", "check", "filter", "required_when")
WIDER = {"integer": ["bigint", "decimal", "text"], "bigint": ["text"], "date": ["text"], "boolean": ["text"]}
BARE = ("id", "name", "label", "description", "help", "required")


def drawn(strategy: st.SearchStrategy[Drawn], chance: Random) -> Drawn:
    """One example of a strategy, the same for the same state of `chance`."""
    found: list[Drawn] = []

    @seed(chance.getrandbits(32))
    @settings(
        max_examples=4,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: Drawn) -> None:
        found.append(example)

    collect()
    # The first ones are the simplest that there are.
    return found[-1]


def entities(model: Element) -> list[Element]:
    return list(model["entities"])


def tables(model: Element) -> list[Element]:
    """Entities and relations; of a relation without fields the export leaves them out."""
    found = [*model["entities"], *model.get("relations", [])]
    for table in found:
        table.setdefault("fields", [])
    return found


def some(chance: Random, items: list[Drawn]) -> Drawn | None:
    return chance.choice(items) if items else None


def some_field(model: Element, chance: Random, *types: str) -> tuple[Element, Element] | None:
    """A table and one of its fields, which is no formula."""
    return some(
        chance,
        [
            (table, field)
            for table in tables(model)
            for field in table.get("fields", [])
            if (not types or field["type"] in types) and "formula" not in field
        ],
    )


def fresh(model: Element, word: str) -> str:
    """A name that nothing of the model has or had."""
    names = set(re.findall(r"\b[a-z][a-z0-9_]*\b", str(model)))
    return next(name for name in (f"{word}_{number}" for number in range(10_000)) if name not in names)


def speaks_of(element: Any, name: str) -> bool:
    """Whether a name stands anywhere in an element."""
    return re.search(rf"\b{name}(_id)?\b", str(element)) is not None


def label(model: Element, chance: Random) -> bool:
    places = [model["app"], *tables(model), *(field for table in tables(model) for field in table["fields"])]
    places += model.get("roles", [])
    chance.choice(places)[chance.choice(["label", "description"])] = f"Text {chance.randrange(10_000)}"
    return True


def add_field(model: Element, chance: Random) -> bool:
    table = chance.choice(tables(model))
    reach = [entity["name"] for entity in entities(model)]
    field = drawn(strategies.field(fresh(model, "added"), reach, list(model.get("choices", {}))), chance)
    field.pop("id", None)
    if field["type"] == "autonumber":
        return False
    if field.get("entity") and field.get("required"):
        del field["required"]
    if field.get("required") and "default" not in field and field["type"] in DEFAULTS:
        field["default"] = DEFAULTS[field["type"]][0]
    if "default" in field:
        field.pop("unique", None)
    table.setdefault("fields", []).insert(chance.randrange(len(table.get("fields", [])) + 1), field)
    return True


def drop_field(model: Element, chance: Random) -> bool:
    found = some_field(model, chance)
    if found is None or (found[0] in model["entities"] and len(found[0]["fields"]) == 1):
        return False
    table, field = found
    table["fields"].remove(field)
    return forget(model, table, field["name"])


def forget(model: Element, table: Element, name: str) -> bool:
    """Take out what speaks of a field that is gone; false where that cannot be."""
    for part in ("keys", "indexes"):
        table[part] = [item for item in table.get(part, []) if name not in item["fields"]]
    table["rules"] = [
        item
        for item in table.get("rules", [])
        if not speaks_of([item.get("check"), item.get("no_overlap")], name)
    ]
    if speaks_of(table.get("title"), name):
        del table["title"]
    for grant in grants(model, table["name"]):
        grant.get("fields", {}).pop(name, None)
    return not any(
        speaks_of({key: field[key] for key in field if key not in BARE}, name) for field in table["fields"]
    )


def grants(model: Element, table: str) -> Iterator[Element]:
    for role in model.get("roles", []):
        for grant in role.get("grants", []):
            if grant["entity"] == table:
                yield grant


def rename_field(model: Element, chance: Random) -> bool:
    found = some_field(model, chance)
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
    reworded(table, old, new)
    return True


def reworded(element: Any, old: str, new: str) -> None:
    """Expressions and dependent choices that name a field, with its new name."""
    if isinstance(element, list):
        for item in element:
            reworded(item, old, new)
    elif isinstance(element, dict):
        for key, value in element.items():
            if key in EXPRESSIONS and isinstance(value, str):
                element[key] = re.sub(rf"\b{old}\b", new, value)
            elif key == "no_overlap":
                value |= {part: new for part in ("from", "to") if value[part] == old}
                value["key"] = [new if name == old else name for name in value.get("key", [])]
            elif key in ("when", "currency"):
                element[key] = (
                    {new if name == old else name: item for name, item in value.items()}
                    if isinstance(value, dict)
                    else new
                    if value == old
                    else value
                )
            elif key != "schema":
                reworded(value, old, new)


def move_field(model: Element, chance: Random) -> bool:
    chance.shuffle(chance.choice(entities(model))["fields"])
    return True


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
    found[1][flag] = not found[1].get(flag, False)
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


def bound(model: Element, chance: Random) -> bool:
    """Tighten or loosen what a value may be."""
    found = some_field(model, chance, "integer", "decimal", "text", "date")
    if found is None:
        return False
    field = found[1]
    key, wanted = {
        "text": ("length", chance.choice([5, 60, 200])),
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


def add_choice(model: Element, chance: Random) -> bool:
    found = some_field(model, chance, "choice", "multichoice")
    if found is None:
        return False
    choices = found[1]["choices"]
    values = model["choices"][choices] if isinstance(choices, str) else choices
    values.insert(chance.randrange(len(values) + 1), f"new {chance.randrange(10_000)}")
    return True


def drop_choice(model: Element, chance: Random) -> bool:
    found = some_field(model, chance, "choice")
    if found is None or not isinstance(found[1]["choices"], list) or len(found[1]["choices"]) < 2:
        return False
    gone = strategies.value(found[1]["choices"].pop())
    return not speaks_of([field.get("choices") for field in found[0]["fields"]], re.escape(gone))


def widen(model: Element, chance: Random) -> bool:
    """Another type that every value fits."""
    found = some_field(model, chance, *WIDER)
    if found is None:
        return False
    table, field = found
    if any(speaks_of(part, field["name"]) for part in (table.get("rules"), formulas(table))):
        return False
    field["type"] = chance.choice(WIDER[field["type"]])
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


CHANGES: list[Change] = [
    label, add_field, add_field, drop_field, move_field, add_entity, drop_entity, add_relation,
    drop_relation, require, make_unique, make_indexed, make_sensitive, set_flag, set_ownership, bound,
    set_default, add_choice, drop_choice, widen, set_formula, set_key, set_index, set_rule, set_role,
    set_grant, rename_field, rename_field, rename_entity,
]  # fmt: skip
