"""The types an expression can have, and how PostgreSQL brings two of them together."""

from collections.abc import Iterable
from dataclasses import dataclass

# Type of a term → its name in PostgreSQL. `datetime` (without zone) comes only from date arithmetic.
SQL_TYPE = {
    "text": "text",
    "integer": "integer",
    "bigint": "bigint",
    "decimal": "numeric",
    "float": "double precision",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "timestamp": "timestamptz",
    "datetime": "timestamp",
    "duration": "interval",
    "uuid": "uuid",
    "json": "jsonb",
    "list": "text[]",
}

# Type of a manifest field → type of a term; the others are called the same in both.
BASE_TYPE = {
    "money": "decimal",
    "percent": "decimal",
    "choice": "text",
    "autonumber": "text",
    "richtext": "text",
    "multichoice": "list",
    "lookup": "uuid",
    "user": "uuid",
    "file": "uuid",
    "image": "uuid",
}

NUMBERS = ("integer", "bigint", "decimal", "float")  # each fits into the next
INSTANTS = ("date", "datetime", "timestamp")
OPEN = "literal"  # quoted text whose type its neighbour decides
NULL = "null"
WRONG = "wrong"  # already reported: says nothing more


@dataclass(frozen=True)
class Term:
    """A checked part of an expression: its canonical SQL and its type."""

    sql: str
    type: str
    value: str | None = None  # what stands between the quotes, while the type is open
    choices: frozenset[str] | None = None  # the only values a choice can have


WRONG_TERM = Term("null", WRONG)


def base_type(field_type: str) -> str:
    """The type of a term for a manifest type: `money` → `decimal`."""
    return BASE_TYPE.get(field_type, field_type)


def is_expressible(field_type: str) -> bool:
    """Whether an expression can have the type of a field: not that of a rollup, which is its function's."""
    return base_type(field_type) in SQL_TYPE


def common_type(types: Iterable[str]) -> str | None:
    """The type PostgreSQL gives to a choice between values of these types; None when there is none."""
    kinds = {kind for kind in types if kind not in (NULL, OPEN)}
    if WRONG in kinds:
        return WRONG
    if len(kinds) < 2:
        return next(iter(kinds), None)
    for ladder in (NUMBERS, INSTANTS):
        if kinds <= set(ladder):
            return max(kinds, key=ladder.index)
    return None


def common_choices(terms: Iterable[Term]) -> frozenset[str] | None:
    """The values that one of these terms can have; None unless all keep to one choice list."""
    terms = [term for term in terms if term.type != NULL]
    found = next((term.choices for term in terms if term.choices is not None), None)
    if found is None or not all(term.choices == found or term.value in found for term in terms):
        return None
    return found
