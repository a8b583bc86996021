"""Who acts in a transaction."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system, at work in one tenant as one PostgreSQL role.

    Everything here is made by the server: the role's name comes from the database, `request_id` matches
    `[0-9a-z]{1,32}`. `shows_deleted` opens the recycle bin.
    """

    tenant_id: UUID
    user_id: UUID | None
    role: str
    source: Literal["api", "screen", "import", "worker", "command"]
    request_id: str
    shows_deleted: bool = False
