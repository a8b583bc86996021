"""From the tables of a schema to a manifest, and where each column went."""

from typing import Any

from server.adoption.builder import Builder
from server.adoption.catalogue import Table
from server.adoption.parts import Adoption, Note
from server.publication import Connection


async def adoption(connection: Connection, schema: str, name: str, tables: dict[int, Table]) -> Adoption:
    """The manifest of the tables of a schema; expressions are not judged yet."""
    builder = Builder(connection, tables)
    await builder.name_tables()
    for adopted in builder.adopted.values():
        adopted.ends = builder.relation_ends(adopted)
    for adopted in builder.adopted.values():
        await builder.describe(adopted)
        if adopted.ends:
            start, end = (builder.adopted[link.target.id].name for link in adopted.ends)
            adopted.element |= {"kind": "many_to_many", "from": start, "to": end}
    break_cycles(builder)
    manifest: dict[str, Any] = {"qryvanta": 1, "app": {"name": name}}
    if name != schema:
        builder.notes.append(Note(schema, f"the app is called {name}"))
    if builder.choices:
        manifest["choices"] = builder.choices
    manifest["entities"] = [a.element for a in builder.adopted.values() if a.ends is None]
    relations = [a.element for a in builder.adopted.values() if a.ends]
    if relations:
        manifest["relations"] = relations
    return Adoption(manifest, list(builder.adopted.values()), builder.notes)


def break_cycles(builder: Builder) -> None:
    """A lookup that is required and leads back to its own entity lets no first record exist: not required."""
    required = {
        adopted.name: {
            f["name"]: f for f in adopted.element.get("fields", []) if f.get("entity") and f.get("required")
        }
        for adopted in builder.adopted.values()
    }
    for adopted in builder.adopted.values():
        for lookup in list(required[adopted.name].values()):
            if leads_to(lookup["entity"], adopted.name, required, set()):
                del lookup["required"], required[adopted.name][lookup["name"]]
                builder.note(adopted.table, lookup["name"], "is not required: required lookups form a cycle")


def leads_to(start: str, goal: str, required: dict[str, dict[str, dict[str, Any]]], seen: set[str]) -> bool:
    if start == goal:
        return True
    seen.add(start)
    following = {lookup["entity"] for lookup in required.get(start, {}).values()}
    return any(leads_to(name, goal, required, seen) for name in following - seen)
