"""Remedies at random for rows that break a draft."""

from random import Random
from typing import Any
from uuid import UUID

from server import remedies
from server.manifest import from_json
from server.publication import Broken
from tests.model import value
from tests.publishing import Connection
from tests.survival import Remedied

# A constant each: what is filled is no moving clock.
FILLS = {
    "text": "'x'",
    "integer": "7",
    "bigint": "7",
    "decimal": "1.5",
    "money": "1.5",
    "float": "1.5",
    "percent": "0.15",
    "boolean": "true",
    "date": "'2024-05-05'",
    "time": "'08:30'",
    "duration": "interval '2 hours'",
    "uuid": "'00000000-0000-7000-8000-000000000001'",
}


async def decide(
    connection: Connection, app_id: UUID, broken: list[Broken], chance: Random, decided: dict[str, Remedied]
) -> set[tuple[str, str]]:
    """Decide about every demand that is broken; which were, none when one has no remedy that we know."""
    given: set[tuple[str, str]] = set()
    for item in broken:
        actions = list(item.remedies)
        chance.shuffle(actions)
        path = item.path.replace("entities/", "").replace("/fields/", ".").replace("/rules/", ".")
        for action in actions:
            if await done(connection, app_id, path, action, item, decided):
                given.add((item.path, item.rule))
                break
        else:
            return set()
    return given


async def done(
    connection: Connection, app_id: UUID, path: str, action: str, item: Broken, decided: dict[str, Remedied]
) -> bool:
    """Decide so, where it can be; what that may change is noted."""
    try:
        target = await remedies.element(connection, app_id, path)
    except remedies.RemedyError:
        return False
    noted = decided.setdefault(str(target.id), Remedied())
    if action == "new_rows":
        await remedies.keep_for_new_rows(connection, app_id, path)
    elif action == "clear":
        await remedies.clear(connection, app_id, path)
    elif action == "fill" and target.given["type"] in FILLS and "default" not in target.given:
        await remedies.fill(connection, app_id, path, FILLS[target.given["type"]])
    elif action == "map" and item.rule == "choice":
        noted.mapping |= await mapped(connection, app_id, target)
        if not noted.mapping:
            return False
        await remedies.replace(connection, app_id, path, noted.mapping)
    else:
        return False
    noted.actions.add(action)
    return True


async def mapped(connection: Connection, app_id: UUID, target: remedies.Target) -> dict[str, str]:
    """The choices that a field had and has no more, each with one that it has."""
    choices = target.given["choices"]
    kept = [value(item) for item in (target.choices[choices] if isinstance(choices, str) else choices)]
    text = await connection.fetchval("select publish.current_model($1)::text", app_id)
    model: Any = from_json(text)
    return {
        item["value"]: kept[0]
        for entity in model["entities"]
        for field in entity["fields"]
        if field["id"] == str(target.id)
        for item in field["choices"] or []
        if item["value"] not in kept
    }
