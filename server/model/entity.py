"""An entity and its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
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
class Field:
    """A field with every default of the manifest resolved; `column` is its physical column."""

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
    entity: str | None = None
    on_delete: str | None = None
    schema: Mapping[str, Any] | None = None


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
    kind: Literal["primary", "unique", "check", "rule", "foreign"]
    fields: tuple[str, ...]
    rule: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the API shows it. `field` is null for what the platform keeps itself."""

    name: str
    sql_type: str
    field: Field | None = None
    computed: bool = False


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
    schema: str | None = None  # of a table of the platform; else the table lies in the app's schema

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns of a record in the API, in their order, by name."""
        if self.schema:
            return {field.column: Column(field.column, field.sql_type, field) for field in self.fields}
        columns = [Column("id", "uuid")]
        columns += [Column(f.column, f.sql_type, f, f.formula is not None) for f in self.fields]
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

    @cached_property
    def key_columns(self) -> tuple[frozenset[str], ...]:
        """The columns of each unique key, without the tenant, the primary key first."""
        columns = {field.name: field.column for field in self.fields}
        keys = [frozenset({"id"})]
        keys += [frozenset(columns[name] for name in key.fields) for key in self.keys]
        keys += [frozenset({field.column}) for field in self.fields if field.unique]
        return tuple(keys)
