"""What tables hold by stable ids, and which values a publish may have changed."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from server.publication import Step
from tests.model import Element
from tests.publishing import Connection

Row = dict[str, Any]
# Table id → (tenant, row id) → id of a column → value. A column is its field and target, or its name.
Held = dict[str, dict[tuple[str, str], Row]]
SYSTEM = ("created_at", "created_by", "version")
# What PostgreSQL reads as a boolean: a text "no" is kept as false.
TRUE, FALSE = ("true", "yes", "on"), ("false", "no", "off")
LOST = re.compile(r"(?:becomes (\w+) when .*)?; (\d+) values lose something")


@dataclass
class Remedied:
    """What was decided about a field: the actions, and which values give way to which."""

    actions: set[str] = field(default_factory=set)
    mapping: dict[str, str] = field(default_factory=dict)

    def allows(self, was: Any, now: Any) -> bool:
        return (
            ("fill" in self.actions and was is None)
            # What is cleared may be filled then.
            or ({"fill", "clear"} <= self.actions)
            or ("clear" in self.actions and now is None)
            or (str(was) in self.mapping and same(self.mapping[str(was)], now))
        )


def columns(model: Element, entity: Element) -> dict[str, Element]:
    """The columns of the fields of a table by stable ids."""
    ids = {item["name"]: item["id"] for item in model["entities"]}
    return {
        f"{given['id']} {ids[column['entity']] if column['part'] and column['entity'] else column['part']}": {
            **column, "field": given
        }
        for given in entity["fields"]
        for column in given["columns"]
    }  # fmt: skip


async def held(connection: Connection, model: Element) -> Held:
    """What all tables of a model hold, whoever's it is."""
    found: Held = {}
    for entity in model["entities"]:
        rows = await connection.fetch(
            f'select to_jsonb(t)::text as row from "{model["app"]["name"]}"."{entity["name"]}" t'
        )
        names = {key: column["name"] for key, column in columns(model, entity).items()}
        names |= {name: name for name in SYSTEM}
        found[entity["id"]] = {
            (row["tenant_id"], row["id"]): {key: row[name] for key, name in names.items()}
            for row in (json.loads(item["row"], parse_float=Decimal) for item in rows)
        }
    return found


def counted(steps: Iterable[Step], before: Element, after: Element) -> Counter[tuple[str, str]]:
    """How many values of a column a plan said would lose something, by table id and column name."""
    found: Counter[tuple[str, str]] = Counter()
    ids = {item["name"]: item["id"] for item in before["entities"]}
    ids_after = {item["name"]: item["id"] for item in after["entities"]}
    for step in steps:
        said = LOST.search(step.why or "")
        if said:
            _, table, column = step.target.split(".")
            entity = (ids_after if step.kind == "alter_type" else ids).get(table, "")
            found[entity, said[1] or column] += int(said[2])
    return found


def lost_of(steps: Iterable[Step], column: str) -> int:
    """How many values of columns of this name a plan said would lose something."""
    said = [(step.target.rpartition(".")[2], LOST.search(step.why or "")) for step in steps]
    return sum(int(found[2]) for name, found in said if found and (found[1] or name) == column)


def losses(
    before: Held,
    after: Held,
    models: tuple[Element, Element],
    steps: list[Step],
    remedied: dict[str, Remedied],
) -> list[str]:
    """Every value that was there before, belongs to a field that still is, and is another now.

    Where a type changed, as many values may differ as the plan said, not one more or less.
    """
    found = []
    said = counted(steps, *models)
    old, new = ({item["id"]: columns(model, item) for item in model["entities"]} for model in models)
    for table in before.keys() & after.keys():
        rows = before[table]
        found += [f"row {key} of {table} is gone" for key in rows if key not in after[table]]
        for column in SYSTEM:
            found += differing(before, after, table, column, Remedied())
        for column in old[table].keys() & new[table].keys():
            was, now = old[table][column], new[table][column]
            if now["field"]["formula"] or now["field"]["rollup"]:
                continue
            decided = remedied.get(now["field"]["id"], Remedied())
            differ = differing(before, after, table, column, decided)
            expected = said[table, now["name"]]
            if was["sql_type"] == now["sql_type"] or was["field"]["formula"] or was["field"]["rollup"]:
                found += differ
            elif len(differ) != expected and not decided.actions:
                found.append(f"{len(differ)} values and not {expected} lost something: {differ[:3]}")
    return found


def differing(before: Held, after: Held, table: str, column: str, decided: Remedied) -> list[str]:
    return [
        f"{column} of {key} in {table} was {row[column]!r} and is {after[table][key][column]!r}"
        for key, row in before[table].items()
        if key in after[table]
        and not same(row[column], after[table][key][column])
        and not decided.allows(row[column], after[table][key][column])
    ]


def same(was: Any, now: Any) -> bool:
    """Whether two values are one, perhaps of another type."""
    if was is None or now is None:
        return was is now
    if was == now and isinstance(was, bool) == isinstance(now, bool):
        return True
    return bool(plain(was) == plain(now))


def plain(value: Any) -> Any:
    """A value in a form that does not tell its type."""
    if isinstance(value, list):
        return plain(", ".join(value))
    if isinstance(value, bool) or value in TRUE + FALSE:
        return Decimal(value is True or value in TRUE)
    try:
        return Decimal(str(value))
    except InvalidOperation:
        pass
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value).lower()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
