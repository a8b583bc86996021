"""What the gate says: names, types, places; and what never gets through."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.expressions import ExpressionError, FieldType, check, row, with_formulas
from tests.server.expressions.sample import FIELDS


def refusal(text: str, context: str = "rule", want: str | FieldType = "any") -> str:
    with pytest.raises(ExpressionError) as error:
        check(text, FIELDS, want=want, context=context)  # type: ignore[arg-type]  # a parameter of the test
    return str(error.value)


def test_a_lookup_is_its_column_under_both_names() -> None:
    by_name = check("customer is not null", FIELDS)
    by_column = check("customer_id is not null", FIELDS)

    assert by_name.sql == by_column.sql == "(customer_id is not null)"
    assert by_name.fields == {"customer"}


def test_a_misspelt_field_gets_a_suggestion_and_its_place() -> None:
    with pytest.raises(ExpressionError) as error:
        check("price > 0 and\n  orderd_on > date", FIELDS)

    assert error.value.position == (2, 3)
    assert error.value.message == 'unknown field "orderd_on"; did you mean "ordered_on"?'


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(ExpressionError) as error:
        check("nme = 'x' and price > name or status = 'opne' and date > 'soon'", FIELDS)

    assert [fault.message for fault in error.value.faults] == [
        'unknown field "nme"; did you mean "name"?',
        "cannot compare decimal with text",
        "'opne' is not one of the choices: 'open', 'shipped'",
        "'soon' is no date; write 'YYYY-MM-DD'",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ordered_on > name", "cannot compare date with text"),
        ("name + 1", "texts are joined with ||"),
        ("price and active", "needs boolean, not decimal"),
        ("name = null", "write is null"),
        ("case status when 'lost' then 1 end = 1", "'lost' is not one of the choices"),
        ("'green' = any(tags)", "'green' is not one of the choices"),
        ("tags && array['green']", "'green' is not one of the choices"),
        ("extra = extra", ""),
        ("extra < extra", "no order"),
        ("length(price)", "needs text, not decimal"),
        ("ordered_on + price", "days are whole numbers"),
        ("round(weight, 2)", "needs decimal"),
        ("price = weight = cost", "brackets"),
        ("price / 0", "division by zero"),
        ("price ^ 2", "power"),
        ("concat(name, code)", "write a || b"),
        ("lenght(name)", 'did you mean "length"'),
        ("yes", "write true"),
        ("extract(hour from ordered_on)", "extract from date knows"),
        ("ordered_on = '2024-02-30'", "no date"),
        ("ordered_on = 'today'", "no date"),
        ("happened > '2024-01-01 10:00'", "with its offset"),
    ],
)
def test_a_mistake_is_explained(text: str, message: str) -> None:
    if message:
        assert message in refusal(text)
    else:
        check(text, FIELDS)


@pytest.mark.parametrize("context", ["rule", "formula"])
@pytest.mark.parametrize(
    "text",
    [
        "happened + interval '1 day' > created_at",
        "happened::date = ordered_on",
        "happened > ordered_on",
        "coalesce(happened, ordered_on) is null",
        "extract(year from happened) = 2024",
        "ordered_on <= current_date",
        "happened < now()",
        "happened < current_timestamp",
        "clerk = current_user",
        "'on ' || ordered_on = 'x'",
        "localtime > opens",
        "current_time > opens",
    ],
)
def test_what_depends_on_the_session_is_kept_out_of_the_table(text: str, context: str) -> None:
    said = refusal(text, context)

    assert "depends on" in said or "cannot use it" in said
    check(text, FIELDS, context="filter")


def test_a_formula_that_a_formula_uses_is_written_into_it_but_a_rule_names_the_column() -> None:
    fields = with_formulas(FIELDS, {"shouted": "upper(name)"})

    assert check("shouted || 'x'", fields, context="formula").sql == "((upper(name))::text || 'x'::text)"
    assert check("shouted <> 'X'", fields, context="rule").sql == "(shouted <> 'X'::text)"


def test_a_default_uses_no_field_and_fits_its_own() -> None:
    status = FIELDS["status"]

    assert "a default cannot use fields" in refusal("price", "default")
    assert "text stands in single quotes: 'opened'" in refusal("opened", "default")
    assert "not one of the choices" in refusal("'opne'", "default", status)
    assert "not one of the choices" in refusal("array['red', 'green']", "default", FIELDS["tags"])
    assert "not one of the choices" in refusal("'{green}'", "default", FIELDS["tags"])
    assert "gives boolean, but text is needed" in refusal("true", "default", status)
    assert check("'open'", FIELDS, want=status, context="default").sql == "'open'::text"


def test_a_title_shows_numbers_and_dates_as_text() -> None:
    title = check("number || ' of ' || ordered_on || ', ' || price", FIELDS, want="text", context="title")

    assert title.type == "text"
    assert check("quantity", FIELDS, want="text", context="title").sql == "(quantity)::text"


def test_fields_may_be_called_like_words_of_the_language() -> None:
    names = ["date", "time", "left", "interval", "year", "values", "position", "timestamp"]
    fields = row({"fields": [{"name": name, "type": "date"} for name in names]})

    accepted = check(
        "date > time and left = interval or year < values"
        " and position > timestamp and extract(year from year) > 1",
        fields,
    )

    assert accepted.fields == set(names)


def test_only_an_owned_record_has_an_owner() -> None:
    assert check("owner = created_by", FIELDS).sql == "(owner_id = created_by)"
    with pytest.raises(ExpressionError, match="unknown field"):
        check("owner is null", row({"fields": []}))


ATTACKS = [
    "(select 1) = 1",
    "exists (select 1 from identity.account)",
    "quantity in (select 1)",
    "quantity = any(select 1)",
    "name::regclass is null",
    "'identity.account'::regclass is null",
    "cast(name as regproc) is null",
    "pg_sleep(10) is null",
    "pg_catalog.pg_sleep(10) is null",
    "current_setting('qryvanta.tenant_id') = ''",
    "set_config('qryvanta.tenant_id', '', true) = ''",
    "dblink('x', 'y') is null",
    "row_to_json(sample) is null",
    "sample is null or sample.* is null",
    "* is null",
    "row(name, code) is null",
    "(name, code) = ('a', 'b')",
    "name ~ '(a+)+$'",
    "name ~* 'a'",
    "name similar to 'a'",
    "regexp_replace(name, 'a', 'b') = ''",
    "name = 'x' -- comment",
    "name = 'x' /* comment */",
    "/* a */ active",
    "-- a\nactive",
    "active /* /* */ or true",
    "active; drop table sample",
    "active);drop table sample;--",
    "active) or (true",
    '"name" is null',
    '"name"" or true" is null',
    'U&"\\006eame" is null',
    "U&'\\0061' = name",
    "E'\\' or true --' = name",
    "e'a' = name",
    "N'a' = name",
    "B'01' is null",
    "X'1F' is null",
    "$$a$$ = name",
    "$tag$a$tag$ = name",
    "'a' 'b' = name",
    "'a'\n'b' = name",
    "name = 'x\0'",
    "\0",
    "name = '\ud800'",
    "name\u00a0= 'x'",
    "name = \u2018x\u2019",
    "n\u0430me = 'x'",  # a Cyrillic letter
    ":name = 'x'",
    "@name = 'x'",
    "$1 = 'x'",
    "? = name",
    "%s = name",
    "name = 'x' collate \"C\"",
    "happened at time zone 'utc' is null",
    "sample.name is null",
    "public.sample.name is null",
    "tableoid is null",
    "tenant_id is null",
    "ctid is null",
    "xmin is null",
    "session_user = name",
    "current_schema = name",
    "current_catalog = name",
    "current_role = name",
    "gen_random_uuid() = token",
    "random() > 0.5",
    "nextval('x') > 1",
    "lo_import('/etc/passwd') is null",
    "pg_read_file('/etc/passwd') is null",
    "query_to_xml('select 1', true, true, '') is null",
    "tenancy.current_user_id() is null",
    "count(*) > 1",
    "sum(price) > 1",
    "lower(name) over () is null",
    "lower(distinct name) is null",
    "lower(name order by code) is null",
    "abs(variadic tags) is null",
    "abs(x => 1) is null",
    "tags[1] = 'red'",
    "extra -> 'a' is null",
    "extra ->> 'a' = 'b'",
    "extra #> '{a}' is null",
    "extra ? 'a'",
    "name like 'a' escape '!'",
    "name like 'a\\'",
    "price between symmetric 1 and 2",
    "active as x",
    "active order by 1",
    "active union select true",
    "alter table sample add x int",
    "lambda x: x",
    "x -> x + 1 is null",
    "if(active, 1, 2) = 1",
    "ifnull(name, 'x') = 'x'",
    "name::varchar(3) = 'abc'",
    "price::numeric(3) = 1",
    "name::integer = 1",
    "name::date = date",
    "name::json is null",
    "1e999999999 > price",
    "1_000 > price",
    "0x1F > price",
    "ordered_on = date 'now'",
    "happened = 'infinity'",
    "operator(pg_catalog.+) is null",
    "price operator(pg_catalog.>) 1",
    "",
    "   ",
    "()",
    "(" * 300 + "active" + ")" * 300,
    "not " * 900 + "active",
    "abs(" * 100 + "price" + ")" * 100 + " > 1",
    "- " * 900 + "price > 1",
    "case when " * 60 + "active" + " then true end" * 60,
    "price" + " + price" * 700 + " > 1",
    "name = '" + "x" * 5000 + "'",
]


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
@pytest.mark.parametrize("context", ["rule", "filter"])
def test_nothing_but_the_language_gets_through(text: str, context: str) -> None:
    assert refusal(text, context)


def test_a_long_rule_of_simple_conditions_is_not_too_deep() -> None:
    assert check(" or ".join(["price > 1"] * 120), FIELDS).type == "boolean"


def test_quotes_and_backslashes_in_a_text_stay_what_they_are() -> None:
    assert check(r"name = 'it''s \ {0} %s'", FIELDS).sql == r"(name = 'it''s \ {0} %s'::text)"


SOUP = """
    name price active ordered_on tags extra customer and or not is null in between like case when then
    else end cast as interval date any all array extract from year coalesce round trim both leading
    position distinct true false unknown current_date now select where union over filter symmetric
    escape ( ) [ ] , . + - * / % || = <> < > :: @> && -> ~ ! ? : $1 ; 'x' 'it''s' 1 2.5 .5 1. " ' -- /*
    integer text
"""


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(SOUP.split()), max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_accepted_or_refused_and_nothing_else(text: str) -> None:
    with suppress(ExpressionError):
        assert check(text, FIELDS, context="filter").sql
