"""What a request shows to say who it is, and whom that proves it to be."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from asyncpg import Pool, Record
from starlette.requests import HTTPConnection

from server.database.session import gateway
from server.identity import csrf, sessions, tokens
from server.identity.principal import Principal, principal_of

COLUMNS = "user_id, tenant_id, tenant_name, tenant_label, name, email, roles, actors::text as actors"


@dataclass(frozen=True, slots=True)
class Proof:
    """A session (a cookie's or an access token's) or the hash of an API token."""

    kind: Literal["browser", "bearer", "token"]
    key: UUID | bytes


def proof_of(connection: HTTPConnection, secret: str) -> Proof | None:
    """What the request shows; None when nothing, or nothing that we ever gave out.

    A token wins over a cookie: who sends one means it, and needs no CSRF token then.
    """
    bearer = bearer_of(connection)
    if bearer is None:
        kind: sessions.Kind = "browser"
        text = connection.cookies.get(sessions.COOKIE)
    elif bearer.startswith(tokens.PREFIX):
        return Proof("token", tokens.digest(bearer))
    else:
        kind, text = "bearer", bearer
    session_id = sessions.unsign(secret, kind, text) if text else None
    return Proof(kind, session_id) if session_id else None


def bearer_of(connection: HTTPConnection) -> str | None:
    """The text after `Authorization: Bearer`; empty for another scheme, None without the header."""
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, text = header.partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


async def principal_by(pool: "Pool[Record]", proof: Proof, secret: str) -> Principal | None:
    """Ask the database whom a proof proves; None when it ended, was revoked, or the person is disabled."""
    async with gateway(pool) as connection:
        if isinstance(proof.key, bytes):
            record = await connection.fetchrow(f"select {COLUMNS} from api.token_principal($1)", proof.key)
        else:
            record = await connection.fetchrow(
                f"select {COLUMNS} from api.session_principal($1, $2)", proof.key, proof.kind
            )
    if record is None:
        return None
    if proof.kind == "browser" and isinstance(proof.key, UUID):
        key = csrf.key_for(secret, proof.key.hex)
        return principal_of(record, session_id=proof.key, csrf_key=key)
    return principal_of(record)
