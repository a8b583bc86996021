"""The staged lines as rows of the table: values cast, lookups found by their keys."""

from collections.abc import Iterable, Iterator
from itertools import count

from server.exchange.path import Cell, Reference, Target
from server.exchange.plan import Plan
from server.exchange.sql import name

STAGED = "s"
EXISTING = "t"

# An export puts an apostrophe before a text that a spreadsheet would run as a formula.
GUARD = r"'^''+[-=+@\t\r]'"


class Source:
    """The values of the columns for each line, and the joins that they need.

    Lines are read from `pg_temp.import_line s`; every join keeps each line exactly once.
    """

    def __init__(self, plan: Plan, only: Iterable[Target] | None = None) -> None:
        self._plan = plan
        self._aliases: Iterator[int] = count(1)
        self._joins: list[str] = []
        self.values = {target.column: self._value(target) for target in (only or plan.targets)}

    @property
    def joins(self) -> str:
        """Everything after `from`."""
        return f"pg_temp.import_line {STAGED}" + "".join(self._joins)

    def join_existing(self) -> None:
        """Join, as `t`, the record that has the line's key already."""
        key = [f"{EXISTING}.{name(column)} = {self.values[column]}" for column in self._plan.key]
        if self._plan.entity.recycle and self._plan.key != ("id",):
            key.append(f"{EXISTING}.deleted_at is null")
        on = " and ".join([f"{EXISTING}.tenant_id = {self._plan.tenant}", *key]) if key else "false"
        self._joins.append(f"\nleft join {self._plan.table} {EXISTING} on {on}")

    def _value(self, target: Target) -> str:
        if isinstance(target.value, Cell):
            return typed(target.value)
        found = self._find(target.value)
        staged = self._find_staged(target.value)
        return f"coalesce({found}, {staged})" if staged else found

    def _find(self, reference: Reference) -> str:
        alias = self._alias()
        item, conditions = self._table(reference, alias)
        self._joins.append(f"\nleft join {item} on {' and '.join(conditions)}")
        return f"{alias}.{reference.id_column}"

    def _table(self, reference: Reference, alias: str) -> tuple[str, list[str]]:
        item = f"{name(reference.schema)}.{name(reference.entity.name)} {alias}"
        conditions = [f"{alias}.tenant_id = {self._plan.tenant}"]
        for column, part in reference.parts:
            if isinstance(part, Cell):
                conditions.append(f"{alias}.{name(column)} = {typed(part)}")
                continue
            inner = self._alias()
            inner_item, inner_conditions = self._table(part, inner)
            same = (
                f"{inner}.tenant_id = {alias}.tenant_id and {inner}.{part.id_column} = {alias}.{name(column)}"
            )
            item = f"({item} join {inner_item} on {same})"
            conditions += inner_conditions
        return item, conditions

    def _find_staged(self, reference: Reference) -> str | None:
        """The id that another line of the file will have, where the file names its own records."""
        if reference.entity is not self._plan.entity:
            return None
        pairs: list[tuple[str, str]] = []
        for column, part in reference.parts:
            own = self._plan.by_column.get(column)
            if own is None or not isinstance(own.value, Cell) or not isinstance(part, Cell):
                return None
            pairs.append((typed(own.value, "f"), typed(part)))
        alias = self._alias()
        keys = ", ".join(f"{value} as k{place}" for place, (value, _) in enumerate(pairs))
        names = ", ".join(f"k{place}" for place in range(len(pairs)))
        # Of lines with the same key the first counts: the others are rejected.
        first = (
            f"select distinct on ({names}) {keys}, {self._plan.new_id('f')} as id"
            f" from pg_temp.import_line f order by {names}, f.line"
        )
        on = " and ".join(f"{alias}.k{place} = {value}" for place, (_, value) in enumerate(pairs))
        self._joins.append(f"\nleft join ({first}) {alias} on {on}")
        return f"{alias}.id"

    def _alias(self) -> str:
        return f"l{next(self._aliases)}"


def typed(cell: Cell, alias: str = STAGED) -> str:
    """The value of a cell as its type; raises 22xxx in the database where it is none."""
    text = cell_text(cell, alias)
    if cell.textual:
        return f"case when {text} like '''%' and {text} ~ {GUARD} then substr({text}, 2) else {text} end"
    return text if cell.sql_type == "text" else f"{text}::{cell.sql_type}"


def cell_text(cell: Cell, alias: str = STAGED) -> str:
    """The text of a cell; of `latitude,longitude` one of them, null where the comma is missing."""
    text = f"{alias}.{cell.column.staged}"
    if cell.part is None:
        return text
    return (
        f"split_part({text}, ',', 1)" if cell.part == "latitude" else f"substring({text} from '^[^,]*,(.*)$')"
    )


def given(target: Target) -> str:
    """Whether the line says anything for the target."""
    return " or ".join(f"{STAGED}.{cell.column.staged} is not null" for cell in target.cells)
