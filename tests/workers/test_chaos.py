"""Publisher and worker are killed at every step of a long plan: a version is in force whole or not at all.

By default at one moment of each kind; QRYVANTA_TEST_CHAOS=1 kills at each moment that a publish passes.
"""

import os
from collections import Counter
from uuid import UUID

import asyncpg
import pytest

from server import publication
from server.database import publisher
from tests.publishing import Connection
from tests.workers import halting, seen
from tests.workers.halting import Moment
from tests.workers.staging import Base, went_well

EVERY_MOMENT = bool(os.environ.get("QRYVANTA_TEST_CHAOS"))

# The step that comes next; what is one transaction is one step.
NEXT = """
select s.phase, case s.phase when 'online' then format('%s %s', s.kind, s.target) end as step
from publish.publication p
cross join lateral compile.steps(p.manifest) s
where p.state = 'running'
limit 1
"""


async def live(connection: Connection, version: int) -> list[UUID]:
    """The publications that made a version the one in force."""
    rows = await connection.fetch(
        "select publication_id from publish.publication join publish.version using (version_id) "
        "where state = 'live' and number = $1",
        version,
    )
    return [row["publication_id"] for row in rows]


async def test_a_publisher_killed_again_and_again_comes_to_the_end(base: Base) -> None:
    async with base.copy() as killing:
        before = await seen.look(killing.watcher)
        for number, kind in enumerate(base.kinds, 1):
            # The last transaction is over when its commit runs on: that is a test of its own.
            await killing.kill_at(kind, at_once=number % 2 == 0 or kind == base.kinds[-1])
            await seen.undisturbed(killing.watcher, before)
            await seen.use(killing.watcher, number)
            before = await seen.look(killing.watcher)
        await killing.publish()
        went_well(await killing.end())

        await seen.complete(killing.watcher, await base.quiet(len(base.kinds)))
        assert len(await live(killing.watcher, 2)) == 1
        states = await killing.watcher.fetch(
            "select distinct state from publish.step where publication_id is not null"
        )
        assert {row["state"] for row in states} == {"done", "interrupted"}


async def test_a_command_goes_on_where_its_worker_was_killed(base: Base) -> None:
    async with base.copy() as killing:
        await halting.halt_at_kind(killing.watcher, "create: end of create index")
        await killing.publish_with_worker()
        assert await killing.kill_halted(at_once=True)
        assert killing.worker is None, "the worker did the step"
        went_well(await killing.end())

        await seen.complete(killing.watcher, base.unused)
        assert len(await live(killing.watcher, 2)) == 1


async def test_a_worker_goes_on_where_its_command_was_killed(base: Base) -> None:
    async with base.copy() as killing:
        before = await seen.look(killing.watcher)
        await halting.halt_at_kind(killing.watcher, "end_step: update step fill")
        await killing.publish_with_worker()
        pid = await killing.halted()
        await killing.kill_command()
        await seen.undisturbed(killing.watcher, before)
        await seen.use(killing.watcher, 1)
        await halting.release(killing.watcher)
        await halting.gone(killing.watcher, pid)
        assert await killing.watcher.fetchval(NEXT) == "transactional"
        await killing.publish()
        went_well(await killing.end())
        await killing.dismiss()

        await seen.complete(killing.watcher, base.used)
        assert len(await live(killing.watcher, 2)) == 1


async def test_what_is_committed_without_an_answer_is_in_force(base: Base) -> None:
    async with base.copy() as killing:
        await killing.kill_at("COMMIT: insert version", at_once=False)

        await seen.complete(killing.watcher, base.unused)
        await killing.publish()
        result = await killing.end()
        went_well(result)
        assert result.rows == []
        await seen.complete(killing.watcher, base.unused)


async def test_a_second_publisher_is_told_of_a_killed_one_whose_statement_runs_on(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "PATIENCE", 1)

    async with base.copy() as killing:
        # Somebody's long transaction, for which the build of an index waits.
        other = await asyncpg.connect(killing.database.administrator_url)
        await halting.halt_at_kind(killing.watcher, "create: start of create index")
        await killing.publish()
        pid = await killing.halted()
        reading = other.transaction()
        await reading.start()
        await other.execute("update load.parcel set amount = amount where number = 1")
        await halting.release(killing.watcher)
        await killing.waits_for_another(pid)
        await killing.kill_command()
        app_id = await killing.watcher.fetchval("select app_id from meta.app")
        with pytest.raises(publisher.BusyError, match="is being published by postgres since"):
            await publication.publish(killing.watcher, app_id, allow_data_loss=True)
        await halting.cut_off(killing.watcher, pid)
        await reading.rollback()
        await other.close()
        assert await killing.watcher.fetchval("select count(*) from pg_index where not indisvalid") == 1
        await killing.publish()
        went_well(await killing.end())

        await seen.complete(killing.watcher, base.unused)
        kinds = await killing.watcher.fetch("select distinct kind from publish.step where phase = 'online'")
        assert "drop_index" in {row["kind"] for row in kinds}


@pytest.mark.skipif(not EVERY_MOMENT, reason="takes half an hour: QRYVANTA_TEST_CHAOS=1")
@pytest.mark.parametrize("manner", ["at once", "runs on", "worker"])
async def test_a_publisher_killed_at_every_moment_of_every_step_comes_to_the_end(
    base: Base, manner: str
) -> None:
    # By step: how many moments are passed on the way to the next kill.
    passing: Counter[str] = Counter()
    kills, step = 0, "to begin"

    async with base.copy() as killing:
        before = await seen.look(killing.watcher)
        while True:
            await halting.halt_at(killing.watcher, Moment(1 + passing[step], "whatever comes"))
            await (killing.publish_with_worker() if manner == "worker" else killing.publish())
            assert killing.command
            pid = await halting.halted(killing.watcher, killing.command)
            if pid is None:
                break
            await killing.kill_everybody()
            if manner == "at once" or kills % 2:
                await halting.cut_off(killing.watcher, pid)
            await halting.release(killing.watcher)
            await killing.dismiss()
            kills += 1
            await seen.undisturbed(killing.watcher, before)
            await seen.use(killing.watcher, kills)
            before = await seen.look(killing.watcher)
            now = await killing.watcher.fetchrow(NEXT)
            step = f"{now['phase']} {now['step']}" if now else "to begin"
            # In one transaction, before a statement is after the one before it: both are rolled back alike.
            in_steps = now is None or now["step"]
            passing[step] += 1 if in_steps else 2 if manner == "at once" else 25
        went_well(await killing.end())
        await killing.dismiss()

        await seen.complete(killing.watcher, await base.quiet(kills))
        assert len(await live(killing.watcher, 2)) == 1
