"""Read `select`."""

from server.database.errors import Refusal
from server.query.reader import Reader
from server.query.shape import Level, Operand, Selected, Star

AGGREGATES = frozenset({"count", "sum", "avg", "min", "max"})
DEEPEST = 12


def read_select(text: str) -> "list[Selected | Star | Level]":
    """The items of a `select`; raises a 400 when they cannot be read."""
    reader = Reader(text, "select")
    items = _items(reader, 0)
    reader.end()
    return items


def read_operand(reader: Reader) -> Operand:
    """A column with the path into it, if there is one."""
    column = reader.name()
    path = []
    while reader.ahead("->"):
        arrow = "->>" if reader.take("->>") else "->"
        if arrow == "->":
            reader.expect("->")
        path.append((arrow, _path_key(reader)))
    return Operand(column, tuple(path))


def _path_key(reader: Reader) -> str:
    minus = "-" if reader.take("-") else ""
    return minus + reader.name()


def _items(reader: Reader, depth: int) -> "list[Selected | Star | Level]":
    if depth > DEEPEST:
        raise Refusal(400, "PGRST100", f"select is nested deeper than {DEEPEST} levels")
    items = [_item(reader, depth)]
    while reader.take(","):
        items.append(_item(reader, depth))
    return items


def _item(reader: Reader, depth: int) -> "Selected | Star | Level":
    if reader.take("*"):
        return Star()
    if reader.take("..."):
        return _embed(reader, reader.name(), None, depth, spread=True)
    start = reader.at
    name = reader.name()
    alias = None
    if reader.ahead(":") and not reader.ahead("::"):
        reader.expect(":")
        alias, start = name, reader.at
        name = reader.name()
    if name == "count" and reader.take("()"):
        return _aggregated(reader, None, alias, None, "count")
    if reader.ahead("!") or reader.ahead("("):
        return _embed(reader, name, alias, depth)
    reader.at = start
    return _value(reader, alias)


def _embed(reader: Reader, name: str, alias: str | None, depth: int, *, spread: bool = False) -> Level:
    level = Level(name=name, alias=alias, spread=spread)
    while reader.take("!"):
        hint = reader.name()
        if hint in ("inner", "left"):
            level.inner = hint == "inner"
        else:
            level.hints = (*level.hints, hint)
    reader.expect("(")
    if not reader.ahead(")"):
        level.selected = _items(reader, depth + 1)
    reader.expect(")")
    return level


def _value(reader: Reader, alias: str | None) -> Selected:
    operand = read_operand(reader)
    cast = reader.name() if reader.take("::") else None
    if not reader.take("."):
        return Selected(operand, alias, cast)
    aggregate = reader.name()
    if aggregate not in AGGREGATES:
        raise reader.refuse(f'"{aggregate}" is no aggregate')
    reader.expect("()")
    return _aggregated(reader, operand, alias, cast, aggregate)


def _aggregated(
    reader: Reader, operand: Operand | None, alias: str | None, cast: str | None, aggregate: str
) -> Selected:
    aggregate_cast = reader.name() if reader.take("::") else None
    return Selected(operand, alias, cast, aggregate, aggregate_cast)
