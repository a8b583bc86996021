"""Open the pool of connections."""

from typing import TYPE_CHECKING

from asyncpg import Connection, Pool, Record, create_pool

# The zone and the interval style fix how JSON shows times; the timeouts end what nobody waits for.
SERVER_SETTINGS = {
    "application_name": "qryvanta",
    "timezone": "UTC",
    "intervalstyle": "iso_8601",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}


if TYPE_CHECKING:
    PlainConnection = Connection[Record]
else:
    PlainConnection = Connection  # generic in its stubs only


class LocalConnection(PlainConnection):
    """A connection on which every setting is local to its transaction, so that it needs no reset.

    asyncpg still rolls back a transaction that was left open.
    """

    def get_reset_query(self) -> str:
        return ""


async def open_pool(url: str, size: int = 10) -> "Pool[Record]":
    """Open a pool of at most `size` connections; raises OSError or PostgresError when it cannot."""
    return await create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        connection_class=LocalConnection,
        server_settings=SERVER_SETTINGS,
        # A statement lives as long as its connection; the least used of many shapes gives way.
        max_cached_statement_lifetime=0,
        statement_cache_size=500,
        command_timeout=60,
        timeout=10,
    )
