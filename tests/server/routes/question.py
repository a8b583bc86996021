"""Questions about the items of the warehouse, made at random and written in the dialect."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.server.routes.logic import Comparison, Group, Order
from tests.server.routes.warehouse import NAMES

WORDS: dict[str, st.SearchStrategy[str]] = {
    "code": st.integers(0, 32).map("c{:02}".format),
    "name": st.sampled_from(NAMES)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3),
    "quantity": st.sampled_from(["0", "1", "-1", "2147483647", "-2147483648", "7"]),
    "price": st.sampled_from(["0", "12.5", "12.50", "-0.01", "9999999999.99", "1e1", "12.499"]),
    "due_on": st.sampled_from(["2024-02-29", "1999-12-31", "0001-01-01", "2000-01-01"]),
    "fragile": st.sampled_from(["true", "false"]),
    "status": st.sampled_from(["open", "shipped", "on hold", "gone"]),
}
TEXTS = ("code", "name", "status")
QUANTIFIED = st.sampled_from(["eq", "gt", "gte", "lt", "lte"])
PARTS = ["*", "%", "_", "\\%", "\\_", "\\*", "\\\\", "a", "A", "Ä", "ä", "1", "0", "c", " ", ",", '"', "b"]
PATTERNS = st.lists(st.sampled_from(PARTS), max_size=4).map("".join)
COLUMNS = st.sampled_from(["id", *WORDS])


def comparisons(column: str) -> st.SearchStrategy[Comparison]:
    """Any comparison of a column with values of its type."""
    words, name, negated = WORDS[column], st.just(column), st.booleans()
    truths = ["null", "not_null"] + ["true", "false", "unknown"] * (column == "fragile")
    single = st.sampled_from(["neq", "isdistinct"]) | QUANTIFIED
    kinds = [
        st.builds(Comparison, name, single, st.tuples(words), negated=negated),
        st.builds(Comparison, name, st.just("in"), listed(words), negated=negated),
        st.builds(Comparison, name, st.just("is"), st.tuples(st.sampled_from(truths)), negated=negated),
        st.builds(Comparison, name, QUANTIFIED, listed(words), st.sampled_from(["any", "all"]), negated),
    ]
    if column in TEXTS:
        like = st.sampled_from(["like", "ilike"])
        quantified = st.sampled_from(["any", "all"])
        kinds.append(st.builds(Comparison, name, like, st.tuples(PATTERNS), negated=negated))
        kinds.append(st.builds(Comparison, name, like, listed(PATTERNS), quantified, negated))
    return st.one_of(kinds)


def listed(words: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(words, max_size=3).map(tuple)


COMPARISONS = st.sampled_from(sorted(WORDS)).flatmap(comparisons)
CONDITIONS: st.SearchStrategy[Comparison | Group] = st.recursive(
    COMPARISONS,
    lambda inner: st.builds(
        Group,
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_leaves=5,
)
ORDERS = st.lists(
    st.builds(
        Order,
        COLUMNS,
        st.sampled_from(["", "asc", "desc"]),
        st.sampled_from(["", "nullsfirst", "nullslast"]),
    ),
    max_size=3,
)


@dataclass(frozen=True)
class Question:
    """A request for a list: all conditions hold, in this order, that part of it."""

    conditions: list[Comparison | Group]
    order: list[Order]
    limit: int | None
    offset: int

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The query string, before it is encoded."""
        pairs = [parameter(condition) for condition in self.conditions]
        pairs += [("order", ",".join(term.text for term in self.order))] if self.order else []
        pairs += [("limit", str(self.limit))] if self.limit is not None else []
        return [*pairs, ("offset", str(self.offset)), ("select", "id")]


QUESTIONS = st.builds(
    Question, st.lists(CONDITIONS, max_size=2), ORDERS, st.none() | st.integers(0, 33), st.integers(0, 33)
)


def parameter(condition: Comparison | Group) -> tuple[str, str]:
    """A condition as a parameter of its own."""
    if isinstance(condition, Group):
        return negation(condition) + condition.word, members(condition)
    several = condition.operator == "in" or condition.quantifier
    return condition.column, compared(condition, written(condition) if several else condition.values[0])


def member(condition: Comparison | Group) -> str:
    """A condition inside a group."""
    if isinstance(condition, Group):
        return negation(condition) + condition.word + members(condition)
    return f"{condition.column}.{compared(condition, written(condition))}"


def members(group: Group) -> str:
    return f"({','.join(member(each) for each in group.members)})"


def negation(condition: Comparison | Group) -> str:
    return "not." if condition.negated else ""


def compared(condition: Comparison, value: str) -> str:
    quantifier = f"({condition.quantifier})" if condition.quantifier else ""
    return f"{negation(condition)}{condition.operator}{quantifier}.{value}"


def written(condition: Comparison) -> str:
    """The value or values as they stand in a list or a group."""
    values = ",".join(quoted(value) for value in condition.values)
    if condition.operator == "in":
        return f"({values})"
    return f"{{{values}}}" if condition.quantifier else values


def quoted(value: str) -> str:
    """In double quotes where the value would not be read as itself without."""
    if value and not set(value) & set(',(){}"\\'):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
