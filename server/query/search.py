"""Search for words, and for parts of words, by an index that row security would keep from the query.

A function of the entity, which runs with rights of its own, finds the ids; the query takes them and is
under the caller's policies as ever. What a query says of words and patterns it says in full all the same,
so the ids only make it faster: without them, because there would be too many, the answer is the same.
"""

import re
from collections.abc import Iterator

from server.database.errors import Refusal
from server.model import Entity
from server.query.filter import SEARCHES
from server.query.plan import Plan
from server.query.reader import malformed
from server.query.scope import Reach, Scope
from server.query.shape import Comparison, Level
from server.query.statement import Statement, quote

DOCUMENT = "search_document"
SEARCH = "search"
# PostgreSQL looks for groups of three letters or digits; a pattern without one reads every row.
PART = re.compile(r"[^\W_]{3}")


def unfinished(text: str) -> tuple[str, str]:
    """What websearch_to_tsquery shall read, and for to_tsquery the beginning of the last word, or ''.

    The last of plain words may not be typed to its end; what has quotes, a minus or an "or" says what it
    means, and so does a space behind the last word.
    """
    words = text.split()
    spoken = any(word.startswith("-") or word.lower() == "or" for word in words) or '"' in text
    if not words or spoken or text[-1].isspace():
        return text, ""
    escaped = words[-1].replace("\\", "\\\\").replace("'", "''")
    return " ".join(words[:-1]), f"'{escaped}':*"


def document_sql(statement: Statement, scope: Scope, comparison: Comparison) -> str:
    """Whether a record has the words."""
    if comparison.operator not in (SEARCH, *SEARCHES):
        raise Refusal(400, "42883", f'"{comparison.operator}" does not apply to "{DOCUMENT}"')
    if scope.entity.search is None:
        raise malformed(f"{scope.label} has no searchable fields")
    if DOCUMENT not in scope.rights.readable:
        message = f"You are not allowed to search {scope.label}: not all that is searched may you read"
        raise Refusal(403, "42501", message)
    return f"{scope.sql(DOCUMENT)} @@ {words_sql(statement, scope, comparison)}"


def words_sql(statement: Statement, scope: Scope, comparison: Comparison) -> str:
    """The words that are looked for, as a tsquery."""
    assert isinstance(comparison.value, str)
    configuration = configuration_sql(statement, scope, comparison)
    if comparison.operator != SEARCH:
        return f"{SEARCHES[comparison.operator]}({configuration}, {statement.bind(comparison.value)})"
    whole, beginning = unfinished(comparison.value)
    words = f"websearch_to_tsquery({configuration}, {statement.bind(whole)})"
    return f"({words} && to_tsquery({configuration}, {statement.bind(beginning)}))" if beginning else words


def configuration_sql(statement: Statement, scope: Scope, comparison: Comparison) -> str:
    """The language of a search: the one that it names, else the app's."""
    language = comparison.language or scope.reach.app.language or "english"
    return statement.bind_as(language, "regconfig", comparison.operand.column)


def probe_plan(reach: Reach, entity: Entity, level: Level) -> Plan | None:
    """A statement whose columns are ids that an index finds; None when nothing is to be found so.

    A column is null when there would be too many. Each is a condition that all records fulfil.
    """
    statement = Statement(fixed=0)
    scope = Scope(reach, entity, statement.alias())
    calls = list(_calls(statement, scope, level))
    if not calls:
        return None
    return Plan(f"select {', '.join(calls)}", tuple(statement.values), tuple(statement.typed))


def _calls(statement: Statement, scope: Scope, level: Level) -> Iterator[str]:
    search = scope.entity.search
    if search is None or DOCUMENT not in scope.rights.readable:
        return
    function = f"{quote(scope.reach.app.name)}.{quote(search.function)}"
    for each in level.conditions:
        if not isinstance(each, Comparison) or each.negated:
            continue
        if each.operand.column == DOCUMENT:
            yield f"{function}({words_sql(statement, scope, each)}, null)"
        elif _has_part(scope, each):
            assert isinstance(each.value, str)
            pattern = each.value.replace("*", "%")
            yield f"{function}(null, {statement.bind(f'%{pattern}%')})"


def _has_part(scope: Scope, comparison: Comparison) -> bool:
    """Whether an index of parts of words can help with a pattern."""
    search = scope.entity.search
    column = scope.entity.columns.get(comparison.operand.column)
    return (
        comparison.operator in ("like", "ilike")
        and isinstance(comparison.value, str)
        and bool(PART.search(comparison.value))
        and search is not None
        and column is not None
        and column.field is not None
        and column.field.name in search.fields
        and not comparison.operand.path
    )
