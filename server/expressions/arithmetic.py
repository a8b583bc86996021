"""Numbers, dates, durations and joined texts, with the result types of PostgreSQL."""

from typing import Any

from sqlglot import exp

from server.expressions.kinds import NULL, NUMBERS, OPEN, WRONG, WRONG_TERM, Term, common_type
from server.expressions.leaves import number_kind
from server.expressions.walk import Walk, allow, said

SYMBOL = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
WORD = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "divide"}
WHOLE = ("integer", "bigint")

# (left, sign, right) → result, beside the numbers among themselves.
TIMES = {
    ("date", "+", "integer"): "date",
    ("integer", "+", "date"): "date",
    ("date", "-", "integer"): "date",
    ("date", "-", "date"): "integer",
    ("date", "+", "duration"): "datetime",
    ("duration", "+", "date"): "datetime",
    ("date", "-", "duration"): "datetime",
    ("date", "+", "time"): "datetime",
    ("time", "+", "date"): "datetime",
    ("datetime", "+", "duration"): "datetime",
    ("duration", "+", "datetime"): "datetime",
    ("datetime", "-", "duration"): "datetime",
    ("datetime", "-", "datetime"): "duration",
    ("date", "-", "datetime"): "duration",
    ("datetime", "-", "date"): "duration",
    ("timestamp", "+", "duration"): "timestamp",
    ("duration", "+", "timestamp"): "timestamp",
    ("timestamp", "-", "duration"): "timestamp",
    ("timestamp", "-", "timestamp"): "duration",
    ("time", "+", "duration"): "time",
    ("duration", "+", "time"): "time",
    ("time", "-", "duration"): "time",
    ("time", "-", "time"): "duration",
    ("duration", "+", "duration"): "duration",
    ("duration", "-", "duration"): "duration",
}
JOINED = ("text", "integer", "bigint", "decimal", "float", "boolean", "uuid")
# Their text depends on DateStyle, IntervalStyle or the time zone.
JOINED_IN_TITLES = ("date", "time", "datetime", "timestamp", "duration")


@allow(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, having="this expression typed safe")
def calculation(walk: Walk, node: exp.Binary) -> Term:
    sign = SYMBOL[type(node)]
    left, right = operands(walk, node)
    if WRONG in (left.type, right.type):
        return WRONG_TERM
    kind = result(left.type, sign, right.type)
    if kind is None:
        message = f"cannot {WORD[sign]} {said(left.type)} and {said(right.type)}"
        return walk.fault(node, message + (advice(sign, left.type, right.type)))
    if "timestamp" in (left.type, right.type) and kind == "timestamp":
        # The parts of a day are counted in the zone of the session.
        walk.is_immutable(node, "a moment moved by a duration depends on the time zone")
    if sign in "/%" and is_zero(node.expression):
        return walk.fault(node.expression, "division by zero")
    return Term(f"({left.sql} {sign} {right.sql})", kind)


def operands(walk: Walk, node: exp.Binary) -> tuple[Term, Term]:
    """Both sides; a null or a quoted text takes the type of the other side."""
    left, right = walk.term(node.this), walk.term(node.expression)
    if left.type in (OPEN, NULL) and right.type not in (OPEN, NULL):
        return walk.coerced(left, right.type, node.this), right
    if right.type in (OPEN, NULL) and left.type not in (OPEN, NULL):
        return left, walk.coerced(right, left.type, node.expression)
    return left, right


def result(left: str, sign: str, right: str) -> str | None:
    if left in NUMBERS and right in NUMBERS:
        kind = common_type((left, right))
        return None if sign == "%" and kind == "float" else kind
    if left == "duration" and right in NUMBERS and sign in "*/":
        return "duration"
    if left in NUMBERS and right == "duration" and sign == "*":
        return "duration"
    return TIMES.get((left, sign, right))


def advice(sign: str, left: str, right: str) -> str:
    if sign == "+" and "text" in (left, right):
        return "; texts are joined with ||"
    if "date" in (left, right) and {left, right} & {"bigint", "decimal", "float"}:
        return "; days are whole numbers: cast(… as integer)"
    return ""


def is_zero(node: Any) -> bool:
    inside = node.unnest()
    return type(inside) is exp.Literal and not inside.is_string and not inside.name.strip("0.")


@allow(exp.Neg, having="this")
def negative(walk: Walk, node: exp.Neg) -> Term:
    found = walk.term(node.this)
    if found.type == WRONG:
        return found
    if found.type not in (*NUMBERS, "duration"):
        return walk.fault(node, f"cannot negate {said(found.type)}")
    inside = node.this.unnest()
    if type(inside) is exp.Literal:
        return Term(f"(- {found.sql})", number_kind(f"-{inside.name}"))
    return Term(f"(- {found.sql})", found.type)


@allow(exp.DPipe, having="this expression safe")
def joined(walk: Walk, node: exp.DPipe) -> Term:
    parts = [as_text(walk, part) for part in (node.this, node.expression)]
    if any(part.type == WRONG for part in parts):
        return WRONG_TERM
    return Term(f"({parts[0].sql} || {parts[1].sql})", "text")


def as_text(walk: Walk, node: Any) -> Term:
    """A value as text, written the way that does not depend on the session where that counts."""
    return shown(walk, walk.coerced(walk.term(node), "text", node), node)


def shown(walk: Walk, found: Term, node: Any) -> Term:
    """A checked value as text."""
    if found.type in ("text", WRONG):
        return found
    if found.type in JOINED or (not walk.immutable and found.type in JOINED_IN_TITLES):
        return Term(f"({found.sql})::text", "text")
    if found.type in JOINED_IN_TITLES:
        return walk.fault(
            node, f"the text of a {said(found.type)} depends on the session; use extract(… from …)"
        )
    return walk.fault(node, f"cannot join {said(found.type)} as text")
