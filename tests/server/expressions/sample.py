"""An entity with a field of every type, its table, and expressions made at random over it."""

from hypothesis import strategies as st

from server.expressions import FieldType, row

ENTITY = {
    "name": "sample",
    "ownership": "owned",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "code", "type": "text"},
        {"name": "quantity", "type": "integer"},
        {"name": "total", "type": "bigint"},
        {"name": "price", "type": "decimal"},
        {"name": "cost", "type": "money"},
        {"name": "weight", "type": "float"},
        {"name": "discount", "type": "percent"},
        {"name": "active", "type": "boolean"},
        {"name": "ordered_on", "type": "date"},
        {"name": "date", "type": "date"},
        {"name": "opens", "type": "time"},
        {"name": "happened", "type": "timestamp"},
        {"name": "lasts", "type": "duration"},
        {"name": "status", "type": "choice", "choices": ["open", "shipped"]},
        {"name": "tags", "type": "multichoice", "choices": ["red", "blue"]},
        {"name": "customer", "type": "lookup"},
        {"name": "clerk", "type": "user"},
        {"name": "number", "type": "autonumber"},
        {"name": "extra", "type": "json"},
        {"name": "token", "type": "uuid"},
        {"name": "shouted", "type": "text", "formula": "upper(name)"},
    ],
}
FIELDS: dict[str, FieldType] = row(ENTITY)

TABLE = """
create table sample (
    id uuid, name text, code text, quantity integer, total bigint, price numeric(18, 2),
    cost numeric(19, 4), weight double precision, discount numeric(9, 6), active boolean,
    ordered_on date, date date, opens time, happened timestamptz, lasts interval, status text,
    tags text[], customer_id uuid, clerk_id uuid, number text, extra jsonb, token uuid,
    shouted text generated always as (upper(name)) stored,
    owner_id uuid, created_at timestamptz, created_by uuid, updated_at timestamptz, updated_by uuid,
    version bigint
)
"""
ROWS = """
insert into sample (
    name, code, quantity, total, price, cost, weight, discount, active, ordered_on, date, opens,
    happened, lasts, status, tags, extra, version
)
values
    ('Ada', 'a_1', 7, 9000000000, 12.50, 3.1250, 0.1, 0.15, true, '2024-02-29', '2024-03-31', '08:30',
     '2024-02-29 23:30+00', '1 mon 2 days 03:00', 'open', '{red}', '{"a": 1}', 1),
    ('', '%', -3, -1, -0.01, 0, -2.5, 0, false, '2023-12-31', '2024-01-01', '23:59:59',
     '2024-01-01 00:00+00', '-1 day', 'shipped', '{}', '[]', 2),
    (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
     null, null)
"""

# Type of a term → texts that have it, in the words of a person.
LEAVES = {
    "text": ["name", "code", "status", "number", "'x'", "'it''s'", "'a_%'"],
    "integer": ["quantity", "0", "7", "2147483647"],
    "bigint": ["total", "version", "2147483648"],
    "decimal": ["price", "cost", "discount", "0.10", "1e3", "extract(year from ordered_on)"],
    "float": ["weight", "sqrt(quantity)"],
    "boolean": ["active", "true", "false", "name is null", "status = 'open'", "'red' = any(tags)"],
    "date": ["ordered_on", "date", "date '2024-02-29'"],
    "time": ["opens", "time '08:30'"],
    "timestamp": ["happened", "created_at", "timestamptz '2024-02-29 12:00+01'"],
    "duration": ["lasts", "interval '3 days'", "interval '1 hour 5 minutes'", "interval 'P1M'"],
    "uuid": ["customer", "clerk_id", "token", "id", "uuid '00000000-0000-0000-0000-000000000001'"],
    "list": ["tags", "array['red', 'blue']"],
    "json": ["extra"],
}
ORDERED = ["text", "integer", "bigint", "decimal", "float", "date", "time", "timestamp", "duration"]
NUMBERS = ["integer", "bigint", "decimal", "float"]
SHAPES = {
    "text": [
        "lower({text})", "upper({text})", "trim({text})", "ltrim({text}, 'x')", "{text} || {text}",
        "{text} || {integer}", "left({text}, {integer})", "substring({text} from 2 for 3)",
        "replace({text}, {text}, {text})", "coalesce({text}, {text})", "nullif({text}, {text})",
        "case when {boolean} then {text} else {text} end", "greatest({text}, {text})",
        "cast({number} as text)", "({text})", "{text} || {boolean}",
    ],
    "integer": [
        "length({text})", "{integer} + {integer}", "{integer} - {integer}", "{integer} * {integer}",
        "{integer} / {integer}", "{integer} % {integer}", "- {integer}", "({integer})", "abs({integer})",
        "{date} - {date}", "position({text} in {text})", "cardinality({list})", "cast({number} as integer)",
        "coalesce({integer}, {integer})", "nullif({integer}, {bigint})", "mod({integer}, {integer})",
    ],
    "bigint": ["{integer} + {bigint}", "abs({bigint})", "{bigint} / {integer}", "least({bigint}, {integer})"],
    "decimal": [
        "{decimal} + {integer}", "{decimal} - {decimal}", "{decimal} * {integer}", "{decimal} / {decimal}",
        "round({decimal}, 2)", "round({integer}, 1)", "trunc({decimal})", "ceil({decimal})",
        "floor({decimal})", "sign({decimal})", "power({decimal}, 2)", 
        "case when {boolean} then {decimal} end",
        "coalesce({decimal}, 0)", "greatest({decimal}, {integer})", "nullif({integer}, {decimal})",
        "extract(month from {date})", "extract(hour from {time})", "extract(day from {duration})",
        "cast({number} as decimal)", "({decimal})", "- {decimal}", "{decimal} % {integer}",
    ],
    "float": ["{float} * {decimal}", "round({float})", "round({integer})", "{float} / {integer}"],
    "boolean": [
        "{boolean} and {boolean}", "{boolean} or {boolean}", "not {boolean}", "({boolean})",
        "{number} > {number}", "{number} = {number}", "{number} <> {number}", "{text} < {text}",
        "{date} >= {date}", "{date} between {date} and {date}", "{number} in ({number}, {number})",
        "{text} like {text}", "{text} not ilike {text}", "{text} is distinct from {text}",
        "{text} is not null", "{boolean} is not true", "{timestamp} < {timestamp}", "{uuid} = {uuid}",
        "{duration} > {duration}", "{list} @> {list}", "{list} && {list}", "{date} + {duration} > {date}",
        "starts_with({text}, {text})", "{time} < {time}", "{json} is null", "{text} not in ({text}, {text})",
        "case {integer} when 1 then {boolean} else {boolean} end", "{date} notnull",
    ],
    "date": ["{date} + {integer}", "{date} - {integer}", "greatest({date}, {date})"],
    "time": ["{time} + {duration}", "coalesce({time}, {time})"],
    "timestamp": ["coalesce({timestamp}, {timestamp})", "least({timestamp}, {timestamp})"],
    "duration": [
        "{duration} + {duration}", "{duration} * {number}", "{time} - {time}", "{timestamp} - {timestamp}",
        "- {duration}", "coalesce({duration}, {duration})",
    ],
    "uuid": ["coalesce({uuid}, {uuid})"],
    "list": ["coalesce({list}, {list})"],
    "json": ["coalesce({json}, {json})"],
}  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, kind: str = "any", depth: int = 3) -> str:
    """An expression that by its shape should give a type; its parts are at times of another one."""
    if kind == "any":
        kind = draw(st.sampled_from(list(LEAVES)))
    if kind == "number":
        kind = draw(st.sampled_from(NUMBERS))
    if draw(st.integers(0, 30)) == 0:
        kind = draw(st.sampled_from(list(LEAVES)))
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(LEAVES[kind]))
    shape = draw(st.sampled_from(SHAPES[kind]))
    while (start := shape.find("{")) >= 0:
        end = shape.index("}")
        part = draw(expressions(shape[start + 1 : end], depth - 1))
        shape = shape[:start] + part + shape[end + 1 :]
    return shape
