"""How commands reach the installation's database."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from server.installation import embedded
from server.settings import Settings, load


@contextmanager
def installation(stops: bool = False) -> Iterator[Settings]:
    """The complete settings, with the embedded database (where there is one) running meanwhile.

    With `stops` the embedded database is stopped at the end by whoever started it.
    """
    settings = load()
    if not settings.embedded:
        yield settings
        return
    with embedded.running(settings, stops):
        yield embedded.derive(settings)


@asynccontextmanager
async def administrator() -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The administrator's connection: migrations, plan, publish, users."""
    with installation() as settings:
        connection = await asyncpg.connect(settings.required("database_url"))
        try:
            yield connection
        finally:
            await connection.close()
