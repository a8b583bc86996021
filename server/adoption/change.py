"""One change by hand, made in the draft as well."""

import re
from collections.abc import Callable
from typing import Any

from server.adoption.column import column, default
from server.adoption.draft import Draft
from server.adoption.expression import translated
from server.adoption.reasons import NotAdoptable, reason
from server.drift import Difference
from server.expressions.row import derived_name

WORDS = {"keys": "key", "indexes": "index"}
CHECKED = ("min", "max", "length", "pattern", "format")


def make(draft: Draft, difference: Difference) -> str:
    """Make a difference part of the draft; what was changed in words. Raises NotAdoptable."""
    change = CHANGES.get(difference.object)
    path = difference.target.split(".")[1:]
    if change is None or not path or path[0] not in draft.tables:
        raise NotAdoptable(reason(difference.object))
    return change(draft, difference, *path)


def constraint(draft: Draft, difference: Difference, table: str, name: str) -> str:
    """A key, a check or a rule that was added, changed or dropped."""
    found = next((c for c in draft.tables[table].constraints if c.name == name), None)
    if found is None:
        return dropped_constraint(draft, table, name)
    if not found.valid:
        raise NotAdoptable("not all rows fulfil it: it is not valid")
    rule = rule_of(draft, table, name)
    if rule is not None:
        rule["check"] = translated(found.condition or "", same(draft, table))
        return f"the rule {rule['name']} is {rule['check']}"
    if not difference.difference.startswith("nobody published"):
        raise NotAdoptable("it follows from the type and the parameters of its field")
    if found.kind == "u":
        return new_key(draft, table, found.columns)
    if found.kind != "c":
        raise NotAdoptable(reason("constraint of this kind"))
    rule = {
        "name": name.removeprefix(f"{table}_").removesuffix("_check").removesuffix("_rule"),
        "check": translated(found.condition or "", same(draft, table)),
    }
    if found.comment:
        rule["message"] = found.comment
    draft.entity(table).setdefault("rules", []).append(rule)
    return f"a new rule {rule['name']}: {rule['check']}"


def dropped_constraint(draft: Draft, table: str, name: str) -> str:
    entity, rule = draft.entity(table), rule_of(draft, table, name)
    if rule is not None:
        entity["rules"].remove(rule)
        return f"the rule {rule['name']} is removed"
    for field in entity.get("fields", []):
        if field.get("unique") and derived_name(f"{table}_{field['name']}_key") == name:
            field["unique"] = False
            return f"the field {field['name']} is no longer unique"
        for check in CHECKED:
            if check in field and derived_name(f"{table}_{field['name']}_{check}_check") == name:
                return f"the field {field['name']} has no {check} ({field.pop(check)}) any more"
    return without(entity, "keys", table, name, "key")


def new_key(draft: Draft, table: str, columns: list[str]) -> str:
    names = draft.field_names(table, columns)
    entity = draft.entity(table)
    if entity in draft.data.get("relations", []):
        raise NotAdoptable("the only key of a relation are its ends")
    entity.setdefault("keys", []).append({"fields": names})
    return f"a new key: {', '.join(names)}"


def index(draft: Draft, difference: Difference, table: str, name: str) -> str:
    """An index that was added or dropped."""
    found = next((i for i in draft.tables[table].indexes if i.name == name), None)
    entity = draft.entity(table)
    if found is None:
        for field in entity.get("fields", []):
            if field.get("indexed") and derived_name(f"{table}_{field['name']}_idx") == name:
                field["indexed"] = False
                return f"the field {field['name']} is no longer indexed"
        return without(entity, "indexes", table, name, "idx")
    if not found.plain:
        raise NotAdoptable("an index of a model is over fields and over all rows")
    if found.is_unique:
        return new_key(draft, table, found.columns)
    if entity in draft.data.get("relations", []):
        raise NotAdoptable("a relation has no index by name")
    names = draft.field_names(table, found.columns)
    entity.setdefault("indexes", []).append({"fields": names})
    return f"a new index: {', '.join(names)}"


def without(entity: dict[str, Any], part: str, table: str, name: str, ending: str) -> str:
    """Remove a key or index by the name that it was published under."""
    for element in entity.get(part, []):
        if derived_name(f"{table}_{'_'.join(element['fields'])}_{ending}") == name:
            entity[part].remove(element)
            return f"the {WORDS[part]} {', '.join(element['fields'])} is removed"
    raise NotAdoptable("a published table needs it")


def reference(draft: Draft, difference: Difference, table: str, name: str) -> str:
    """A lookup that was made of a plain id, or the other way round."""
    found = next((c for c in draft.tables[table].constraints if c.name == name), None)
    if found is None:
        raise NotAdoptable("a lookup always points to a record")
    own = [column for column in found.columns if column != "tenant_id"]
    target = draft.target(table, own[0]) if len(own) == 1 else None
    if target is None:
        raise NotAdoptable("a lookup refers by tenant and id to a table of its app")
    field = draft.field(table, own[0])
    if field["type"] == "uuid" and own[0].endswith("_id"):
        field |= {"name": own[0].removesuffix("_id"), **target}
    elif field["type"] != target["type"] or field.get("entity") != target.get("entity"):
        raise NotAdoptable("a lookup is a column of type uuid whose name ends with _id")
    elif "on_delete" in target or field.get("on_delete") == "cascade":
        field["on_delete"] = target.get("on_delete", "restrict")
    return f"the field {field['name']} is a {field['type']}"


def comment(draft: Draft, difference: Difference, table: str, name: str = "") -> str:
    """Labels and descriptions as somebody wrote them into the database."""
    if name and name not in draft.tables[table].columns:
        return message(draft, table, name)
    element = draft.field(table, name) if name else draft.entity(table)
    now = draft.column(table, name).comment if name else draft.tables[table].comment
    if not now:
        raise NotAdoptable("every element has a label")
    text, colon, description = now.removesuffix(tail(element, difference) if name else "").partition(": ")
    element["label" if name else "plural"] = text
    element.pop("description", None)
    if colon:
        element["description"] = description
    return f"{element['name']} is labelled {text}" + (f", described as {description}" if colon else "")


def tail(element: dict[str, Any], difference: Difference) -> str:
    """What publishing wrote behind label and description: choices, a pattern, …"""
    match = re.search(r" is '(.*)'$", difference.statement, re.DOTALL)
    published = match[1].replace("''", "'") if match else ""
    name = str(element["name"])
    label = element.get("label") or name[:1].upper() + name[1:].replace("_", " ")
    said = f"{label}: {element['description']}" if element.get("description") else label
    return published.removeprefix(said) if published.startswith(said) else ""


def message(draft: Draft, table: str, name: str) -> str:
    found = next((c for c in draft.tables[table].constraints if c.name == name), None)
    rule = rule_of(draft, table, name)
    if rule is None or found is None or not found.comment:
        raise NotAdoptable("its words follow from the field")
    rule["message"] = found.comment
    return f"the message of the rule {rule['name']} is {found.comment}"


def rule_of(draft: Draft, table: str, name: str) -> dict[str, Any] | None:
    """The rule of a constraint by the name that it was published under."""
    rules: list[dict[str, Any]] = draft.entity(table).get("rules", [])
    return next((rule for rule in rules if derived_name(f"{table}_{rule['name']}_rule") == name), None)


def same(draft: Draft, table: str) -> dict[str, str]:
    """An expression of a published table names fields by their columns."""
    return {name: name for name in draft.tables[table].columns}


CHANGES: dict[str, Callable[..., str]] = {
    "column": column,
    "default": default,
    "constraint": constraint,
    "index": index,
    "reference": reference,
    "comment": comment,
}
