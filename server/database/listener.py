"""Hear notifications of PostgreSQL, and know when none could be heard."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Self

from asyncpg import Connection, InterfaceError, PostgresError, Record, connect

logger = logging.getLogger(__name__)

Handler = Callable[[], Awaitable[object]]


class Listener:
    """Calls the handler of a channel after a notification, and every handler every `seconds`.

    Notifications can be lost with a connection; the regular call bounds for how long. Entering starts
    the task, leaving stops and awaits it.
    """

    def __init__(self, url: str, handlers: Mapping[str, Handler], seconds: float = 5.0) -> None:
        self._url = url
        self._handlers = handlers
        self._seconds = seconds
        self._heard: set[str] = set()
        self._wake = asyncio.Event()
        self._connection: Connection[Record] | None = None
        self._task: asyncio.Task[None] | None = None
        self._leaving = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        # Before Python 3.12 a cancellation is lost when what it interrupts ends at that moment.
        self._leaving = True
        self._wake.set()
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._connection:
            self._connection.terminate()

    async def _run(self) -> None:
        while not self._leaving:
            try:
                await self._connect()
                await self._wait()
                await self._handle()
            except (PostgresError, InterfaceError, OSError, TimeoutError) as error:
                logger.warning("cannot listen to the database: %s", type(error).__name__)
                await asyncio.sleep(1)

    async def _connect(self) -> None:
        if self._connection and not self._connection.is_closed():
            return
        self._connection = await connect(self._url, timeout=5)
        for channel in self._handlers:
            await self._connection.add_listener(channel, self._hear)
        # Something may have been said while nobody listened.
        self._heard.update(self._handlers)
        self._wake.set()

    def _hear(self, _connection: object, _pid: int, channel: str, _payload: object) -> None:
        self._heard.add(channel)
        self._wake.set()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._wake.wait()
        except TimeoutError:
            self._heard.update(self._handlers)

    async def _handle(self) -> None:
        heard, self._heard = self._heard, set()
        self._wake.clear()
        for channel in heard:
            await self._handlers[channel]()
