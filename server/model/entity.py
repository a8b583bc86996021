"""An entity and its parts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a choice field; `when` limits it to values of other fields."""

    value: str
    label: str
    tone: str
    when: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A physical column of a field; of several `part` tells it apart. `entity` is what it points at."""

    name: str
    sql_type: str
    part: str | None = None
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field with every default of the manifest resolved.

    `columns` are its physical columns, for most types one, `column`. Of a field with several, `column` is
    the field's name: the key under which screens keep its value, and no column of the table.
    """

    id: str
    name: str
    type: str
    column: str
    sql_type: str
    label: str
    description: str | None = None
    help: str | None = None
    required: bool = False
    unique: bool = False
    default: str | None = None
    default_sql: str | None = None
    readonly: bool = False
    searchable: bool = False
    indexed: bool = False
    sensitive: bool = False
    formula: str | None = None
    formula_sql: str | None = None
    required_when: str | None = None
    length: int | None = None
    pattern: str | None = None
    format: str | None = None
    multiline: bool = False
    min: Any = None
    max: Any = None
    precision: int | None = None
    scale: int | None = None
    currency: str | None = None
    choices: tuple[Choice, ...] = ()
    transitions: Mapping[str, Any] | None = None
    initial: tuple[str, ...] | None = None
    entity: str | None = None
    on_delete: str | None = None
    schema: Mapping[str, Any] | None = None
    # The column beside a numeric one that carries its index: it holds the nearest double.
    order_column: str | None = None
    columns: tuple[FieldColumn, ...] = ()
    entities: tuple[str, ...] = ()
    max_size: int | None = None
    accept: tuple[str, ...] = ()
    rollup: Mapping[str, Any] | None = None  # of which children, when the value comes from them

    def __post_init__(self) -> None:
        if not self.columns:
            sole = FieldColumn(self.column, self.sql_type, entity=self.entity)
            object.__setattr__(self, "columns", (sole,))

    @property
    def is_file(self) -> bool:
        """Whether its value is the id of a stored file."""
        return self.type in ("file", "image")

    @property
    def computed(self) -> bool:
        """Whether the database makes the value, so that nobody writes it."""
        return self.formula is not None or self.rollup is not None

    @property
    def lookups(self) -> tuple["Field", ...]:
        """The references that the field makes, each as a lookup of one target; none for other types."""
        if self.type != "lookup" or not self.entities:
            return (self,) if self.type == "lookup" else ()
        return tuple(
            replace(
                self,
                name=each.name.removesuffix("_id"),
                column=each.name,
                label=part_label(self.label, each.part),
                required=False,
                columns=(each,),
                entity=each.entity,
                entities=(),
            )
            for each in self.columns
        )


def part_label(label: str, part: str | None) -> str:
    """What people call one of several columns of a field: Subject (customer)."""
    return f"{label} ({part.replace('_', ' ')})" if part else label


@dataclass(frozen=True, slots=True)
class Key:
    """An alternate key: the names of its fields."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over several fields."""

    id: str
    name: str
    label: str
    message: str
    check: str | None = None
    check_sql: str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint of the table; `fields` are the fields that it is about, in order."""

    name: str
    kind: Literal["primary", "unique", "check", "rule", "foreign", "warning"]
    fields: tuple[str, ...]
    rule: str | None
    message: str
    expression: str | None = None  # of a warning, which is no constraint of the database: told, never refused
    column: str | None = None  # where it is about one of several columns of a field


@dataclass(frozen=True, slots=True)
class Search:
    """What of an entity is searched (names of fields), and the function that finds it by an index."""

    function: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the API shows it. `field` is null for what the platform keeps itself.

    `part` says which it is of several columns of the field.
    """

    name: str
    sql_type: str
    field: Field | None = None
    computed: bool = False
    part: str | None = None

    @property
    def label(self) -> str:
        """What people call it."""
        if self.field is None:
            return self.name.replace("_", " ").capitalize()
        return part_label(self.field.label, self.part)


@dataclass(frozen=True)
class Entity:
    """An entity, or a many-to-many relation (`relation`), and so a table of that name."""

    id: str
    name: str
    label: str
    plural: str
    description: str | None
    icon: str | None
    title: str | None
    title_sql: str
    ownership: Literal["tenant", "owned"]
    audit: bool
    recycle: bool
    relation: bool
    fields: tuple[Field, ...]
    keys: tuple[Key, ...]
    rules: tuple[Rule, ...]
    constraints: tuple[Constraint, ...]
    search: Search | None = None
    hierarchy: str | None = None  # the field that says below what a record is
    schema: str | None = None  # of a table of the platform; else the table lies in the app's schema

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns of a record in the API, in their order, by name."""
        if self.schema:
            return {field.column: Column(field.column, field.sql_type, field) for field in self.fields}
        columns = [Column("id", "uuid")]
        columns += [
            Column(each.name, each.sql_type, field, field.computed, each.part)
            for field in self.fields
            for each in field.columns
        ]
        if self.ownership == "owned":
            columns.append(Column("owner_id", "uuid"))
        columns += [
            Column("created_at", "timestamp with time zone", computed=True),
            Column("created_by", "uuid", computed=True),
            Column("updated_at", "timestamp with time zone", computed=True),
            Column("updated_by", "uuid", computed=True),
            Column("version", "bigint", computed=True),
        ]
        if self.recycle:
            columns.append(Column("deleted_at", "timestamp with time zone"))
        return {column.name: column for column in columns}

    @cached_property
    def constraints_by_name(self) -> Mapping[str, Constraint]:
        return {constraint.name: constraint for constraint in self.constraints}

    @cached_property
    def fields_by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def parent(self) -> Field | None:
        """The lookup that says below what a record is, in a hierarchy."""
        return self.fields_by_name.get(self.hierarchy or "")

    @cached_property
    def key_columns(self) -> tuple[frozenset[str], ...]:
        """The columns of each unique key, without the tenant, the primary key first."""
        columns = {field.name: field.column for field in self.fields}
        keys = [frozenset({"id"})]
        keys += [frozenset(columns[name] for name in key.fields) for key in self.keys]
        keys += [frozenset({field.column}) for field in self.fields if field.unique]
        return tuple(keys)
