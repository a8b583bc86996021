"""Online steps run in a worker while whoever asked for the publish waits."""

import asyncpg
import pytest

from server import publication
from server.database import publisher, rollout
from server.manifest import load, to_json
from tests.database import Database
from tests.publishing import Connection, app, entity, field, publish, tenant
from tests.workers.process import beating, publisher_url, worker
from workers.publication import run

LOOSE = app("crm", entity("account", field("name"), field("size", "integer")))
STRICT = app(
    "crm", entity("account", field("name", unique=True), field("size", "bigint", min=0, indexed=True))
)


async def filled(connection: Connection) -> None:
    """A table that counts as large, with rows, and a draft that changes it."""
    await publish(connection, LOOSE)
    await connection.execute(
        "insert into crm.account (tenant_id, name, size) "
        "select $1, 'No. ' || n, n from generate_series(1, 3000) n",
        await tenant(connection),
    )
    # For every session of this database: the worker's as well.
    await connection.execute(
        "do $$ begin "
        "execute format('alter database %I set qryvanta.online_size = 0', current_database()); end $$"
    )
    await connection.execute("set qryvanta.online_size = 0")
    await publication.store(connection, load(to_json(STRICT).encode()), await tenant(connection))


async def test_the_publisher_login_makes_a_publication_ready(
    database: Database, connection: Connection
) -> None:
    await filled(connection)
    app_id = await connection.fetchval("select app_id from meta.app")
    publication_id = await connection.fetchval("select opened from publish.open($1, null, false)", app_id)

    await run(publisher_url(database), publication_id)

    steps = await connection.fetch("select phase from publish.take_up($1)", publication_id)
    assert {step["phase"] for step in steps} == set()
    await rollout.go_live(connection, publication_id)
    assert await connection.fetchval("select sum(size)::bigint from crm.account") == 3000 * 3001 // 2
    assert await publication.drift(connection, app_id) == []


async def test_a_worker_runs_the_online_steps_of_a_publish(
    database: Database, connection: Connection
) -> None:
    await filled(connection)
    app_id = await connection.fetchval("select app_id from meta.app")
    seen: list[rollout.Progress] = []

    with worker(database):
        await beating(connection)
        await publication.publish(connection, app_id, report=seen.append)

    assert await connection.fetchval(
        "select count(*) from queue.pgqueuer_log where entrypoint = $1", rollout.ONLINE_JOB
    )
    assert (
        await connection.fetchval("select state from publish.publication order by requested_at desc")
        == "live"
    )
    assert await publication.drift(connection, app_id) == []


async def test_records_that_break_a_rule_meanwhile_leave_nothing_behind(
    database: Database, connection: Connection
) -> None:
    await filled(connection)
    app_id = await connection.fetchval("select app_id from meta.app")
    publication_id = await connection.fetchval("select opened from publish.open($1, null, false)", app_id)
    # Somebody writes a second record of the same name after the check, before the key is there.
    await connection.execute(
        "insert into crm.account (tenant_id, name, size) select tenant_id, name, 1 from crm.account limit 1"
    )

    await run(publisher_url(database), publication_id)

    state = await connection.fetchrow(
        "select state, fault from publish.publication where publication_id = $1", publication_id
    )
    assert state is not None
    assert state["state"] == "failed"
    assert "account_name" in state["fault"] or "unique" in state["fault"]
    assert await connection.fetch("select relname from pg_class where relname ~ '^_next_'") == []
    assert await publication.drift(connection, app_id) == []


async def test_a_second_publisher_is_told_who_the_first_is(
    database: Database, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(connection)
    app_id = await connection.fetchval("select app_id from meta.app")
    monkeypatch.setattr(publisher, "PATIENCE", 1)
    other = await asyncpg.connect(
        database.administrator_url, server_settings={"application_name": "another desk"}
    )
    assert await other.fetchval("select publish.hold($1)", app_id) is None

    with pytest.raises(publisher.BusyError, match="another desk"):
        await publication.publish(connection, app_id)
    await other.close()


async def test_two_who_publish_the_same_both_learn_that_it_is_live(connection: Connection) -> None:
    app_id = await publish(connection, LOOSE)
    await publication.store(connection, load(to_json(STRICT).encode()), await tenant(connection))
    first = await connection.fetchval("select opened from publish.open($1, null, false)", app_id)
    second = await connection.fetchval("select opened from publish.open($1, null, false)", app_id)
    ran = await rollout.publish(connection, first)

    told = await rollout.publish(connection, second)

    assert [tuple(step) for step in told] == [tuple(step) for step in ran]
    assert len(await connection.fetch("select from publish.version")) == 2


async def test_a_publication_whose_draft_was_replaced_touches_nothing(
    database: Database, connection: Connection
) -> None:
    await filled(connection)
    app_id = await connection.fetchval("select app_id from meta.app")
    late = await connection.fetchval("select opened from publish.open($1, null, false)", app_id)
    other = app("crm", entity("account", field("name"), field("size", "bigint")))
    await publication.store(connection, load(to_json(other).encode()), await tenant(connection))
    current = await connection.fetchval("select opened from publish.open($1, null, false)", app_id)
    await run(publisher_url(database), current)

    await run(publisher_url(database), late)
    with pytest.raises(asyncpg.PostgresError, match="another draft took its place"):
        await rollout.publish(connection, late)

    left = await connection.fetch("select phase from publish.take_up($1)", current)
    assert {step["phase"] for step in left} == set()


async def test_a_repair_does_not_take_away_what_somebody_is_preparing(
    database: Database, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(connection)
    app_id = await connection.fetchval("select app_id from meta.app")
    monkeypatch.setattr(publisher, "PATIENCE", 1)
    other = await asyncpg.connect(
        database.administrator_url, server_settings={"application_name": "another desk"}
    )
    assert await other.fetchval("select publish.hold($1)", app_id) is None

    with pytest.raises(publisher.BusyError, match="another desk"):
        await publication.repair(connection, app_id)
    await other.close()
