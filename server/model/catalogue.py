"""The published apps in memory, as fresh as the database says."""

import json
from collections.abc import Mapping

from asyncpg import Pool, Record

from server.database.session import gateway
from server.model.app import App
from server.model.entity import Entity
from server.model.reading import read_app
from server.model.rights import Rights, load_rights

CHANNEL = "qryvanta_model"


class Catalogue:
    """The apps in force and the rights of each role on their entities.

    `refresh` is called when PostgreSQL notifies `CHANNEL`, now and then, and when a statement met a table
    that is not as it should be; so a lost notification mends itself.
    """

    def __init__(self, pool: "Pool[Record]") -> None:
        self._pool = pool
        self._apps: Mapping[str, App] = {}
        self._rights: dict[tuple[str, int, str, str], Rights] = {}

    @property
    def apps(self) -> Mapping[str, App]:
        """The published apps by name."""
        return self._apps

    def app(self, name: str) -> App | None:
        return self._apps.get(name)

    async def refresh(self) -> bool:
        """Load the apps whose version changed; whether anything did."""
        async with gateway(self._pool, "read only") as connection:
            rows = await connection.fetch("select app, version from api.published_version()")
            versions = {row["app"]: row["version"] for row in rows}
            known = {name: app.version for name, app in self._apps.items()}
            if versions == known:
                return False
            changed = [name for name, version in versions.items() if known.get(name) != version]
            loaded = await connection.fetch(
                "select version, model::text from api.published_model() where app = any ($1)", changed
            )
        apps = [read_app(row["version"], json.loads(row["model"])) for row in loaded]
        kept = {name: app for name, app in self._apps.items() if name in versions}
        self._apps = {**kept, **{app.name: app for app in apps}}
        self._rights = {key: each for key, each in self._rights.items() if key[0] not in changed}
        return True

    def known_rights(self, app: App, entity: Entity, role: str) -> Rights | None:
        """The rights of `role` if they were asked for before."""
        return self._rights.get((app.name, app.version, f"{entity.schema}.{entity.name}", role))

    async def load_rights(self, app: App, entity: Entity, role: str) -> Rights:
        """Ask the database for the rights of `role` on an entity, and remember them."""
        rights = await load_rights(self._pool, role, entity.schema or app.name, entity.name)
        self._rights[app.name, app.version, f"{entity.schema}.{entity.name}", role] = rights
        return rights
