"""The functions on the list: what they take and what they give, as PostgreSQL resolves them."""

from typing import Any

from sqlglot import exp

from server.expressions.kinds import NUMBERS, WRONG, WRONG_TERM, Term, common_type
from server.expressions.walk import Walk, allow, said

# Node → name, types of its arguments in order (the first `?` begins the optional ones), result.
TEXT_FUNCTIONS: dict[type[exp.Expression], tuple[str, str, str]] = {
    exp.Lower: ("lower", "this:text", "text"),
    exp.Upper: ("upper", "this:text", "text"),
    exp.Length: ("length", "this:text", "integer"),
    exp.Left: ("left", "this:text expression:integer", "text"),
    exp.Right: ("right", "this:text expression:integer", "text"),
    exp.Substring: ("substr", "this:text start:integer length:integer", "text"),
    exp.Replace: ("replace", "this:text expression:text replacement:text", "text"),
    exp.StrPosition: ("strpos", "this:text substr:text", "integer"),
    exp.StartsWith: ("starts_with", "this:text expression:text", "boolean"),
}
REQUIRED: dict[type[exp.Expression], int] = {exp.Substring: 2, exp.Replace: 3}
TRIM = {None: "btrim", "BOTH": "btrim", "LEADING": "ltrim", "TRAILING": "rtrim"}
# What can be asked of what; a moment has no calendar day without a time zone.
DAY_PARTS = ("year", "quarter", "month", "week", "day", "dow", "isodow", "doy", "isoyear", "epoch")
CLOCK_PARTS = ("hour", "minute", "second", "epoch")
PARTS = {
    "date": DAY_PARTS,
    "time": CLOCK_PARTS,
    "datetime": (*DAY_PARTS, *CLOCK_PARTS),
    "timestamp": (*DAY_PARTS, *CLOCK_PARTS),
    "duration": ("year", "month", "day", *CLOCK_PARTS),
}


@allow(
    *TEXT_FUNCTIONS,
    having="this expression start length replacement substr",
    collated=True,
)
def text_function(walk: Walk, node: exp.Expression) -> Term:
    name, signature, kind = TEXT_FUNCTIONS[type(node)]
    terms: list[Term] = []
    for argument in signature.split():
        key, _, wanted = argument.partition(":")
        if node.args.get(key) is not None:
            terms.append(walk.wanted(node.args[key], wanted))
    needed = REQUIRED.get(type(node), len(signature.split()))
    if len(terms) < needed:
        return walk.fault(node, f"{name} needs {needed} values")
    return call(name, terms, kind)


@allow(exp.Trim, having="this expression position")
def trimmed(walk: Walk, node: exp.Trim) -> Term:
    parts = [node.this] if node.expression is None else [node.this, node.expression]
    terms = [walk.wanted(part, "text") for part in parts]
    return call(TRIM[node.args.get("position") or None], terms, "text")


@allow(exp.Abs, having="this")
def absolute(walk: Walk, node: exp.Abs) -> Term:
    found = walk.wanted(node.this, *NUMBERS)
    return call("abs", [found], found.type)


@allow(exp.Sign, exp.Floor, exp.Ceil, exp.Sqrt, having="this")
def whole(walk: Walk, node: exp.Func) -> Term:
    """For whole numbers PostgreSQL takes the floating-point form of these functions."""
    found = walk.wanted(node.this, *NUMBERS)
    return call(type(node).__name__.lower(), [found], "decimal" if found.type == "decimal" else "float")


@allow(exp.Round, exp.Trunc, having="this decimals")
def rounded(walk: Walk, node: exp.Round | exp.Trunc) -> Term:
    name = "round" if type(node) is exp.Round else "trunc"
    found = walk.wanted(node.this, *NUMBERS)
    digits = node.args.get("decimals")
    if digits is None:
        return call(name, [found], "decimal" if found.type == "decimal" else "float")
    if found.type == "float":
        return walk.fault(node, f"{name} to digits needs decimal: {name}(cast(… as decimal), 2)")
    return call(name, [found, walk.wanted(digits, "integer")], "decimal")


@allow(exp.Pow)
def power(walk: Walk, node: exp.Pow) -> Term:
    terms = [walk.wanted(part, *NUMBERS) for part in (node.this, node.expression)]
    kind = common_type(term.type for term in terms)
    return call("power", terms, "decimal" if kind == "decimal" else "float")


@allow(exp.Extract)
def part(walk: Walk, node: exp.Extract) -> Term:
    name = str(node.this.name).lower()
    found = walk.wanted(node.expression, *PARTS)
    if found.type == WRONG:
        return found
    if type(node.this) is not exp.Var or name not in PARTS[found.type]:
        return walk.fault(node, f"extract from {said(found.type)} knows {', '.join(PARTS[found.type])}")
    if found.type == "timestamp":
        walk.is_immutable(node, "the calendar day of a moment depends on the time zone")
    return Term(f"extract({name} from {found.sql})", "decimal")


@allow(exp.Anonymous, having="this expressions")
def other(walk: Walk, node: exp.Anonymous) -> Term:
    """`cardinality` is the one listed function that sqlglot has no node for."""
    if str(node.this).lower() != "cardinality" or len(node.expressions) != 1:
        return walk.fault(node, f'function "{node.this}" is not allowed')
    return call("cardinality", [walk.wanted(node.expressions[0], "list")], "integer")


def call(name: str, terms: list[Any], kind: str) -> Term:
    if any(term.type == WRONG for term in terms):
        return WRONG_TERM
    return Term(f"{name}({', '.join(term.sql for term in terms)})", kind)
