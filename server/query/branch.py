"""Filters by the branch of a hierarchy: a record and all that is below it."""

from server.database.errors import Refusal
from server.model import Column, Entity
from server.query.scope import Scope
from server.query.shape import Comparison
from server.query.statement import Statement, quote


def branch_sql(statement: Statement, scope: Scope, comparison: Comparison, sql: str) -> str:
    """`column=under.id` as SQL, where `sql` is the column; refused where it leads to no hierarchy."""
    column = comparison.operand.column
    entity = _entity(scope, scope.column(column)) if not comparison.operand.path else None
    if entity is None or entity.parent is None or not isinstance(comparison.value, str):
        raise Refusal(400, "42883", f'"under" does not apply to "{column}": it leads to no hierarchy')
    tree = Scope(scope.reach, entity, statement.alias())
    parent = tree.column(entity.parent.column)
    start = statement.bind_as(comparison.value, "uuid", column)
    return f"{sql} = any ({below(tree.table, quote(parent.name), start, tree.alias)})"


def below(table: str, parent: str, start: str, name: str) -> str:
    """The ids of the record `start` and of all below it, as an array; `$1` is the tenant.

    An array is found once a statement, and then serves the index of the column that is compared to it.
    """
    return (
        f"array(with recursive {name} (id) as (select {start} union select c.id from {table} c"
        f" join {name} on c.tenant_id = $1 and c.{parent} = {name}.id) select {name}.id from {name})"
    )


def _entity(scope: Scope, column: Column) -> Entity | None:
    """The entity whose records a column holds: of its own for the id, else what a lookup leads to."""
    if column.name == "id":
        return scope.entity
    lookups = column.field.lookups if column.field else ()
    target = next((each.entity for each in lookups if each.column == column.name), None)
    return scope.reach.app.entities_by_name[target] if target else None
