"""A manifest in memory, with the place of everything in its file, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One mistake: `entities/sales_order/fields/freight/scale`, what is wrong, the line when known."""

    path: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.path, self.message)))


class ManifestError(ValueError):
    """A manifest is refused; `problems` has every mistake that was found."""

    def __init__(self, problems: Sequence[Problem], name: str = "manifest") -> None:
        self.problems = tuple(problems)
        self.name = name
        super().__init__("\n".join(located(problem, name) for problem in problems))


@dataclass(frozen=True)
class Manifest:
    """One app in one document. Numbers are int or Decimal with the digits as typed, never float."""

    data: dict[str, Any]
    name: str = "manifest"
    lines: Mapping[Path, int] = field(default_factory=dict)

    def problem(self, path: Path, message: str) -> Problem:
        """A mistake at a path of keys and indexes."""
        return Problem(readable(self.data, path), message, self.line(path))

    def line(self, path: Path) -> int | None:
        """The line of a path, or of what holds it when it is not there itself."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def located(problem: Problem, name: str) -> str:
    """`northwind.yaml:41: entities/sales_order/fields/freight/scale: …`"""
    line = f":{problem.line}" if problem.line else ""
    return f"{name}{line}: {problem}"


def readable(data: Any, path: Iterable[str | int]) -> str:
    """A path for people: an element of a list goes by its name, not by its number."""
    words: list[str] = []
    for step in path:
        data = step_into(data, step)
        word = next(
            (
                data[key]
                for key in ("name", "entity")
                if isinstance(data, Mapping) and isinstance(data.get(key), str)
            ),
            step,
        )
        words.append(str(word if isinstance(step, int) else step))
    return "/".join(words)


def step_into(data: Any, step: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None
