"""What an export writes: the columns that an import of the same file understands."""

from dataclasses import dataclass, field, replace
from itertools import count

from server.exchange.path import OWNER, TEXTS
from server.exchange.path import target_of as entity_behind
from server.exchange.sql import name
from server.model import App, Entity, Field
from server.model.relationship import MEMBER

DEEPEST = 5  # lookups in a row


@dataclass(frozen=True)
class Column:
    """A column of the file: its PATH and the SQL of its values."""

    path: str
    sql: str
    textual: bool = False


@dataclass
class Columns:
    """The columns of an entity, over the alias `t`, and the joins to the records they refer to."""

    app: App
    tenant: str
    found: list[Column] = field(default_factory=list)
    joins: str = ""
    aliases: "count[int]" = field(default_factory=lambda: count(1))

    def add(self, entity: Entity, alias: str = "t") -> None:
        """Add the id and every field; a lookup as the key of its record, which means something elsewhere."""
        self.found.append(Column("id", f"{alias}.id"))
        for each in entity.fields:
            self._add(each, alias, "")
        if entity.ownership == "owned":
            self._add(OWNER, alias, "")

    def _add(self, each: Field, alias: str, prefix: str, depth: int = 1) -> None:
        if each.entities:
            for lookup in each.lookups:
                self._add(replace(lookup, name=f"{each.name}:{lookup.entity}"), alias, prefix, depth)
            return
        path = prefix + each.name
        if each.type == "geopoint":
            latitude, longitude = (f"{alias}.{name(part.name)}" for part in each.columns)
            self.found.append(Column(path, f"({latitude} || ',' || {longitude})"))
            return
        if each.type not in ("lookup", "user"):
            self.found.append(Column(path, f"{alias}.{name(each.column)}", each.type in TEXTS))
            return
        target = entity_behind(self.app, each)
        key = _key(target)
        if not key or depth > DEEPEST:
            self.found.append(Column(f"{path}.id", f"{alias}.{name(each.column)}"))
            return
        joined = f"l{next(self.aliases)}"
        own_id = "user_id" if target is MEMBER else "id"
        self.joins += (
            f"\nleft join {name(target.schema or self.app.name)}.{name(target.name)} {joined}"
            f" on {joined}.tenant_id = {self.tenant} and {joined}.{own_id} = {alias}.{name(each.column)}"
        )
        for part in key:
            self._add(part, joined, f"{path}.", depth + 1)


def _key(entity: Entity) -> list[Field]:
    """The first key by which every record can be found again."""
    if entity is MEMBER:
        return [entity.fields_by_name["email"]]
    for key in entity.keys:
        fields = [entity.fields_by_name[each] for each in key.fields]
        if all(each.required or each.type == "autonumber" for each in fields):
            return fields
    return []
