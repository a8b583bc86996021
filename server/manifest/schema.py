"""The JSON Schema of the manifest (draft 2020-12): what stands in it, before any meaning is judged.

`python -m server.manifest` prints it; docs/reference/manifest.schema.json is that output.
"""

from typing import Any

from server.manifest.field_schema import CHOICES, FIELD, ID, NAME, TEXT

Schema = dict[str, Any]

LATER_SECTIONS = ("views", "forms", "navigation", "workflows")
SCOPE: Schema = {"enum": ["none", "own", "tenant"]}
FLAG: Schema = {"type": "boolean"}
EXPRESSION: Schema = {"type": ["string", "number", "boolean"]}


def record(required: str, **properties: Schema) -> Schema:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def many(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, **({"minItems": least} if least else {})}


FIELD_LIST: Schema = {"type": "array", "items": NAME, "minItems": 1, "uniqueItems": True}
KEY = record("fields", id=ID, fields=FIELD_LIST)
OVERLAP = record(
    "from to",
    key={"type": "array", "items": NAME, "uniqueItems": True, "description": "of what: none is of anything"},
    **{"from": NAME, "to": NAME},
    bounds={"enum": ["[)", "[]"], "default": "[)", "description": "whether the end belongs to the period"},
)
RULE = {
    **record(
        "name",
        id=ID,
        name=NAME,
        label=TEXT,
        check=EXPRESSION,
        no_overlap=OVERLAP,
        severity={"enum": ["error", "warning"], "default": "error"},
        message=TEXT,
    ),
    "oneOf": [{"required": ["check"]}, {"required": ["no_overlap"]}],
}

APP = record(
    "name",
    id=ID,
    name=NAME,
    label=TEXT,
    description=TEXT,
    icon={"type": "string", "pattern": "^[a-z0-9-]{1,60}$"},
    language={"type": "string", "pattern": "^[a-z_]{1,40}$", "default": "english"},
)

ENTITY = record(
    "name fields",
    id=ID,
    name=NAME,
    label=TEXT,
    plural=TEXT,
    description=TEXT,
    icon=APP["properties"]["icon"],
    title={**EXPRESSION, "description": "the field or text expression that names a record to people"},
    hierarchy={**NAME, "description": "a lookup to the entity itself: no record may be below itself"},
    ownership={"enum": ["tenant", "owned"], "default": "tenant"},
    audit={**FLAG, "default": True},
    recycle={**FLAG, "default": False},
    fields={**many({"$ref": "#/$defs/field"}, 1), "maxItems": 1000},
    keys=many({"$ref": "#/$defs/key"}),
    rules=many({"$ref": "#/$defs/rule"}),
    indexes=many({"$ref": "#/$defs/key"}),
)

RELATION = record(
    "name kind from to",
    **{"id": ID, "name": NAME, "kind": {"const": "many_to_many"}, "from": NAME, "to": NAME},
    label=TEXT,
    plural=TEXT,
    description=TEXT,
    icon=APP["properties"]["icon"],
    audit={**FLAG, "default": True},
    fields=many({"$ref": "#/$defs/field"}),
    rules=many({"$ref": "#/$defs/rule"}),
)

GRANT = record(
    "entity",
    entity=NAME,
    read=SCOPE,
    create=FLAG,
    update=SCOPE,
    delete=SCOPE,
    fields={
        "type": "object",
        "propertyNames": NAME,
        "additionalProperties": {"enum": ["none", "read", "write"]},
    },
)
ROLE = record("name", id=ID, name=NAME, label=TEXT, description=TEXT, grants=many(GRANT))

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Qryvanta manifest",
    "description": "One app: its choices, entities, relations and roles. See manifest.md.",
    **record(
        "qryvanta app entities",
        qryvanta={"const": 1},
        app=APP,
        choices={
            "type": "object",
            "propertyNames": NAME,
            "additionalProperties": {"$ref": "#/$defs/choices"},
        },
        entities={**many(ENTITY, 1), "maxItems": 5000},
        relations=many(RELATION),
        roles=many(ROLE),
        **{name: {"type": ["array", "object"], "maxItems": 0, "maxProperties": 0} for name in LATER_SECTIONS},
    ),
    "$defs": {"field": FIELD, "choices": CHOICES, "key": KEY, "rule": RULE},
}
