"""The person behind a request, with all rights resolved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from asyncpg import Record

from server.database.actor import Actor
from server.identity import csrf

Source = Literal["api", "screen", "import", "worker", "command"]


@dataclass(frozen=True, slots=True)
class Principal:
    """A member of a tenant who proved to be one.

    `roles` are ROLEs of the commands (`owner`, `northwind.sales`). `actors` maps the name of each app that is
    open to this person to the PostgreSQL role to act as. `csrf_key` is set when a browser's cookie was the
    proof: then every change must carry a token of it.
    """

    user_id: UUID
    tenant_id: UUID
    tenant_name: str
    tenant_label: str
    name: str
    email: str
    roles: frozenset[str]
    actors: Mapping[str, str] = field(hash=False)
    session_id: UUID | None = None
    csrf_key: bytes | None = field(default=None, repr=False)

    @property
    def csrf(self) -> str | None:
        """A token for the forms of a page; None when the proof was no cookie, and none is asked for."""
        return csrf.token(self.csrf_key) if self.csrf_key else None

    def actor_for(
        self, app: str, source: Source, request_id: str, *, shows_deleted: bool = False
    ) -> Actor | None:
        """The actor for a transaction on an app; None when the app is closed to this person."""
        role = self.actors.get(app)
        if role is None:
            return None
        return Actor(
            tenant_id=self.tenant_id,
            user_id=self.user_id,
            role=role,
            source=source,
            request_id=request_id,
            shows_deleted=shows_deleted,
        )

    def has(self, role: Literal["owner", "builder", "auditor", "operator"]) -> bool:
        """Whether the person has a role of the tenant itself; the owner has them all."""
        return role in self.roles or "owner" in self.roles


def principal_of(
    record: Record, *, session_id: UUID | None = None, csrf_key: bytes | None = None
) -> Principal:
    """Read a row of `identity.principal`, its actors as text."""
    return Principal(
        user_id=record["user_id"],
        tenant_id=record["tenant_id"],
        tenant_name=record["tenant_name"],
        tenant_label=record["tenant_label"],
        name=record["name"],
        email=record["email"],
        roles=frozenset(record["roles"]),
        actors=json.loads(record["actors"]),
        session_id=session_id,
        csrf_key=csrf_key,
    )
