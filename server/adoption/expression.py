"""An expression as PostgreSQL spells it, in the language of a manifest."""

from collections.abc import Mapping

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from server.adoption.reasons import NotAdoptable


def translated(expression: str, names: Mapping[str, str]) -> str:
    """The expression with columns by their fields' names and without the casts that PostgreSQL adds.

    Whether a manifest may say it is the gate's to judge. Raises NotAdoptable when it cannot be read or
    names a column that became no field.
    """
    try:
        tree = parse_one(expression, dialect="postgres")
    except (SqlglotError, RecursionError):
        raise NotAdoptable("it cannot be read") from None
    for column in list(tree.find_all(exp.Column)):
        if column.name not in names:
            raise NotAdoptable(f"{column.name} is no field of its own")
    return tree.transform(simpler, dict(names)).sql(dialect="postgres")


def simpler(node: exp.Expression, names: dict[str, str]) -> exp.Expression:
    """One node as a person would write it."""
    if isinstance(node, exp.Column):
        return exp.column(names.get(node.name, node.name))
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal | exp.Column | exp.Paren | exp.Array):
        # `'new'::text`, `(0)::numeric`: said by PostgreSQL, meant by nobody.
        return simpler(node.this, names) if isinstance(node.this, exp.Column) else bare(node.this)
    if isinstance(node, exp.EQ) and isinstance(node.expression, exp.Any):
        listed = bare(node.expression.this)
        if isinstance(listed, exp.Array):
            return exp.In(this=bare(node.this), expressions=[bare(item) for item in listed.expressions])
    return node


def bare(node: exp.Expression) -> exp.Expression:
    """Without brackets and casts around it."""
    while isinstance(node, exp.Paren | exp.Cast) and not isinstance(node.this, exp.Binary):
        inner = node.this
        if isinstance(node, exp.Cast) and inner.is_string and node.to.this in exp.DataType.NUMERIC_TYPES:
            return exp.Literal.number(inner.this)  # A negative number is quoted: `'-1'::integer`.
        node = inner
    return node
