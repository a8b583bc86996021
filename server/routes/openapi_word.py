"""Parts of the description that are the same for every app."""

from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]


def _parameter(name: str, place: str, description: str, kind: str = "string") -> Document:
    return {"name": name, "in": place, "description": description, "schema": {"type": kind}}


PARAMETERS: Document = {
    "select": _parameter("select", "query", "Columns and embedded records: `number,customer(name)`"),
    "search": _parameter("search", "query", "Words, the last one perhaps not typed to its end"),
    "order": _parameter("order", "query", "`ordered_on.desc.nullslast,number`"),
    "limit": _parameter("limit", "query", "At most so many records; never more than 1,000", "integer"),
    "offset": _parameter("offset", "query", "Leave out so many records first", "integer"),
    "and": _parameter("and", "query", "All of these: `(status.eq.open,freight.gt.10)`"),
    "or": _parameter("or", "query", "One of these: `(status.eq.open,not.and(rush.is.true,freight.lt.5))`"),
    "columns": _parameter("columns", "query", "The columns to write; others of the body are passed over"),
    "on_conflict": _parameter(
        "on_conflict", "query", "The key by which to upsert, with `Prefer: resolution=`"
    ),
    "prefer": _parameter("Prefer", "header", "`return=representation`, `count=exact`, `tx=rollback`, …"),
    "range": _parameter("Range", "header", "`0-24`: the first and the last record"),
    "if_match": _parameter("If-Match", "header", "The version that was read, as its `ETag`; else 412"),
}
SECURITY: Document = {"type": "http", "scheme": "bearer"}
ERRORS: dict[str, Document] = {
    "schema": {
        "type": "object",
        "required": ["code", "message", "details", "hint", "errors"],
        "properties": {
            "code": {"type": "string", "description": "A SQLSTATE, or PGRST… as in PostgREST"},
            "message": {"type": "string"},
            "details": {"type": "null"},
            "hint": {"type": "null"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "field": {"type": ["string", "null"]},
                        "rule": {"type": "string"},
                        "message": {"type": "string"},
                        "record": {"type": "integer"},
                    },
                },
            },
        },
    },
    "response": {
        "description": "Refused",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/error"}}},
    },
}
