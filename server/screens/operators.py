"""The operators of filters: what people read, and the condition they stand for.

An operator that excludes a value keeps the rows that have none: "is not Germany" includes the
customers without a country.
"""

from collections.abc import Callable
from dataclasses import dataclass

from server.model import Field
from server.query.branch import below
from server.screens.access import Access

Condition = Callable[[str, str], str]


@dataclass(frozen=True)
class Operator:
    """`label` stands between field and value; `condition` takes the column and the bound value.

    `near` is what it says of the nearest doubles: see `server.query.nearest`.
    """

    name: str
    label: str
    condition: Condition
    takes: str = "value"  # nothing, value, values or pattern
    near: str = ""


EMPTY = (
    Operator("empty", "is empty", lambda column, _: f"{column} is null", "nothing"),
    Operator("filled", "is not empty", lambda column, _: f"{column} is not null", "nothing"),
)
SAME = (
    Operator("is", "is", lambda column, value: f"{column} = {value}", near="="),
    Operator("not", "is not", lambda column, value: f"{column} is distinct from {value}"),
)
TEXT = (
    Operator(
        "contains", "contains", lambda column, value: f"{column} ilike '%' || {value} || '%'", "pattern"
    ),
    Operator(
        "lacks",
        "does not contain",
        lambda column, value: f"({column} ilike '%' || {value} || '%') is not true",
        "pattern",
    ),
    Operator("starts", "starts with", lambda column, value: f"{column} ilike {value} || '%'", "pattern"),
)
NUMBER = (
    Operator("above", "is more than", lambda column, value: f"{column} > {value}", near=">="),
    Operator("least", "is at least", lambda column, value: f"{column} >= {value}", near=">="),
    Operator("below", "is less than", lambda column, value: f"{column} < {value}", near="<="),
    Operator("most", "is at most", lambda column, value: f"{column} <= {value}", near="<="),
)
DAY = (
    Operator("before", "is before", lambda column, value: f"{column} < {value}"),
    Operator("until", "is on or before", lambda column, value: f"{column} <= {value}"),
    Operator("after", "is after", lambda column, value: f"{column} > {value}"),
    Operator("since", "is on or after", lambda column, value: f"{column} >= {value}"),
)
# Compared with a date, a moment would be kept from its index: that comparison is not leakproof.
MOMENT = (
    Operator(
        "on",
        "is on",
        lambda column, day: f"({column} >= {day}::timestamptz and {column} < ({day} + 1)::timestamptz)",
    ),
    Operator("before", "is before", lambda column, day: f"{column} < {day}::timestamptz"),
    Operator("until", "is on or before", lambda column, day: f"{column} < ({day} + 1)::timestamptz"),
    Operator("after", "is after", lambda column, day: f"{column} >= ({day} + 1)::timestamptz"),
    Operator("since", "is on or after", lambda column, day: f"{column} >= {day}::timestamptz"),
)
CHOICE = (
    Operator("any", "is any of", lambda column, values: f"{column} = any ({values})", "values"),
    Operator(
        "none", "is none of", lambda column, values: f"({column} = any ({values})) is not true", "values"
    ),
)
CHOICES = (Operator("any", "includes any of", lambda column, values: f"{column} && {values}", "values"),)

OPERATORS: dict[str, tuple[Operator, ...]] = {
    "text": TEXT + SAME + EMPTY,
    "autonumber": TEXT + SAME + EMPTY,
    "integer": SAME + NUMBER + EMPTY,
    "bigint": SAME + NUMBER + EMPTY,
    "decimal": SAME + NUMBER + EMPTY,
    "money": SAME + NUMBER + EMPTY,
    "float": SAME + NUMBER + EMPTY,
    "percent": SAME + NUMBER + EMPTY,
    "boolean": SAME + EMPTY,
    "date": SAME + DAY + EMPTY,
    "time": SAME + DAY + EMPTY,
    "timestamp": MOMENT + EMPTY,
    "duration": SAME + NUMBER + EMPTY,
    "choice": CHOICE + EMPTY,
    "multichoice": CHOICES + EMPTY,
    "lookup": SAME + EMPTY,
    "user": SAME + EMPTY,
    "uuid": SAME + EMPTY,
}


def operators(access: Access, field: Field) -> tuple[Operator, ...]:
    """The operators that make sense for this field, the most used one first."""
    return (*OPERATORS.get(field.type, EMPTY), *branches(access, field))


def branches(access: Access, field: Field) -> tuple[Operator, ...]:
    """The operator of a lookup into a hierarchy, which finds a whole branch."""
    target = access.target(field)
    if target is None or target.parent is None or not access.reads_field(target, target.parent):
        return ()
    table, parent = access.table(target), target.parent.column

    def condition(column: str, value: str) -> str:
        return f"{column} = any ({below(table, parent, value, 'branch')})"

    return (Operator("under", "is or is below", condition),)


def operator(access: Access, field: Field, name: str) -> Operator | None:
    """The operator of that name, if the field has it."""
    return next((each for each in operators(access, field) if each.name == name), None)
