"""What a person may do in an app, read from the rights that PostgreSQL grants to the role.

It decides what a screen offers. What is allowed, and for which rows, PostgreSQL decides.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from server.database.actor import Actor
from server.model import App, Catalogue, Entity, Field, Rights

WORD = re.compile(r"[a-z_][a-z0-9_]*")
COMPUTED = {"autonumber"}


@dataclass(frozen=True)
class Access:
    """One person's rights in one app, by entity."""

    app: App
    actor: Actor
    rights: Mapping[str, Rights]

    @property
    def tenant_id(self) -> UUID:
        return self.actor.tenant_id

    def table(self, entity: Entity) -> str:
        """The table's name, for a statement; names of a model need no quoting."""
        return f"{entity.schema or self.app.name}.{entity.name}"

    @cached_property
    def entities(self) -> list[Entity]:
        """The entities in the navigation: readable, and no mere relations."""
        return [each for each in self.app.entities if not each.relation and self.reads(each)]

    def reads(self, entity: Entity) -> bool:
        return bool(self.rights[entity.name].readable)

    def creates(self, entity: Entity) -> bool:
        return bool(self.rights[entity.name].insertable)

    def updates(self, entity: Entity) -> bool:
        return any(self.writes_field(entity, each, new=False) for each in entity.fields)

    def deletes(self, entity: Entity) -> bool:
        return self.rights[entity.name].deletes

    def target(self, field: Field) -> Entity | None:
        """The entity that a lookup leads to, when its records may be read."""
        found = self.app.entities_by_name.get(field.entity or "")
        return found if found and self.reads(found) else None

    def fields(self, entity: Entity) -> list[Field]:
        """The readable fields, in the order of the model."""
        return [each for each in entity.fields if self.reads_field(entity, each)]

    def field(self, entity: Entity, name: str) -> Field | None:
        """The readable field of that name."""
        found = entity.fields_by_name.get(name)
        return found if found and self.reads_field(entity, found) else None

    def reads_field(self, entity: Entity, field: Field) -> bool:
        return self.rights[entity.name].readable.issuperset(each.name for each in field.columns)

    def writes_field(self, entity: Entity, field: Field, new: bool) -> bool:
        """Whether the field is an input, on a new record or on one that is there."""
        if field.computed or field.readonly or field.type in COMPUTED:
            return False
        rights = self.rights[entity.name]
        allowed = rights.insertable if new else rights.updatable
        return allowed.issuperset(each.name for each in field.columns)

    def reads_title(self, entity: Entity) -> bool:
        """Whether every column in the title's expression is readable."""
        words = set(WORD.findall(entity.title_sql))
        named = [each for each in entity.fields if not words.isdisjoint(c.name for c in each.columns)]
        return self.reads(entity) and all(self.reads_field(entity, each) for each in named)


async def access_of(catalogue: Catalogue, app: App, actor: Actor) -> Access:
    """The rights of the actor's role on each entity; the catalogue remembers them."""
    rights = {}
    for entity in app.entities:
        known = catalogue.known_rights(app, entity, actor.role)
        rights[entity.name] = known or await catalogue.load_rights(app, entity, actor.role)
    return Access(app, actor, rights)
