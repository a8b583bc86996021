"""Somebody at work on an entity: with whose rights names are found and statements run."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from asyncpg import Pool, PostgresError, Record
from asyncpg.pool import PoolConnectionProxy

from server.database.actor import Actor
from server.database.errors import RETRYABLE, sqlstate_of
from server.database.session import Mode, transaction
from server.model import App, Catalogue, Entity, Rights
from server.query.scope import Reach, RightsMissing

T = TypeVar("T")
ATTEMPTS = 4
Connection: TypeAlias = "PoolConnectionProxy[Record]"


@dataclass(frozen=True, slots=True)
class Caller:
    """An actor at an entity of an app."""

    pool: "Pool[Record]"
    catalogue: Catalogue
    actor: Actor
    app: App
    entity: Entity
    rights: Rights
    time_zone: str | None = None

    @property
    def reach(self) -> Reach:
        return Reach(self.app, lambda entity: self.catalogue.known_rights(self.app, entity, self.actor.role))

    async def build(self, builder: Callable[[], T]) -> T:
        """What `builder` builds, after the rights that it misses were asked for."""
        while True:
            try:
                return builder()
            except RightsMissing as missing:
                await self.catalogue.load_rights(self.app, missing.entity, self.actor.role)

    @asynccontextmanager
    async def transaction(
        self,
        mode: Mode = "read write",
        *,
        keep: bool = True,
        shows_deleted: bool = False,
        custom_plans: bool = False,
    ) -> AsyncIterator[Connection]:
        """A transaction of this caller, with the recycle bin open or not."""
        actor = replace(self.actor, shows_deleted=True) if shows_deleted else self.actor
        async with transaction(self.pool, actor, mode, keep=keep, custom_plans=custom_plans) as connection:
            if self.time_zone:
                await connection.execute("select set_config('timezone', $1, true)", self.time_zone)
            yield connection

    async def perform(
        self,
        work: Callable[[Connection], Awaitable[T]],
        mode: Mode = "read write",
        *,
        keep: bool = True,
        shows_deleted: bool = False,
        custom_plans: bool = False,
    ) -> T:
        """Do `work` in a transaction, again when others were in the way."""

        def begun() -> AbstractAsyncContextManager[Connection]:
            return self.transaction(mode, keep=keep, shows_deleted=shows_deleted, custom_plans=custom_plans)

        for attempt in range(1, ATTEMPTS):
            try:
                async with begun() as connection:
                    return await work(connection)
            except PostgresError as error:
                if sqlstate_of(error) not in RETRYABLE:
                    raise
                # Jitter, or the two that met would meet again.
                await asyncio.sleep(random.uniform(0.5, 1.5) * 0.02 * 2**attempt)
        async with begun() as connection:
            return await work(connection)
