"""How the records of an entity lead to others: lookups, children, many-to-many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.model.entity import Entity, Field

MEMBER = "identity.member"


@dataclass(frozen=True, slots=True)
class Junction:
    """The relation between both ends of a many-to-many: its entity and the columns of the lookups."""

    entity: str
    near: str
    far: str


@dataclass(frozen=True, slots=True)
class Relationship:
    """A way from one entity to `target`: `column` here equals `target_column` there.

    `name` is what an embed is called by, `hints` are the other words that mean it. `many`: it leads to
    several records. With a `junction` both columns are those of the ids.
    """

    name: str
    hints: frozenset[str]
    target: str
    column: str
    target_column: str
    many: bool
    junction: Junction | None = None


def relationships(entities: Iterable[Entity]) -> Mapping[str, tuple[Relationship, ...]]:
    """All relationships of an app by the entity from which they lead."""
    found: defaultdict[str, list[Relationship]] = defaultdict(list)
    for entity in entities:
        for field in entity.fields:
            if field.type == "lookup" and field.entity:
                found[entity.name].append(_lookup(entity, field, field.entity, "id"))
                found[field.entity].append(_children(entity, field))
            elif field.type == "user":
                found[entity.name].append(_lookup(entity, field, MEMBER, "user_id"))
        if entity.relation:
            for near, far in _ends(entity):
                found[near.entity or ""].append(_across(entity, near, far))
    return {name: tuple(each) for name, each in found.items()}


def _constraint(entity: Entity, field: Field) -> str:
    for constraint in entity.constraints:
        if constraint.kind == "foreign" and constraint.fields == (field.name,):
            return constraint.name
    return f"{entity.name}_{field.name}_fkey"


def _lookup(entity: Entity, field: Field, target: str, target_column: str) -> Relationship:
    hints = {field.name, field.column, target, _constraint(entity, field)}
    return Relationship(field.name, frozenset(hints), target, field.column, target_column, many=False)


def _children(entity: Entity, field: Field) -> Relationship:
    hints = {entity.name, field.name, field.column, _constraint(entity, field)}
    unique = field.unique or any(key.fields == (field.name,) for key in entity.keys)
    return Relationship(entity.name, frozenset(hints), entity.name, "id", field.column, many=not unique)


def _ends(entity: Entity) -> list[tuple[Field, Field]]:
    first, second = [field for field in entity.fields if field.type == "lookup"][:2]
    return [(first, second), (second, first)]


def _across(entity: Entity, near: Field, far: Field) -> Relationship:
    target = far.entity or ""
    hints = {target, far.name, far.column, entity.name, _constraint(entity, far), _constraint(entity, near)}
    junction = Junction(entity.name, near.column, far.column)
    return Relationship(target, frozenset(hints), target, "id", "id", many=True, junction=junction)
