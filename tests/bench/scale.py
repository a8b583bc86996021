"""How publishing, planning and the drift check grow with the number of entities."""

import asyncio
import json
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from server import publication
from server.manifest import load
from tests.bench.installation import Installation

SIZES = (10, 100, 1000)
FIELDS = 20
KINDS = (
    {"type": "text", "length": 200},
    {"type": "integer", "min": 0},
    {"type": "decimal"},
    {"type": "date"},
    {"type": "boolean", "default": "false"},
    {"type": "timestamp"},
    {"type": "choice", "choices": ["new", "open", "closed"], "default": "'new'"},
    {"type": "money", "currency": "EUR"},
    {"type": "text", "multiline": True},
)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Taken:
    """Seconds of each stage for an app with this many entities."""

    entities: int
    stages: dict[str, float]

    def show(self) -> str:
        """A line of the report."""
        parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in self.stages.items())
        return f"{self.entities:,} entities of {FIELDS} fields: {parts}"


def manifest(name: str, entities: int) -> dict[str, Any]:
    """An app of entities that each look up the one before."""
    return {
        "qryvanta": 1,
        "app": {"name": name},
        "entities": [entity(number) for number in range(entities)],
    }


def entity(number: int) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [{"name": "name", "type": "text", "required": True, "unique": True}]
    if number:
        fields.append({"name": "previous", "type": "lookup", "entity": f"thing_{number - 1}"})
    for place in range(FIELDS - len(fields)):
        fields.append({"name": f"field_{place}", **KINDS[place % len(KINDS)]})
    return {"name": f"thing_{number}", "fields": fields, "indexes": [{"fields": ["field_3"]}]}


async def measure(url: str, entities: int) -> Taken:
    """Publish an app, then plan a changed field and look for drift."""
    connection = await asyncpg.connect(url, timeout=600)
    stages: dict[str, float] = {}
    try:
        owner = await connection.fetchval("select tenant_id from tenancy.tenant order by name limit 1")
        wanted = manifest(f"scale_{entities}", entities)
        app_id = await timed(stages, "store", stored(connection, wanted, owner))
        await timed(stages, "publish", publication.publish(connection, app_id))
        wanted["entities"][-1]["fields"][-1]["label"] = "Another label"
        await timed(stages, "store again", stored(connection, wanted, owner))
        steps = await timed(stages, "plan of one changed field", publication.plan(connection, app_id))
        assert len(steps) == 1, steps[:3]
        await timed(stages, "publish of it", publication.publish(connection, app_id))
        found = await timed(stages, "drift", publication.drift(connection, app_id))
        assert not found, found[:3]
    finally:
        await connection.close()
    return Taken(entities, stages)


async def stored(connection: publication.Connection, wanted: dict[str, Any], owner: UUID) -> UUID:
    return await publication.store(connection, load(json.dumps(wanted).encode()), owner)


async def timed(stages: dict[str, float], name: str, work: Awaitable[Answer]) -> Answer:
    start = time.perf_counter()
    answer = await work
    stages[name] = time.perf_counter() - start
    return answer


def scale(made: Installation, sizes: tuple[int, ...] = SIZES) -> list[str]:
    """A line for each size."""
    return [asyncio.run(measure(made.url, size)).show() for size in sizes]
