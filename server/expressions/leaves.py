"""Fields, constants, the clock and the user: what an expression is made of."""

from decimal import Decimal
from typing import Any

from sqlglot import exp

from server.expressions.faults import suggestion
from server.expressions.kinds import NULL, OPEN, SQL_TYPE, WRONG, Term, base_type
from server.expressions.literals import quoted
from server.expressions.walk import Walk, allow

LARGEST_EXPONENT = 300
BARE_WORDS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
# Casts that neither fail on a value nor depend on the session.
SAFE_CASTS = {
    "text": {"integer", "bigint", "decimal", "float", "boolean", "uuid", "text"},
    "integer": {"integer", "bigint", "decimal", "float"},
    "bigint": {"integer", "bigint", "decimal", "float"},
    "decimal": {"integer", "bigint", "decimal", "float"},
    "float": {"integer", "bigint", "decimal", "float"},
    "date": {"date", "datetime"},
    "datetime": {"date", "datetime"},
    "list": {"list"},
    "boolean": {"boolean"},
    "duration": {"duration"},
    "time": {"time", "datetime"},
    "timestamp": {"timestamp"},
    "uuid": {"uuid"},
    "json": {"json"},
}
CAST_TYPES = {
    exp.DType.TEXT: "text",
    exp.DType.INT: "integer",
    exp.DType.BIGINT: "bigint",
    exp.DType.DECIMAL: "decimal",
    exp.DType.DOUBLE: "float",
    exp.DType.BOOLEAN: "boolean",
    exp.DType.DATE: "date",
    exp.DType.TIME: "time",
    exp.DType.TIMESTAMP: "datetime",
    exp.DType.TIMESTAMPTZ: "timestamp",
    exp.DType.INTERVAL: "duration",
    exp.DType.UUID: "uuid",
    exp.DType.JSONB: "json",
}


@allow(exp.Column, having="this")
def column(walk: Walk, node: exp.Column) -> Term:
    name = node.name.lower()
    if not isinstance(node.this, exp.Identifier):
        return walk.fault(node, "a whole record cannot be used, only its fields")
    if walk.context == "default":
        return walk.fault(node, default_advice(name, walk.fields))
    found = walk.fields.get(name)
    if found is None:
        return walk.fault(node, f'unknown field "{name}"{field_advice(name, list(walk.fields))}')
    if found.fault and walk.context == "formula":
        return walk.fault(node, found.fault)
    kind = base_type(found.type)
    if kind not in SQL_TYPE:
        return walk.fault(node, f'"{name}" has the type {kind}, which expressions cannot use')
    walk.used.add(name)
    sql = found.inlined if found.inlined and walk.context == "formula" else found.column
    return Term(sql, kind, choices=found.choices)


def default_advice(name: str, fields: Any) -> str:
    if name in fields:
        return f'a default cannot use fields, and "{name}" is one'
    if name in BARE_WORDS:
        return f'unknown word "{name}"; write {BARE_WORDS[name]}'
    return f"""unknown word "{name}"; text stands in single quotes: '{name}'"""


def field_advice(name: str, known: list[str]) -> str:
    if name in BARE_WORDS:
        return f"; write {BARE_WORDS[name]}"
    return suggestion(name, known)


@allow(exp.Literal, having="this is_string")
def constant(walk: Walk, node: exp.Literal) -> Term:
    value = str(node.this)
    if node.is_string:
        return Term(f"{quoted(value)}::text", OPEN, value=value)
    if abs(Decimal(value).adjusted()) > LARGEST_EXPONENT:
        return walk.fault(node, "the number is too large or too small")
    return Term(value.rstrip(".").lower(), number_kind(value))


def number_kind(value: str) -> str:
    """The type of a number as it is written; a minus sign belongs to it."""
    if "." in value or "e" in value.lower():
        return "decimal"
    number = int(value)
    if -(2**31) <= number < 2**31:
        return "integer"
    return "bigint" if -(2**63) <= number < 2**63 else "decimal"


@allow(exp.Boolean, having="this")
def boolean(_walk: Walk, node: exp.Boolean) -> Term:
    return Term("true" if node.this else "false", "boolean")


@allow(exp.Null, having="")
def null(_walk: Walk, _node: exp.Null) -> Term:
    return Term("null", NULL)


@allow(exp.Paren, having="this")
def bracket(walk: Walk, node: exp.Paren) -> Term:
    return walk.term(node.this)


@allow(exp.Array, having="expressions value_constructor")
def array(walk: Walk, node: exp.Array) -> Term:
    items = [walk.wanted(item, "text") for item in node.expressions]
    if any(item.type == WRONG for item in items):
        return Term("null", WRONG)
    return Term(f"array[{', '.join(item.sql for item in items)}]::text[]", "list")


@allow(exp.Cast, having="this to")
def cast(walk: Walk, node: exp.Cast) -> Term:
    kind = cast_type(node.to)
    if kind is None:
        return walk.fault(node, "a cast to this type is not allowed")
    found = walk.coerced(walk.term(node.this), kind, node.this)
    if found.type == WRONG:
        return found
    if kind == "date" and found.type == "timestamp":
        if not walk.is_immutable(node.this, "the day of a moment depends on the time zone"):
            return Term("null", WRONG)
    elif found.type not in SAFE_CASTS[kind]:
        return walk.fault(node, f"cannot turn {found.type} into {kind}")
    return found if found.type == kind else Term(f"({found.sql})::{SQL_TYPE[kind]}", kind)


def cast_type(to: Any) -> str | None:
    if type(to) is not exp.DataType:
        return None
    if to.this == exp.DType.ARRAY:
        return "list" if [cast_type(item) for item in to.expressions] == ["text"] else None
    # numeric(12, 2) rounds: round(x, 2) says so.
    return None if to.expressions else CAST_TYPES.get(to.this)


@allow(exp.CurrentDate, having="")
def today(walk: Walk, node: exp.CurrentDate) -> Term:
    walk.is_immutable(node, "today changes every day")
    return Term("current_date", "date")


@allow(exp.CurrentTimestamp, having="")
def moment(walk: Walk, node: exp.CurrentTimestamp) -> Term:
    walk.is_immutable(node, "the clock goes on")
    return Term("now()", "timestamp")


# The time of day in the time zone of the session, without naming the zone: what a time field holds.
@allow(exp.CurrentTime, exp.Localtime, having="")
def clock(walk: Walk, node: exp.CurrentTime | exp.Localtime) -> Term:
    walk.is_immutable(node, "the clock goes on")
    return Term("localtime", "time")


@allow(exp.CurrentUser, having="")
def user(walk: Walk, node: exp.CurrentUser) -> Term:
    walk.is_immutable(node, "the user changes from request to request")
    return Term("tenancy.current_user_id()", "uuid")
