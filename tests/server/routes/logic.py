"""What PostgreSQL should answer about rows, worked out in Python: unknowns in filters, nulls in orders."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from tests.server.routes.warehouse import Row


@dataclass(frozen=True)
class Comparison:
    """A comparison of a column; `values` are several with `in`, `(any)` and `(all)`."""

    column: str
    operator: str
    values: tuple[str, ...]
    quantifier: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Group:
    """Conditions joined by `and` or `or`."""

    word: str
    members: "tuple[Comparison | Group, ...]"
    negated: bool = False


KINDS: dict[str, Callable[[str], Any]] = {
    "quantity": int,
    "price": Decimal,
    "due_on": date.fromisoformat,
    "fragile": "true".__eq__,
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    **{"eq": eq, "neq": ne, "gt": gt, "gte": ge, "lt": lt, "lte": le, "in": eq},
    "like": lambda value, pattern: matches(value, pattern),
    "ilike": lambda value, pattern: matches(value.lower(), pattern.lower()),
}


def holds(asked: Comparison | Group, row: Row) -> bool | None:
    """Whether a row meets a filter; None is SQL's unknown."""
    if isinstance(asked, Group):
        found = combined(asked.word, [holds(member, row) for member in asked.members])
    else:
        found = compared(asked, typed(asked.column, row[asked.column]))
    return not found if asked.negated and found is not None else found


def compared(asked: Comparison, value: Any) -> bool | None:
    """The comparison of one value, before `not.`."""
    if asked.operator == "is":
        return {"null": value is None, "not_null": value is not None, "unknown": value is None}.get(
            asked.values[0], value is (asked.values[0] == "true")
        )
    wanted = [typed(asked.column, each) for each in asked.values]
    if asked.operator == "isdistinct":
        return bool(value != wanted[0])
    # Of nothing there is no comparison, so not even of null.
    if value is None and wanted:
        return None
    found = [COMPARE[asked.operator](value, each) for each in wanted]
    return all(found) if asked.quantifier == "all" else any(found)


def combined(word: str, found: Sequence[bool | None]) -> bool | None:
    """SQL's `and` and `or`: what is unknown decides only where nothing else does."""
    decisive = word == "or"
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def typed(column: str, value: Any) -> Any:
    """A value of a column, read as its type."""
    return KINDS.get(column, str)(value) if isinstance(value, str) else value


def matches(value: str, pattern: str) -> bool:
    """LIKE, where `*` is another word for `%`."""
    expression, escaped = "", False
    for character in pattern.replace("*", "%"):
        if not escaped and character == "\\":
            escaped = True
            continue
        wild = {"%": ".*", "_": "."}.get(character)
        expression += wild if wild and not escaped else re.escape(character)
        escaped = False
    return re.fullmatch(expression, value, re.DOTALL) is not None


@dataclass(frozen=True)
class Order:
    """A term of `order`."""

    column: str
    direction: str = ""
    nulls: str = ""

    @property
    def text(self) -> str:
        return ".".join(filter(None, (self.column, self.direction, self.nulls)))


def ordered(found: list[Row], order: Sequence[Order]) -> list[Row]:
    """The rows as `order` wants them; the id decides last, in the direction of the term before it."""
    last = order[-1].direction if order else ""
    for term in reversed([*order, Order("id", last)]):
        found = sorted(found, key=partial(place, term), reverse=term.direction == "desc")
    return found


def place(term: Order, row: Row) -> tuple[bool, Any]:
    """Where a row stands. Without a word nulls count as larger than all values."""
    value = typed(term.column, row[term.column])
    descends = term.direction == "desc"
    nulls_last = term.nulls == "nullslast" if term.nulls else not descends
    if value is None:
        return (nulls_last != descends, 0)
    return (nulls_last == descends, value)
