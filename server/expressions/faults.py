"""What is wrong with an expression, and where in its text."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake; line and column count from 1."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


class ExpressionError(ValueError):
    """The expression is refused; `faults` has every mistake found, in the order of the text."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        self.message = self.faults[0].message
        self.position = (self.faults[0].line, self.faults[0].column)
        super().__init__("; ".join(str(fault) for fault in self.faults))


def fault_at(text: str, offset: int, message: str) -> Fault:
    """The fault at a character offset of the text."""
    before = text[:offset]
    return Fault(before.count("\n") + 1, offset - before.rfind("\n"), message)


def suggestion(word: str, known: Sequence[str]) -> str:
    """`; did you mean "…"?` when a known word is close, else nothing."""
    close = get_close_matches(word, known, n=1)
    return f'; did you mean "{close[0]}"?' if close else ""
