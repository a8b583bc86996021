"""Halt a publisher at any moment of its work, with nothing of it in the product.

Triggers of the test note what a publisher does: each statement that defines something, before and after it,
each line of the journal, each batch, and the commit in which a version goes live. Each such moment passes
two advisory locks, that of its kind and that of its number; where the test holds one, the publisher waits.
"""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.publishing import Connection

KIND, NUMBER = 4711, 4712
PATIENCE = 60  # seconds after which a publisher that neither halts nor ends is a failure

MOMENTS = """
create schema chaos;
-- What is rolled back was passed all the same: a sequence counts it.
create sequence chaos.number;
create table chaos.moment (number integer, kind text);

create function chaos.pass(event text) returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
    passed integer := nextval('chaos.number');
    kind text := format(
        '%s: %s',
        -- What the publisher asked for: a function of its own, else a statement.
        coalesce(
            substring(current_query() from 'publish\\.(\\w+)'), substring(current_query() from '\\w+')
        ),
        event
    );
begin
    insert into chaos.moment values (passed, kind);
    perform pg_advisory_xact_lock_shared(4711, hashtext(kind));
    perform pg_advisory_xact_lock_shared(4712, passed);
end $$;

create function chaos.on_ddl() returns event_trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
    if current_setting('qryvanta.publish', true) is distinct from 'on' then
        return;
    elsif tg_event = 'ddl_command_start' and tg_tag = 'DROP INDEX' then
        -- Concurrently it must be the first in its transaction to write: it is not counted.
        perform pg_advisory_xact_lock_shared(4711, hashtext('drop: start of drop index'));
    else
        perform chaos.pass(split_part(tg_event, '_', 3) || ' of ' || lower(tg_tag));
    end if;
end $$;

create function chaos.on_row() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
    perform chaos.pass(concat_ws(' ', lower(tg_op), tg_table_name, to_jsonb(new) ->> 'kind'));
    return null;
end $$;

create event trigger chaos_start on ddl_command_start execute function chaos.on_ddl();
create event trigger chaos_end on ddl_command_end execute function chaos.on_ddl();
create trigger chaos_moment after insert or update on publish.publication
    for each row execute function chaos.on_row();
create trigger chaos_moment after insert or update on publish.step
    for each row when (new.phase = 'online') execute function chaos.on_row();
create trigger chaos_moment after insert or update on publish.fill
    for each row execute function chaos.on_row();
create constraint trigger chaos_commit after insert on publish.version
    deferrable initially deferred for each row execute function chaos.on_row();
"""

HALTED = """
select l.pid
from pg_locks l
where l.locktype = 'advisory' and not l.granted and l.classid in (4711, 4712)
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
"""

GONE = "select not exists (select from pg_stat_activity where pid = $1)"


@dataclass(frozen=True)
class Moment:
    """A moment of a publish that ran to its end."""

    number: int
    kind: str

    @property
    def asked(self) -> str:
        """The function of the publisher, or the statement, that was running."""
        return self.kind.split(":")[0]


async def observe(connection: Connection) -> None:
    """Give a database the triggers that note and halt."""
    await connection.execute(MOMENTS)


async def moments(connection: Connection) -> list[Moment]:
    """What the publishes that were committed passed, in order."""
    rows = await connection.fetch("select number, kind from chaos.moment order by number")
    return [Moment(row["number"], row["kind"]) for row in rows]


async def halt_at(connection: Connection, moment: Moment) -> None:
    """Let a publisher wait at the moment of this number, counted anew."""
    await connection.execute("select setval('chaos.number', 1, false)")
    await connection.execute("select pg_advisory_lock($1, $2)", NUMBER, moment.number)


async def halt_at_kind(connection: Connection, kind: str) -> None:
    """Let a publisher wait at every moment of a kind."""
    await connection.execute("select pg_advisory_lock($1, hashtext($2))", KIND, kind)


async def release(connection: Connection) -> None:
    """Let everybody go on."""
    await connection.execute("select pg_advisory_unlock_all()")


async def halted(connection: Connection, process: Process) -> int | None:
    """The backend that waits at a moment; None when the publisher ended without."""
    pid: int | None = None

    async def halts() -> bool:
        nonlocal pid
        pid = await connection.fetchval(HALTED)
        return pid is not None or process.returncode is not None

    await until(halts)
    return pid


async def cut_off(connection: Connection, pid: int) -> None:
    """End a backend as it is: what it was doing is rolled back."""
    await connection.execute("select pg_terminate_backend($1)", pid)
    await gone(connection, pid)


async def gone(connection: Connection, pid: int) -> None:
    """Wait until a backend has ended."""
    await until(lambda: connection.fetchval(GONE, pid))


async def until(happened: Callable[[], Awaitable[object]]) -> None:
    """Wait until something happened; that it never does is a failure."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await happened():
                return
            await asyncio.sleep(0.02)
