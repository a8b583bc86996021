"""How the records of an entity lead to others: lookups, children, many-to-many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from server.model.entity import Entity, Field

# The people of the tenant: user fields lead there, and the columns that say who did what.
MEMBER = Entity(
    id="",
    name="member",
    label="Member",
    plural="Members",
    description=None,
    icon=None,
    title="name",
    title_sql="name",
    ownership="tenant",
    audit=False,
    recycle=False,
    relation=False,
    fields=tuple(
        Field(id="", name=name, type=kind, column=name, sql_type=kind, label=label)
        for name, kind, label in (
            ("user_id", "uuid", "Id"),
            ("name", "text", "Name"),
            ("email", "text", "Email"),
        )
    ),
    keys=(),
    rules=(),
    constraints=(),
    schema="identity",
)


@dataclass(frozen=True, slots=True)
class Junction:
    """The relation between both ends of a many-to-many: its entity and the columns of the lookups."""

    entity: str
    near: str
    far: str


@dataclass(frozen=True, slots=True)
class Relationship:
    """A way from one entity to `target`: `column` here equals `target_column` there.

    `names` are what an embed may be called by, `hints` the words that tell it from others of the same
    name. `many`: it leads to several records. With a `junction` both columns are those of the ids. The
    target is null for the members of the tenant.
    """

    kind: Literal["lookup", "children", "across"]
    name: str
    names: frozenset[str]
    hints: frozenset[str]
    target: str | None
    column: str
    target_column: str
    many: bool = False
    junction: Junction | None = None


def relationships(entities: Iterable[Entity]) -> Mapping[str, tuple[Relationship, ...]]:
    """All relationships of an app by the entity from which they lead."""
    found: defaultdict[str, list[Relationship]] = defaultdict(list)
    for entity in entities:
        for field in entity.fields:
            for lookup in field.lookups:
                found[entity.name].append(_lookup(entity, field, lookup))
                found[lookup.entity or ""].append(_children(entity, field, lookup))
            if field.type == "user":
                found[entity.name].append(_member(field.name, field.column, _constraint(entity, field)))
        found[entity.name] += _people(entity)
        if entity.relation:
            for near, far in _ends(entity):
                found[near.entity or ""].append(_across(entity, near, far))
    return {name: tuple(each) for name, each in found.items()}


def _constraint(entity: Entity, field: Field, column: str | None = None) -> str:
    for constraint in entity.constraints:
        if (
            constraint.kind == "foreign"
            and constraint.fields == (field.name,)
            and constraint.column == column
        ):
            return constraint.name
    return f"{entity.name}_{field.name}_fkey"


def _lookup(entity: Entity, field: Field, lookup: Field) -> Relationship:
    """`lookup` is the field, or what leads to one of its several targets."""
    names = _names(entity, field, lookup) | {lookup.entity or ""}
    hints = names | {field.name}
    return Relationship("lookup", lookup.name, names, hints, lookup.entity, lookup.column, "id")


def _names(entity: Entity, field: Field, lookup: Field) -> frozenset[str]:
    part = lookup.column if field.entities else None
    return frozenset({lookup.name, lookup.column, _constraint(entity, field, part)})


def _member(name: str, column: str, *hints: str) -> Relationship:
    names = frozenset({name, column, *hints})
    return Relationship("lookup", name, names, names, None, column, "user_id")


def _people(entity: Entity) -> list[Relationship]:
    columns = ["created_by", "updated_by"] + ["owner_id"] * ("owner_id" in entity.columns)
    return [_member(column.removesuffix("_id"), column) for column in columns]


def _children(entity: Entity, field: Field, lookup: Field) -> Relationship:
    names = _names(entity, field, lookup)
    hints = names | {entity.name, field.name}
    # Of an entity that refers to itself the constraint names the lookup.
    called = names - {lookup.name, lookup.column} if lookup.entity != entity.name else frozenset()
    unique = field.unique or any(key.fields == (field.name,) for key in entity.keys)
    return Relationship(
        "children",
        entity.name,
        called | {entity.name},
        hints,
        entity.name,
        "id",
        lookup.column,
        not unique,
    )


def _ends(entity: Entity) -> list[tuple[Field, Field]]:
    first, second = [field for field in entity.fields if field.type == "lookup"][:2]
    return [(first, second), (second, first)]


def _across(entity: Entity, near: Field, far: Field) -> Relationship:
    target = far.entity or ""
    hints = {target, far.name, far.column, entity.name, _constraint(entity, far)}
    junction = Junction(entity.name, near.column, far.column)
    return Relationship(
        "across", target, frozenset({target}), frozenset(hints), target, "id", "id", True, junction
    )
