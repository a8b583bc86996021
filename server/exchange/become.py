"""Who reads and writes in a transaction of the worker's login."""

from asyncpg import Connection, Record

from server.database.actor import Actor
from server.exchange.sql import literal, name


async def become(connection: "Connection[Record]", actor: Actor, time_zone: str = "UTC") -> None:
    """Until the transaction ends row-level security sees `actor`.

    Dates are read year first and durations written as ISO 8601, whatever the server's settings say;
    times without offset are in `time_zone`.
    """
    await connection.execute(
        f"set local role {name(actor.role)};"
        f"set local qryvanta.tenant_id = '{actor.tenant_id}';"
        f"set local qryvanta.user_id = '{actor.user_id or ''}';"
        f"set local qryvanta.request_id = '{actor.request_id}';"
        f"set local qryvanta.source = '{actor.source}';"
        "set local datestyle = 'ISO, YMD';"
        "set local intervalstyle = 'iso_8601';"
        f"set local time zone {literal(time_zone)}"
        + (";set local qryvanta.deleted = 'visible'" if actor.shows_deleted else "")
    )
