"""And, or, not, case and the functions that choose between values."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from server.expressions.comparisons import ORDERED, alone, compared
from server.expressions.kinds import NULL, NUMBERS, WRONG, WRONG_TERM, Term, common_choices
from server.expressions.walk import Walk, allow, said


@allow(exp.And, exp.Or)
def both(walk: Walk, node: exp.Connector) -> Term:
    """A chain of one connector is read in one go: a rule of fifty conditions is not deep."""
    word = "and" if type(node) is exp.And else "or"
    terms = [walk.wanted(part, "boolean") for part in chain(node)]
    if any(term.type == WRONG for term in terms):
        return WRONG_TERM
    return Term("(" + f" {word} ".join(term.sql for term in terms) + ")", "boolean")


def chain(node: Any) -> list[Any]:
    parts: list[Any] = []
    inner = node
    while type(inner) is type(node):
        parts.append(inner.expression)
        inner = inner.this
    return [inner, *reversed(parts)]


@allow(exp.Not, having="this")
def negation(walk: Walk, node: exp.Not) -> Term:
    found = walk.wanted(node.this, "boolean")
    return found if found.type == WRONG else Term(f"(not {found.sql})", "boolean")


@allow(exp.Case, having="this ifs default", collated=True)
def case(walk: Walk, node: exp.Case) -> Term:
    branches = node.args["ifs"]
    conditions = when_terms(walk, node, branches)
    results = [branch.args["true"] for branch in branches]
    if node.args.get("default") is not None:
        results.append(node.args["default"])
    terms, kind, choices = chosen(walk, results, "mix")
    if kind == WRONG or any(term.type == WRONG for term in conditions):
        return WRONG_TERM
    sql = "".join(f" when {c.sql} then {t.sql}" for c, t in zip(conditions, terms, strict=False))
    if len(terms) > len(branches):
        sql += f" else {terms[-1].sql}"
    return Term(f"(case{sql} end)", kind, choices=choices)


def when_terms(walk: Walk, node: exp.Case, branches: Sequence[exp.If]) -> list[Term]:
    """The conditions; `case x when 1` is written as `case when x = 1`, which means the same."""
    if node.this is None:
        return [walk.wanted(branch.this, "boolean") for branch in branches]
    if not alone(walk, node, node.this, *(branch.this for branch in branches)):
        return [WRONG_TERM]
    terms = compared(walk, [node.this, *(branch.this for branch in branches)], ordered=False)
    if len(terms) == 1:
        return terms
    return [Term(f"({terms[0].sql} = {term.sql})", "boolean") for term in terms[1:]]


@allow(exp.Coalesce, having="this expressions")
def first_value(walk: Walk, node: exp.Coalesce) -> Term:
    parts = [node.this, *node.expressions]
    terms, kind, choices = chosen(walk, parts, "mix")
    return call("coalesce", terms, kind, choices)


@allow(exp.Greatest, exp.Least, having="this expressions ignore_nulls", collated=True)
def extreme(walk: Walk, node: exp.Greatest | exp.Least) -> Term:
    terms, kind, _ = chosen(walk, [node.this, *node.expressions], "compare")
    if kind not in (*ORDERED, NULL, WRONG):
        return walk.fault(node, f"{said(kind)} has no order")
    return call("greatest" if type(node) is exp.Greatest else "least", terms, kind)


@allow(exp.Nullif, collated=True)
def null_if(walk: Walk, node: exp.Nullif) -> Term:
    parts = [node.this, node.expression]
    terms = compared(walk, parts, ordered=False)
    if any(term.type in (WRONG, NULL) for term in terms):
        return WRONG_TERM if any(term.type == WRONG for term in terms) else Term("null", NULL)
    kind = compared_kind(terms[0].type, terms[1].type)
    return Term(f"nullif({terms[0].sql}, {terms[1].sql})", kind, choices=terms[0].choices)


def compared_kind(left: str, right: str) -> str:
    """The type of the left value as PostgreSQL compares it: whole numbers stay as they are."""
    if {left, right} <= set(NUMBERS) and {left, right} & {"decimal", "float"}:
        return max(left, right, key=NUMBERS.index)
    return left


def chosen(walk: Walk, parts: Sequence[Any], what: str) -> tuple[list[Term], str, frozenset[str] | None]:
    """Values of which one is taken, their common type and choice list."""
    terms = [walk.term(part) for part in parts]
    choices = common_choices(terms)
    return *walk.settled(terms, parts, what), choices


def call(name: str, terms: list[Term], kind: str, choices: frozenset[str] | None = None) -> Term:
    if kind == WRONG:
        return WRONG_TERM
    return Term(f"{name}({', '.join(term.sql for term in terms)})", kind, choices=choices)
