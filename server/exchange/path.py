"""What a PATH means: a field, or a lookup and the key by which its record is found."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from server.exchange.header import Column
from server.exchange.refusal import MappingError
from server.model import App, Entity, Field
from server.model.relationship import MEMBER

OWNER = Field(id="", name="owner", type="user", column="owner_id", sql_type="uuid", label="Owner")
TEXTS = ("text", "richtext", "choice", "autonumber")


@dataclass(frozen=True)
class Cell:
    """A value that stands in one column of the file."""

    column: Column
    sql_type: str
    textual: bool = False
    part: str | None = None  # of a geopoint: latitude or longitude


@dataclass(frozen=True)
class Reference:
    """A record of another table, found by the values of a key."""

    entity: Entity
    schema: str
    parts: tuple[tuple[str, "Cell | Reference"], ...]  # column of the key, and what it equals

    @property
    def id_column(self) -> str:
        """The column that a lookup refers to."""
        return "user_id" if self.entity is MEMBER else "id"

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The columns of the file from which the record is found."""
        found: list[Cell] = []
        for _, part in self.parts:
            found += part.cells if isinstance(part, Reference) else [part]
        return tuple(found)


Value = Cell | Reference
Tree = dict[str, "Column | Tree"]


@dataclass(frozen=True)
class Target:
    """A column of the table and where its values come from."""

    name: str
    column: str
    value: Value
    field: Field | None = None

    @property
    def field_name(self) -> str:
        """The field of the model, also where the target is one of its several columns."""
        return self.name.partition(":")[0]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.value.cells if isinstance(self.value, Reference) else (self.value,)

    @property
    def headers(self) -> str:
        """The columns of the file, as a person knows them."""
        return ", ".join(cell.column.header for cell in self.cells)


def targets(app: App, entity: Entity, columns: Iterable[Column]) -> list[Target]:
    """Where the columns of a file go; raises MappingError, naming every column that goes nowhere."""
    tree: Tree = {}
    faults = []
    for column in columns:
        if column.path and not _is_computed(entity, column):
            try:
                _check(app, entity, column.path.split("."), column)
                _grow(tree, column.path.split("."), column)
            except MappingError as error:
                faults.append(str(error))
    if faults:
        fields = ", ".join(field.name for field in entity.fields if not field.computed)
        advice = f"The fields of {entity.name} are {fields}. Use --map CSVCOLUMN=PATH, or --map CSVCOLUMN= to"
        raise MappingError("\n".join([*faults, f"{advice} leave a column out."]))
    return [target for name, branch in tree.items() for target in _targets(app, entity, name, branch)]


def field_of(entity: Entity, name: str) -> Field | None:
    """The field that a PATH calls `name`; `lookup:entity` is one target of several."""
    if name == "owner" and entity.ownership == "owned":
        return OWNER
    field, _, target = name.partition(":")
    found = entity.fields_by_name.get(field)
    if found and (target or found.entities):
        return next((each for each in found.lookups if found.entities and each.entity == target), None)
    return found


def target_of(app: App, field: Field) -> Entity:
    """The entity to which a lookup or user field leads."""
    return MEMBER if field.type == "user" else app.entities_by_name[field.entity or ""]


def _is_computed(entity: Entity, column: Column) -> bool:
    """An export has the values of formulas and rollups; they come back by themselves."""
    field = entity.fields_by_name.get(column.path or "")
    return field is not None and field.computed and column.path == column.header


def _check(app: App, entity: Entity, path: list[str], column: Column) -> None:
    name, rest = path[0], path[1:]
    if not rest and name in _ids(entity):
        return
    field = field_of(entity, name)
    if field is None:
        raise MappingError(_unknown(entity, name, column))
    if field.computed:
        kind = "rollup" if field.rollup else "formula"
        raise MappingError(f"{column.header}: {entity.name}.{name} is a {kind} and cannot be imported")
    if field.type in ("lookup", "user") and rest:
        _check(app, target_of(app, field), rest, column)
    elif rest:
        raise MappingError(
            f"{column.header}: {entity.name}.{name} is no lookup, so {name}.{rest[0]} is nothing"
        )


def _ids(entity: Entity) -> tuple[str, ...]:
    return ("id", "user_id") if entity is MEMBER else ("id",)


def _unknown(entity: Entity, name: str, column: Column) -> str:
    several = entity.fields_by_name.get(name.partition(":")[0])
    if several and several.entities:
        paths = " or ".join(f"{several.name}:{target}" for target in several.entities)
        return f"{column.header}: {several.name} leads to several entities; say which: {paths}"
    known = [field.name for field in entity.fields if not field.computed]
    if name.endswith("_id") and name.removesuffix("_id") in known:
        lookup = name.removesuffix("_id")
        return f"{column.header}: name the key of the {lookup}, such as --map {column.header}={lookup}.KEY"
    close = get_close_matches(name, known, n=1)
    advice = f"; did you mean {close[0]}?" if close else ""
    return f"{column.header}: {entity.name} has no field {name}{advice}"


def _grow(tree: Tree, path: list[str], column: Column) -> None:
    name, rest = path[0], path[1:]
    if name not in tree:
        tree[name] = {} if rest else column
        if not rest:
            return
    branch = tree[name]
    if not rest or isinstance(branch, Column):
        raise MappingError(f"{column.header}: another column goes to {column.path} as well")
    _grow(branch, rest, column)


def _targets(app: App, entity: Entity, name: str, branch: Column | Tree) -> list[Target]:
    field = field_of(entity, name)
    if field is None:
        return [Target("id", "id", _cell(branch, "uuid"))]
    if field.type == "geopoint":
        assert isinstance(branch, Column)
        return [
            Target(name, each.name, Cell(branch, each.sql_type, part=each.part), field)
            for each in field.columns
        ]
    return [Target(name, field.column, _value(app, field, branch), field)]


def _value(app: App, field: Field, branch: Column | Tree) -> Value:
    if field.type not in ("lookup", "user"):
        return _cell(branch, field.sql_type, field.type in TEXTS)
    # A lookup without a key is given by the id of its record.
    return _reference(app, field, {"id": branch} if isinstance(branch, Column) else branch)


def _cell(branch: "Column | Tree", sql_type: str, textual: bool = False) -> Cell:
    assert isinstance(branch, Column)
    return Cell(branch, sql_type, textual)


def _reference(app: App, field: Field, tree: Tree) -> Reference:
    entity = target_of(app, field)
    if set(tree) not in _keys(entity):
        known = " or ".join(", ".join(sorted(key)) for key in _keys(entity))
        given = ", ".join(sorted(tree))
        raise MappingError(f"{field.name}: ({given}) is no key of {entity.name}; its keys are {known}")
    parts = tuple(_part(app, entity, name, branch) for name, branch in tree.items())
    return Reference(entity, entity.schema or app.name, parts)


def _part(app: App, entity: Entity, name: str, branch: Column | Tree) -> tuple[str, Value]:
    field = entity.fields_by_name.get(name)
    if field is None:
        return ("user_id" if entity is MEMBER else "id"), _cell(branch, "uuid")
    return field.column, _value(app, field, branch)


def _keys(entity: Entity) -> list[set[str]]:
    if entity is MEMBER:
        return [{"id"}, {"email"}]
    keys = [set(key.fields) for key in entity.keys]
    return [{"id"}, *keys, *({field.name} for field in entity.fields if _unique(field))]


def _unique(field: Field) -> bool:
    return field.unique or field.type == "autonumber"
