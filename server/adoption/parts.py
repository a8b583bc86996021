"""What is made of a schema: tables with the elements they become, and notes of what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from server.adoption.catalogue import Constraint, Table


@dataclass(frozen=True)
class Note:
    """Something that is not as it was: of what, and what became of it."""

    object: str
    reason: str


@dataclass
class Link:
    """A reference that became a lookup."""

    constraint: Constraint
    target: Table
    field: str


@dataclass
class Adopted:
    """A table, the entity or relation it becomes, and where its columns go."""

    table: Table
    name: str
    element: dict[str, Any]
    ends: tuple[Link, Link] | None = None
    id_column: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def field_of(self, columns: Sequence[str]) -> list[str] | None:
        """The fields that hold these columns; None when one of them is held by none."""
        names: list[str] = []
        rest = list(columns)
        for link in self.links:
            if set(link.constraint.columns) <= set(rest):
                names.append(link.field)
                rest = [column for column in rest if column not in link.constraint.columns]
        if any(column not in self.fields for column in rest):
            return None
        return names + [self.fields[column] for column in rest]


@dataclass
class Adoption:
    """The manifest of a schema, its tables, and what is not carried over as it was."""

    manifest: dict[str, Any]
    tables: list[Adopted]
    notes: list[Note]
