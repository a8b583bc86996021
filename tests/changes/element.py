"""What changes of a model are made of: its elements picked at random, and what speaks of them."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.model import Element

Change = Callable[[Element, Random], bool]
Drawn = TypeVar("Drawn")

EXPRESSIONS = ("formula", "default", "title", "check", "required_when")
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


def any_field(model: Element, chance: Random) -> tuple[Element, Element] | None:
    """A table and one of its fields."""
    return some(chance, [(table, field) for table in tables(model) for field in table["fields"]])


def some_field(model: Element, chance: Random, *types: str) -> tuple[Element, Element] | None:
    """A table and one of its fields whose values are given, not calculated."""
    return some(
        chance,
        [
            (table, field)
            for table in tables(model)
            for field in table["fields"]
            if (not types or field["type"] in types) and "formula" not in field and field["type"] != "rollup"
        ],
    )


def fresh(model: Element, word: str) -> str:
    """A name that nothing of the model has or had."""
    names = set(re.findall(r"\b[a-z][a-z0-9_]*\b", str(model)))
    return next(name for name in (f"{word}_{number}" for number in range(10_000)) if name not in names)


def speaks_of(element: Any, name: str) -> bool:
    """Whether a name stands anywhere in an element."""
    return re.search(rf"\b{name}(_id)?\b", str(element)) is not None


def grants(model: Element, table: str) -> Iterator[Element]:
    for role in model.get("roles", []):
        for grant in role.get("grants", []):
            if grant["entity"] == table:
                yield grant


def rollups(model: Element, table: str) -> list[Element]:
    """The rollups of whatever table over the records of this one."""
    return [
        field
        for parent in tables(model)
        for field in parent["fields"]
        if field["type"] == "rollup" and field["of"].startswith(f"{table}.")
    ]


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
    if table.get("hierarchy") == name:
        del table["hierarchy"]
    for grant in grants(model, table["name"]):
        grant.get("fields", {}).pop(name, None)
    return not any(
        speaks_of({key: field[key] for key in field if key not in BARE}, name) for field in table["fields"]
    ) and not any(
        speaks_of([field["of"], field.get("field")], name) for field in rollups(model, table["name"])
    )


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
