"""Publishers that are killed: the command, and the worker that does the online steps for it."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import asyncpg

from server.database import rollout
from server.installation.cluster import Cluster
from tests.cloning import cloned
from tests.command import Result, ended, started
from tests.database import Database
from tests.publishing import Connection
from tests.workers import halting, long_plan, seen
from tests.workers.halting import Moment
from tests.workers.seen import Seen

ALONE = """
select count(*) = 1
from pg_stat_activity
where datname = current_database() and backend_type = 'client backend'
"""
WAITS_FOR_ANOTHER = """
select exists (select from pg_locks where pid = $1 and locktype = 'virtualxid' and not granted)
"""


@dataclass
class Stage:
    """A database in which a draft waits to be published, who watches it, and who publishes."""

    database: Database
    watcher: Connection
    command: Process | None = None
    worker: Process | None = None

    async def publish(self) -> None:
        """Start the command."""
        self.command = await started(self.database, "app", "publish", "load", "--allow-data-loss", "--json")

    async def publish_with_worker(self) -> None:
        """Start a worker and, when it gives a sign of life, the command."""
        environment = {
            **os.environ,
            "QRYVANTA_WORKER_DATABASE_URL": self.database.worker_url,
            "QRYVANTA_PUBLISHER_DATABASE_URL": self.database.publisher_url,
        }
        self.worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "workers", env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        await halting.until(lambda: rollout.worker_beats(self.watcher))
        await self.publish()

    async def end(self) -> Result:
        """Wait until the command has ended."""
        assert self.command
        result = await ended(self.command)
        self.command = None
        return result

    async def halted(self) -> int:
        """Wait until a backend halts; which one."""
        assert self.command
        pid = await halting.halted(self.watcher, self.command)
        assert pid is not None, await self.end()
        return pid

    async def waits_for_another(self, pid: int) -> None:
        """Wait until a backend waits for a transaction of somebody else."""
        await halting.until(lambda: self.watcher.fetchval(WAITS_FOR_ANOTHER, pid))

    async def kill_command(self) -> None:
        """Kill the command, whatever its backend does."""
        assert self.command
        await killed(self.command)
        self.command = None

    async def kill_at(self, kind: str, *, at_once: bool = True) -> None:
        """Publish, and be killed at a kind of moment."""
        await halting.halt_at_kind(self.watcher, kind)
        await self.publish()
        assert await self.kill_halted(at_once=at_once), f"never came to {kind}: {await self.end()}"

    async def kill_halted(self, *, at_once: bool) -> bool:
        """Kill whoever halts, and `at_once` what its statement did; else that runs on without it.

        False when the command ended without that anybody halted.
        """
        assert self.command
        pid = await halting.halted(self.watcher, self.command)
        if pid is None:
            return False
        await self.kill_client(pid)
        if at_once:
            await halting.cut_off(self.watcher, pid)
        await halting.release(self.watcher)
        await halting.gone(self.watcher, pid)
        return True

    async def kill_client(self, pid: int) -> None:
        """Kill the process that a backend works for."""
        program = await self.watcher.fetchval(
            "select application_name from pg_stat_activity where pid = $1", pid
        )
        if program == "qryvanta worker":
            assert self.worker
            await killed(self.worker)
            self.worker = None
            # As if the seconds had passed after which a worker counts as gone.
            await self.watcher.execute(
                "update queue.worker set started_at = now() - interval '1 hour',"
                " beaten_at = now() - interval '1 minute'"
            )
        else:
            await self.kill_command()

    async def kill_everybody(self) -> None:
        """Kill command and worker, whatever their backends do."""
        for process in (self.command, self.worker):
            if process and process.returncode is None:
                await killed(process)
        self.command = self.worker = None

    async def dismiss(self) -> None:
        """End whoever is still there, and wait until their backends are gone."""
        await self.kill_everybody()
        await halting.until(lambda: self.watcher.fetchval(ALONE))


async def killed(process: Process) -> None:
    """As `kill -9` does."""
    process.kill()
    await process.communicate()


@asynccontextmanager
async def stage(cluster: Cluster, template: str) -> AsyncIterator[Stage]:
    """A copy of the database `template`, where every table counts as large."""
    async with cloned(cluster, template) as database:
        connection = await asyncpg.connect(database.administrator_url)
        await long_plan.move_in(connection)
        made = Stage(database, connection)
        try:
            yield made
        finally:
            await halting.release(connection)
            await made.dismiss()
            await connection.close()


@dataclass(frozen=True)
class Base:
    """A database in which a draft waits, and how it looks when it is published and nobody is killed."""

    cluster: Cluster
    name: str
    moments: list[Moment]
    unused: Seen
    used: Seen

    def copy(self) -> AbstractAsyncContextManager[Stage]:
        """One for a test to publish in."""
        return stage(self.cluster, self.name)

    async def quiet(self, uses: int) -> Seen:
        """How a publish ends that nobody kills, when the app was used so often before."""
        return (await quiet(self.cluster, self.name, uses))[1]

    @property
    def kinds(self) -> list[str]:
        """The last kind of moment in each function of the publisher and in each statement, in order."""
        last = {moment.asked: moment.kind for moment in self.moments}
        return list(dict.fromkeys(moment.kind for moment in self.moments if moment.kind in last.values()))


@asynccontextmanager
async def prepared(cluster: Cluster, template: str) -> AsyncIterator[Base]:
    """The first version in force, with rows, and the draft of the second."""
    async with cloned(cluster, template) as database:
        connection = await asyncpg.connect(database.administrator_url)
        await long_plan.settle_in(connection)
        await long_plan.draw_up(connection)
        await halting.observe(connection)
        await connection.close()
        moments, unused = await quiet(cluster, database.name, 0)
        _, used = await quiet(cluster, database.name, 1)
        yield Base(cluster, database.name, moments, unused, used)


async def quiet(cluster: Cluster, template: str, uses: int) -> tuple[list[Moment], Seen]:
    """What a publish passes that nobody kills, and how it ends, when the app was used so often before."""
    async with stage(cluster, template) as calm:
        for number in range(1, uses + 1):
            await seen.use(calm.watcher, number)
        await calm.publish()
        went_well(await calm.end())
        return await halting.moments(calm.watcher), await seen.look(calm.watcher)


def went_well(result: Result) -> None:
    """Fail with what a command said."""
    assert result.code == 0, result.errors
