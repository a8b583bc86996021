"""The JSON Schema of a field: the keys that every field may have and the parameters of each type."""

from typing import Any

Schema = dict[str, Any]

TONES = ["gray", "red", "orange", "amber", "lime", "green", "teal", "sky", "blue", "violet", "pink", "brown"]

DATED = "[^{}]*(\\{(yyyy|yy|mm|dd)\\}[^{}]*)*"

ID: Schema = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    "description": "stays the same for ever, so that a new name is a rename",
}
NAME: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,47}$"}
# Control characters have no place in a label and NUL none in PostgreSQL.
TEXT: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 10_000,
    "pattern": "^[^\\u0000-\\u0008\\u000b-\\u001f\\ud800-\\udfff]*$",
}
EXPRESSION: Schema = {"type": ["string", "number", "boolean"], "description": "see expressions.md"}
FLAG: Schema = {"type": "boolean", "default": False}
VALUE: Schema = {
    "type": ["string", "number", "boolean"],
    "minLength": 1,
    "maxLength": 100,
    "pattern": TEXT["pattern"],
}
NUMBER: Schema = {"type": "number"}
MOMENT: Schema = {"type": "string", "minLength": 1}

CHOICE: Schema = {
    "type": ["string", "number", "boolean", "object"],
    "minLength": 1,
    "maxLength": 100,
    "pattern": TEXT["pattern"],
    "required": ["value"],
    "properties": {
        "value": VALUE,
        "label": TEXT,
        "tone": {"enum": TONES},
        "when": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": NAME,
            "additionalProperties": {"type": "array", "items": VALUE, "minItems": 1},
            "description": "dependent choice: {other field: [values]} under which this value may be chosen",
        },
    },
    "additionalProperties": False,
}
CHOICES: Schema = {"type": "array", "items": CHOICE, "minItems": 1}

COMMON: dict[str, Schema] = {
    "id": ID,
    "name": NAME,
    "type": {"type": "string"},
    "label": TEXT,
    "description": {**TEXT, "description": "the comment of the column"},
    "help": {**TEXT, "description": "shown at the input"},
    "required": FLAG,
    "unique": FLAG,
    "default": EXPRESSION,
    "readonly": FLAG,
    "searchable": FLAG,
    "indexed": FLAG,
    "sensitive": FLAG,
    "formula": EXPRESSION,
    "required_when": {**EXPRESSION, "description": "the condition under which a value is required"},
}
WHOLE_RANGE: dict[str, Schema] = {"min": {"type": "integer"}, "max": {"type": "integer"}}
RANGE: dict[str, Schema] = {"min": NUMBER, "max": NUMBER}
MOMENT_RANGE: dict[str, Schema] = {"min": MOMENT, "max": MOMENT}
CHOSEN: dict[str, Schema] = {
    "choices": {
        "type": ["string", "array"],
        "pattern": NAME["pattern"],
        "items": CHOICE,
        "minItems": 1,
        "description": "the name of a list, or a list in place",
    }
}

STORED: dict[str, Schema] = {
    "max_size": {
        "type": ["integer", "string"],
        "minimum": 1,
        "maximum": 2_147_483_647,
        "pattern": "^[1-9][0-9]{0,9} ?(kB|MB|GB)$",
        "default": "100MB",
        "description": "bytes, or a size such as 500kB, 5MB or 1GB",
    },
    "accept": {
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {"type": "string", "pattern": "^[a-z]+/([a-z0-9.+-]{1,127}|\\*)$"},
        "description": "media types such as application/pdf or image/*",
    },
}

# Type → its parameters.
PARAMETERS: dict[str, dict[str, Schema]] = {
    "text": {
        "length": {"type": "integer", "minimum": 1, "maximum": 10_485_760, "description": "characters"},
        # PostgreSQL's engine is linear unless a back reference makes it search.
        "pattern": {"type": "string", "minLength": 1, "maxLength": 500, "not": {"pattern": "\\\\[1-9]"}},
        "format": {"enum": ["email", "url", "phone"]},
        "multiline": FLAG,
    },
    "integer": WHOLE_RANGE,
    "bigint": WHOLE_RANGE,
    "decimal": {
        "precision": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 18},
        "scale": {"type": "integer", "minimum": 0, "maximum": 1000, "default": 2},
        **RANGE,
    },
    "money": {
        "currency": {
            "type": "string",
            "pattern": "^([A-Z]{3}|[a-z][a-z0-9_]{0,47})$",
            "description": "an ISO 4217 code, or the field that holds it",
        },
        **RANGE,
    },
    "float": RANGE,
    "percent": RANGE,
    "boolean": {},
    "date": MOMENT_RANGE,
    "time": MOMENT_RANGE,
    "timestamp": MOMENT_RANGE,
    "duration": MOMENT_RANGE,
    "choice": {
        **CHOSEN,
        "transitions": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "array", "items": VALUE, "uniqueItems": True},
            "description": "the values that may follow each value; one that is left out is never left",
        },
        "initial": {
            "type": "array",
            "items": VALUE,
            "minItems": 1,
            "uniqueItems": True,
            "description": "the values that a new record may have",
        },
    },
    "multichoice": CHOSEN,
    "lookup": {
        "entity": NAME,
        "entities": {
            "type": "array",
            "items": NAME,
            "minItems": 2,
            "uniqueItems": True,
            "description": "instead of entity: to a record of one of these",
        },
        "on_delete": {"enum": ["restrict", "cascade", "clear"], "default": "restrict"},
    },
    "user": {},
    "autonumber": {
        "format": {
            "type": "string",
            "maxLength": 80,
            "pattern": f"^{DATED}\\{{0{{1,18}}\\}}{DATED}$",
            "description": "text, {yyyy} {yy} {mm} {dd}, and the counter as {00000}",
        }
    },
    "json": {"schema": {"type": ["object", "boolean"], "description": "a JSON Schema of the value"}},
    "uuid": {},
    "richtext": {},
    "geopoint": {},
    "file": STORED,
    "image": STORED,
    "rollup": {
        "of": {
            "type": "string",
            "pattern": "^[a-z][a-z0-9_]{0,47}\\.[a-z][a-z0-9_]{0,47}$",
            "description": "child.lookup: the entity whose records are gathered, and its lookup to this one",
        },
        "function": {"enum": ["count", "sum", "min", "max", "avg"]},
        "field": {**NAME, "description": "the field of the children; a count has none"},
        "where": {**EXPRESSION, "description": "which children count: a condition over their fields"},
    },
}
REQUIRED: dict[str, Schema] = {
    "choice": {"required": ["choices"]},
    "multichoice": {"required": ["choices"]},
    "lookup": {"oneOf": [{"required": ["entity"]}, {"required": ["entities"]}]},
    "rollup": {"required": ["of", "function"]},
}


def parameters(kind: str) -> Schema:
    """What a field of one type must look like; its type's parameters and no others."""
    wanted: Schema = {
        "properties": PARAMETERS[kind],
        "propertyNames": {"enum": [*COMMON, *PARAMETERS[kind]]},
    }
    return {"if": {"properties": {"type": {"const": kind}}}, "then": wanted | REQUIRED.get(kind, {})}


FIELD: Schema = {
    "type": "object",
    "required": ["name", "type"],
    "properties": {**COMMON, "type": {"enum": list(PARAMETERS)}},
    "allOf": [parameters(kind) for kind in PARAMETERS],
}
