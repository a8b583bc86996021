"""The walk over a syntax tree: every node is on the list, has a type, and is written anew as SQL."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from sqlglot import exp

from server.expressions.faults import Fault, fault_at
from server.expressions.kinds import NULL, OPEN, WRONG, WRONG_TERM, Term, base_type, common_type
from server.expressions.literals import literal
from server.expressions.row import FieldType

Context = Literal["rule", "formula", "default", "title", "filter", "rollup"]
Handler = Callable[["Walk", Any], Term]

# A stored value or a constraint must say the same tomorrow and in another session.
IMMUTABLE = ("rule", "formula", "rollup")
SUBJECT = {
    "rule": "a rule",
    "formula": "a formula",
    "default": "a default",
    "title": "a title",
    "filter": "a filter",
    "rollup": "the condition of a rollup",
}
DEEPEST = 100

# Exact type of a node → what checks it, and the only arguments the node may have.
ALLOWED: dict[type[exp.Expression], tuple[Handler, frozenset[str]]] = {}


# PostgreSQL computes constant parts of a generated column before it has settled their collation,
# and refuses the ones of these nodes.
COLLATED: set[type[exp.Expression]] = set()


def allow(
    *nodes: type[exp.Expression], having: str = "this expression", collated: bool = False
) -> Callable[[Handler], Handler]:
    """Put node types on the list; `having` are the arguments they may carry.

    `collated` ones compare texts and so, in a formula, need a field in them.
    """

    def register(handler: Handler) -> Handler:
        for node in nodes:
            ALLOWED[node] = (handler, frozenset(having.split()))
            if collated:
                COLLATED.add(node)
        return handler

    return register


class Walk:
    """One pass over one expression; collects faults instead of stopping at the first."""

    def __init__(self, text: str, fields: Mapping[str, FieldType], context: Context) -> None:
        self.text = text
        self.fields = fields
        self.context = context
        self.subject = SUBJECT[context]
        self.immutable = context in IMMUTABLE
        self.faults: list[Fault] = []
        self.used: set[str] = set()
        self.depth = 0

    def term(self, node: Any) -> Term:
        """Check one node and everything below it."""
        handler, having = ALLOWED.get(type(node), (None, frozenset[str]()))
        if handler is None:
            return self.fault(node, f"{node_name(node)} is not allowed")
        extra = [
            name for name, value in node.args.items() if value not in (None, False, []) and name not in having
        ]
        if extra:
            return self.fault(node, f"this form of {node_name(node)} is not allowed")
        if self.depth >= DEEPEST:
            return self.fault(node, "too deeply nested")
        if self.context == "formula" and type(node) in COLLATED and self.is_constant(node):
            return self.fault(node, "this is the same for every record; write its value")
        self.depth += 1
        found = handler(self, node)
        self.depth -= 1
        return found

    def is_constant(self, node: exp.Expression) -> bool:
        """Whether no field is in it, not even behind a formula."""
        names = (column.name.lower() for column in node.find_all(exp.Column))
        return all(name in self.fields and self.fields[name].constant for name in names)

    def fault(self, node: Any, message: str) -> Term:
        """Report a mistake at a node; the term that comes back causes no further reports."""
        self.faults.append(fault_at(self.text, offset(node), message))
        return WRONG_TERM

    def is_immutable(self, node: Any, reason: str) -> bool:
        """Whether something that depends on the session may stand here; reports it when not."""
        if self.immutable:
            self.fault(node, f"{reason}, so {self.subject} cannot use it")
        return not self.immutable

    def coerced(self, term: Term, kind: str, node: Any) -> Term:
        """A quoted text or a null as a value of a type; other terms as they are."""
        if term.type == NULL:
            return Term("null", kind)
        if term.type != OPEN:
            return term
        found = literal(term.value or "", kind)
        if found.sql is None:
            return self.fault(node, found.fault)
        return Term(found.sql, kind)

    def settled(self, terms: Sequence[Term], nodes: Sequence[Any], what: str) -> tuple[list[Term], str]:
        """Values that must share one type, with that type; quoted texts follow their neighbours."""
        typed = [term.type for term in terms if term.type not in (OPEN, NULL)]
        if not typed:
            kind: str | None = "text" if any(term.type == OPEN for term in terms) else NULL
        else:
            kind = common_type(typed)
        if kind is None:
            other = next(term for term in typed if term != typed[0])
            self.fault(nodes[0], f"cannot {what} {said(typed[0])} with {said(other)}")
            return list(terms), WRONG
        if kind in (WRONG, NULL):
            return list(terms), kind
        found = [self.coerced(term, kind, node) for term, node in zip(terms, nodes, strict=True)]
        if kind == "timestamp" and set(typed) != {"timestamp"}:
            self.is_immutable(nodes[0], "turning a date into a moment depends on the time zone")
        return found, WRONG if any(term.type == WRONG for term in found) else kind

    def wanted(self, node: Any, *kinds: str) -> Term:
        """The term of a node that must have one of these types; the first one is for quoted text."""
        found = self.coerced(self.term(node), kinds[0], node)
        if found.type in kinds or found.type == WRONG:
            return found
        names = " or ".join(said(kind) for kind in kinds)
        return self.fault(node, f"needs {names}, not {said(found.type)}")


def said(kind: str) -> str:
    """A type as people read it."""
    return {
        "datetime": "date with time",
        "list": "list of choices",
        "literal": "text",
        "null": "null",
    }.get(base_type(kind), kind)


def node_name(node: Any) -> str:
    if isinstance(node, exp.Anonymous):
        return f'function "{node.this}"'
    if isinstance(node, exp.Subquery | exp.Query):
        return "a sub-query"
    return type(node).__name__.lower()


def offset(node: Any) -> int:
    """Where a node begins in the text: the first of its parts that knows its place."""
    if not isinstance(node, exp.Expression):
        return 0
    return min((part.meta["start"] for part in node.walk() if "start" in part.meta), default=0)
