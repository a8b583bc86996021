"""Bytes to values with line numbers: YAML or JSON, nothing executed, nothing guessed."""

import json
from decimal import Decimal
from typing import Any

import yaml

from server.manifest.document import ManifestError, Path, Problem
from server.manifest.scalars import decimal, scalar

LARGEST = 20_000_000  # bytes
DEEPEST = 60
# The fast parser where libyaml was compiled in: both give the same nodes.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KNOWN_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
}


class Unreadable(Exception):
    """A document that is no manifest at all; ends up in a ManifestError."""

    def __init__(self, message: str, line: int | None = None, path: Path = ()) -> None:
        self.problem = Problem("/".join(map(str, path)), message, line)
        super().__init__(message)


def read(content: bytes, name: str) -> tuple[Any, dict[Path, int]]:
    """The values of a document and the line of each path; raises ManifestError."""
    try:
        text = decoded(content)
        if text.lstrip()[:1] == "{":
            try:
                return read_json(text), lines_of(text)
            except json.JSONDecodeError as error:
                # YAML in braces begins like JSON.
                if name.endswith(".json"):
                    raise Unreadable(error.msg, error.lineno) from None
        return read_yaml(text)
    except Unreadable as error:
        raise ManifestError([error.problem], name) from None


def decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise Unreadable(f"larger than {LARGEST // 1_000_000} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable("is not UTF-8", line) from None


def read_json(text: str) -> Any:
    try:
        return json.loads(
            text, parse_float=decimal, parse_constant=refuse_constant, object_pairs_hook=unique_keys
        )
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise Unreadable(str(error)) from None
    except RecursionError:
        raise Unreadable("too deeply nested") from None


def refuse_constant(name: str) -> Decimal:
    raise Unreadable(f"{name} is no number")


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Unreadable(f'"{key}" stands here twice')
        found[key] = value
    return found


def lines_of(text: str) -> dict[Path, int]:
    """JSON is nearly YAML: where it is not, its mistakes are told without lines."""
    try:
        return read_yaml(text)[1]
    except Unreadable:
        return {}


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    try:
        refuse_depth(text)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(error.problem or "is not YAML", mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise Unreadable(str(error).splitlines()[0]) from None
    if node is None:
        raise Unreadable("is empty")
    tree = Tree()
    return tree.value(node, ()), tree.lines


def refuse_depth(text: str) -> None:
    """Building nodes recurses in C, where too deep a document would end the process: events do not."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            mark = event.start_mark
            raise Unreadable("too deeply nested", mark.line + 1 if mark else None)


class Tree:
    """Turns nodes into values and notes their lines."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.seen: set[int] = set()

    def value(self, node: Any, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self.seen:
            raise Unreadable("anchors and aliases (& and *) are not supported", line, path)
        if node.tag not in KNOWN_TAGS:
            raise Unreadable(f"the tag {node.tag} is not supported", line, path)
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return node.value if node.style else scalar(node.value)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise Unreadable("a key must be a word", line, path)
            # A key is always the word as typed: `on`, `null` and `1` too.
            key = key_node.value
            if key in found:
                raise Unreadable(f'"{key}" stands here twice', line, path)
            self.lines[(*path, key)] = line
            found[key] = self.value(value_node, (*path, key))
        return found
