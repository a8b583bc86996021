"""The statement under construction: its parameters and its aliases."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.database.errors import Refusal


def quote(name: str) -> str:
    """An identifier in double quotes. Besides names of the model only aliases come here."""
    if "\0" in name or not 0 < len(name.encode("utf-8", "replace")) < 64:
        raise Refusal(400, "PGRST100", "a name must have 1 to 63 bytes")
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True)
class Typed:
    """A parameter that must be readable as a type, and the column that it is compared to."""

    column: str
    sql_type: str
    values: tuple[str, ...]


Value = str | list[str]


@dataclass
class Statement:
    """Collects the values of the parameters that follow the `fixed` ones; `$1` is always the tenant."""

    fixed: int = 1
    values: list[Value] = field(default_factory=list)
    typed: list[Typed] = field(default_factory=list)
    aliases: int = 0

    def bind(self, value: Value) -> str:
        """The placeholder of a text, or of a list of texts."""
        texts = [value] if isinstance(value, str) else value
        if any("\0" in text for text in texts):
            raise Refusal(400, "22021", "A text must not contain the character NUL")
        self.values.append(value)
        return f"${len(self.values) + self.fixed}::text" + ("" if isinstance(value, str) else "[]")

    def bind_as(self, value: str | Sequence[str], sql_type: str, column: str) -> str:
        """The placeholder of a value, or of several as an array, as `sql_type`, a type of the model."""
        if isinstance(value, str):
            self.typed.append(Typed(column, sql_type, (value,)))
            return f"{self.bind(value)}::{sql_type}"
        self.typed.append(Typed(column, sql_type, tuple(value)))
        return f"{self.bind(list(value))}::{sql_type}[]"

    def alias(self) -> str:
        """A new alias of a table."""
        self.aliases += 1
        return f"t{self.aliases}"
