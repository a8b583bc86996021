"""One statement for one page of records: values, the titles behind lookups, order and filters.

The titles come from lateral joins, so a page costs the same number of statements for one row and
for fifty. Everything a person typed is a bound argument; only names of the published model stand
in the text, and those need no quoting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from server.model import Entity, Field
from server.query.nearest import nearest
from server.screens.access import Access
from server.screens.operators import operator
from server.screens.several import resolved, value_sql
from server.screens.values import Unreadable, read
from server.screens.view import Filter, Order
from server.screens.words import title_fields

# Types whose Python value would lose something: a month in an interval, a digit in a float.
AS_TEXT = {"duration", "json", "float"}
DOUBLE = "double precision"

FILE_TITLE = (
    "d.name || ' (' || pg_catalog.pg_size_pretty(d.size)"
    " || case when d.removed then ', removed)' else ')' end"
)


@dataclass
class Listing:
    """Collects the parts of a statement over `entity` for one reader; `t` is its table."""

    access: Access
    entity: Entity
    arguments: list[Any] = field(default_factory=list)
    joins: dict[str, str] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    parts: list[tuple[Field, str]] = field(default_factory=list)  # texts that must be in fields

    def __post_init__(self) -> None:
        self.conditions.append(f"t.tenant_id = {self.bind(self.access.tenant_id)}")

    def bind(self, value: Any, sql_type: str = "") -> str:
        """A placeholder for `value`; text is cast by the database, which knows the type best."""
        self.arguments.append(value)
        return f"${len(self.arguments)}{sql_type and f'::text::{sql_type}'}"

    def selected(self, fields: Sequence[Field]) -> list[str]:
        """The columns of `fields`, and the titles of those that refer to something."""
        parts = [
            f"{value_sql(each, 't')}{'::text' * (each.type in AS_TEXT)} as {each.column}" for each in fields
        ]
        named = [each for each in fields if each.type in ("lookup", "user") or each.is_file]
        titles = [(each, self.title(each)) for each in named]
        return parts + [f"{title} as {each.name}_title" for each, title in titles if title]

    def title(self, field: Field) -> str | None:
        """The title of what `field` refers to; None when the reader may not see such titles."""
        if field.entities:
            titles = [title for title in map(self.title, field.lookups) if title]
            return f"coalesce({', '.join(titles)})" if titles else None
        name = f"{field.name}_target"
        if name not in self.joins:
            source = self.title_source(field)
            if source is None:
                return None
            self.joins[name] = f"left join lateral ({source}) {name} on true"
        return f"{name}.title"

    def title_source(self, field: Field) -> str | None:
        if field.is_file:
            return f"select {FILE_TITLE} as title from storage.described(array[t.{field.column}]) d"
        if field.type == "user":
            return (
                "select m.name as title from identity.member m "
                f"where m.tenant_id = $1 and m.user_id = t.{field.column}"
            )
        target = self.access.target(field)
        if target is None or not self.access.reads_title(target):
            return None
        # Bare names of the title's expression mean the columns of the target: the only table here.
        return (
            f"select ({target.title_sql})::text as title from {self.access.table(target)} "
            f"where tenant_id = $1 and id = t.{field.column}"
        )

    def own_title(self, without: Field | None = None) -> str:
        """The title of the record itself, as text; `without` is the lookup it is looked at from."""
        named = [title for title in map(self.title, title_fields(self.entity, without)) if title]
        if named:
            return f"concat_ws(' · ', {', '.join(named)})"
        if not self.access.reads_title(self.entity):
            return "t.id::text"
        self.joins.setdefault(
            "itself",
            "cross join lateral (select coalesce(nullif("
            f"({self.entity.title_sql})::text, ''), t.id::text) as title) itself",
        )
        return "itself.title"

    def where(self, condition: str) -> None:
        self.conditions.append(condition)

    def filter(self, chosen: Filter) -> None:
        """Add a filter; raises `Unreadable` when its words do not fit the field."""
        field = self.access.field(self.entity, chosen.field)
        found = operator(self.access, field, chosen.operator) if field else None
        if field is None or found is None:
            raise Unreadable("This filter does not fit the table")
        if field.entities and found.takes != "nothing":
            field, chosen = self.chosen_target(field, chosen)
        value = self.bound(field, found.takes, chosen)
        self.where(found.condition(value_sql(field, "t"), value))
        if found.takes == "pattern" and found.name != "lacks":
            self.parts.append((field, chosen.value))
        if field.order_column and found.near:
            double = nearest(str(read(field, [chosen.value])))
            self.where(f"t.{field.order_column} {found.near} {self.bind(double, DOUBLE)}")

    def chosen_target(self, field: Field, chosen: Filter) -> tuple[Field, Filter]:
        """A filter on one of several targets as a filter on the lookup of that one."""
        target = resolved(field, chosen.value)
        if target is None:
            raise Unreadable("Choose one from the list")
        return target[0], replace(chosen, value=target[1])

    def bound(self, field: Field, takes: str, chosen: Filter) -> str:
        text = chosen.value
        if takes == "nothing":
            return ""
        if takes == "values":
            return f"{self.bind(chosen.values)}::text[]"
        if not text:
            raise Unreadable("Say what to compare with")
        if takes == "pattern":
            return f"{self.bind(escaped(text))}::text"
        if field.type == "timestamp":
            # People filter moments by day.
            return self.bind(text, "date")
        value = read(field, [text])
        # Without precision: rounded to that of the column, 12.499 would equal 12.50.
        sql_type = field.sql_type.partition("(")[0]
        return self.bind(str(value).lower() if isinstance(value, bool) else str(value), sql_type)

    def search(self, text: str, fields: Sequence[Field]) -> None:
        """Keep the records in whose title, text or shown lookups `text` occurs: this reads every row."""
        pattern = f"{self.bind(f'%{escaped(text)}%')}::text"
        texts = [f"t.{each.column}" for each in fields if each.type in ("text", "autonumber")]
        titles = [self.title(each) for each in fields if each.type in ("lookup", "user")]
        sources = [self.own_title(), *texts, *filter(None, titles)]
        self.where("(" + " or ".join(f"{source} ilike {pattern}" for source in sources) + ")")

    def sort_keys(self, order: Sequence[Order]) -> list[tuple[str, str, bool, bool]]:
        """(expression, type, descending, nullable) of each key, the id last as tie-breaker."""
        keys = []
        for each in order:
            field = self.access.field(self.entity, each.field)
            if field is None:
                continue
            title = self.title(field) if field.type in ("lookup", "user") else None
            own_type = field.sql_type if len(field.columns) == 1 else "text"
            expression, sql_type = (title, "text") if title else (value_sql(field, "t"), own_type)
            if field.order_column:
                keys.append((f"t.{field.order_column}", DOUBLE, each.descending, not field.required))
            keys.append((expression, sql_type, each.descending, bool(title) or not field.required))
        # The id follows the last key's direction, so that an index can be read either way.
        return [*keys, ("t.id", "uuid", bool(keys) and keys[-1][2], False)]

    def statement(self, selected: Sequence[str], tail: str = "") -> str:
        """The statement's text; `arguments` go with it."""
        return (
            f"select {', '.join(selected)} from {self.access.table(self.entity)} t "
            f"{' '.join(self.joins.values())} where {' and '.join(self.conditions)} {tail}"
        )


def escaped(text: str) -> str:
    """`text` for the inside of a pattern, where it means itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
