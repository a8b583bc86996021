"""Run a plan that reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asyncpg import PostgresError

from server.database.errors import Refusal, refusal, sqlstate_of
from server.database.session import gateway
from server.query.caller import Caller, Connection
from server.query.plan import Plan
from server.query.read import COUNTED
from server.query.refusal import unreadable


@dataclass(frozen=True, slots=True)
class Page:
    """A list as text, the number of its rows and, if it was asked for, of all rows."""

    body: str
    rows: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A record as text and its version, which may be unknown to the caller."""

    body: str
    version: str | None


async def fetch_page(caller: Caller, plan: Plan) -> Page:
    """The list of a plan; a filter that cannot be read raises a 400 with its column."""

    async def work(connection: Connection) -> Page:
        chosen, values = await narrowed(connection, plan)
        row = await connection.fetchrow(chosen.sql, caller.actor.tenant_id, *values)
        assert row is not None
        total = row.get("total")
        if plan.estimate and (total is None or total > COUNTED):
            explained = await connection.fetchval(
                plan.estimate.sql, caller.actor.tenant_id, *plan.estimate.values
            )
            total = max(total or 0, json.loads(explained)[0]["Plan"]["Plan Rows"])
        return Page(row["body"], row["rows"], total)

    try:
        return await caller.perform(
            work, "read only", shows_deleted=plan.shows_deleted, custom_plans=bool(plan.typed)
        )
    except PostgresError as error:
        raise await refused_read(caller, plan, error) from error


async def narrowed(connection: Connection, plan: Plan) -> tuple[Plan, Sequence[Any]]:
    """The plan with the values to run it with: narrowed to the ids that an index finds, where it helps."""
    if plan.probe is None or plan.narrow is None:
        return plan, plan.values
    row = await connection.fetchrow(plan.probe.sql, *plan.probe.values)
    found = [set(ids) for ids in row or () if ids is not None]
    if not found:
        return plan, plan.values
    return plan.narrow, [list(set.intersection(*found)), *plan.narrow.values]


async def fetch_record(caller: Caller, plan: Plan, record_id: UUID) -> Found | None:
    """The record of that id; None when there is none that the caller can see."""

    async def work(connection: Connection) -> Found | None:
        row = await connection.fetchrow(plan.sql, caller.actor.tenant_id, record_id, *plan.values)
        return Found(row["body"], row["version"]) if row else None

    try:
        return await caller.perform(work, "read only", shows_deleted=plan.shows_deleted)
    except PostgresError as error:
        raise await refused_read(caller, plan, error) from error


async def refused_read(caller: Caller, plan: Plan, error: PostgresError) -> Refusal:
    """The refusal of a query; if a value of a filter is to blame, with its column."""
    sqlstate = sqlstate_of(error)
    status, message = refusal(sqlstate)
    if not sqlstate.startswith("22"):
        return Refusal(status, sqlstate, message)
    column = await unreadable_filter(caller, plan)
    faults = [unreadable(caller.entity, column)] if column else []
    return Refusal(400, sqlstate, faults[0].message if faults else message, faults)


async def unreadable_filter(caller: Caller, plan: Plan) -> str | None:
    """The column of the first filter whose value cannot be read as its type."""
    asked = [(typed, value) for typed in plan.typed for value in typed.values]
    async with gateway(caller.pool, "read only") as connection:
        bad = await connection.fetchval(
            "select min(f.n) from unnest($1::text[], $2::text[]) with ordinality as f (value, type, n)"
            " where not api.is_input(f.value, f.type)",
            [value for _, value in asked],
            [typed.sql_type for typed, _ in asked],
        )
    return asked[bad - 1][0].column if bad else None
