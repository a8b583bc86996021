"""The column beside a numeric one that carries its index.

Row security keeps a comparison of numerics from an index, because it is not leakproof; one of doubles
it does not. The column holds the nearest double, and rounding keeps the order: what is greater than a
number is never less than its nearest double. So a query asks both, and only the exact one decides.
"""

from collections.abc import Sequence

SIGNS = {"eq": "=", "gt": ">=", "gte": ">=", "lt": "<=", "lte": "<="}


def nearest(value: str) -> str | None:
    """The nearest double of a number, as PostgreSQL reads it; None when the text is no number."""
    try:
        return repr(float(value))
    except ValueError:
        return None


def nearest_all(values: Sequence[str]) -> list[str] | None:
    """The nearest doubles of several numbers; None when one is none."""
    found = [nearest(value) for value in values]
    return None if None in found else [each for each in found if each is not None]
