"""The one statement that makes records of the staged lines."""

from dataclasses import dataclass

from asyncpg import Connection, Record

from server.exchange.plan import Plan
from server.exchange.source import STAGED, Source
from server.exchange.sql import name
from server.model import Constraint
from server.query.warning import Warned, columns, counted, told, warnings


@dataclass(frozen=True)
class Counts:
    """What became of the lines, and which warnings the written records break."""

    inserted: int
    updated: int
    unchanged: int
    warned: tuple[Warned, ...] = ()


async def write(connection: "Connection[Record]", plan: Plan, lines: int) -> Counts:
    """Insert or update `lines` staged lines; raises what PostgreSQL raises for the first bad one."""
    row = await connection.fetchrow(statement(plan))
    assert row is not None
    inserted, affected = row["inserted"], row["affected"]
    warned = told(plan.entity, _warnings(plan), row["warned"])
    return Counts(inserted, affected - inserted, lines - affected, warned)


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
        f"returning {', '.join(f't.{name(column)}' for column in _returned(plan))})\n"
        f"select count(*) filter (where version = 1) as inserted, count(*) as affected,\n"
        f"{counted(_warnings(plan), 'written')} as warned from written"
    )


def _warnings(plan: Plan) -> list[Constraint]:
    # Who imports acts as the owner of the tenant, who may read all.
    return warnings(plan.entity, frozenset(plan.entity.columns))


def _returned(plan: Plan) -> list[str]:
    return sorted({"version"}.union(*(columns(plan.entity, each) for each in _warnings(plan))))


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
