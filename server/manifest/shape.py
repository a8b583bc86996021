"""Mistakes of shape, as sentences: what the JSON Schema finds, in the words of the person who wrote it."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from server.manifest.document import Manifest, Path, Problem
from server.manifest.scalars import as_text
from server.manifest.schema import LATER_SECTIONS, SCHEMA


def parameters_of_type(validator: Any, given: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """`if` of this schema always asks for one type of field: a comparison instead of a validation each."""
    if isinstance(instance, dict) and instance.get("type") == given["properties"]["type"]["const"]:
        yield from validator.descend(instance, schema["then"], schema_path="then")


# The stubs know no types of it.
extended: Any = validators.extend
VALIDATOR = extended(Draft202012Validator, {"if": parameters_of_type})(SCHEMA)
TYPE_NAME = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
PATTERNS = {
    "name": "must be 1 to 48 lower-case letters, digits and _, beginning with a letter",
    "id": "must be a uuid in lower case",
    "max_size": "must be a number of bytes, or a size such as 500kB, 5MB or 1GB",
    "accept": "must be a media type such as application/pdf or image/*",
    "of": "must be the entity of the children and its lookup to this one, such as order_line.sales_order",
    "format": "must be text with {yyyy} {yy} {mm} {dd} and one counter such as {00000}",
    "currency": "must be an ISO code such as EUR, or the name of a field",
    "icon": "must be the name of an icon: lower-case letters, digits and -",
    "language": "must be the name of a text search configuration such as english",
}
LIMITS = {
    "not": "back references (\\1) are not allowed in a pattern",
    "minLength": "must not be empty",
    "minItems": "must not be empty",
    "minProperties": "must not be empty",
    "maxLength": "must have at most {} characters",
    "maxItems": "must have at most {} elements",
    "uniqueItems": "must not name anything twice",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
}
EITHER = {
    "entity": "a lookup needs either entity or entities, the several among which it chooses",
    "check": "a rule has either a check or no_overlap",
}
NAMES = ("name", "entity", "from", "to", "choices", "field")


def shape_problems(manifest: Manifest) -> Iterator[Problem]:
    """Every mistake of shape, in the order of the document."""
    found = list(VALIDATOR.iter_errors(manifest.data))
    for error in sorted(found, key=lambda error: manifest.line(tuple(error.absolute_path)) or 0):
        yield from sentences(manifest, error)


def sentences(manifest: Manifest, error: ValidationError) -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        yield from unknown_keys(manifest, path, error)
    elif "propertyNames" in error.relative_schema_path:
        yield key_problem(manifest, path, error)
    elif error.validator == "required":
        yield from missing_keys(manifest, path, error)
    else:
        yield manifest.problem(path, sentence(path, error))


def unknown_keys(manifest: Manifest, path: Path, error: ValidationError) -> Iterator[Problem]:
    schema: Any = error.schema
    instance: Any = error.instance
    known = list(schema["properties"])
    for key in instance:
        if key not in known:
            yield manifest.problem((*path, key), f'unknown key "{key}"{close(key, known)}')


def key_problem(manifest: Manifest, path: Path, error: ValidationError) -> Problem:
    """A key that is not allowed: a parameter of another type, or no name at all."""
    key = str(error.instance)
    place = (*path, key)
    if error.validator != "enum":
        return manifest.problem(place, f'"{key}" {PATTERNS["name"]}')
    kind = field_type(manifest, path)
    advice = close(key, limit(error))
    return manifest.problem(place, f'"{key}" is no parameter of type {kind}{advice}')


def field_type(manifest: Manifest, path: Path) -> str:
    value: Any = manifest.data
    for step in path:
        value = value[step]
    return str(value.get("type"))


def missing_keys(manifest: Manifest, path: Path, error: ValidationError) -> Iterator[Problem]:
    # jsonschema reports each missing key on its own, with the key only in the message.
    key = next(key for key in limit(error) if error.message.startswith(f"{key!r} "))
    yield manifest.problem(path, f'"{key}" is missing')


def limit(error: ValidationError) -> Any:
    """What the schema asked for."""
    return error.validator_value


def sentence(path: Path, error: ValidationError) -> str:
    key = str(path[-1]) if path else ""
    value, wanted = error.instance, limit(error)
    if key in LATER_SECTIONS and error.validator in ("maxItems", "maxProperties"):
        return f"{key} are not supported in this version"
    if key == "type" and error.validator == "enum":
        return type_sentence(value, wanted)
    match error.validator:
        case "type":
            return type_mistake(value, wanted)
        case "enum":
            return f"must be one of {', '.join(map(str, wanted))}, not {shown(value)}{close(value, wanted)}"
        case "const":
            return f"must be {wanted}, not {shown(value)}"
        case "pattern":
            return pattern_sentence(key, path, value)
        case "minItems" if wanted > 1:
            return f"must have at least {wanted} elements"
        case "oneOf":
            return EITHER[wanted[0]["required"][0]]
        case _:
            limited = LIMITS.get(str(error.validator))
            return limited.format(wanted) if limited else error.message


def type_sentence(value: Any, known: list[str]) -> str:
    return f"{shown(value)} is no type{close(value, known)}"


def type_mistake(value: Any, wanted: str | list[str]) -> str:
    wanted = [wanted] if isinstance(wanted, str) else wanted
    hint = ""
    if wanted == ["boolean"] and value in ("yes", "no", "on", "off"):
        hint = "; yes, no, on and off are text"
    names = dict.fromkeys(TYPE_NAME[name] for name in wanted)
    return f"must be {' or '.join(names)}, not {shown(value)}{hint}"


def pattern_sentence(key: str, path: Path, value: Any) -> str:
    if len(path) > 1 and path[-2] == "accept":
        key = "accept"
    if key in PATTERNS:
        return f"{PATTERNS[key]}, not {shown(value)}"
    if key in NAMES or (len(path) > 1 and path[-2] == "fields"):
        return f"{PATTERNS['name']}, not {shown(value)}"
    return "must not have control characters"


def shown(value: Any) -> str:
    """A value as the person wrote it."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    return f'"{value[:80]}"' if isinstance(value, str) else as_text(value)


def close(word: Any, known: list[Any]) -> str:
    found = get_close_matches(str(word), [str(item) for item in known], n=1)
    return f'; did you mean "{found[0]}"?' if found else ""
