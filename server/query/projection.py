"""`select`, with all that is embedded, to SQL.

An embed is a scalar sub-select: PostgreSQL evaluates it after the limit, only for the rows of the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from server.database.errors import Refusal
from server.model import Relationship
from server.query.condition import condition_sql, mentions, operand_sql
from server.query.reader import malformed
from server.query.scope import Scope
from server.query.shape import Comparison, Condition, Level, Ordering, Selected, Star
from server.query.statement import Statement, quote

MOST_ROWS = 1000
# Casts that say the same whatever the session, and cost nothing to speak of.
CASTS = {
    "text": "text",
    "varchar": "text",
    "smallint": "smallint",
    "int2": "smallint",
    "integer": "integer",
    "int": "integer",
    "int4": "integer",
    "bigint": "bigint",
    "int8": "bigint",
    "numeric": "numeric",
    "float4": "real",
    "real": "real",
    "float8": "double precision",
    "boolean": "boolean",
    "bool": "boolean",
    "date": "date",
    "time": "time",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "interval": "interval",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "jsonb",
}


@dataclass(frozen=True, slots=True)
class Output:
    """A column of a result; `grouped` are the expressions to group by when there are aggregates."""

    name: str
    sql: str
    grouped: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return f"{self.sql} as {quote(self.name)}"


class Projection:
    """Writes levels of a query into `statement`."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement

    def outputs(self, scope: Scope, level: Level) -> list[Output]:
        """The columns of the result of a level."""
        return [output for item in level.selected for output in self._item(scope, item)]

    def conditions(self, scope: Scope, level: Level) -> list[str]:
        """All that restricts the rows of a level, the tenant and the recycle bin first."""
        conditions = [f"{scope.alias}.tenant_id = $1"]
        if scope.entity.recycle and not opens_bin(level):
            conditions.append(f"{scope.alias}.deleted_at is null")
        conditions += [self._condition(scope, level, each) for each in level.conditions]
        conditions += [self._exists(scope, each) for each in level.embeds if each.inner]
        return conditions

    def tail(self, scope: Scope, level: Level, outputs: list[Output], most: int = MOST_ROWS) -> str:
        """Grouping, order and limit of a level."""
        text = ""
        if level.aggregates:
            grouped = [sql for output in outputs for sql in output.grouped]
            text += f" group by {', '.join(dict.fromkeys(grouped))}" if grouped else ""
        order = self.ordering(scope, level)
        text += f" order by {', '.join(order)}" if order else ""
        text += f" limit {most if level.limit is None else min(level.limit, most)}"
        # The limit is part of the text, because it decides the plan; the offset need not be.
        return text + (f" offset {self.statement.bind(str(level.offset))}::bigint" if level.offset else "")

    def _item(self, scope: Scope, item: "Selected | Star | Level") -> Iterator[Output]:
        if isinstance(item, Star):
            for column in scope.readable():
                sql = scope.sql(column.name)
                yield Output(column.name, sql, (sql,))
        elif isinstance(item, Selected):
            yield self._selected(scope, item)
        elif item.spread:
            yield from self._spread(scope, item)
        elif item.selected:
            yield self._embed(scope, item)

    def _selected(self, scope: Scope, item: Selected) -> Output:
        if item.operand is None:
            return Output(item.alias or "count", self._cast("count(*)", item.aggregate_cast))
        sql, _ = operand_sql(self.statement, scope, item.operand)
        sql = self._cast(sql, item.cast)
        if item.aggregate is None:
            return Output(item.alias or item.operand.label, sql, (sql,))
        sql = self._cast(f"{item.aggregate}({sql})", item.aggregate_cast)
        return Output(item.alias or item.aggregate, sql)

    def _cast(self, sql: str, name: str | None) -> str:
        if name is None:
            return sql
        if name not in CASTS:
            raise malformed(f'"{name}" is no type to cast to; there are {", ".join(CASTS)}')
        return f"({sql})::{CASTS[name]}"

    def _embed(self, scope: Scope, level: Level) -> Output:
        relationship = scope.relationship(level)
        rows = self._rows(scope, level, relationship)
        alias = self.statement.alias()
        if relationship.many:
            sql = f"(select coalesce(json_agg({alias}), '[]') from ({rows}) {alias})"
        else:
            sql = f"(select row_to_json({alias}) from ({rows}) {alias})"
        return Output(level.alias or level.name, sql, (scope.sql(relationship.column),))

    def _spread(self, scope: Scope, level: Level) -> Iterator[Output]:
        relationship = scope.relationship(level)
        if relationship.many:
            raise Refusal(400, "PGRST119", f'"{level.name}" leads to several records and cannot be spread')
        target = self._target(scope, relationship)
        for output in self.outputs(target, level):
            source = self._source(scope, target, level, relationship)
            sql = f"(select {output.sql} {source} limit 1)"
            yield Output(output.name, sql, (scope.sql(relationship.column),))

    def _rows(self, scope: Scope, level: Level, relationship: Relationship) -> str:
        """The statement of the embedded rows."""
        target = self._target(scope, relationship)
        outputs = self.outputs(target, level)
        columns = ", ".join(output.text for output in outputs)
        source = self._source(scope, target, level, relationship)
        most = MOST_ROWS if relationship.many else 1
        return f"select {columns} {source}{self.tail(target, level, outputs, most)}"

    def _target(self, scope: Scope, relationship: Relationship) -> Scope:
        return Scope(scope.reach, scope.reach.target(relationship), self.statement.alias())

    def _source(self, scope: Scope, target: Scope, level: Level, relationship: Relationship) -> str:
        """From and where of the rows that a relationship leads to."""
        junction = relationship.junction
        conditions = self.conditions(target, level)
        text = f"from {target.table} {target.alias}"
        here = scope.sql(relationship.column)
        if junction:
            entity = scope.reach.app.entities_by_name[junction.entity]
            between = Scope(scope.reach, entity, self.statement.alias())
            text += (
                f" join {between.table} {between.alias} on {between.alias}.tenant_id = $1"
                f" and {between.sql(junction.far)} = {target.sql(relationship.target_column)}"
            )
            text += f" and {between.alias}.deleted_at is null" if entity.recycle else ""
            conditions.append(f"{between.sql(junction.near)} = {here}")
        else:
            conditions.append(f"{target.sql(relationship.target_column)} = {here}")
        return f"{text} where {' and '.join(conditions)}"

    def _exists(self, scope: Scope, level: Level) -> str:
        relationship = scope.relationship(level)
        target = self._target(scope, relationship)
        return f"exists (select {self._source(scope, target, level, relationship)})"

    def _condition(self, scope: Scope, level: Level, condition: Condition) -> str:
        """A condition; `embed=is.null` asks whether nothing is embedded."""
        if isinstance(condition, Comparison) and condition.operator == "is":
            embed = level.embed(condition.operand.column)
            if embed and condition.value in ("null", "not_null"):
                nothing = (condition.value == "null") != condition.negated
                return ("not " if nothing else "") + self._exists(scope, embed)
        return condition_sql(self.statement, scope, condition)

    def ordering(self, scope: Scope, level: Level) -> list[str]:
        terms = [term for each in level.order for term in self._ordering(scope, level, each)]
        if level.aggregates or "id" not in scope.rights.readable:
            return terms
        # The id decides between equals, in the direction before it, which one index can serve.
        descending = bool(level.order) and level.order[-1].descending
        return [*terms, scope.sql("id") + (" desc" if descending else "")]

    def _ordering(self, scope: Scope, level: Level, ordering: Ordering) -> list[str]:
        keys = []
        if ordering.embed is None:
            sql, _ = operand_sql(self.statement, scope, ordering.operand)
            indexed = scope.order_column(ordering.operand.column)
            # A group has no column beside those that make it.
            keys = [scope.sql(indexed)] if indexed and not level.aggregates else []
        else:
            sql = self._ordering_embed(scope, level, ordering)
        direction = " desc" if ordering.descending else ""
        direction += f" nulls {ordering.nulls}" if ordering.nulls else ""
        return [key + direction for key in [*keys, sql]]

    def _ordering_embed(self, scope: Scope, level: Level, ordering: Ordering) -> str:
        embed = level.embed(ordering.embed or "")
        if embed is None:
            message = f'"{ordering.embed}" is not an embedded resource in this request'
            raise Refusal(400, "PGRST108", message)
        relationship = scope.relationship(embed)
        if relationship.many:
            message = f'"{embed.name}" leads to several records and cannot decide the order'
            raise Refusal(400, "PGRST118", message)
        target = self._target(scope, relationship)
        sql, _ = operand_sql(self.statement, target, ordering.operand)
        return f"(select {sql} {self._source(scope, target, embed, relationship)} limit 1)"


def opens_bin(level: Level) -> bool:
    """Whether a level asks about deleted records, and so must see them."""
    return level.opens_bin or any(mentions(each, "deleted_at") for each in level.conditions)


def shows_deleted(level: Level) -> bool:
    """Whether the level or one inside it asks about deleted records."""
    return opens_bin(level) or any(shows_deleted(each) for each in level.embeds)
