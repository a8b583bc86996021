"""What happened to a record, read from the change log with the rights of the reader."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.model import Entity, Field
from server.screens.references import refers, titles
from server.screens.several import single
from server.screens.visit import Visit

ENTRIES = 50
SOURCES = {
    "api": "through the API",
    "import": "by an import",
    "worker": "by a workflow",
    "command": "by a command",
    "sql": "by SQL",
}
# Who did it when it was no person.
NOBODY = {"import": "An import", "worker": "A workflow", "command": "A command"}


@dataclass(frozen=True)
class Change:
    """One field before and after, with the titles of what it pointed at."""

    field: Field
    old: Any
    new: Any
    old_title: str = ""
    new_title: str = ""


@dataclass(frozen=True)
class Entry:
    """One change of the record, in words."""

    who: str
    did: str
    icon: str
    at: datetime
    source: str
    changes: list[Change]


async def timeline(connection: Any, here: Visit, entity: Entity, record: Mapping[str, Any]) -> list[Entry]:
    """The changes of the record, the newest first; none for an entity without audit."""
    if not entity.audit:
        return []
    rows = await connection.fetch(
        "select h.at, h.operation, m.name, h.login, h.source, "
        "h.old_values::text as old_values, h.new_values::text as new_values "
        "from audit.history($1::text::regclass, $2, $4) h "
        "left join identity.member m on m.tenant_id = $3 and m.user_id = h.actor_id "
        "order by h.at desc",
        here.access.table(entity),
        record["id"],
        here.access.tenant_id,
        ENTRIES,
    )
    values = [(json.loads(row["old_values"] or "{}"), json.loads(row["new_values"] or "{}")) for row in rows]
    names = await named(connection, here, entity, values)
    return [entry(entity, row, *pair, names) for row, pair in zip(rows, values, strict=True)]


async def named(
    connection: Any, here: Visit, entity: Entity, values: Sequence[tuple[dict[str, Any], dict[str, Any]]]
) -> dict[str, dict[str, str]]:
    """By field the titles of all ids in the changes: one statement a lookup, however many changes."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for pair in values:
        for column, value in [*pair[0].items(), *pair[1].items()]:
            ids[column].add(str(value))
    references = [each for each in single(entity) if refers(each) and ids[each.column] - {"None"}]
    return {each.name: await titles(connection, here.access, each, ids[each.column]) for each in references}


def entry(
    entity: Entity,
    row: Mapping[str, Any],
    old: dict[str, Any],
    new: dict[str, Any],
    names: dict[str, dict[str, str]],
) -> Entry:
    changes = changed(entity, old, new, names) if row["operation"] == "U" else []
    did, icon = said(row["operation"], old, new, changes)
    source = row["source"] or "sql"
    who = row["name"] or NOBODY.get(source)
    how = "" if who and not row["name"] else SOURCES.get(source, "")
    return Entry(who or row["login"], did, icon, row["at"], how, changes)


def said(operation: str, old: dict[str, Any], new: dict[str, Any], changes: list[Change]) -> tuple[str, str]:
    """The sentence's end and its icon."""
    if operation == "I":
        return "created this record", "plus"
    if operation == "D":
        return "deleted this record", "trash-2"
    if "deleted_at" in {**old, **new}:
        return (
            ("deleted this record", "trash-2")
            if new.get("deleted_at")
            else ("restored this record", "undo-2")
        )
    return ("changed 1 field" if len(changes) == 1 else f"changed {len(changes)} fields"), "pencil"


def changed(
    entity: Entity, old: dict[str, Any], new: dict[str, Any], names: dict[str, dict[str, str]]
) -> list[Change]:
    """The changed fields in the order of the model; what is computed from them goes without saying."""
    found = []
    for field in single(entity):
        if not field.computed and (field.column in new or field.column in old):
            before, after = old.get(field.column), new.get(field.column)
            known = names.get(field.name, {})
            found.append(Change(field, before, after, known.get(str(before), ""), known.get(str(after), "")))
    return found
