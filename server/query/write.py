"""Statements that write: create, change, delete.

Each answers one row: `rows` written, and of the last one `id` and `version`; with a representation `body`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.database.errors import Refusal
from server.model import Column, Entity
from server.query.payload import Payload
from server.query.plan import Plan
from server.query.preference import Preference
from server.query.projection import Projection, opens_bin, shows_deleted
from server.query.read import body
from server.query.scope import Reach, Scope
from server.query.shape import Level
from server.query.statement import Statement, quote
from server.query.warning import columns, counted, warnings

CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Target:
    """What else than filters says which records are meant: an id, the versions that they may have."""

    by_id: bool = False
    by_version: bool = False

    @property
    def parameters(self) -> int:
        return self.by_id + self.by_version


def insert_plan(
    reach: Reach,
    entity: Entity,
    level: Level | None,
    payload: Payload,
    columns: Sequence[str],
    preference: Preference,
    conflict: Sequence[str] | None,
) -> Plan:
    """Create records. Parameters: the tenant, the records as a JSON array, then the values."""
    statement = Statement(fixed=2)
    scope = Scope(reach, entity, statement.alias())
    written = [writable(scope, name, scope.rights.insertable) for name in columns]
    names = "".join(f", {quote(column.name)}" for column in written)
    values = "".join(f", {_value(payload, column, preference)}" for column in written)
    typed = ", ".join(f"{quote(column.name)} {column.sql_type}" for column in written)
    record = f" cross join lateral json_to_record(e.value) as r ({typed})" if written else ""
    change = (
        f"insert into {scope.table} as {scope.alias} (tenant_id{names})"
        f" select $1{values} from json_array_elements($2::json) with ordinality as e (value, n){record}"
        f" order by e.n{_on_conflict(scope, written, preference, conflict)}"
    )
    return _finished(statement, scope, level, change, warns=True)


def update_plan(
    reach: Reach, entity: Entity, level: Level, columns: Sequence[str], target: Target, *, answers: bool
) -> Plan:
    """Change records. Parameters: tenant, the new values as a JSON object, those of `target`, the values."""
    statement = Statement(fixed=2 + target.parameters)
    scope = Scope(reach, entity, statement.alias())
    written = [writable(scope, name, scope.rights.updatable) for name in columns]
    sets = ", ".join(f"{quote(column.name)} = r.{quote(column.name)}" for column in written)
    typed = ", ".join(f"{quote(column.name)} {column.sql_type}" for column in written)
    change = (
        f"update {scope.table} as {scope.alias} set {sets} from json_to_record($2::json) as r ({typed})"
        f" where {_chosen(statement, scope, level, target, 3)}"
    )
    shown = level if answers else None
    return _finished(statement, scope, shown, change, shows_deleted(level), warns=True)


def delete_plan(reach: Reach, entity: Entity, level: Level, target: Target, *, answers: bool) -> Plan:
    """Delete records. Parameters: the tenant, those of `target`, the values."""
    statement = Statement(fixed=1 + target.parameters)
    scope = Scope(reach, entity, statement.alias())
    if not scope.rights.deletes:
        raise Refusal(403, "42501", f"You are not allowed to delete in {scope.label}")
    chosen = _chosen(statement, scope, level, target, 2)
    change = f"delete from {scope.table} as {scope.alias} where {chosen}"
    return _finished(statement, scope, level if answers else None, change, shows_deleted(level))


def recycled_plan(reach: Reach, entity: Entity, level: Level, *, answers: bool) -> Plan:
    """The records that this transaction moved to the recycle bin. Parameters: the tenant, the values."""
    statement = Statement()
    scope = Scope(reach, entity, statement.alias())
    # Nothing but this transaction has its time.
    change = (
        f"select {_returned(scope, level if answers else None)} from {scope.table} as {scope.alias}"
        f" where {scope.alias}.tenant_id = $1 and {scope.alias}.deleted_at = now()"
    )
    return _finished(statement, scope, level if answers else None, change, True, returning=False)


def writable(scope: Scope, name: str, allowed: Iterable[str]) -> Column:
    """The column of that name if the caller may write it; else refused."""
    column = scope.entity.columns.get(name)
    rights = scope.rights
    if column is None or name not in rights.readable | rights.insertable | rights.updatable:
        raise Refusal(400, "42703", f"column {scope.label}.{name} does not exist")
    if column.computed:
        raise Refusal(400, "428C9", f"column {scope.label}.{name} is computed and cannot be written")
    if name not in allowed:
        raise Refusal(403, "42501", f"You are not allowed to write {scope.label}.{name}")
    return column


def _value(payload: Payload, column: Column, preference: Preference) -> str:
    name = quote(column.name)
    if payload.same or not preference.missing_default:
        return f"r.{name}"
    default = DEFAULTS.get(column.name) or (column.field.default_sql if column.field else None)
    key = column.name  # a name of the model: it needs no escaping
    return f"case when e.value::jsonb ? '{key}' then r.{name} else {default or 'null'} end"


DEFAULTS = {"id": "tenancy.new_id()", "owner_id": "tenancy.current_user_id()"}


def _on_conflict(
    scope: Scope, written: Sequence[Column], preference: Preference, conflict: Sequence[str] | None
) -> str:
    if preference.resolution is None:
        return ""
    key = frozenset(conflict or ("id",))
    if key not in scope.entity.key_columns:
        raise Refusal(400, "42P10", f"{scope.label} has no key of {', '.join(sorted(key))}")
    target = ", ".join(["tenant_id", *(quote(name) for name in sorted(key))])
    live = " where deleted_at is null" if scope.entity.recycle and key != {"id"} else ""
    changed = [column for column in written if column.name not in key and column.name != "id"]
    if preference.resolution == "ignore-duplicates" or not changed:
        return f" on conflict ({target}){live} do nothing"
    for column in changed:
        writable(scope, column.name, scope.rights.updatable)
    sets = ", ".join(f"{quote(column.name)} = excluded.{quote(column.name)}" for column in changed)
    return f" on conflict ({target}){live} do update set {sets}"


def _chosen(statement: Statement, scope: Scope, level: Level, target: Target, place: int) -> str:
    """The condition for the records to write; the parameters of `target` begin at `place`."""
    projection = Projection(statement)
    alias = scope.alias
    conditions = projection.conditions(scope, level)
    if level.limit is not None or level.offset:
        tail = projection.tail(scope, level, [])
        limited = f"select {alias}.id from {scope.table} {alias} where {' and '.join(conditions)}{tail}"
        conditions = [f"{alias}.tenant_id = $1", f"{alias}.id = any (array({limited}))"]
    if target.by_id:
        conditions.append(f"{alias}.id = ${place}")
    if target.by_version:
        conditions.append(f"{alias}.version = any (${place + target.by_id}::bigint[])")
    return " and ".join(conditions)


def _returned(scope: Scope, level: Level | None, warns: bool = False) -> str:
    """The columns of the changed records that the answer needs, no more than may be read."""
    readable = scope.rights.readable
    wanted = {"id", "version"} if level is None else set(scope.entity.columns)
    if warns:
        wanted.update(*(columns(scope.entity, each) for each in warnings(scope.entity, readable)))
    names = [name for name in scope.entity.columns if name in wanted & readable]
    return ", ".join(scope.sql(name) for name in names) or "1 as one"


def _finished(
    statement: Statement,
    scope: Scope,
    level: Level | None,
    change: str,
    deleted: bool = False,
    *,
    returning: bool = True,
    warns: bool = False,
) -> Plan:
    readable = scope.rights.readable
    if returning:
        change += f" returning {_returned(scope, level, warns)}"
    facts = [
        f"(select max({name}::text) from {CHANGED}) as {name}" if name in readable else f"null as {name}"
        for name in ("id", "version")
    ]
    if warns and (told := warnings(scope.entity, readable)):
        facts.append(f"{counted(told, CHANGED)} as warned")
    rows = f"(select count(*) from {CHANGED}) as rows, {', '.join(facts)}"
    if level is None:
        sql = f"with {CHANGED} as ({change}) select {rows}"
        return Plan(sql, tuple(statement.values), tuple(statement.typed), deleted)
    projection = Projection(statement)
    changed = Scope(scope.reach, scope.entity, scope.alias)
    outputs = projection.outputs(changed, level)
    columns = ", ".join(output.text for output in outputs)
    order = ", ".join(projection.ordering(changed, level)) if level.order else ""
    page = f"select {columns} from {CHANGED} {scope.alias}" + (f" order by {order}" if order else "")
    sql = f"with {CHANGED} as ({change}) select {body(outputs, 'json')}, {rows} from ({page}) page"
    names = tuple(output.name for output in outputs)
    return Plan(sql, tuple(statement.values), tuple(statement.typed), deleted or opens_bin(level), names)
