"""A published app."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from server.model.entity import Entity
from server.model.grant import Role
from server.model.relationship import Relationship, relationships


@dataclass(frozen=True)
class App:
    """A version of an app as it was published; its tables live in the schema of its name."""

    id: str
    name: str
    label: str
    description: str | None
    icon: str | None
    language: str | None
    version: int
    entities: tuple[Entity, ...]
    roles: tuple[Role, ...]

    @cached_property
    def entities_by_name(self) -> Mapping[str, Entity]:
        return {entity.name: entity for entity in self.entities}

    @cached_property
    def relationships(self) -> Mapping[str, tuple[Relationship, ...]]:
        """The relationships by the entity from which they lead."""
        return relationships(self.entities)
