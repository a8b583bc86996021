"""Read the model that the database publishes."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from server.model.app import App
from server.model.entity import Choice, Constraint, Entity, Field, FieldColumn, Key, Rule, Search
from server.model.grant import Grant, Role

Document = Mapping[str, Any]


def read_app(version: int, model: Document) -> App:
    """The app in a published model; a key that a newer database adds is passed over."""
    app = model["app"]
    return App(
        id=app["id"],
        name=app["name"],
        label=app["label"],
        description=app.get("description"),
        icon=app.get("icon"),
        language=app.get("language"),
        version=version,
        entities=tuple(_entity(each) for each in model["entities"]),
        roles=tuple(_role(each) for each in model.get("roles") or ()),
    )


def _entity(entity: Document) -> Entity:
    return Entity(
        id=entity["id"],
        name=entity["name"],
        label=entity["label"],
        plural=entity["plural"],
        description=entity.get("description"),
        icon=entity.get("icon"),
        title=entity.get("title"),
        title_sql=entity.get("title_sql") or "id::text",
        ownership=entity["ownership"],
        audit=entity["audit"],
        recycle=entity["recycle"],
        hierarchy=entity.get("hierarchy"),
        relation=entity["relation"],
        fields=tuple(_field(each) for each in entity["fields"]),
        keys=tuple(Key(tuple(each["fields"])) for each in entity.get("keys") or ()),
        rules=tuple(_rule(each) for each in entity.get("rules") or ()),
        constraints=tuple(_constraint(each) for each in entity.get("constraints") or ()),
        search=_search(entity.get("search")),
    )


FIELD_NAMES = frozenset(each.name for each in fields(Field))


def _field(field: Document) -> Field:
    known = {name: value for name, value in field.items() if name in FIELD_NAMES}
    known["choices"] = tuple(
        Choice(each["value"], each["label"], each.get("tone") or "gray", each.get("when"))
        for each in field.get("choices") or ()
    )
    known["column"] = field["column"] or field["name"]
    known["columns"] = tuple(
        FieldColumn(each["name"], each["sql_type"], each.get("part"), each.get("entity"))
        for each in field.get("columns") or ()
    )
    known["initial"] = tuple(field["initial"]) if field.get("initial") else None
    known["accept"] = tuple(field.get("accept") or ())
    known["entities"] = tuple(field.get("entities") or ())
    return Field(**known)


def _search(search: Document | None) -> Search | None:
    return Search(search["function"], tuple(search["fields"])) if search else None


def _rule(rule: Document) -> Rule:
    return Rule(
        id=rule["id"],
        name=rule["name"],
        label=rule["label"],
        message=rule["message"],
        check=rule.get("check"),
        check_sql=rule.get("check_sql"),
    )


def _constraint(constraint: Document) -> Constraint:
    return Constraint(
        name=constraint["name"],
        kind=constraint["kind"],
        fields=tuple(constraint.get("fields") or ()),
        rule=constraint.get("rule"),
        message=constraint["message"],
        column=constraint.get("column"),
        expression=constraint.get("expression"),
    )


def _role(role: Document) -> Role:
    return Role(
        id=role["id"],
        name=role["name"],
        label=role["label"],
        description=role.get("description"),
        grants=tuple(_grant(each) for each in role.get("grants") or ()),
    )


def _grant(grant: Document) -> Grant:
    return Grant(
        entity=grant["entity"],
        read=grant.get("read") or "none",
        create=bool(grant.get("create")),
        update=grant.get("update") or "none",
        delete=grant.get("delete") or "none",
        fields=grant.get("fields") or {},
    )
