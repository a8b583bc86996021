"""Writes of the screens, by the statements of the record API; a refusal names everything that is wrong."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from server.model import Entity
from server.query.change import Changed, delete, insert, update
from server.query.payload import Payload
from server.query.preference import Preference
from server.query.shape import Comparison, Level, Operand
from server.query.write import Target, delete_plan, insert_plan, recycled_plan, update_plan
from server.screens.several import stored
from server.screens.values import Json
from server.screens.visit import Visit


async def create_record(here: Visit, entity: Entity, values: Mapping[str, Any]) -> Changed:
    """Insert a record; columns without a value take their default. Raises `Refusal`."""
    caller, payload = here.caller(entity), payload_of(stored(entity, values))
    plan = await caller.build(
        lambda: insert_plan(caller.reach, entity, None, payload, payload.columns, Preference(), None)
    )
    return await insert(caller, plan, payload, payload.columns, keep=True)


async def change_record(
    here: Visit, entity: Entity, key: UUID, version: int, values: Mapping[str, Any]
) -> bool:
    """Change the given columns of the record if it still has `version`; False when it has not, or is gone."""
    caller, payload = here.caller(entity), payload_of(stored(entity, values))
    target = Target(by_id=True, by_version=True)
    plan = await caller.build(
        lambda: update_plan(caller.reach, entity, Level(), payload.columns, target, answers=False)
    )
    changed = await update(
        caller, plan, payload, payload.columns, [key, [version]], keep=True, most=None, chosen=those([key])
    )
    return changed.rows > 0


async def delete_records(here: Visit, entity: Entity, keys: Sequence[UUID]) -> int:
    """Delete the records, into the recycle bin if there is one; returns how many. Raises `Refusal`."""
    caller, level = here.caller(entity), among(keys)
    plan = await caller.build(lambda: delete_plan(caller.reach, entity, level, Target(), answers=False))
    recycled = recycled_plan(caller.reach, entity, Level(), answers=False) if entity.recycle else None
    return (await delete(caller, plan, recycled, [], keep=True, most=None)).rows


async def restore_records(here: Visit, entity: Entity, keys: Sequence[UUID]) -> int:
    """Take records back out of the recycle bin; returns how many. Raises `Refusal`."""
    caller, payload = here.caller(entity), payload_of({"deleted_at": None})
    gone = Comparison(Operand("deleted_at"), "is", "null", negated=True)
    level = Level(conditions=[*among(keys).conditions, gone], opens_bin=True)
    plan = await caller.build(
        lambda: update_plan(caller.reach, entity, level, payload.columns, Target(), answers=False)
    )
    changed = await update(
        caller, plan, payload, payload.columns, [], keep=True, most=None, chosen=those(keys)
    )
    return changed.rows


def among(keys: Sequence[UUID]) -> Level:
    """The records with these ids."""
    return Level(conditions=[Comparison(Operand("id"), "in", tuple(map(str, keys)))])


def those(keys: Sequence[UUID]) -> Any:
    async def ids() -> list[str]:
        return [str(key) for key in keys]

    return ids


def payload_of(values: Mapping[str, Any]) -> Payload:
    """One record as the API is sent it."""
    parts = [
        f"{json.dumps(column)}: {value.text if isinstance(value, Json) else json.dumps(value)}"
        for column, value in values.items()
    ]
    record = {column: json.loads(v.text) if isinstance(v, Json) else v for column, v in values.items()}
    return Payload(f"{{{', '.join(parts)}}}", tuple(values), 1, single=True, records=(record,))
