"""Lists by an indexed number, by words and by parts of words: the API's own statements behind row security.

The baseline is the same list for a superuser, whom no policy keeps from an index.
"""

import asyncio
import os
import statistics
import subprocess
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg

from server.database.actor import Actor
from server.database.pool import open_pool
from server.model import Catalogue
from server.query.answer import fetch_page
from server.query.caller import Caller
from server.query.parameters import read_parameters, split
from server.query.read import list_plan
from tests.bench.installation import Installation

TENANTS = 200
LARGE = 1_000_000
SMALL = 1_000
RUNS = 30
LISTS = {
    "amount in a range": "amount=gt.9998&limit=25",
    "by amount, the greatest first": "order=amount.desc&limit=25",
    "a rare word": "search=777777+&limit=25",
    "two words": "search=zukekin+deal+&limit=25",
    "a word in one of 1,000 records": "search=zukekin+&limit=25",
    "a word in one of 200 records": "search=lobani+&limit=25",
    "a word in every record": "search=deal+&limit=25",
    "a rare beginning": "search=77777&limit=25",
    "a frequent beginning": "search=ba&limit=25",
    "a part of a word": "name=ilike.*77777*&limit=25",
}
# Words of three syllables, some of them far more frequent than others.
FILL = f"""
set session_replication_role = replica;
set synchronous_commit = off;
insert into tenancy.tenant (name, label) select 's' || n, 'S' || n from generate_series(1, {TENANTS}) n;
insert into tenancy.installation select t.tenant_id, a.app_id from tenancy.tenant t cross join meta.app a
    on conflict do nothing;
create temporary table syllable as
    select * from unnest(string_to_array('ba ke lo mi nu ra se ti vo zu pre ni gan dol mar kin', ' '))
    with ordinality as s (text, n);
create temporary table word as
    select row_number() over (order by a.n, b.n, c.n) - 1 as n, a.text || b.text || c.text as word
    from syllable a cross join syllable b cross join syllable c;
create unique index on word (n);
analyze word;
select setseed(0.5);
insert into bench.offer (tenant_id, name, note, amount)
    select g.tenant_id, 'Deal ' || g.n || ' ' || a.word, b.word || ' ' || c.word || ' asked for it', g.amount
    from (
        select
            t.tenant_id, n, (power(random(), 3) * 4095)::integer as a, (random() * 4095)::integer as b,
            (random() * 4095)::integer as c, random() * 10000 as amount
        from tenancy.tenant t
        cross join lateral generate_series(1, case t.name when 's1' then {LARGE} else {SMALL} end) n
        where t.name ~ '^s[0-9]+$'
    ) g
    join word a on a.n = g.a
    join word b on b.n = g.b
    join word c on c.n = g.c;
vacuum analyze bench.offer;
"""


def search(made: Installation) -> list[str]:
    """Fill the table, measure each list."""
    subprocess.run(
        [made.binaries / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", made.url],
        input=FILL,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    one, five, fifteen = os.getloadavg()
    head = f"{LARGE:,} rows of one tenant among {TENANTS}, load {one:.1f} {five:.1f} {fifteen:.1f}"
    return [head, *asyncio.run(measured(made))]


async def measured(made: Installation) -> list[str]:
    superuser = await asyncpg.connect(made.url)
    pool = await open_pool(made.settings.required("server_database_url"), 1)
    try:
        caller = await owner(
            pool, await superuser.fetchval("select tenant_id from tenancy.tenant where name = 's1'")
        )
        return [await line(name, query, caller, superuser) for name, query in LISTS.items()]
    finally:
        await pool.close()
        await superuser.close()


async def owner(pool: "asyncpg.Pool[asyncpg.Record]", tenant_id: UUID) -> Caller:
    """Somebody who may do everything in the large tenant."""
    catalogue = Catalogue(pool)
    await catalogue.refresh()
    app = catalogue.apps["bench"]
    entity = app.entities_by_name["offer"]
    actor = Actor(tenant_id, None, "bench__owner", "api", "bench")
    rights = await catalogue.load_rights(app, entity, actor.role)
    return Caller(pool, catalogue, actor, app, entity, rights)


async def line(name: str, query: str, caller: Caller, superuser: "asyncpg.Connection[asyncpg.Record]") -> str:
    """A line of the report: milliseconds as the API asks, and without row security."""
    plan = await caller.build(
        lambda: list_plan(caller.reach, caller.entity, read_parameters(split(query.encode())), None, "json")
    )

    async def as_api() -> object:
        return await fetch_page(caller, plan)

    async def as_superuser() -> object:
        return await superuser.fetchrow(plan.sql, caller.actor.tenant_id, *plan.values)

    (ours, best), (theirs, _) = await milliseconds(as_api), await milliseconds(as_superuser)
    return (
        f"{name}: {ours:.1f} ms (best {best:.1f}), without row security {theirs:.1f} ms "
        f"({ours / theirs:.1f} times)"
    )


async def milliseconds(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """The median and the best of several runs, after one that warms up."""
    await work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        await work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), min(times)
