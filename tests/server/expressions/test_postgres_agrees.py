"""Whatever passes the gate, PostgreSQL takes: with the promised type, in the promised place."""

from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.expressions import Expression, ExpressionError, check
from server.expressions.kinds import SQL_TYPE, base_type
from server.installation.cluster import Cluster
from tests.database import PASSWORD
from tests.server.expressions.sample import FIELDS, ROWS, TABLE, expressions

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = {
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "time": "time without time zone",
}

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def table(cluster: Cluster, template: str) -> Iterator[Connection]:
    with psycopg.connect(cluster.url("postgres", PASSWORD, "postgres"), autocommit=True) as maintenance:
        maintenance.execute(f"create database expressions template {template}")
        with psycopg.connect(cluster.url("postgres", PASSWORD, "expressions"), autocommit=True) as connection:
            connection.execute(TABLE)
            connection.execute(ROWS)
            yield connection
        maintenance.execute("drop database expressions with (force)")


def accepted(text: str, context: str, want: str = "any") -> Expression | None:
    try:
        return check(text, FIELDS, want=want, context=context)  # type: ignore[arg-type]  # drawn at random
    except ExpressionError:
        return None


def type_of(table: Connection, sql: str) -> object:
    """The type PostgreSQL gives to an expression, without evaluating it."""
    with table.transaction(force_rollback=True):
        table.execute(f"create temp view found as select {sql} as found from sample")
        row = table.execute(
            "select atttypid::regtype::text from pg_attribute where attrelid = 'found'::regclass"
        ).fetchone()
    return row[0] if row else None


@MANY
@given(text=expressions("boolean"))
def test_an_accepted_rule_is_a_check_constraint(table: Connection, text: str) -> None:
    rule = accepted(text, "rule", "boolean")
    if rule is not None:
        table.execute(f"alter table sample add constraint a_rule check ({rule.sql}) not valid")
        table.execute("alter table sample drop constraint a_rule")


@MANY
@given(text=expressions())
def test_an_accepted_formula_is_a_generated_column_of_its_type(table: Connection, text: str) -> None:
    formula = accepted(text, "formula")
    if formula is None:
        return

    promised = SQL_TYPE[formula.type]

    # Only PostgreSQL computes: a constant may be out of range, which it says before it stores any.
    with table.transaction(force_rollback=True), suppress(psycopg.DataError):
        table.execute("create temp table made (like sample)")
        table.execute(f"alter table made add column f {promised} generated always as ({formula.sql}) stored")

    assert type_of(table, formula.sql) == NAMES.get(promised, promised)


@MANY
@given(text=expressions(), context=st.sampled_from(["title", "filter"]))
def test_the_canonical_form_means_what_was_typed(table: Connection, text: str, context: str) -> None:
    expression = accepted(text, context)
    if expression is None:
        return
    query = "select ({})::text from sample order by quantity nulls last"
    # Lookups are typed by the name of the field, which is no column.
    typed = text.replace("customer", "customer_id")

    try:
        as_typed = table.execute(query.format(typed)).fetchall()
    except psycopg.DataError:
        with pytest.raises(psycopg.DataError):
            table.execute(query.format(expression.sql))
        return
    except psycopg.errors.UndefinedFunction:
        return  # the gate joins numbers to texts where PostgreSQL asks for a cast

    assert table.execute(query.format(expression.sql)).fetchall() == as_typed


@MANY
@given(text=expressions("text"))
def test_an_accepted_title_is_text(table: Connection, text: str) -> None:
    title = accepted(text, "title", "text")
    if title is not None:
        assert type_of(table, title.sql) == "text"


@MANY
@given(text=expressions())
def test_the_canonical_form_is_accepted_again_and_stays(text: str) -> None:
    expression = accepted(text, "rule")
    if expression is not None:
        assert accepted(expression.sql, "rule") == Expression(
            expression.sql, expression.type, frozenset(FIELDS[name].column for name in expression.fields)
        )


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("current_date", "date"),
        ("current_date + 14", "date"),
        ("now()", "timestamp"),
        ("current_timestamp", "date"),
        ("now() + interval '1 day'", "timestamp"),
        ("current_date", "timestamp"),
        ("localtime", "time"),
        ("current_time", "time"),
        ("current_user", "user"),
        ("'open'", "choice"),
        ("array['red']", "multichoice"),
        ("'{}'", "multichoice"),
        ("'{\"a\": [1]}'", "json"),
        ("'P1DT2H'", "duration"),
        ("interval '90 minutes'", "duration"),
        ("-0.5", "percent"),
        ("1e3", "float"),
        ("'2024-02-29'", "date"),
        ("'2024-02-29T12:00:00Z'", "timestamp"),
        ("'00000000-0000-0000-0000-000000000001'", "lookup"),
    ],
)
def test_a_default_is_taken_by_a_column_of_its_type(table: Connection, text: str, want: str) -> None:
    default = check(text, {}, want=want, context="default").sql

    with table.transaction(force_rollback=True):
        table.execute(f"create temp table made (value {SQL_TYPE[base_type(want)]} default {default})")
        table.execute("insert into made default values")
