"""A schema as PostgreSQL's catalogue describes it."""

from dataclasses import dataclass, field
from typing import Any

import asyncpg

from server.adoption.queries import COLUMNS, CONSTRAINTS, INDEXES, OTHERS, TABLES
from server.publication import Connection


@dataclass(frozen=True)
class Column:
    """A column; `type` is that of its elements when it is an array, the base type of a domain."""

    name: str
    type: str
    written: str
    modifier: int
    required: bool
    labels: list[str] | None
    element: bool
    domain: bool
    default: str | None
    formula: str | None
    counted: bool
    comment: str | None
    checks: list[str]


@dataclass(frozen=True)
class Constraint:
    """A primary key `p`, unique `u`, reference `f`, check `c` or exclusion `x`."""

    name: str
    kind: str
    target_id: int
    on_delete: str
    valid: bool
    condition: str | None
    columns: list[str]
    target_columns: list[str]
    comment: str | None


@dataclass(frozen=True)
class Index:
    """An index beside those of constraints; `plain` is a btree over columns and all rows."""

    name: str
    is_unique: bool
    plain: bool
    definition: str
    columns: list[str]


@dataclass
class Table:
    """A table with all that belongs to it."""

    id: int
    name: str
    kind: str
    comment: str | None
    child: bool
    columns: dict[str, Column] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Constraint]:
        """Its constraints of one kind."""
        return [constraint for constraint in self.constraints if constraint.kind == kind]

    @property
    def key(self) -> list[str]:
        """The columns of its primary key."""
        return next((list(constraint.columns) for constraint in self.of_kind("p")), [])


async def tables(connection: Connection, schema: str) -> dict[int, Table]:
    """The tables of a schema by their oid, in the order in which they were made."""
    found = {
        row["oid"]: Table(row["oid"], row["name"], row["kind"], row["comment"], row["child"])
        for row in await connection.fetch(TABLES, schema)
    }
    for row in await connection.fetch(COLUMNS, schema):
        if row["table_id"] in found:
            found[row["table_id"]].columns[row["name"]] = Column(**without(row, "table_id"))
    for row in await connection.fetch(CONSTRAINTS, schema):
        if row["table_id"] in found:
            found[row["table_id"]].constraints.append(Constraint(**without(row, "table_id")))
    for row in await connection.fetch(INDEXES, schema):
        if row["table_id"] in found:
            found[row["table_id"]].indexes.append(Index(**without(row, "table_id")))
    return found


async def others(connection: Connection, schema: str) -> list[tuple[str, str]]:
    """What else is in a schema: kind and name of views, functions, triggers and the like."""
    return [(row["kind"], row["name"]) for row in await connection.fetch(OTHERS, schema)]


def without(row: asyncpg.Record, name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
