"""What a database looks like to whoever uses an app: what must not differ because somebody was killed."""

import json
from dataclasses import dataclass
from typing import Any

from server import publication
from tests.acting import acting
from tests.publishing import Connection, tenant
from tests.whole import FACTS

OF_THEIR_TIME = ("created_at", "updated_at")

LEFT_BEHIND = """
select relname::text from pg_class where relname ~ '^_(next|moving)_'
union all
select format('%s.%s', attrelid::regclass, attname)
from pg_attribute
-- The index of a column that was renamed keeps its own name for it.
join pg_class on pg_class.oid = attrelid and relkind = 'r'
where attname ~ '^_(next|moving)_' and not attisdropped
union all
select conname from pg_constraint where conname ~ '^_(next|moving)_'
union all
select tgname from pg_trigger where tgname ~ '^_(next|moving)_'
union all
select proname from pg_proc where proname ~ '^_(next|moving)_'
union all
select format('invalid index %s', indexrelid::regclass) from pg_index where not indisvalid
union all
select format('%s is not valid', conname) from pg_constraint where not convalidated
union all
select format('fill of %s', table_id::regclass) from publish.fill
union all
select format('remedy of %s', element_id) from publish.remedy
union all
select format('publication %s runs', publication_id) from publish.publication where state = 'running'
union all
select format('step %s runs', kind) from publish.step where state = 'running'
union all
select format('%s holds an advisory lock', pid)
from pg_locks
where locktype = 'advisory' and pid <> pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database())
"""


@dataclass
class Seen:
    """The version in force, its catalogue, the rows of all tenants, and how many changes were recorded."""

    version: int
    facts: list[str]
    rows: dict[str, dict[str, dict[str, Any]]]
    recorded: int


async def look(connection: Connection, app: str = "load") -> Seen:
    """What is in force; what is only prepared cannot be seen."""
    version = await connection.fetchval("select published_version from meta.app where name = $1", app)
    facts = sorted(row[0] for row in await connection.fetch(FACTS, app) if "_next_" not in row[0])
    rows = {table: await contents(connection, table) for table in await tables(connection, app)}
    recorded = await connection.fetchval("select count(*) from audit.change")
    return Seen(version, facts, rows, recorded)


async def tables(connection: Connection, app: str) -> list[str]:
    found = await connection.fetch(
        "select table_name from compile.actual_table where schema_name = $1 and table_name !~ '^_'", app
    )
    return [f'"{app}"."{row["table_name"]}"' for row in found]


async def contents(connection: Connection, table: str) -> dict[str, dict[str, Any]]:
    rows = await connection.fetch(f"select to_jsonb(t)::text as row from {table} t")
    found = {}
    for row in (json.loads(item["row"]) for item in rows):
        found[row["id"]] = {
            name: value for name, value in row.items() if name[0] != "_" and name not in OF_THEIR_TIME
        }
    return found


async def left_behind(connection: Connection) -> list[str]:
    """What a publish that is over must not leave."""
    return [row[0] for row in await connection.fetch(LEFT_BEHIND)]


async def use(connection: Connection, number: int) -> None:
    """Read and write by the first version, as people do: one record more, one changed, one gone."""
    owner = await tenant(connection)
    async with acting(connection, "load_user", owner):
        assert await connection.fetchval("select count(amount) from load.parcel where kind = 'box'")
        await connection.execute(
            "insert into load.parcel (id, number, amount, kind, note, old, size, code, at_id) "
            "select $1, $2, $2, 'crate', 'new', 'y', 9, null, d.id from load.depot d order by d.id limit 1",
            identity(3, number),
            100_000 + number,
        )
        await connection.execute(
            "update load.parcel set amount = amount + 1000, kind = 'box', code = null where id = any($1)",
            [identity(2, number), identity(2, 1500 + number)],
        )
        await connection.execute("delete from load.parcel where id = $1", identity(2, 700 + number))


def identity(kind: int, number: int) -> str:
    """The id of a record that the test made."""
    return f"00000000-0000-7000-8000-000{kind}{number:08}"


async def undisturbed(connection: Connection, before: Seen) -> None:
    """The version in force is as it was, whatever is prepared."""
    now = await look(connection)
    assert now.version == before.version
    assert not (differ := set(now.facts) ^ set(before.facts)), sorted(differ)[:10]
    assert now.rows == before.rows
    assert now.recorded == before.recorded
    app_id = await connection.fetchval("select app_id from meta.app")
    drift = await publication.drift(connection, app_id)
    assert drift == [], [(step.kind, step.target, step.statement[:300]) for step in drift]


async def complete(connection: Connection, wanted: Seen) -> None:
    """A publish is over, and nobody can tell what happened on the way."""
    left = await left_behind(connection)
    assert left == [], left
    await undisturbed(connection, wanted)
    findings = await connection.fetch("select name, object, detail from lint.finding")
    assert not findings, findings[:5]
