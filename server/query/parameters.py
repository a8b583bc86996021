"""Read a query string."""

from collections.abc import Iterable
from urllib.parse import parse_qsl

from server.database.errors import Refusal
from server.query.filter import read_filter, read_group
from server.query.order import read_order
from server.query.reader import Reader, malformed
from server.query.search import DOCUMENT, SEARCH
from server.query.select import read_operand, read_select
from server.query.shape import Comparison, Level, Operand, Star

MOST_PARAMETERS = 500
# What says how to write, not what to read.
OF_WRITING = frozenset({"columns", "on_conflict"})


def split(query_string: bytes) -> list[tuple[str, str]]:
    """The parameters in their order; bytes that are no UTF-8 raise a 400."""
    try:
        return parse_qsl(
            query_string.decode("ascii", "strict"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError as error:
        raise malformed("the query string is not valid") from error


def read_parameters(parameters: Iterable[tuple[str, str]]) -> Level:
    """What is asked, as a tree of levels; raises a 400 when it cannot be read."""
    level = Level()
    pairs = [(name, value) for name, value in parameters if name not in OF_WRITING]
    # `select` first: the other parameters speak of the embeds that it names.
    for name, value in pairs:
        if name == "select" and value:
            level.selected = read_select(value)
    level.selected = level.selected or [Star()]
    for name, value in pairs:
        if name != "select":
            _read(level, name, value)
    return level


def _read(level: Level, name: str, value: str) -> None:
    path = _path(name)
    word = path.pop()
    if word in ("and", "or"):
        negated = bool(path) and path[-1] == "not"
        level = _walk(level, path[:-1] if negated else path)
        level.conditions.append(read_group(word, value, negated=negated))
        return
    level = _walk(level, path)
    if word == "order":
        level.order = read_order(value) if value else []
    elif word == SEARCH:
        if value.strip():
            level.conditions.append(Comparison(Operand(DOCUMENT), SEARCH, value))
    elif word == "limit":
        level.limit = _number(word, value)
    elif word == "offset":
        level.offset = _number(word, value) or 0
    else:
        reader = Reader(word, f'the parameter "{word}"')
        operand = read_operand(reader)
        reader.end()
        level.conditions.append(read_filter(operand, value))


def _path(name: str) -> list[str]:
    """The names before dots, quoted or not, and the last word with its JSON path as it stands."""
    reader = Reader(name, f'the parameter "{name}"')
    path = [reader.until(".")]
    while reader.take("."):
        path.append(reader.until("."))
    return path


def _walk(level: Level, path: list[str]) -> Level:
    for name in path:
        inner = level.embed(name)
        if inner is None:
            raise Refusal(400, "PGRST108", f'"{name}" is not an embedded resource in this request')
        level = inner
    return level


def _number(word: str, value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise malformed(f"{word} must be a whole number, zero or more")
    return int(value)
