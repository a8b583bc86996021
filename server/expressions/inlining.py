"""Formulas that use formulas: PostgreSQL's generated columns cannot, so one is written into the other."""

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from server.expressions.faults import ExpressionError
from server.expressions.gate import check
from server.expressions.row import FieldType
from server.expressions.syntax import parse

Names = dict[str, FieldType]


def with_formulas(names: Mapping[str, FieldType], formulas: Mapping[str, str]) -> Names:
    """The names of a row, each formula among them with what stands for it in another formula.

    `formulas` are the texts of the formula fields by name. One that is in or behind a circle, or is
    refused itself, gets the reason instead.
    """
    found = dict(names)
    needs = {name: needed(text, names) & formulas.keys() for name, text in formulas.items()}
    waiting = dict(formulas)
    while ready := [name for name in waiting if not needs[name] & waiting.keys()]:
        for name in ready:
            found[name] = resolved(found, name, waiting.pop(name))
    entangled = {name: needs[name] & waiting.keys() for name in waiting}
    for name in waiting:
        chain = " → ".join(circle(entangled, name))
        found[name] = replace(found[name], fault=f"formulas form a circle: {chain}")
    return found


def needed(text: str, names: Mapping[str, FieldType]) -> set[str]:
    """The words of a formula that may be fields; none of one that makes no sense."""
    try:
        return {column.name.lower() for column in parse(text, names.keys()).find_all(exp.Column)}
    except ExpressionError:
        return set()


def resolved(names: Names, name: str, text: str) -> FieldType:
    field = names[name]
    try:
        formula = check(text, names, want=field, context="formula")
    except ExpressionError:
        return replace(field, fault=f'formula "{name}" is refused itself')
    # The value as the column holds it, such as rounded to its scale.
    sql = f"({formula.sql})::{field.sql_type}"
    return replace(field, inlined=sql, constant=all(names[used].constant for used in formula.fields))


def circle(needs: Mapping[str, set[str]], start: str) -> list[str]:
    """The formulas from the first that comes back to itself; each of `needs` needs another one of them."""
    trail = [start]
    while True:
        following = min(needs[trail[-1]])
        if following in trail:
            return [*trail[trail.index(following) :], following]
        trail.append(following)
