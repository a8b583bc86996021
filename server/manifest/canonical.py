"""The manifest as the database keeps it → the same without what follows from the rest, in one order."""

import json
from decimal import Decimal
from typing import Any

from server.manifest.normal import normal
from server.manifest.reader import read_json
from server.manifest.yaml_text import document

Path = tuple[str, ...]

SECTIONS = ("qryvanta", "app", "choices", "entities", "relations", "roles")
ORDER = (
    "name value kind from to type entity entities of function field where label plural "
    "tone when on_delete choices initial transitions formula length pattern format multiline precision "
    "scale currency max_size "
    "accept min max schema required required_when unique default readonly searchable indexed sensitive "
    "check no_overlap key bounds severity message read create "
    "update delete description help icon language title hierarchy ownership audit recycle id fields keys "
    "rules indexes grants"
)
PLACE = {key: place for place, key in enumerate(ORDER.split())}
SECTION_PLACE = {key: place for place, key in enumerate(SECTIONS)}
DEFAULTS: dict[str, Any] = {
    "ownership": "tenant",
    "audit": True,
    "recycle": False,
    "required": False,
    "unique": False,
    "readonly": False,
    "searchable": False,
    "indexed": False,
    "sensitive": False,
    "multiline": False,
    "on_delete": "restrict",
    "language": "english",
    "severity": "error",
    "bounds": "[)",
    "precision": 18,
    "scale": 2,
}
SQL_KEYS = ("default_sql", "formula_sql", "required_when_sql", "where_sql", "check_sql", "title_sql")
ITEM = "[]"  # stands in a path for any element of a list


def canonical(manifest: dict[str, Any]) -> str:
    """The exported form as YAML; loading it gives the same manifest. Takes what the database keeps."""
    return document(essence(normal(manifest), ()))


def to_json(value: Any) -> str:
    """A manifest as JSON with all digits of its numbers, which json.dumps would lose."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {to_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(to_json, value)) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def from_json(text: str) -> dict[str, Any]:
    """A manifest as the database gives it, in the form that `load` gives."""
    found = normal(read_json(text))
    if not isinstance(found, dict):
        raise ValueError("a manifest is a JSON object")
    return found


def essence(value: Any, path: Path) -> Any:
    """Without defaults, empty lists and the SQL of expressions; keys in the order of the contract."""
    if "schema" in path:
        return sorted_deeply(value)
    if isinstance(value, list):
        return [essence(item, (*path, ITEM)) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: essence(item, (*path, key)) for key, item in value.items()}
    if has_free_keys(path):
        return dict(sorted(kept.items()))
    place = PLACE if path else SECTION_PLACE
    keys = sorted(kept, key=lambda key: (place.get(key, len(place)), key))
    return {key: kept[key] for key in keys if not is_implied(key, kept[key])}


def has_free_keys(path: Path) -> bool:
    """Whether the keys here are names that people gave: of choice lists, of other fields."""
    return path == ("choices",) or path[-1:] in (("when",), ("transitions",)) or path[-2:] == (ITEM, "fields")


def is_implied(key: str, value: Any) -> bool:
    if key in SQL_KEYS or (value in ([], {}) and key != "schema"):
        return True
    # True is 1 to Python, and precision 1 is no default of anything.
    return key in DEFAULTS and type(value) is type(DEFAULTS[key]) and bool(value == DEFAULTS[key])


def sorted_deeply(value: Any) -> Any:
    """A JSON Schema keeps everything; the database forgets the order of its keys."""
    if isinstance(value, dict):
        return {key: sorted_deeply(value[key]) for key in sorted(value)}
    return [sorted_deeply(item) for item in value] if isinstance(value, list) else value
