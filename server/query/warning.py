"""What is doubtful about written records: the rules of severity `warning`, which refuse nothing."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.model import Constraint, Entity
from server.query.refusal import of_constraint

TEXT = re.compile(r"'(?:[^']|'')*'")
WORD = re.compile(r"[a-z_][a-z0-9_]*")
WARNINGS = "Qryvanta-Warnings"
LONGEST_HEADER = 4000  # characters; clients and proxies take 8 kB of headers in all


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning and the number of written records that it is about."""

    field: str | None
    rule: str
    message: str
    records: int


def warnings(entity: Entity, readable: frozenset[str]) -> list[Constraint]:
    """The warnings over columns that may all be read: any other would tell what is in them."""
    return [
        constraint
        for constraint in entity.constraints
        if constraint.kind == "warning" and columns(entity, constraint) <= readable
    ]


def columns(entity: Entity, constraint: Constraint) -> set[str]:
    """The columns that a warning looks at."""
    words = set(WORD.findall(TEXT.sub("", constraint.expression or "")))
    return words & entity.columns.keys()


def broken(constraint: Constraint) -> str:
    """The condition that a record breaks the warning, over bare columns; never null."""
    return f"(({constraint.expression}) is false)"


def counted(constraints: Sequence[Constraint], source: str) -> str:
    """The scalar query for how many rows of `source` break each of the warnings."""
    if not constraints:
        return "array[]::int[]"
    counts = ", ".join(f"count(*) filter (where {broken(each)})" for each in constraints)
    return f"(select array[{counts}]::int[] from {source})"


def judged(entity: Entity, constraints: Sequence[Constraint], alias: str) -> str:
    """The scalar query for which of the warnings the row of `alias` breaks."""
    looked_at = sorted(set().union(*(columns(entity, each) for each in constraints)))
    row = ", ".join(f"{alias}.{name}" for name in looked_at)
    return (
        f"(select array[{', '.join(map(broken, constraints))}]::boolean[] from (select {row}) as looked_at)"
    )


def told(entity: Entity, constraints: Sequence[Constraint], counts: Sequence[int]) -> tuple[Warned, ...]:
    """The warnings that at least one record breaks, in the order of the model."""
    found = []
    for constraint, records in zip(constraints, counts, strict=True):
        if records:
            fault = of_constraint(entity, constraint)
            found.append(Warned(fault.field, fault.rule, fault.message, records))
    return tuple(found)


def header(warned: Sequence[Warned]) -> str:
    """The warnings as JSON in ASCII, the first ones when there are too many for a header."""
    found: list[str] = []
    for each in warned:
        document = {"field": each.field, "rule": each.rule, "message": each.message, "records": each.records}
        found.append(json.dumps(document))
        if sum(map(len, found)) > LONGEST_HEADER:
            found.pop()
            break
    return f"[{', '.join(found)}]"
