"""What can be wrong with a line, and which columns of the file it is about."""

from dataclasses import dataclass

from server.exchange.plan import Plan
from server.exchange.sql import literal

INSERT = "insert into pg_temp.import_problem (line, place, cells, reason)"


@dataclass(frozen=True)
class Problem:
    """One thing that can be wrong with a line; `broken` is the SQL that says it is."""

    place: int
    cells: str
    reason: str
    broken: str

    @property
    def row(self) -> str:
        """As a row of `values`."""
        return f"({self.place}, {literal(self.cells)}, {literal(self.reason)}, {self.broken})"


def rows(problems: list[Problem]) -> str:
    """The problems to cross join with lines; never empty, as SQL wants it."""
    values = ", ".join(problem.row for problem in problems) or "(0, '', '', false)"
    return f"(values {values}) as v (place, cells, reason, broken)"


def place_of(plan: Plan, fields: tuple[str, ...]) -> int:
    """Where in the file: the first column that has to do with it, or behind the last."""
    about = [target for target in plan.targets if target.field_name in fields]
    places = [cell.column.place for target in about for cell in target.cells]
    return min(places, default=len(plan.header.columns) + 1)


def headers_of(plan: Plan, fields: tuple[str, ...]) -> str:
    """The columns of the file from which the fields come; a field that is not in the file by its name."""
    known: dict[str, dict[str, None]] = {}
    for target in plan.targets:
        # Several columns of a field are told together.
        known.setdefault(target.field_name, {})[target.headers] = None
    return ", ".join(", ".join(known.get(field, [field])) for field in fields)
