"""Rows that fit a published model, made at random."""

import json
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from tests.acting import acting
from tests.files import stored
from tests.model import Element
from tests.publishing import Connection

PEOPLE = 2
MOST = 8  # rows of a table and tenant
ATTEMPTS = 6
CHANGED = 0.3  # how often a table sees a change of a row
Row = dict[str, Any]


def value(field: Element, chance: Random) -> Any:
    """A value that the checks of a field are likely to let through; None for what only the platform sets."""
    kind, number = field["type"], chance.randrange(1, 1000)
    if field.get("choices"):
        picked = chance.choice(field["choices"])["value"]
        return picked if kind == "choice" else [picked]
    if kind == "text":
        letters = "".join(chance.choices("ABCDEFGHIJ", k=5))
        return f"{letters.lower()}@example.org" if field.get("format") == "email" else letters
    made: dict[str, Any] = {
        "integer": number,
        "bigint": number,
        "decimal": str(Decimal(number) / 100 + Decimal("0.10")),
        "money": str(Decimal(number) / 100),
        "float": number / 4 + 0.5,
        "percent": "0.25",
        "boolean": chance.random() < 0.5,
        "date": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "time": f"{number % 12 + 9:02}:30",
        "timestamp": f"2024-03-{number % 28 + 1:02}T10:00:00Z",
        "duration": f"{number % 20 + 2} hours",
        "json": {"n": number},
        "richtext": f"<p>Number <b>{number}</b></p>",
        "uuid": str(UUID(int=chance.getrandbits(128), version=4)),
    }
    return made.get(kind)


async def fill(connection: Connection, model: Element, people: dict[UUID, list[UUID]], chance: Random) -> int:
    """Add a row or two to each table for each tenant, and change one at times; how many were added."""
    added = 0
    for tenant_id, users in people.items():
        for entity in model["entities"]:
            for _ in range(chance.randrange(1, 3)):
                added += await add(connection, model, entity, tenant_id, users, chance)
            if chance.random() < CHANGED:
                await change(connection, model, entity, tenant_id, users, chance)
    return added


async def change(
    connection: Connection,
    model: Element,
    entity: Element,
    tenant_id: UUID,
    users: list[UUID],
    chance: Random,
) -> None:
    """Give a row other values, where the rules let it."""
    table = f'"{model["app"]["name"]}"."{entity["name"]}"'
    async with acting(connection, f"{model['app']['name']}__owner", tenant_id, chance.choice(users)):
        row = await values(connection, model, entity, users, chance, complete=False)
        if not row:
            return
        names = ", ".join(f'"{name}"' for name in row)
        statement = (
            f"update {table} set ({names}) = row(new.*) from "
            f"(select {names} from jsonb_populate_record(null::{table}, $1)) new "
            f"where {table}.id = (select r.id from {table} r order by r.id limit 1)"
        )
        with suppress(asyncpg.IntegrityConstraintViolationError, asyncpg.DataError):
            async with connection.transaction():
                await connection.execute(statement, json.dumps(row))


async def add(
    connection: Connection,
    model: Element,
    entity: Element,
    tenant_id: UUID,
    users: list[UUID],
    chance: Random,
) -> int:
    table = f'"{model["app"]["name"]}"."{entity["name"]}"'
    user_id = chance.choice(users)
    async with acting(connection, f"{model['app']['name']}__owner", tenant_id, user_id):
        if await connection.fetchval(f"select count(*) from {table}") >= MOST:
            return 0
        for attempt in range(ATTEMPTS):
            row = await values(connection, model, entity, users, chance, complete=attempt > 2)
            names = ", ".join(f'"{name}"' for name in row)
            statement = (
                f"insert into {table} ({names}) select {names} from jsonb_populate_record(null::{table}, $1)"
                if row
                else f"insert into {table} default values"
            )
            with suppress(asyncpg.IntegrityConstraintViolationError, asyncpg.DataError):
                async with connection.transaction():
                    await connection.execute(statement, *([json.dumps(row)] if row else []))
                return 1
    return 0


async def values(
    connection: Connection,
    model: Element,
    entity: Element,
    users: list[UUID],
    chance: Random,
    *,
    complete: bool,
) -> Row:
    """Values for the columns of a new row; what is optional is at times left out, unless `complete`."""
    row: Row = {}
    for field in entity["fields"]:
        if field["formula"] or field["rollup"] or field["type"] == "autonumber":
            continue
        if not (complete or field["required"]) and chance.random() < 0.3:
            continue
        if field["type"] == "geopoint":
            row |= {each["name"]: chance.randrange(-90, 90) / 4 for each in field["columns"]}
            continue
        if field["type"] == "user":
            found: Any = str(chance.choice(users))
        elif field["type"] in ("file", "image"):
            found = str(await stored(connection))
        elif field["type"] == "lookup":
            # Of several targets it refers to one.
            column = chance.choice(field["columns"])
            ids = await connection.fetch(
                f'select id from "{model["app"]["name"]}"."{column["entity"]}" order by id'
            )
            if ids:
                row[column["name"]] = str(chance.choice(ids)["id"])
            continue
        else:
            found = value(field, chance)
        if found is not None:
            row[field["column"]] = found
    return row
