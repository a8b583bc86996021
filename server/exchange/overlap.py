"""Periods that overlap: in the file, or in the file and in another record."""

from decimal import Decimal

from asyncpg import Connection, Record

from server.exchange.constraint import future_records
from server.exchange.plan import Plan
from server.exchange.problem import INSERT, headers_of, place_of
from server.exchange.sql import literal

RULES = """
select c.conname as name, pg_get_expr(i.indpred, i.indrelid) as condition,
    array(
        select pg_get_indexdef(i.indexrelid, k.place, false)
        from generate_series(1, i.indnkeyatts) as k (place) order by k.place
    ) as parts
from pg_catalog.pg_constraint c
join pg_catalog.pg_index i on i.indexrelid = c.conindid
where c.conrelid = $1::regclass and c.contype = 'x'
"""


async def overlaps(connection: "Connection[Record]", plan: Plan) -> None:
    """Find lines whose period overlaps that of a record, or of a line that begins before it and stays."""
    for rule in await connection.fetch(RULES, plan.table):
        records = await future_records(connection, plan, " ".join([*rule["parts"], rule["condition"]]))
        lines = await taken(connection, periods(plan, rule, records))
        known = plan.entity.constraints_by_name[rule["name"]]
        said = f"{place_of(plan, known.fields)}, {literal(headers_of(plan, known.fields))}"
        await connection.execute(
            f"{INSERT}\nselect line, {said}, {literal(known.message)} from unnest($1::bigint[]) as line",
            lines,
        )


async def taken(connection: "Connection[Record]", query: str) -> list[int]:
    """The lines for which there is no room: who begins first is served first, records before lines."""
    found: list[int] = []
    key, end = None, Decimal("-Infinity")
    async for line, part, start, stop, meets_record in connection.cursor(query):
        if part != key:
            key, end = part, Decimal("-Infinity")
        if meets_record or start < end:
            found.append(line)
        else:
            end = stop
    return found


def periods(plan: Plan, rule: "Record", records: str) -> str:
    """The query for the lines in the order in which their periods begin, key by key."""
    # The last part is the period, those before it are the tenant and the key.
    *keys, period = rule["parts"]
    key = ", ".join(f"{part} as k{place}" for place, part in enumerate(keys))
    names = ", ".join(f"k{place}" for place in range(len(keys)))
    return f"""
with future as materialized (select r.*, {plan.tenant} as tenant_id from ({records}) r),
item as (
    select "the line" as line, {key}, {period} as period from future where {rule["condition"]}
    union all
    select null, {key}, {period} from {plan.table} o
    where o.tenant_id = {plan.tenant} and {rule["condition"]}
        and not exists (select from future f where f.id = o.id)
),
moment as (
    select line, {names}, extract(epoch from lower(period)) as start,
        coalesce(extract(epoch from upper(period)), 'infinity')
            + case when upper_inc(period) then 0.000001 else 0 end as stop
    from item where not isempty(period) and num_nulls({names}) = 0
),
judged as (
    select line, dense_rank() over (order by {names}) as part, start, stop,
        coalesce(start < max(stop) filter (where line is null) over earlier, false)
            or coalesce(stop > min(start) filter (where line is null) over later, false) as meets_record
    from moment
    window earlier as (
        partition by {names} order by start, line nulls first
        rows between unbounded preceding and 1 preceding
    ),
    later as (
        partition by {names} order by start, line nulls first
        rows between 1 following and unbounded following
    )
)
select * from judged where line is not null order by part, start, line"""
