"""An app with more tables than one transaction can hold is built in several, and goes live as one version."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest

from server import publication
from server.database import rollout
from server.manifest import load
from tests.publishing import Connection, app, entity, field, tenant


@pytest.fixture(autouse=True)
async def _few_at_once(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if three tables were too many for one transaction, and eight statements."""
    await connection.execute(
        "create or replace function compile.most_at_once() returns integer immutable language sql return 2"
    )
    monkeypatch.setattr(rollout, "STEPS_AT_ONCE", 8)


def towns(*more: dict[str, Any]) -> dict[str, Any]:
    """Four entities in a circle of lookups, one of them of a hierarchy."""
    return app(
        "towns",
        entity("region", field("name", required=True), field("capital", "lookup", entity="town")),
        entity("town", field("name", unique=True), field("region", "lookup", entity="region")),
        entity("street", field("name", length=80), field("town", "lookup", entity="town")),
        entity("office", field("name"), field("above", "lookup", entity="office"), hierarchy="above"),
        *more,
    )


async def stored(connection: Connection, manifest: dict[str, Any]) -> Any:
    return await publication.store(connection, load(json.dumps(manifest).encode()), await tenant(connection))


async def interrupted(connection: Connection, app_id: Any, after: int) -> None:
    """A publisher that ends after so many transactions of building."""
    opened = await connection.fetchval("select publish.open($1, null, false)", app_id)
    steps = await rollout.patiently(connection, "select s.* from publish.take_up($1) s", opened[0])
    ahead = [tuple(step) for step in steps if step["phase"] == "prepare"]
    for first in range(0, after * 8, 8):
        some = ahead[first : first + 8]
        await rollout.patiently(connection, "select publish.prepare($1, $2)", opened[0], some)


async def tables(connection: Connection) -> list[str]:
    rows = await connection.fetch("select tablename from pg_tables where schemaname = 'towns' order by 1")
    return [row[0] for row in rows]


async def facts(connection: Connection) -> list[str]:
    rows = await connection.fetch(
        """
        select format('%s %s %s %s %s', kind, table_name, name, deparsed, comment)
        from compile.actual_definition('towns')
        union all
        select format('%s %s %s', table_name, column_name, comment)
        from compile.actual_column where schema_name = 'towns'
        union all
        select format('%s %s %s %s', table_name, column_name, grantee, privilege)
        from compile.actual_grant('towns')
        order by 1
        """
    )
    return [row[0] for row in rows]


async def test_many_tables_go_live_as_one_version(connection: Connection) -> None:
    app_id = await stored(connection, towns())

    done = await publication.publish(connection, app_id)

    assert [step.kind for step in done].count("create_table") == 4
    assert {step.kind for step in done if step.phase == "transactional"} == {"grant", "comment"}
    assert await connection.fetchval("select count(*) from publish.version") == 1
    assert await publication.plan(connection, app_id) == []
    assert await publication.drift(connection, app_id) == []
    assert await connection.fetchval("select count(*) from publish.built") == 0
    assert await connection.fetch("select * from lint.finding") == []


async def test_what_is_built_is_what_one_transaction_would_have_made(connection: Connection) -> None:
    app_id = await stored(connection, towns())
    await publication.publish(connection, app_id)
    built = await facts(connection)
    whole = connection.transaction()
    await whole.start()
    await connection.execute(
        "drop schema towns cascade; delete from publish.settled; delete from publish.place"
    )
    await connection.execute(
        "create or replace function compile.most_at_once() returns integer immutable language sql return 99"
    )
    await connection.fetch("select * from publish.repair($1)", app_id)

    assert await facts(connection) == built

    await whole.rollback()


@pytest.mark.parametrize("after", [1, 2, 5, 9])
async def test_an_interrupted_one_shows_nothing_and_goes_on(connection: Connection, after: int) -> None:
    app_id = await stored(connection, towns())
    await interrupted(connection, app_id, after)

    assert await connection.fetchval("select count(*) from publish.version") == 0
    assert await connection.fetch("select * from compile.actual_grant('towns')") == []

    await publication.publish(connection, app_id)

    assert await publication.plan(connection, app_id) == []
    assert await tables(connection) == ["office", "region", "street", "town"]
    assert await connection.fetchval("select state from publish.publication") == "live"


async def test_another_draft_takes_away_what_the_first_one_built(connection: Connection) -> None:
    app_id = await stored(connection, towns())
    await interrupted(connection, app_id, 6)
    assert len(await tables(connection)) == 4
    await stored(connection, app("towns", entity("village", field("name"))))

    await publication.publish(connection, app_id)

    assert await tables(connection) == ["village"]
    assert await connection.fetchval("select count(*) from publish.built") == 0


async def test_what_is_being_built_is_no_drift(connection: Connection) -> None:
    await publication.publish(
        connection, app_id := await stored(connection, app("towns", entity("village", field("name"))))
    )
    before = await facts(connection)
    await stored(connection, towns(entity("village", field("name"))))
    await interrupted(connection, app_id, 6)

    assert await publication.drift(connection, app_id) == []

    await stored(connection, app("towns", entity("village", field("name"))))
    await publication.publish(connection, app_id)

    assert await facts(connection) == before


async def test_many_tables_refer_to_one_that_is_live(connection: Connection) -> None:
    app_id = await stored(connection, app("towns", entity("village", field("name"))))
    await publication.publish(connection, app_id)
    await stored(
        connection,
        towns(
            entity("village", field("name")),
            entity("farm", field("name"), field("village", "lookup", entity="village", required=True)),
        ),
    )

    done = await publication.publish(connection, app_id)

    assert [
        step.target for step in done if step.kind == "create_foreign_key" and "village" in step.target
    ] == ["towns.farm.farm_village_fkey"]
    assert await publication.plan(connection, app_id) == []
    assert await publication.drift(connection, app_id) == []
    assert await connection.fetch("select * from lint.finding") == []


async def test_servers_are_told_of_new_roles(connection: Connection) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    await connection.add_listener("qryvanta_identity", lambda *heard: told.put_nowait(str(heard[2])))
    app_id = await stored(connection, towns())

    await publication.publish(connection, app_id)

    assert await asyncio.wait_for(told.get(), 30) == "qryvanta_identity"


async def test_what_never_went_live_leaves_no_trace(connection: Connection) -> None:
    app_id = await stored(connection, app("towns", entity("village", field("name"))))
    await publication.publish(connection, app_id)
    kept = "select (select count(*) from publish.place), (select count(*) from publish.settled)"
    before = await connection.fetchrow(kept)
    await stored(connection, towns(entity("village", field("name"))))
    opened = await connection.fetchval("select publish.open($1, null, false)", app_id)
    await rollout.begin(connection, opened[0])
    assert await connection.fetchrow(kept) != before
    await stored(connection, app("towns", entity("village", field("name", label="Name of it"))))

    await publication.publish(connection, app_id)

    assert await connection.fetchrow(kept) == before


async def test_a_refusal_at_the_end_leaves_nothing(connection: Connection) -> None:
    app_id = await stored(connection, towns())
    await connection.execute(
        """
        create function public.refuse() returns trigger language plpgsql as $$
        begin raise exception 'not today' using errcode = '23000'; end $$;
        create trigger refuse before insert on publish.version execute function public.refuse();
        """
    )

    with pytest.raises(asyncpg.PostgresError, match="not today"):
        await publication.publish(connection, app_id)

    assert await connection.fetchval("select to_regnamespace('towns')") is None
    assert await connection.fetchval("select count(*) from pg_roles where rolname like '%towns%'") == 0
    assert await connection.fetchval("select fault from publish.publication") == "not today"


async def test_what_somebody_changes_before_it_goes_live_is_mended(connection: Connection) -> None:
    app_id = await stored(connection, towns())
    opened = await connection.fetchval("select publish.open($1, null, false)", app_id)
    await rollout.begin(connection, opened[0])
    await connection.execute(
        "grant select on towns.office to pg_monitor; alter table towns.town disable row level security"
    )

    await publication.publish(connection, app_id)

    assert await publication.drift(connection, app_id) == []
    assert await connection.fetch("select * from lint.finding") == []
    assert not await connection.fetchval("select has_table_privilege('pg_monitor', 'towns.office', 'select')")


async def test_a_version_that_changes_nothing_of_what_was_built_has_little_to_do(
    connection: Connection,
) -> None:
    app_id = await stored(connection, towns())
    await publication.publish(connection, app_id)
    await stored(connection, towns(entity("village", field("name"))))

    steps = await publication.plan(connection, app_id)

    assert steps
    assert all("village" in step.target for step in steps)
