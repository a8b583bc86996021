"""A finished statement."""

from dataclasses import dataclass
from typing import Optional

from server.query.statement import Typed, Value


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement with the values of its parameters after the fixed ones.

    `typed` are those that must be readable as a type. `shows_deleted`: some level looks into the bin.
    `names` are the columns of the result. The EXPLAIN `estimate` guesses the number of all rows.
    `probe` finds ids by an index (see `server.query.search`) for `narrow`, the same statement with the
    ids as `$2`.
    """

    sql: str
    values: tuple[Value, ...]
    typed: tuple[Typed, ...]
    shows_deleted: bool = False
    names: tuple[str, ...] = ()
    offset: int = 0
    estimate: Optional["Plan"] = None
    probe: Optional["Plan"] = None
    narrow: Optional["Plan"] = None
