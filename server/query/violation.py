"""Everything that is wrong with refused records, not only what PostgreSQL met first."""

import json
from typing import Any

from asyncpg import PostgresError, Record

from server.database.errors import Fault, Refusal, refusal, sqlstate_of
from server.model import Entity
from server.query.caller import Caller
from server.query.payload import Payload
from server.query.refusal import in_order, of_constraint, refused_write, required, unreadable
from server.query.statement import quote

MOST_RECORDS = 100
INSERTED = """
select r.n - 1 as n, v.fault, v.column_name, v.constraint_name
from json_array_elements($2::json) with ordinality as r (record, n)
cross join lateral api.violation($1::text::regclass, r.record::jsonb, true) v
limit 500
"""


def explains(error: PostgresError) -> bool:
    """Whether more may be wrong with the record than the error says."""
    sqlstate = sqlstate_of(error)
    return sqlstate.startswith("22") or sqlstate in ("23502", "23514", "23P01")


async def refused_insert(
    caller: Caller, payload: Payload, columns: tuple[str, ...], error: PostgresError
) -> Refusal:
    """The refusal of new records with the faults of all of them."""
    if not explains(error):
        return refused_write(error, caller.app, caller.entity)
    records = json.dumps(written_records(payload, columns), ensure_ascii=False)
    async with caller.transaction(keep=False) as connection:
        rows = await connection.fetch(INSERTED, _table(caller), records)
    return _refusal(caller, error, rows, numbered=not payload.single)


async def refused_update(
    caller: Caller, payload: Payload, columns: tuple[str, ...], ids: list[str], error: PostgresError
) -> Refusal:
    """The refusal of a change with the faults of the changed records."""
    if not explains(error):
        return refused_write(error, caller.app, caller.entity)
    known = [name for name in caller.entity.columns if name in caller.rights.readable]
    current = ", ".join(f"t.{quote(name)}" for name in known)
    async with caller.transaction(keep=False, shows_deleted=True) as connection:
        rows = await connection.fetch(
            f"select 0 as n, v.fault, v.column_name, v.constraint_name"
            f" from {_table(caller)} t, lateral (select {current}) as r,"
            f" api.violation($2::text::regclass, to_jsonb(r) || $3::text::jsonb, false) v"
            f" where t.tenant_id = $1 and t.id = any ($4::text[]::uuid[]) limit 500",
            caller.actor.tenant_id,
            _table(caller),
            json.dumps(written_records(payload, columns)[0], ensure_ascii=False),
            ids,
        )
    return _refusal(caller, error, rows, numbered=False)


def written_records(payload: Payload, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The records as PostgreSQL is to judge them, no more than `MOST_RECORDS`."""
    return [
        {name: record[name] for name in columns if name in record}
        for record in payload.records[:MOST_RECORDS]
    ]


def _table(caller: Caller) -> str:
    return f"{quote(caller.app.name)}.{quote(caller.entity.name)}"


def _refusal(caller: Caller, error: PostgresError, rows: list[Record], *, numbered: bool) -> Refusal:
    faults = {_fault(caller.entity, row, row["n"] if numbered else None): None for row in rows}
    if not faults:
        return refused_write(error, caller.app, caller.entity)
    sqlstate = sqlstate_of(error)
    status, message = refusal(sqlstate)
    ordered = in_order(caller.entity, faults)
    return Refusal(status, sqlstate, ordered[0].message if len(ordered) == 1 else message, ordered)


def _fault(entity: Entity, row: Record, number: int | None) -> Fault:
    if row["fault"] == "required":
        fault = required(entity, row["column_name"])
    elif row["fault"] == "type":
        fault = unreadable(entity, row["column_name"])
    else:
        constraint = entity.constraints_by_name.get(row["constraint_name"])
        if constraint is None:
            fault = Fault(None, row["constraint_name"], "The record breaks a rule")
        else:
            fault = of_constraint(entity, constraint)
    return Fault(fault.field, fault.rule, fault.message, number)
