"""What can be done with the addresses of an entity."""

from typing import Any, TypeAlias

from server.model import Entity, Field, Rights
from server.query.search import DOCUMENT
from server.query.warning import WARNINGS

Document: TypeAlias = dict[str, Any]
REFUSED = {"$ref": "#/components/responses/refused"}
FILTER = "A filter: `operator.value`, for example `eq.x`, `in.(x,y)`, `not.is.null`"
ID: Document = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
RECORD_OR_NEW: Document = {
    **ID,
    "schema": {"type": "string"},
    "description": "The record, or `new` for one that is to be created with the id of the file",
}
FILE_NAME: Document = {
    "name": "name",
    "in": "query",
    "schema": {"type": "string"},
    "description": "What the file is called",
}
READING = ("select", "order", "limit", "offset", "and", "or", "range", "prefer")


def collection(entity: Entity, rights: Rights) -> Document:
    """The operations on `/{entity}`."""
    filters = [
        {"name": name, "in": "query", "description": FILTER, "schema": {"type": "string"}}
        for name in entity.columns
        if name in rights.readable
    ]
    chosen = [*filters, *_parameters("and", "or", "limit", "prefer")]
    made: Document = {}
    if rights.readable:
        listed = {"type": "array", "items": _schema(entity.name)}
        searches = entity.search is not None and DOCUMENT in rights.readable
        asked = [*filters, *_parameters(*(["search"] if searches else []), *READING)]
        made["get"] = _operation(entity, "list", f"{entity.plural}: a list", asked, _answer(200, listed))
    if rights.insertable:
        made["post"] = _operation(
            entity,
            "create",
            f"{entity.label}: create one or several",
            _parameters("columns", "on_conflict", "prefer"),
            {"201": {"description": "Created; `Location` and `ETag` of a single one", **_warned(entity)}},
            _body(entity, "new", several=True),
        )
    if rights.updatable and rights.readable:
        made["patch"] = _change(entity, "change_all", f"{entity.plural}: change what filters choose", chosen)
    if rights.deletes and rights.readable:
        made["delete"] = _removal(
            entity, "delete_all", f"{entity.plural}: delete what filters choose", chosen
        )
    return made


def record(entity: Entity, rights: Rights) -> Document:
    """The operations on `/{entity}/{id}`."""
    made: Document = {}
    if rights.readable:
        asked = [ID, *_parameters("select", "prefer")]
        answer = _answer(200, _schema(entity.name))
        made["get"] = _operation(entity, "read", f"{entity.label}: read one", asked, answer)
    target = [ID, *_parameters("if_match", "prefer")]
    if rights.updatable:
        made["patch"] = _change(entity, "change", f"{entity.label}: change one", target)
    if rights.deletes:
        made["delete"] = _removal(entity, "delete", f"{entity.label}: delete one", target)
    return made


def content(entity: Entity, field: Field, rights: Rights) -> Document:
    """The operations on `/{entity}/{id}/{field}`, where a file is sent and fetched."""
    made: Document = {}
    label = f"{entity.label}: {field.label}"
    binary = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    if field.column in rights.readable:
        answer: Document = {"200": {"description": "The content, or a range of it", **binary}}
        made["get"] = _operation(entity, f"read_{field.name}", f"{label}, the content", [ID], answer)
    if field.column in rights.updatable | rights.insertable:
        sent = [RECORD_OR_NEW, FILE_NAME, *_parameters("if_match")]
        answer = {"200": {"description": "Stored: its id, name, type, size and sha256"}}
        made["put"] = _operation(entity, f"send_{field.name}", f"{label}, send it", sent, answer, binary)
    if field.column in rights.updatable:
        target = [ID, *_parameters("if_match")]
        made["delete"] = _removal(entity, f"remove_{field.name}", f"{label}, take it away", target)
    return made


def _change(entity: Entity, verb: str, summary: str, parameters: list[Document]) -> Document:
    answer = {"204": {"description": "Changed", **_warned(entity)}}
    return _operation(entity, verb, summary, parameters, answer, _body(entity, "change"))


def _warned(entity: Entity) -> Document:
    """The header of the warnings, where the entity has some."""
    if not any(constraint.kind == "warning" for constraint in entity.constraints):
        return {}
    described = "The warnings that the written records break, as JSON: field, rule, message, records"
    return {"headers": {WARNINGS: {"description": described, "schema": {"type": "string"}}}}


def _removal(entity: Entity, verb: str, summary: str, parameters: list[Document]) -> Document:
    return _operation(entity, verb, summary, parameters, {"204": {"description": "Deleted"}})


def _operation(
    entity: Entity,
    verb: str,
    summary: str,
    parameters: list[Document],
    answers: Document,
    body: Document | None = None,
) -> Document:
    made: Document = {
        "operationId": f"{entity.name}.{verb}",
        "summary": summary,
        "tags": [entity.name],
        "parameters": parameters,
        "responses": {**answers, "default": REFUSED},
    }
    return {**made, "requestBody": body} if body else made


def _answer(status: int, schema: Document) -> Document:
    return {str(status): {"description": "Found", "content": {"application/json": {"schema": schema}}}}


def _body(entity: Entity, kind: str, *, several: bool = False) -> Document:
    schema = _schema(f"{entity.name}.{kind}")
    if several:
        schema = {"oneOf": [schema, {"type": "array", "items": schema}]}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _schema(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameters(*names: str) -> list[Document]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]
