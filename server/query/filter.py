"""Read filters and the groups of them."""

from typing import Literal, cast

from server.query.reader import Reader, malformed
from server.query.select import read_operand
from server.query.shape import Comparison, Condition, Group, Operand

COMPARISONS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
    "isdistinct": "is distinct from",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
}
SEARCHES = {
    "fts": "to_tsquery",
    "plfts": "plainto_tsquery",
    "phfts": "phraseto_tsquery",
    "wfts": "websearch_to_tsquery",
}
# Where a record stands in a hierarchy.
BRANCH = "under"
QUANTIFIED = frozenset({"eq", "like", "ilike", "gt", "gte", "lt", "lte"})
TRUTHS = {
    "null": "null",
    "not_null": "not null",
    "true": "true",
    "false": "false",
    "unknown": "unknown",
}
DEEPEST = 20


def read_filter(operand: Operand, text: str) -> Comparison:
    """The comparison in `operator.value`, the value of a filter parameter."""
    reader = Reader(text, f'the filter of "{operand.column}"')
    comparison = _comparison(reader, operand, "")
    reader.end()
    return comparison


def read_group(word: str, text: str, *, negated: bool) -> Group:
    """The conditions in `(…)`, the value of a parameter `and` or `or`."""
    reader = Reader(text, f'"{word}"')
    group = _group(reader, word, negated, 0)
    reader.end()
    return group


def _group(reader: Reader, word: str, negated: bool, depth: int) -> Group:
    if depth > DEEPEST:
        raise reader.refuse(f"nested deeper than {DEEPEST} levels")
    reader.expect("(")
    members = [_member(reader, depth)]
    while reader.take(","):
        members.append(_member(reader, depth))
    reader.expect(")")
    return Group(cast(Literal["and", "or"], word), tuple(members), negated)


def _member(reader: Reader, depth: int) -> Condition:
    for prefix in ("not.", ""):
        for word in ("and", "or"):
            if reader.take(f"{prefix}{word}("):
                reader.at -= 1
                return _group(reader, word, bool(prefix), depth + 1)
    operand = read_operand(reader)
    reader.expect(".")
    return _comparison(reader, operand, ",)")


def _comparison(reader: Reader, operand: Operand, stops: str) -> Comparison:
    negated = reader.take("not.")
    operator = reader.name()
    option = _option(reader)
    reader.expect(".")
    if operator == "in":
        return Comparison(operand, operator, _list(reader, "(", ")"), negated)
    if operator in SEARCHES:
        return Comparison(operand, operator, _value(reader, stops), negated, language=option)
    if operator == "is":
        return Comparison(operand, operator, _truth(reader, stops), negated)
    if operator not in COMPARISONS and operator != BRANCH:
        raise malformed(f'"{operator}" is no operator')
    if option in ("any", "all") and operator in QUANTIFIED:
        values = _list(reader, "{", "}")
        return Comparison(operand, operator, values, negated, cast(Literal["any", "all"], option))
    if option is not None:
        raise reader.refuse(f'"{operator}" takes no "({option})"')
    return Comparison(operand, operator, _value(reader, stops), negated)


def _option(reader: Reader) -> str | None:
    if not reader.take("("):
        return None
    option = reader.name()
    reader.expect(")")
    return option


def _value(reader: Reader, stops: str) -> str:
    if not stops:
        return reader.rest()
    if reader.ahead("{"):
        return _braced(reader)
    return reader.until(stops)


def _braced(reader: Reader) -> str:
    start = reader.at
    while not reader.done and not reader.take("}"):
        if reader.quoted() is None:
            reader.at += 1
    return reader.text[start : reader.at]


def _truth(reader: Reader, stops: str) -> str:
    word = _value(reader, stops).lower()
    if word not in TRUTHS:
        raise reader.refuse("expected null, not_null, true, false or unknown")
    return word


def _list(reader: Reader, opening: str, closing: str) -> tuple[str, ...]:
    reader.expect(opening)
    if reader.take(closing):
        return ()
    values = [reader.until("," + closing)]
    while reader.take(","):
        values.append(reader.until("," + closing))
    reader.expect(closing)
    return tuple(values)
