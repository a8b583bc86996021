"""Values as YAML that reads well and means the same to YAML 1.1 and 1.2 readers."""

from collections.abc import Iterator
from decimal import Decimal
from textwrap import indent
from typing import Any

import yaml

from server.manifest.normal import EXPRESSIONS
from server.manifest.scalars import as_text, scalar

LINE = 112  # what fits stands on one line: a field, a key, a rule
SECTIONS = ("entities", "relations", "roles")
TAG = "tag:yaml.org,2002:"


class Dumper(yaml.SafeDumper):
    """Quotes every word that any reader could take for a number, a date or a truth value."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        tag = super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]  # the stubs lack it
        is_text = tag == TAG + "str" and kind is yaml.ScalarNode
        if is_text and implicit[0] and not isinstance(scalar(value), str):
            return TAG + "other"
        return tag

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def document(data: dict[str, Any]) -> str:
    """One YAML document; an empty line between its sections and between its entities."""
    return "\n".join(section(key, value) for key, value in data.items())


def section(key: str, value: Any) -> str:
    if key not in SECTIONS or not isinstance(value, list):
        return text({key: value})
    gap = "\n" if key == "entities" else ""
    return f"{key}:\n" + gap.join(indent(text([item]), "  ") for item in value)


def text(value: Any) -> str:
    return str(yaml.serialize(node(value, ()), Dumper=Dumper, allow_unicode=True, width=100_000))


def node(value: Any, path: tuple[str, ...]) -> yaml.Node:
    """The YAML node of a value; `path` are the keys above it."""
    if isinstance(value, dict):
        pairs = [(words(key), node(item, (*path, key))) for key, item in value.items()]
        return yaml.MappingNode(TAG + "map", pairs, flow_style=is_flow(value, path))
    if isinstance(value, list):
        # One step deeper, lest an element be taken for the expression that its list is called.
        items = [node(item, (*path, "")) for item in value]
        has_records = any(isinstance(item, dict) for item in value)
        return yaml.SequenceNode(TAG + "seq", items, flow_style=not has_records)
    if isinstance(value, str):
        is_expression = path[-1:] and path[-1] in EXPRESSIONS and "schema" not in path
        return expression(value) if is_expression else words(value)
    kinds = {bool: "bool", int: "int", Decimal: "float"}
    return yaml.ScalarNode(TAG + kinds.get(type(value), "null"), "null" if value is None else as_text(value))


def is_flow(value: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Whether a mapping goes on one line: short, and neither a section nor an entity or a role."""
    if not value:
        return True
    if len(path) < 2 and not {"kind", "from"} <= value.keys():
        return False
    return sum(widths(value)) <= LINE


def widths(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield len(key) + 4
            yield from widths(item)
    elif isinstance(value, list):
        for item in value:
            yield 2
            yield from widths(item)
    elif isinstance(value, str):
        yield LINE if "\n" in value else len(value)
    else:
        yield len(as_text(value))


def words(value: str) -> yaml.Node:
    # '' in single quotes is hard to read, and a default such as 'open' begins with one.
    style = "|" if "\n" in value else '"' if value.startswith("'") else None
    return yaml.ScalarNode(TAG + "str", value, style=style)


def expression(value: str) -> yaml.Node:
    """An expression such as 0 or true needs no quotes: it is read as the same text."""
    found = scalar(value)
    if isinstance(found, bool | int | Decimal) and as_text(found) == value:
        kind = "bool" if isinstance(found, bool) else "int" if isinstance(found, int) else "float"
        return yaml.ScalarNode(TAG + kind, value)
    return words(value)
