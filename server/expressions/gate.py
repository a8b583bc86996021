"""The gate: text that a person typed in, canonical SQL out, or every reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from server.expressions import arithmetic, comparisons, conditions, functions, leaves
from server.expressions.comparisons import stranger
from server.expressions.faults import ExpressionError
from server.expressions.kinds import NULL, NUMBERS, SQL_TYPE, WRONG, WRONG_TERM, Term, base_type
from server.expressions.row import FieldType
from server.expressions.syntax import parse
from server.expressions.walk import Context, Walk, said

LONGEST = 50_000  # characters of canonical SQL: a formula that doubles another soon fills a table
# Importing them fills the list of allowed nodes.
LANGUAGE = (arithmetic, comparisons, conditions, functions, leaves)


@dataclass(frozen=True)
class Expression:
    """An expression that passed: canonical SQL over bare columns, its type, and the fields it names."""

    sql: str
    type: str
    fields: frozenset[str]


def check(
    text: str,
    fields: Mapping[str, FieldType],
    *,
    want: str | FieldType = "any",
    context: Context = "rule",
) -> Expression:
    """The canonical form of an expression over the fields of one row.

    `want` is the type it must give: a type of the manifest, a field, or `any`. Raises ExpressionError
    with every mistake and its place. `type` of the answer is the type PostgreSQL gives the SQL.
    """
    tree = parse(text, fields.keys())
    walk = Walk(text, fields, context)
    found = wanted(walk, walk.term(tree), want, tree)
    if len(found.sql) > LONGEST:
        walk.fault(tree, "too long with the formulas that it uses")
    if walk.faults:
        raise ExpressionError(walk.faults)
    return Expression(found.sql, found.type, frozenset(walk.used))


def wanted(walk: Walk, found: Term, want: str | FieldType, tree: object) -> Term:
    """The term as the wanted type, converted the way PostgreSQL converts on assignment."""
    if found.type == WRONG:
        return found
    if found.type == NULL:
        return walk.fault(tree, "this is always null; leave it out instead")
    if want == "any":
        return walk.coerced(found, "text", tree)
    target = want if isinstance(want, FieldType) else FieldType(want, "")
    kind = base_type(target.type)
    if kind not in SQL_TYPE:
        raise ValueError(f"no type of an expression: {target.type}")
    for value in constants(found, kind, tree):
        if target.choices is not None and value not in target.choices:
            return walk.fault(tree, stranger(value, target.choices))
    return assigned(walk, walk.coerced(found, kind, tree), kind, tree)


def constants(found: Term, kind: str, tree: object) -> list[str]:
    """The choices that an expression names outright: `'open'`, `array['a', 'b']` or `'{a,b}'`."""
    if type(tree) is exp.Array:
        return [item.name for item in tree.expressions if type(item) is exp.Literal]
    if found.value is None:
        return []
    if kind == "list":
        return [word.strip() for word in found.value.strip("{}").split(",") if word.strip()]
    return [found.value]


def assigned(walk: Walk, found: Term, kind: str, tree: object) -> Term:
    if found.type in (kind, WRONG):
        return found
    if kind == "text" and walk.context == "title":
        return arithmetic.shown(walk, found, tree)
    if found.type in NUMBERS and kind in NUMBERS:
        return found
    if (found.type, kind) in {("datetime", "date"), ("datetime", "time")}:
        return Term(f"({found.sql})::{SQL_TYPE[kind]}", kind)
    moments = {("timestamp", "date"), ("timestamp", "time"), ("date", "timestamp"), ("datetime", "timestamp")}
    if (found.type, kind) in moments:
        if not walk.is_immutable(tree, "turning a moment into a day or back depends on the time zone"):
            return WRONG_TERM
        return Term(f"({found.sql})::{SQL_TYPE[kind]}", kind)
    return walk.fault(tree, f"gives {said(found.type)}, but {said(kind)} is needed")
