"""Signing in with e-mail address and password."""

import ipaddress
from dataclasses import dataclass
from uuid import UUID

from asyncpg import Pool, Record
from starlette.requests import HTTPConnection

from server.database.session import gateway
from server.identity import passwords, sessions


class LoginRefused(Exception):
    """The e-mail address or the password is wrong, or the person has no access."""


@dataclass
class LoginDelayed(Exception):
    """Too many failures; try again after `seconds`."""

    seconds: int


async def login(
    pool: "Pool[Record]",
    request: HTTPConnection,
    *,
    email: str,
    password: str,
    kind: sessions.Kind,
    tenant: str | None = None,
) -> UUID:
    """Start a session for a person who knows their password.

    The refusal is the same, and takes the same time, whether the account is unknown, disabled, without
    (that) tenant or only the password is wrong.
    """
    address = address_of(request)
    async with gateway(pool) as connection:
        attempt = await connection.fetchrow("select * from api.begin_login($1, $2)", email, address)
    if attempt is None or attempt["wait"] > 0:
        raise LoginDelayed(attempt["wait"] if attempt else 1)
    if not await passwords.matches(password, attempt["password_hash"]):
        raise LoginRefused
    async with gateway(pool) as connection:
        session_id = await connection.fetchval(
            "select api.start_session($1, $2, $3, $4, $5, $6, $7)",
            attempt["user_id"],
            tenant or None,
            kind,
            sessions.LIFETIME[kind],
            sessions.IDLE_LIMIT[kind],
            address,
            request.headers.get("user-agent"),
        )
    if session_id is None:
        raise LoginRefused
    await _rehash(pool, attempt, password)
    return UUID(bytes=session_id.bytes)


async def logout(pool: "Pool[Record]", session_id: UUID) -> None:
    """End a session."""
    async with gateway(pool) as connection:
        await connection.execute("select api.end_session($1)", session_id)


def address_of(request: HTTPConnection) -> str:
    """The address under which attempts are counted.

    It is the peer's; uvicorn replaces it by a proxy's word only when that proxy is trusted. Of IPv6 the
    network counts: one customer has 2^64 addresses.
    """
    host = request.client.host if request.client else "unknown"
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


async def _rehash(pool: "Pool[Record]", attempt: Record, password: str) -> None:
    # Only now is the password at hand to hash it with today's parameters.
    if not passwords.is_outdated(attempt["password_hash"]):
        return
    digest = await passwords.digest(password)
    async with gateway(pool) as connection:
        await connection.execute(
            "select api.rehash_password($1, $2, $3)", attempt["user_id"], attempt["password_hash"], digest
        )
