"""Filters to SQL."""

from server.database.errors import Refusal
from server.query.branch import branch_sql
from server.query.filter import BRANCH, COMPARISONS, SEARCHES, TRUTHS
from server.query.nearest import SIGNS, nearest, nearest_all
from server.query.reader import malformed
from server.query.scope import Scope
from server.query.search import DOCUMENT, configuration_sql, document_sql
from server.query.shape import Comparison, Condition, Operand
from server.query.statement import Statement

TEXTS = frozenset({"text", "character varying"})


def operand_sql(statement: Statement, scope: Scope, operand: Operand) -> tuple[str, str]:
    """An operand as SQL, and its type."""
    column = scope.column(operand.column)
    # Without precision: rounded to that of the column, 12.499 would equal 12.50.
    sql, sql_type = scope.sql(column.name), column.sql_type.partition("(")[0]
    if operand.path and sql_type != "jsonb":
        raise malformed(f'"{operand.column}" is no JSON column')
    for arrow, key in operand.path:
        # A number addresses an array's element, but also an object's key of that name.
        if key.lstrip("-").isdecimal() and key.isascii() and len(key) < 10:
            bound = f"{statement.bind(key)}::integer"
        else:
            bound = statement.bind(key)
        sql, sql_type = f"({sql} {arrow} {bound})", "text" if arrow == "->>" else "jsonb"
    return sql, sql_type


def condition_sql(statement: Statement, scope: Scope, condition: Condition) -> str:
    """A condition as SQL; its values are bound."""
    if isinstance(condition, Comparison):
        return _comparison(statement, scope, condition)
    members = [condition_sql(statement, scope, member) for member in condition.members]
    joined = "(" + f" {condition.word} ".join(members) + ")"
    return f"not {joined}" if condition.negated else joined


def mentions(condition: Condition, column: str) -> bool:
    """Whether a condition speaks of a column."""
    if isinstance(condition, Comparison):
        return condition.operand.column == column
    return any(mentions(member, column) for member in condition.members)


def _comparison(statement: Statement, scope: Scope, comparison: Comparison) -> str:
    if comparison.operand.column == DOCUMENT:
        found = document_sql(statement, scope, comparison)
        return f"not ({found})" if comparison.negated else found
    sql, sql_type = operand_sql(statement, scope, comparison.operand)
    operator, value = comparison.operator, comparison.value
    column = comparison.operand.column
    if isinstance(value, tuple):
        values = [_pattern(operator, each) for each in value]
        bound = statement.bind_as(values, sql_type, column)
        quantifier = comparison.quantifier or "any"
        condition = f"{sql} {_symbol(operator, sql_type, column)} {quantifier} ({bound})"
    elif operator == "is":
        condition = _truth(sql, sql_type, column, value)
    elif operator == BRANCH:
        condition = branch_sql(statement, scope, comparison, sql)
    elif operator in SEARCHES:
        condition = _search(statement, scope, comparison, sql, sql_type)
    else:
        symbol = _symbol(operator, sql_type, column)
        bound = statement.bind_as(_pattern(operator, value), sql_type, column)
        condition = f"{sql} {symbol} {bound}"
    if comparison.negated:
        return f"not ({condition})"
    near = _near(statement, scope, comparison)
    return f"({near} and {condition})" if near else condition


def _near(statement: Statement, scope: Scope, comparison: Comparison) -> str | None:
    """The condition on the column that carries the index of this one, if there is such."""
    column, operator, value = comparison.operand.column, comparison.operator, comparison.value
    name = scope.order_column(column)
    if name is None:
        return None
    sql = scope.sql(name)
    if isinstance(value, tuple):
        several = nearest_all(value)
        if several is None or comparison.quantifier == "all" or operator not in ("in", "eq"):
            return None
        return f"{sql} = any ({statement.bind_as(several, 'double precision', column)})"
    double = nearest(value)
    if double is None or operator not in SIGNS:
        return None
    return f"{sql} {SIGNS[operator]} {statement.bind_as(double, 'double precision', column)}"


def _symbol(operator: str, sql_type: str, column: str) -> str:
    if operator == "in":
        return "="
    fits = True
    if operator in ("like", "ilike"):
        fits = sql_type in TEXTS
    elif operator in ("cs", "cd"):
        fits = sql_type == "jsonb" or sql_type.endswith("[]")
    elif operator == "ov":
        fits = sql_type.endswith("[]")
    if not fits:
        raise Refusal(400, "42883", f'"{operator}" does not apply to "{column}"')
    return COMPARISONS[operator]


def _pattern(operator: str, value: str) -> str:
    return value.replace("*", "%") if operator in ("like", "ilike") else value


def _truth(sql: str, sql_type: str, column: str, word: str) -> str:
    if word not in ("null", "not_null") and sql_type != "boolean":
        raise Refusal(400, "42804", f'"{column}" is neither true nor false')
    return f"{sql} is {TRUTHS[word]}"


def _search(statement: Statement, scope: Scope, comparison: Comparison, sql: str, sql_type: str) -> str:
    if sql_type not in TEXTS:
        raise Refusal(400, "42883", f'"{comparison.operand.column}" is no text to search')
    configuration = configuration_sql(statement, scope, comparison)
    assert isinstance(comparison.value, str)
    words = statement.bind(comparison.value)
    function = SEARCHES[comparison.operator]
    return f"to_tsvector({configuration}, {sql}) @@ {function}({configuration}, {words})"
