"""What an import does: which columns of the table it fills, and by which key it finds records."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.exchange.header import Header
from server.exchange.path import OWNER, Target, targets
from server.exchange.refusal import MappingError
from server.exchange.sql import name
from server.model import App, Entity, Field


@dataclass(frozen=True)
class Plan:
    """An import of one file into one table. Without `key` every line is a new record."""

    app: App
    entity: Entity
    tenant_id: UUID
    header: Header
    targets: tuple[Target, ...]
    key: tuple[str, ...]  # columns of the table
    first_id: UUID  # version 7; the ids of new records count on from it

    @property
    def table(self) -> str:
        """The table as it stands in a statement."""
        return f"{name(self.app.name)}.{name(self.entity.name)}"

    @property
    def tenant(self) -> str:
        """The tenant as a literal: a constant that the planner sees, as row-level security wants it."""
        return f"'{self.tenant_id}'::uuid"

    @property
    def by_column(self) -> dict[str, Target]:
        """The targets by the column that they fill."""
        return {target.column: target for target in self.targets}

    def new_id(self, line: str) -> str:
        """The id of the record that a line creates, as SQL: in the order of the lines, without a random
        number for each, and known before the record is there.
        """
        given = self.by_column.get("id")
        own = f"('{str(self.first_id)[:28]}' || lpad(to_hex({line}.line), 8, '0'))::uuid"
        return f"coalesce({line}.{given.cells[0].column.staged}::uuid, {own})" if given else own

    @property
    def refers_to_itself(self) -> bool:
        """Whether lines may refer to records that other lines of the file create."""
        return any(target.field and target.field.entity == self.entity.name for target in self.targets)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that have a column which can be written; of several columns a check judges."""
        owner = (OWNER,) if self.entity.ownership == "owned" else ()
        written = [each for each in self.entity.fields if not each.computed and len(each.columns) == 1]
        return (*written, *owner)


def make_plan(
    app: App, entity: Entity, tenant_id: UUID, header: Header, key: Sequence[str], first_id: UUID
) -> Plan:
    """The plan for a file; raises MappingError. `key` are names of fields, empty to choose by the file."""
    found = tuple(targets(app, entity, header.columns))
    if not found:
        raise MappingError("no column of the file goes to a field")
    columns = {target.name: target.column for target in found}
    chosen = _given(entity, tuple(key), columns) if key else _present(entity, columns)
    return Plan(app, entity, tenant_id, header, found, tuple(columns[field] for field in chosen), first_id)


def _given(entity: Entity, key: tuple[str, ...], columns: dict[str, str]) -> tuple[str, ...]:
    keys = _keys(entity)
    for known in keys:
        if set(known) == set(key):
            if missing := [field for field in key if field not in columns]:
                raise MappingError(f"--key: no column of the file goes to {', '.join(missing)}")
            return known
    listed = " or ".join(",".join(known) for known in keys)
    raise MappingError(f"--key: ({', '.join(key)}) is no key of {entity.name}; its keys are {listed}")


def _present(entity: Entity, columns: dict[str, str]) -> tuple[str, ...]:
    alternates = [key for key in _keys(entity) if all(field in columns for field in key)]
    return alternates[0] if alternates else ()


def _keys(entity: Entity) -> list[tuple[str, ...]]:
    """The id, when the file has it, tells records best; then the keys in the order of the manifest."""
    single = [(field.name,) for field in entity.fields if field.unique or field.type == "autonumber"]
    return [("id",), *(key.fields for key in entity.keys), *single]
