"""Look names up in the model, with the rights of the caller."""

from collections.abc import Callable
from dataclasses import dataclass

from server.database.errors import Refusal
from server.model import App, Column, Entity, Relationship, Rights
from server.model.relationship import MEMBER
from server.query.shape import Level
from server.query.statement import quote


class RightsMissing(Exception):
    """The rights on an entity are not known yet; ask the database, then build again."""

    def __init__(self, entity: Entity) -> None:
        super().__init__(entity.name)
        self.entity = entity


@dataclass(frozen=True, slots=True)
class Reach:
    """What the caller can see: an app, and the known rights on its entities."""

    app: App
    known_rights: Callable[[Entity], Rights | None]

    def rights(self, entity: Entity) -> Rights:
        rights = self.known_rights(entity)
        if rights is None:
            raise RightsMissing(entity)
        return rights

    def target(self, relationship: Relationship) -> Entity:
        return self.app.entities_by_name[relationship.target] if relationship.target else MEMBER


@dataclass(frozen=True, slots=True)
class Scope:
    """An entity under its alias in the statement. Only names that the caller may read are found here."""

    reach: Reach
    entity: Entity
    alias: str

    @property
    def rights(self) -> Rights:
        return self.reach.rights(self.entity)

    @property
    def label(self) -> str:
        return f"{self.entity.schema or self.reach.app.name}.{self.entity.name}"

    @property
    def table(self) -> str:
        return f"{quote(self.entity.schema or self.reach.app.name)}.{quote(self.entity.name)}"

    def column(self, name: str) -> Column:
        """The column of that name; unknown and unreadable ones are refused alike."""
        column = self.entity.columns.get(name)
        if column is None or name not in self.rights.readable:
            raise Refusal(400, "42703", f"column {self.label}.{name} does not exist")
        return column

    def readable(self) -> list[Column]:
        """All columns that the caller may read, in their order."""
        readable = self.rights.readable
        if not readable:
            raise Refusal(403, "42501", f"You are not allowed to read {self.label}")
        return [column for column in self.entity.columns.values() if column.name in readable]

    def sql(self, name: str) -> str:
        """A column of the model as SQL; for those of a request, ask `column` first."""
        return f"{self.alias}.{quote(name)}"

    def order_column(self, name: str) -> str | None:
        """The column that carries the index of a readable one, where that is another."""
        field = self.column(name).field
        return field.order_column if field else None

    def relationship(self, level: Level) -> Relationship:
        """The relationship that an embed means; refused when there is none or more than one."""
        found = [
            each
            for each in self.reach.app.relationships.get(self.entity.name, ())
            if level.name in each.names
            and all(hint in each.hints for hint in level.hints)
            and self._visible(each)
        ]
        found = self._preferred(found, level)
        if not found:
            message = f'There is no relationship between {self.label} and "{level.name}"'
            raise Refusal(400, "PGRST200", message)
        if len(found) > 1:
            raise _ambiguous(self.label, level, found)
        return found[0]

    def _preferred(self, found: list[Relationship], level: Level) -> list[Relationship]:
        if len(found) < 2:
            return found
        if not level.hints:
            # A lookup's own name is meant before the name of what it leads to.
            return [each for each in found if each.kind == "lookup" and each.name == level.name] or found
        # In an entity that refers to itself, `name!lookup` are the children: the lookup has its name.
        return [each for each in found if each.kind == "children"] or found

    def _visible(self, relationship: Relationship) -> bool:
        """Whether the caller may read the columns that make the relationship."""
        if relationship.column not in self.rights.readable:
            return False
        junction = relationship.junction
        if junction:
            entity = self.reach.app.entities_by_name[junction.entity]
            return {junction.near, junction.far} <= self.reach.rights(entity).readable
        return relationship.target_column in self.reach.rights(self.reach.target(relationship)).readable


def _ambiguous(label: str, level: Level, found: list[Relationship]) -> Refusal:
    choices = sorted(f"{level.name}!{hint}" for each in found for hint in _own_hints(each, found, level))
    message = (
        f'More than one relationship was found for {label} and "{level.name}"; '
        f"name one of them: {', '.join(choices)}"
    )
    return Refusal(300, "PGRST201", message)


def _own_hints(relationship: Relationship, found: list[Relationship], level: Level) -> frozenset[str]:
    others = frozenset().union(*(each.hints for each in found if each is not relationship))
    return relationship.hints - others - {level.name}
