"""What a PostgreSQL role may do with the columns of an entity, as the catalogue says."""

import json
from dataclasses import dataclass

from asyncpg import Pool, Record

from server.database.session import gateway


@dataclass(frozen=True, slots=True)
class Rights:
    """The names of the columns that a role may read, write into a new record, or change; may it delete?"""

    readable: frozenset[str]
    insertable: frozenset[str]
    updatable: frozenset[str]
    deletes: bool

    @property
    def none(self) -> bool:
        """Whether the role has no right at all on the entity."""
        return not (self.readable or self.insertable or self.updatable or self.deletes)


async def load_rights(pool: "Pool[Record]", role: str, app: str, entity: str) -> Rights:
    """Ask the catalogue for the effective rights of `role`, inherited ones included."""
    async with gateway(pool, "read only") as connection:
        text = await connection.fetchval("select api.rights($1, $2, $3)", role, app, entity)
    rights = json.loads(text or "{}")
    return Rights(
        readable=frozenset(rights.get("select", ())) - {"tenant_id"},
        insertable=frozenset(rights.get("insert", ())) - {"tenant_id"},
        updatable=frozenset(rights.get("update", ())) - {"tenant_id"},
        deletes=rights.get("delete", False),
    )
