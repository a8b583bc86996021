"""Statements that read: a list, a record."""

from dataclasses import replace
from typing import Literal

from server.model import Entity
from server.query.plan import Plan
from server.query.projection import Output, Projection, shows_deleted
from server.query.scope import Reach, Scope
from server.query.search import probe_plan
from server.query.shape import Level
from server.query.statement import Statement, quote

Form = Literal["json", "csv"]
Count = Literal["exact", "planned", "estimated"] | None
# Up to here an estimated count is exact.
COUNTED = 1000


def list_plan(reach: Reach, entity: Entity, level: Level, count: Count, form: Form) -> Plan:
    """One row: `body`, the number of `rows` in it and, when asked for, the `total` without the limit.

    Parameters: the tenant, then the values.
    """
    plan = _list_plan(reach, entity, level, count, form)
    probe = probe_plan(reach, entity, level)
    if probe is None:
        return plan
    return replace(plan, probe=probe, narrow=_list_plan(reach, entity, level, count, form, narrowed=True))


def _list_plan(
    reach: Reach, entity: Entity, level: Level, count: Count, form: Form, *, narrowed: bool = False
) -> Plan:
    statement = Statement(fixed=2 if narrowed else 1)
    scope = Scope(reach, entity, statement.alias())
    projection = Projection(statement)
    outputs = projection.outputs(scope, level)
    source = _source(projection, scope, level)
    source += f" and {scope.alias}.id = any ($2::uuid[])" if narrowed else ""
    tail = projection.tail(scope, level, outputs)
    columns = ", ".join(output.text for output in outputs)
    sql = (
        f"select {body(outputs, form)}, count(*) as rows{_total(source, count)}"
        f" from (select {columns} {source}{tail}) page"
    )
    return Plan(
        sql,
        tuple(statement.values),
        tuple(statement.typed),
        shows_deleted(level),
        tuple(output.name for output in outputs),
        level.offset,
        _estimate(reach, entity, level) if count in ("planned", "estimated") else None,
    )


def record_plan(reach: Reach, entity: Entity, level: Level) -> Plan:
    """One row: `body`, the record as JSON, and `version`. Parameters: tenant, id, then the values."""
    statement = Statement(fixed=2)
    scope = Scope(reach, entity, statement.alias())
    projection = Projection(statement)
    outputs = ", ".join(output.text for output in projection.outputs(scope, level))
    conditions = " and ".join([*projection.conditions(scope, level), f"{scope.alias}.id = $2"])
    sql = (
        f"select (select row_to_json(r) from (select {outputs}) r)::text as body,"
        f" {version(scope)} as version from {scope.table} {scope.alias} where {conditions}"
    )
    return Plan(sql, tuple(statement.values), tuple(statement.typed), shows_deleted(level))


def version(scope: Scope) -> str:
    """The version as text, null when the caller may not read it."""
    return f"{scope.alias}.version::text" if "version" in scope.rights.readable else "null::text"


def body(outputs: list[Output], form: Form) -> str:
    """The aggregate that makes the body out of the rows of `page`."""
    if form == "json":
        return "coalesce(json_agg(page), '[]')::text as body"
    cells = ", ".join(_cell(f"page.{quote(output.name)}::text") for output in outputs)
    return f"coalesce(string_agg(concat_ws(',', {cells}), E'\\n'), '') as body"


def header(names: list[str]) -> str:
    """The first line of a CSV."""
    quoted = ['"' + name.replace('"', '""') + '"' if set(name) & set('",\r\n') else name for name in names]
    return ",".join(quoted) + "\n"


def _cell(text: str) -> str:
    quoted = f"""'"' || replace({text}, '"', '""') || '"'"""
    return f"""coalesce(case when {text} ~ '[",\\r\\n]' then {quoted} else {text} end, '')"""


def _source(projection: Projection, scope: Scope, level: Level) -> str:
    return f"from {scope.table} {scope.alias} where {' and '.join(projection.conditions(scope, level))}"


def _estimate(reach: Reach, entity: Entity, level: Level) -> Plan:
    """A statement of its own, because PostgreSQL wants every parameter to be used."""
    statement = Statement()
    scope = Scope(reach, entity, statement.alias())
    source = _source(Projection(statement), scope, level)
    return Plan(f"explain (format json) select {source}", tuple(statement.values), tuple(statement.typed))


def _total(source: str, count: Count) -> str:
    if count == "exact":
        return f", (select count(*) {source}) as total"
    if count == "estimated":
        return f", (select count(*) from (select {source} limit {COUNTED + 1}) counted) as total"
    return ""
