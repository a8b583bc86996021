"""Read `order`."""

from server.query.reader import Reader
from server.query.select import read_operand
from server.query.shape import Ordering


def read_order(text: str) -> list[Ordering]:
    """The terms of an `order`; raises a 400 when they cannot be read."""
    reader = Reader(text, "order")
    terms = [_term(reader)]
    while reader.take(","):
        terms.append(_term(reader))
    reader.end()
    return terms


def _term(reader: Reader) -> Ordering:
    operand = read_operand(reader)
    embed = None
    if reader.take("("):
        embed = operand.column
        operand = read_operand(reader)
        reader.expect(")")
    words = []
    while reader.take("."):
        words.append(reader.name())
    descending = words[:1] == ["desc"]
    if words[:1] in (["asc"], ["desc"]):
        words.pop(0)
    if not words:
        return Ordering(operand, descending, None, embed)
    if words == ["nullsfirst"]:
        return Ordering(operand, descending, "first", embed)
    if words == ["nullslast"]:
        return Ordering(operand, descending, "last", embed)
    raise reader.refuse("expected asc, desc, nullsfirst or nullslast")
