"""The administrator's connection, with refusals as exit codes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from server.commands.failure import NO, failure
from server.identity.administration.lookup import Invalid, Refused
from server.installation.access import administrator

USAGE = 2


@asynccontextmanager
async def administration() -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Open the administrator's connection; what was typed wrongly ends with 2, what cannot be with 1."""
    try:
        async with administrator() as connection:
            yield connection
    except Invalid as error:
        raise failure(str(error), USAGE) from error
    except Refused as error:
        raise failure(str(error), NO) from error
