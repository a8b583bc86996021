"""A parsed query, before its names are looked up in the model."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Operand:
    """A column, or a place inside a JSON column: `path` holds (`->` or `->>`, key) pairs."""

    column: str
    path: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """Its name in the result when it has no alias."""
        return self.path[-1][1] if self.path else self.column


@dataclass(frozen=True, slots=True)
class Selected:
    """An item of `select` that is a value; `operand` is null for `count()`."""

    operand: Operand | None
    alias: str | None = None
    cast: str | None = None
    aggregate: str | None = None
    aggregate_cast: str | None = None


class Star:
    """All columns that the caller may read."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column compared to what was typed; with a `quantifier` or `in` to several values."""

    operand: Operand
    operator: str
    value: str | tuple[str, ...]
    negated: bool = False
    quantifier: Literal["any", "all"] | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions joined by `and` or `or`."""

    word: Literal["and", "or"]
    members: tuple["Condition", ...]
    negated: bool = False


Condition = Comparison | Group


@dataclass(frozen=True, slots=True)
class Ordering:
    """One term of `order`; `embed` is the to-one embed whose column it is."""

    operand: Operand
    descending: bool = False
    nulls: Literal["first", "last"] | None = None
    embed: str | None = None


@dataclass
class Level:
    """What is asked of one entity: of the address itself, or of one embedded in the level above."""

    name: str = ""
    alias: str | None = None
    hints: tuple[str, ...] = ()
    inner: bool = False
    spread: bool = False
    selected: list["Selected | Star | Level"] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    order: list[Ordering] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0
    opens_bin: bool = False

    @property
    def embeds(self) -> Iterator["Level"]:
        return (each for each in self.selected if isinstance(each, Level))

    def embed(self, name: str) -> "Level | None":
        """The embed of that alias or, without one, of that name."""
        return next((each for each in self.embeds if (each.alias or each.name) == name), None)

    @property
    def aggregates(self) -> bool:
        return any(isinstance(each, Selected) and each.aggregate for each in self.selected)
