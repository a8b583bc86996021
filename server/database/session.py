"""A transaction in which PostgreSQL knows who is asking."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from asyncpg import InterfaceError, InternalClientError, Pool, PostgresError, Record
from asyncpg.pool import PoolConnectionProxy

from server.database.actor import Actor

Mode = Literal["read only", "read write"]
ACQUIRE_SECONDS = 5.0


@asynccontextmanager
async def transaction(
    pool: "Pool[Record]",
    actor: Actor,
    mode: Mode = "read write",
    *,
    keep: bool = True,
    custom_plans: bool = False,
) -> AsyncIterator["PoolConnectionProxy[Record]"]:
    """Open a transaction in which row-level security sees `actor`.

    Everything is set local to the transaction, so a pooled connection cannot carry one tenant's
    identity into the next request. With `keep=False` it ends in a rollback. `custom_plans`: what
    index serves a filter best depends on its values, so a plan for any value will not do.
    """
    async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
        # One simple query is one round trip, but it takes no parameters: only UUIDs and words of
        # ours stand in it, never one that was typed.
        user_id = actor.user_id or ""
        await connection.execute(
            f"begin isolation level read committed {mode};"
            f'set local role "{actor.role}";'
            f"set local qryvanta.tenant_id = '{actor.tenant_id}';"
            f"set local qryvanta.user_id = '{user_id}';"
            f"set local qryvanta.request_id = '{actor.request_id}';"
            f"set local qryvanta.source = '{actor.source}'"
            + (";set local qryvanta.deleted = 'visible'" if actor.shows_deleted else "")
            + (";set local plan_cache_mode = force_custom_plan" if custom_plans else "")
        )
        try:
            yield connection
        except BaseException:
            await _roll_back(connection)
            raise
        await connection.execute("commit" if keep else "rollback")


@asynccontextmanager
async def gateway(
    pool: "Pool[Record]", mode: Mode = "read write"
) -> AsyncIterator["PoolConnectionProxy[Record]"]:
    """Open a transaction before it is known who asks: only functions of schema api can be called."""
    async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
        await connection.execute(
            f"begin isolation level read committed {mode};set local role qryvanta_gateway"
        )
        try:
            yield connection
        except BaseException:
            await _roll_back(connection)
            raise
        await connection.execute("commit")


async def _roll_back(connection: "PoolConnectionProxy[Record]") -> None:
    try:
        # A cancelled request still ends its transaction before the connection goes back.
        await asyncio.shield(connection.execute("rollback"))
    except (PostgresError, InterfaceError, InternalClientError, OSError, asyncio.CancelledError):
        connection.terminate()
