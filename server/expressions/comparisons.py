"""Comparisons, ranges, lists and patterns: what is true or false."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from server.expressions.kinds import NULL, OPEN, WRONG, WRONG_TERM, Term
from server.expressions.walk import Walk, allow, said

SYMBOL = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.NullSafeEQ: "is not distinct from",
    exp.NullSafeNEQ: "is distinct from",
    exp.Like: "like",
    exp.ILike: "ilike",
    exp.ArrayContainsAll: "@>",
    exp.ArrayContainedBy: "<@",
    exp.ArrayOverlaps: "&&",
}
ORDERED = (
    "text",
    "integer",
    "bigint",
    "decimal",
    "float",
    "date",
    "time",
    "datetime",
    "timestamp",
    "duration",
)
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
# PostgreSQL refuses or reads `a = b = c` and its like in an unexpected way.
AMBIGUOUS = (*COMPARISONS, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.Between, exp.In, exp.Like, exp.ILike)


@allow(*COMPARISONS, exp.NullSafeEQ, exp.NullSafeNEQ, collated=True)
def comparison(walk: Walk, node: exp.Binary) -> Term:
    if not alone(walk, node, node.this, node.expression):
        return WRONG_TERM
    if type(node.expression) is exp.Any:
        return member(walk, node)
    parts = [node.this, node.expression]
    terms = compared(walk, parts, ordered=type(node) in (exp.LT, exp.LTE, exp.GT, exp.GTE))
    return truth(terms, f"({{0}} {SYMBOL[type(node)]} {{1}})")


def member(walk: Walk, node: exp.Binary) -> Term:
    """`'a' = any(list)`: whether a list of choices has a value."""
    if type(node) is not exp.EQ:
        return walk.fault(node, "any(…) stands after = only")
    inside = node.expression.this.unnest()
    value, items = walk.term(node.this), walk.wanted(inside, "list")
    check_choices(walk, [value, items], [node.this, inside])
    return truth([walk.coerced(value, "text", node.this), items], "({0} = any({1}))")


@allow(exp.Between, having="this low high", collated=True)
def between(walk: Walk, node: exp.Between) -> Term:
    parts = [node.this, node.args["low"], node.args["high"]]
    if not alone(walk, node, *parts):
        return WRONG_TERM
    return truth(compared(walk, parts, ordered=True), "({0} between {1} and {2})")


@allow(exp.In, having="this expressions", collated=True)
def one_of(walk: Walk, node: exp.In) -> Term:
    if not node.expressions:
        return walk.fault(node, "in needs values in brackets")
    if not alone(walk, node, node.this):
        return WRONG_TERM
    terms = compared(walk, [node.this, *node.expressions], ordered=False)
    return truth(terms, "({0} in (" + ", ".join(f"{{{n}}}" for n in range(1, len(terms))) + "))")


@allow(exp.Is, having="this expression negate")
def test(walk: Walk, node: exp.Is) -> Term:
    # `not` in front of it is a node of its own; only `notnull` sets this argument.
    negation = "not " if node.args.get("negate") else ""
    found = walk.term(node.this)
    if type(node.expression) is exp.Null:
        return truth([found], f"({{0}} is {negation}null)")
    if type(node.expression) is not exp.Boolean:
        return walk.fault(node, "is stands before null, true or false")
    if found.type not in ("boolean", NULL, WRONG):
        return walk.fault(node.this, f"needs boolean, not {said(found.type)}")
    return truth([found], f"({{0}} is {negation}{'true' if node.expression.this else 'false'})")


@allow(exp.Like, exp.ILike, having="this expression negate", collated=True)
def pattern(walk: Walk, node: exp.Binary) -> Term:
    if not alone(walk, node, node.this, node.expression):
        return WRONG_TERM
    negation = "not " if node.args.get("negate") else ""
    terms = [walk.wanted(node.this, "text"), walk.wanted(node.expression, "text")]
    value = node.expression.name if type(node.expression) is exp.Literal else ""
    if (len(value) - len(value.rstrip("\\"))) % 2:
        return walk.fault(node.expression, "the pattern must not end with a single backslash")
    return truth(terms, f"({{0}} {negation}{SYMBOL[type(node)]} {{1}})")


@allow(exp.ArrayContainsAll, exp.ArrayContainedBy, exp.ArrayOverlaps, collated=True)
def lists(walk: Walk, node: exp.Binary) -> Term:
    parts = [node.this, node.expression]
    terms = [walk.wanted(part, "list") for part in parts]
    for part, other in ((node.this, terms[1]), (node.expression, terms[0])):
        if type(part) is exp.Array and other.choices:
            check_choices(walk, [other, *map(walk.term, part.expressions)], [node, *part.expressions])
    return truth(terms, f"({{0}} {SYMBOL[type(node)]} {{1}})")


def compared(walk: Walk, parts: Sequence[Any], *, ordered: bool) -> list[Term]:
    """Operands brought to types that PostgreSQL compares without depending on the session."""
    terms = [walk.term(part) for part in parts]
    for term, part in zip(terms, parts, strict=True):
        if term.type == NULL and len(parts) == 2 and type(part.parent) in COMPARISONS:
            return [walk.fault(part, "a comparison with null is never true; write is null")]
    check_choices(walk, terms, parts)
    found, kind = walk.settled(terms, parts, "compare")
    if kind == WRONG:
        return [WRONG_TERM]
    if ordered and kind not in (*ORDERED, NULL):
        return [walk.fault(parts[0], f"{said(kind)} has no order, only = and <>")]
    return found


def check_choices(walk: Walk, terms: list[Term], parts: Sequence[Any]) -> None:
    """A choice never equals a text that is not on its list: most likely a typing mistake."""
    choices = next((term.choices for term in terms if term.choices is not None), None)
    if choices is None:
        return
    for term, part in zip(terms, parts, strict=True):
        if term.type == OPEN and term.value not in choices:
            walk.fault(part, stranger(term.value, choices))


def stranger(value: str | None, choices: frozenset[str]) -> str:
    """The sentence for a value that its choice list does not have."""
    known = ", ".join(f"'{choice}'" for choice in sorted(choices)[:12])
    return f"'{value}' is not one of the choices: {known}"


def alone(walk: Walk, node: Any, *parts: Any) -> bool:
    """Whether no operand is itself a comparison without brackets; reports it."""
    for part in parts:
        if type(part) in AMBIGUOUS:
            walk.fault(node, "put the inner comparison in brackets")
            return False
    return True


def truth(terms: list[Term], template: str) -> Term:
    if any(term.type == WRONG for term in terms):
        return WRONG_TERM
    return Term(template.format(*(term.sql for term in terms)), "boolean")
