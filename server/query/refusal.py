"""A refusal of PostgreSQL in the words of the model: which field, which rule."""

from collections.abc import Iterable

from asyncpg import PostgresError

from server.database.errors import Fault, Refusal, refusal, sqlstate_of
from server.model import App, Constraint, Entity

TYPES = {
    "integer": "a whole number",
    "bigint": "a whole number",
    "smallint": "a whole number",
    "numeric": "a number",
    "double precision": "a number",
    "boolean": "true or false",
    "date": "a date",
    "time without time zone": "a time",
    "time": "a time",
    "timestamp with time zone": "a date with a time",
    "timestamptz": "a date with a time",
    "interval": "a duration",
    "uuid": "an id",
    "jsonb": "JSON",
    "text[]": "a list",
}


def refused_write(error: Exception, app: App, entity: Entity, *, deletes: bool = False) -> Refusal:
    """The refusal for an error of a statement that wrote to `entity`.

    Nothing of PostgreSQL's own words is handed on but names: they may carry values.
    """
    sqlstate = sqlstate_of(error)
    status, message = refusal(sqlstate)
    if not isinstance(error, PostgresError):
        return Refusal(status, sqlstate, message)
    constraint = entity.constraints_by_name.get(error.constraint_name or "")
    if sqlstate == "23503" and (deletes or error.table_name != entity.name or constraint is None):
        return _referenced(error, app, entity)
    if sqlstate == "23502" and error.column_name:
        return Refusal(status, sqlstate, message, [required(entity, error.column_name)])
    if constraint is None:
        return Refusal(status, sqlstate, message)
    fault = of_constraint(entity, constraint)
    return Refusal(status, sqlstate, fault.message, [fault])


def required(entity: Entity, column: str) -> Fault:
    """The fault of a value that is missing."""
    return Fault(column, "required", f"{label(entity, column)} is required")


def unreadable(entity: Entity, column: str) -> Fault:
    """The fault of a value that is not of the column's type."""
    known = entity.columns.get(column)
    kind = TYPES.get((known.sql_type if known else "").partition("(")[0], "valid")
    return Fault(column, "type", f"{label(entity, column)} is not {kind}")


def of_constraint(entity: Entity, constraint: Constraint) -> Fault:
    """The fault of a broken constraint."""
    column = _first_column(entity, constraint)
    if constraint.kind in ("rule", "warning"):
        return Fault(column, constraint.rule or constraint.name, constraint.message)
    if constraint.kind == "check":
        return Fault(column, constraint.rule or _check_kind(entity, constraint), constraint.message)
    rule = {"primary": "unique", "unique": "unique", "foreign": "reference"}[constraint.kind]
    return Fault(column, rule, constraint.message)


def in_order(entity: Entity, faults: Iterable[Fault]) -> list[Fault]:
    """The faults in the order of the fields, then the entity's rules in theirs."""
    columns = {name: place for place, name in enumerate(entity.columns)}
    # A fault may be about all columns of a field, and then stands where they begin.
    columns |= {field.column: columns[field.columns[0].name] for field in entity.fields}
    rules = {rule.name: place for place, rule in enumerate(entity.rules)}

    def place(fault: Fault) -> tuple[int, int, int, str]:
        if fault.rule in rules:
            return (fault.record or 0, 1, rules[fault.rule], "")
        return (fault.record or 0, 0, columns.get(fault.field or "", len(columns)), fault.rule)

    return sorted(faults, key=place)


def label(entity: Entity, column: str) -> str:
    """What people call a column."""
    known = entity.columns.get(column)
    return known.label if known else column.replace("_", " ").capitalize()


def _referenced(error: PostgresError, app: App, entity: Entity) -> Refusal:
    known = error.table_name in app.entities_by_name
    records = f"Records of {app.name}.{error.table_name}" if known else "Other records"
    message = f"{records} still refer to this record of {app.name}.{entity.name}"
    return Refusal(409, "23503", message, [Fault(None, error.constraint_name or "reference", message)])


def _first_column(entity: Entity, constraint: Constraint) -> str | None:
    if constraint.column:
        return constraint.column
    if not constraint.fields:
        return "id" if constraint.kind == "primary" else None
    field = entity.fields_by_name.get(constraint.fields[0])
    return field.column if field else constraint.fields[0]


def _check_kind(entity: Entity, constraint: Constraint) -> str:
    """The kind in `<table>_<field>_<kind>_check`."""
    prefix = f"{entity.name}_{'_'.join(constraint.fields)}_"
    name = constraint.name
    if name.startswith(prefix) and name.endswith("_check"):
        return name[len(prefix) : -len("_check")]
    return "check"
