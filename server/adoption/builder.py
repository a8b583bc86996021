"""The element of a manifest that a table becomes."""

from typing import Any

from server.adoption.catalogue import Column, Constraint, Table
from server.adoption.expression import translated
from server.adoption.kinds import kind
from server.adoption.naming import legal
from server.adoption.parts import Adopted, Link, Note
from server.adoption.reasons import NotAdoptable
from server.publication import Connection

ON_DELETE = {"c": "cascade", "n": "clear"}
ENDINGS = ("_id", "_code", "_no", "_key", "id")


class Builder:
    """Makes the elements of a manifest; collects notes on the way."""

    def __init__(self, connection: Connection, tables: dict[int, Table]) -> None:
        self.connection = connection
        self.tables = tables
        self.notes: list[Note] = []
        self.choices: dict[str, list[str]] = {}
        self.adopted: dict[int, Adopted] = {}

    def note(self, table: Table, what: str, reason: str) -> None:
        """Remember what became of a part of a table."""
        self.notes.append(Note(f"{table.name}.{what}" if what else table.name, reason))

    async def name_tables(self) -> None:
        """Give every table its entity's name before one refers to another."""
        for table in self.tables.values():
            taken = {adopted.name for adopted in self.adopted.values()}
            name = await legal(self.connection, table.name, "entity", taken)
            if name != table.name:
                self.note(table, "", f"is called {name}: the contract refuses its name")
            if table.child:
                self.note(table, "", "inherits from another table: it is an entity of its own")
            self.adopted[table.id] = Adopted(table, name, {"name": name})

    async def describe(self, adopted: Adopted) -> None:
        """Fill in fields, keys, rules and indexes of one table."""
        table, element = adopted.table, adopted.element
        if table.comment:
            element["description"] = table.comment
        element["fields"] = []
        await self.lookups(adopted)
        for column in table.columns.values():
            await self.field(adopted, column)
        if not element["fields"] and adopted.ends is None:
            element["fields"].append({"name": "remark", "type": "text"})
            self.note(table, "", "has no column that a field could hold: it got the field remark")
        if adopted.ends is None:
            self.keys(adopted)
        else:
            self.keys_of_relation(adopted)
        await self.rules(adopted)

    async def lookups(self, adopted: Adopted) -> None:
        table = adopted.table
        for constraint in table.of_kind("f"):
            target = self.tables.get(constraint.target_id)
            if target is None:
                self.note(table, constraint.name, "refers to a table of another schema: kept as a value")
                continue
            end = self.end_of(adopted, constraint)
            if end is not None:
                adopted.links.append(Link(constraint, target, end))
                continue
            name = await self.lookup_name(adopted, constraint, target)
            adopted.links.append(Link(constraint, target, name))
            adopted.element["fields"].append(self.lookup(adopted, constraint, target, name))

    def end_of(self, adopted: Adopted, constraint: Constraint) -> str | None:
        """The name of a relation's end, when the reference is one."""
        for link in adopted.ends or ():
            if link.constraint is constraint:
                return link.field
        return None

    async def lookup_name(self, adopted: Adopted, constraint: Constraint, target: Table) -> str:
        given = constraint.columns[0] if len(constraint.columns) == 1 else self.adopted[target.id].name
        for ending in ENDINGS:
            if given.endswith(ending) and len(given) > len(ending) + 1:
                given = given.removesuffix(ending)
                break
        taken = self.names(adopted) | set(adopted.table.columns) - set(constraint.columns)
        taken |= {column.removesuffix("_id") for column in set(adopted.table.columns) - self.linked(adopted)}
        name = await legal(self.connection, given, "field", taken - set(constraint.columns))
        if await self.connection.fetchval("select meta.name_fault($1, 'field')", f"{name}_id"):
            name = await legal(self.connection, f"{name}_record", "field", taken)
        return name

    def lookup(self, adopted: Adopted, constraint: Constraint, target: Table, name: str) -> dict[str, Any]:
        columns = [adopted.table.columns[column] for column in constraint.columns]
        # References that were never checked may point to nothing: then the lookup is empty.
        required = constraint.valid and all(column.required for column in columns)
        on_delete = ON_DELETE.get(constraint.on_delete)
        if constraint.on_delete == "d":
            self.note(adopted.table, constraint.name, "on delete set default: a delete is refused now")
        found: dict[str, Any] = {"name": name, "type": "lookup", "entity": self.adopted[target.id].name}
        if on_delete and not (required and on_delete == "clear"):
            found["on_delete"] = on_delete
        if len(columns) == 1 and columns[0].comment:
            found["description"] = columns[0].comment
        return found | ({"required": True} if required else {})

    def linked(self, adopted: Adopted) -> set[str]:
        """Columns that are references to tables of the schema: lookups stand for them."""
        return {
            column
            for constraint in adopted.table.of_kind("f")
            if constraint.target_id in self.tables
            for column in constraint.columns
        }

    def names(self, adopted: Adopted) -> set[str]:
        """The names that fields and columns of the entity have so far."""
        used = {field["name"] for field in adopted.element["fields"]}
        used |= {link.field for link in adopted.ends or ()}
        return used | {f"{name}_id" for name in used}

    async def field(self, adopted: Adopted, column: Column) -> None:
        table = adopted.table
        if column.name in self.linked(adopted) and self.is_told_by_links(adopted, column.name):
            return
        if [column.name] == table.key and column.type == "uuid" and not column.element:
            adopted.id_column = column.name
            return
        found = kind(column)
        if found.left_out:
            self.note(table, column.name, f"is left out: {found.left_out}")
            return
        given = "old_id" if column.name == "id" else column.name
        name = await legal(self.connection, given, "field", self.names(adopted))
        if name != column.name:
            self.note(table, column.name, f"is called {name}: the contract refuses its name, or it is taken")
        if found.remark:
            self.note(table, column.name, found.remark)
        adopted.fields[column.name] = name
        adopted.element["fields"].append({"name": name} | await self.parameters(adopted, column))

    def is_told_by_links(self, adopted: Adopted, column: str) -> bool:
        """Whether the lookups say all that the column said: it is not a part of a longer reference only."""
        constraints = [link.constraint for link in adopted.links if column in link.constraint.columns]
        if any(constraint.columns == [column] for constraint in constraints):
            return True
        others = [c for c in adopted.table.constraints if c.kind in ("p", "u") and column in c.columns]
        return all(set(constraints[0].columns) <= set(c.columns) for c in others) if constraints else False

    async def parameters(self, adopted: Adopted, column: Column) -> dict[str, Any]:
        found = dict(kind(column).parameters)
        if isinstance(found.get("choices"), list):
            found["choices"] = await self.choice_list(column, found["choices"])
        if column.comment:
            found["description"] = column.comment
        if column.counted:
            self.note(adopted.table, column.name, "is no longer counted by a sequence")
        elif column.required and column.formula is None:
            found["required"] = True
        return found

    async def choice_list(self, column: Column, labels: list[str]) -> str:
        """The list of an enum, one for all columns of that type."""
        for name, known in self.choices.items():
            if known == labels:
                return name
        given = column.written.removesuffix("[]").rpartition(".")[2].strip('"')
        name = await legal(self.connection, given, "choice list", self.choices)
        self.choices[name] = labels
        return name

    def keys(self, adopted: Adopted) -> None:
        table, element = adopted.table, adopted.element
        wanted = [c.columns for c in table.constraints if c.kind in ("p", "u")]
        wanted += [index.columns for index in table.indexes if index.is_unique and index.plain]
        for columns in wanted:
            if columns == [adopted.id_column]:
                continue
            names = adopted.field_of(columns)
            if names is None:
                self.note(table, ", ".join(columns), "the key names a column that is no field: left out")
            elif {"fields": names} not in element.setdefault("keys", []):
                element["keys"].append({"fields": names})
        for constraint in table.of_kind("x"):
            self.note(table, constraint.name, "an exclusion constraint is not carried over")
        for index in table.indexes:
            fields = adopted.field_of(index.columns) if index.plain else None
            if fields is None:
                self.note(table, index.name, f"the index is left out: {index.definition}")
            elif not index.is_unique and not any(
                len(fields) == 1 and link.field in fields for link in adopted.links
            ):
                element.setdefault("indexes", []).append({"fields": fields})

    def keys_of_relation(self, adopted: Adopted) -> None:
        """The ends are the key of a relation; it has no other, and no index by name."""
        others = [constraint.name for constraint in adopted.table.of_kind("u")]
        for name in others + [index.name for index in adopted.table.indexes]:
            self.note(adopted.table, name, "is left out: the only key of a relation are its ends")
        if not adopted.element["fields"]:
            del adopted.element["fields"]

    async def rules(self, adopted: Adopted) -> None:
        table = adopted.table
        for column in table.columns.values():
            if column.name in adopted.fields:
                self.expressions(adopted, column)
            for number, check in enumerate(column.checks, 1):
                await self.rule(adopted, f"{column.name}_{number}", check, None, True)
        for constraint in table.of_kind("c"):
            given = constraint.name.removeprefix(f"{table.name}_").removesuffix("_check")
            await self.rule(adopted, given, constraint.condition or "", constraint.comment, constraint.valid)

    async def rule(
        self, adopted: Adopted, given: str, condition: str, message: str | None, valid: bool
    ) -> None:
        if not valid:
            self.note(adopted.table, given, "the check is left out: not all rows fulfil it (not valid)")
            return
        try:
            text = translated(condition, adopted.fields)
        except NotAdoptable as error:
            self.note(adopted.table, given, f"the check is left out: {error}: {condition}")
            return
        rules = adopted.element.setdefault("rules", [])
        name = await legal(self.connection, given, "rule", {rule["name"] for rule in rules})
        rules.append({"name": name, "check": text} | ({"message": message} if message else {}))

    def expressions(self, adopted: Adopted, column: Column) -> None:
        """Default and formula of a field; what a manifest cannot say is noted."""
        fields = adopted.element.get("fields", [])
        element = next(f for f in fields if f["name"] == adopted.fields[column.name])
        for key, given in (("default", column.default), ("formula", column.formula)):
            if given is None or column.counted:
                continue
            try:
                element[key] = translated(given, adopted.fields if key == "formula" else {})
            except NotAdoptable as error:
                self.note(adopted.table, column.name, f"its {key} is left out: {error}: {given}")

    def relation_ends(self, adopted: Adopted) -> tuple[Link, Link] | None:
        """The two references that are the whole primary key of a table to which nothing refers."""
        table = adopted.table
        known = [c for c in table.of_kind("f") if c.target_id in self.tables]
        ends = [c for c in known if set(c.columns) <= set(table.key)]
        columns = [column for constraint in ends for column in constraint.columns]
        pointed_at = any(c.target_id == table.id for t in self.tables.values() for c in t.of_kind("f"))
        if len(ends) != 2 or sorted(columns) != sorted(table.key) or pointed_at:
            return None
        ends.sort(key=lambda constraint: table.key.index(constraint.columns[0]))
        targets = [self.adopted[constraint.target_id].name for constraint in ends]
        same = targets[0] == targets[1]
        names = (f"from_{targets[0]}", f"to_{targets[1]}") if same else (targets[0], targets[1])
        first, second = (
            Link(constraint, self.tables[constraint.target_id], name)
            for constraint, name in zip(ends, names, strict=True)
        )
        return first, second
