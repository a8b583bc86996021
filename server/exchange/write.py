"""The one statement that makes records of the staged lines."""

from dataclasses import dataclass

from asyncpg import Connection, Record

from server.exchange.plan import Plan
from server.exchange.source import STAGED, Source
from server.exchange.sql import name


@dataclass(frozen=True)
class Counts:
    """What became of the lines."""

    inserted: int
    updated: int
    unchanged: int


async def write(connection: "Connection[Record]", plan: Plan, lines: int) -> Counts:
    """Insert or update `lines` staged lines; raises what PostgreSQL raises for the first bad one."""
    row = await connection.fetchrow(statement(plan))
    assert row is not None
    inserted, affected = row["inserted"], row["affected"]
    return Counts(inserted, affected - inserted, lines - affected)


def statement(plan: Plan) -> str:
    """Insert with upsert by the plan's key; equal records are left alone, so they keep their version."""
    source = Source(plan)
    values = {"tenant_id": plan.tenant, **source.values, "id": plan.new_id(STAGED)}
    return (
        f"with written as (\n"
        f"insert into {plan.table} as t ({', '.join(name(column) for column in values)})\n"
        f"select {', '.join(values.values())}\n"
        f"from {source.joins}\n"
        f"{_conflict(plan)}"
        # A new record has version 1, a changed one a later.
        f"returning t.version)\n"
        f"select count(*) filter (where version = 1) as inserted, count(*) as affected from written"
    )


def _conflict(plan: Plan) -> str:
    if not plan.key:
        return ""
    live = " where deleted_at is null" if plan.entity.recycle and plan.key != ("id",) else ""
    arbiter = f"on conflict (tenant_id, {', '.join(name(column) for column in plan.key)}){live} "
    changed = [name(column) for column in plan.by_column if column != "id" and column not in plan.key]
    if not changed:
        return f"{arbiter}do nothing\n"
    sets = ", ".join(f"{column} = excluded.{column}" for column in changed)
    old = ", ".join(f"t.{column}" for column in changed)
    new = ", ".join(f"excluded.{column}" for column in changed)
    return f"{arbiter}do update set {sets}\nwhere ({old}) is distinct from ({new})\n"
