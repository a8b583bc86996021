"""What the table itself would refuse: asked of the catalogue, answered for all lines at once."""

import re

from asyncpg import Connection, Record

from server.exchange.path import Reference, Target
from server.exchange.plan import Plan
from server.exchange.problem import INSERT, Problem, headers_of, place_of, rows
from server.exchange.source import EXISTING, STAGED, Source, given
from server.exchange.sql import name

CHECKS = """
select c.conname as name, pg_get_expr(c.conbin, c.conrelid) as expression,
    array(
        select a.attname::text from pg_catalog.pg_attribute a
        where a.attrelid = c.conrelid and a.attnum = any (c.conkey)
    ) as columns
from pg_catalog.pg_constraint c
where c.conrelid = $1::regclass and c.contype = 'c'
"""
COLUMNS = """
select a.attname as name, a.attgenerated <> '' as generated,
    format_type(a.atttypid, a.atttypmod) as sql_type, pg_get_expr(d.adbin, d.adrelid) as expression
from pg_catalog.pg_attribute a
left join pg_catalog.pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attname <> 'tenant_id'
"""

# A name with a space can be no column of an app.
LINE = '"the line"'
NEW = '"is new"'


async def broken_constraints(connection: "Connection[Record]", plan: Plan) -> None:
    """Find lines whose references lead nowhere, that lack a required value, or break a check."""
    checks = await connection.fetch(CHECKS, plan.table)
    columns = await connection.fetch(COLUMNS, plan.table)
    problems = [*_unfound(plan), *_missing(plan), *_empty_keys(plan)]
    problems += [_check(plan, check) for check in checks]
    used = {column for check in checks for column in check["columns"]}
    await connection.execute(
        f"{INSERT}\nselect r.{LINE}, v.place, v.cells, v.reason\n"
        f"from ({_records(plan, columns, used)}) r cross join lateral {rows(problems)}\nwhere v.broken"
    )


async def future_records(connection: "Connection[Record]", plan: Plan, expressions: str) -> str:
    """The query for the records that the lines would become, with the formulas that are named."""
    columns = await connection.fetch(COLUMNS, plan.table)
    return _records(plan, columns, set(re.findall(r"\w+", expressions)))


def _records(plan: Plan, columns: "list[Record]", used: set[str]) -> str:
    """The lines as the records that they would become, with formulas where a check uses them."""
    source = Source(plan)
    source.join_existing()
    items = [f"{STAGED}.line as {LINE}", f"{EXISTING}.id is null as {NEW}"]
    for target in plan.targets:
        items.append(f"({given(target)}) as {_given(target)}")
    for column in columns:
        if not column["generated"]:
            items.append(f"{_value(source, column)} as {name(column['name'])}")
    formulas = [
        f"({column['expression']}) as {name(column['name'])}"
        for column in columns
        if column["generated"] and column["name"] in used
    ]
    return f"select {', '.join(['r.*', *formulas])} from (select {', '.join(items)}\nfrom {source.joins}) r"


def _value(source: Source, column: "Record") -> str:
    """What the column will hold: the line's value, else the record's, else the default."""
    if column["name"] in source.values and column["name"] != "id":
        return source.values[column["name"]]
    old = f"{EXISTING}.{name(column['name'])}"
    if column["name"] == "id":
        return f"coalesce({old}, {source.values.get('id', 'null::uuid')})"
    default = column["expression"] or f"null::{column['sql_type']}"
    if "next_number" in default:
        default = f"''::{column['sql_type']}"  # a number is drawn when the record is written
    return f"case when {EXISTING}.id is null then {default} else {old} end"


def _check(plan: Plan, check: "Record") -> Problem:
    known = plan.entity.constraints_by_name.get(check["name"])
    fields = known.fields if known else ()
    message = known.message if known else f"breaks {check['name']}"
    broken = f"not ({check['expression']})"
    return Problem(place_of(plan, fields), headers_of(plan, fields), message, broken)


def _unfound(plan: Plan) -> list[Problem]:
    found = []
    for target in plan.targets:
        if isinstance(target.value, Reference):
            reason = f"there is no {target.value.entity.label} with this key"
            broken = f"r.{_given(target)} and r.{name(target.column)} is null"
            found.append(Problem(target.cells[0].column.place, target.headers, reason, broken))
    return found


def _missing(plan: Plan) -> list[Problem]:
    found = []
    for field in plan.fields:
        target = plan.by_column.get(field.column)
        if not field.required or (target is None and (field.default_sql or field.type == "autonumber")):
            continue
        broken = f"not r.{_given(target)}" if target else f"r.{NEW}"
        fields = (field.name,)
        found.append(
            Problem(place_of(plan, fields), headers_of(plan, fields), f"{field.label} is required", broken)
        )
    return found


def _empty_keys(plan: Plan) -> list[Problem]:
    """By an empty key no record is found: each import would make it anew."""
    return [
        Problem(target.cells[0].column.place, target.headers, "the key is empty", f"not r.{_given(target)}")
        for target in (plan.by_column[column] for column in plan.key)
        if target.field and not target.field.required
    ]


def _given(target: Target) -> str:
    """Whether the line says anything for the column."""
    return name(f"{target.column} given")
