"""The least and greatest value of a field: of its type, and in order."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from server.expressions.literals import literal
from server.manifest.document import Manifest, Path, Problem
from server.manifest.slots import elements, is_field

LARGEST = {"integer": 2**31 - 1, "bigint": 2**63 - 1}
TIMES = ("date", "time", "timestamp", "duration")


def bound_problems(manifest: Manifest) -> Iterator[Problem]:
    """Every `min`, `max` and `scale` that its type cannot have."""
    for section in ("entities", "relations"):
        for index, entity in elements(manifest.data, section):
            for place, field in elements(entity, "fields"):
                if is_field(field):
                    path = (section, index, "fields", place)
                    yield from field_problems(manifest, path, field)


def field_problems(manifest: Manifest, path: Path, field: dict[str, Any]) -> Iterator[Problem]:
    for key in ("min", "max"):
        message = fault(field["type"], field.get(key))
        if message:
            yield manifest.problem((*path, key), message)
    least, greatest = field.get("min"), field.get("max")
    if in_wrong_order(field["type"], least, greatest):
        yield manifest.problem((*path, "max"), "must not be less than min")
    precision, scale = field.get("precision", 18), field.get("scale", 2)
    if isinstance(precision, int) and isinstance(scale, int) and scale > precision:
        yield manifest.problem((*path, "scale"), f"must not be greater than precision ({precision})")


def fault(kind: str, value: Any) -> str | None:
    if kind in TIMES and isinstance(value, str):
        return literal(value, kind).fault or None
    if kind in LARGEST and isinstance(value, int) and not -LARGEST[kind] - 1 <= value <= LARGEST[kind]:
        return f"is outside of what {kind} can hold"
    return None


def in_wrong_order(kind: str, least: Any, greatest: Any) -> bool:
    if isinstance(least, int | Decimal) and isinstance(greatest, int | Decimal):
        return least > greatest
    # Dates and times in ISO form sort as texts; moments and durations do not.
    return (
        kind in ("date", "time") and isinstance(least, str) and isinstance(greatest, str) and least > greatest
    )
