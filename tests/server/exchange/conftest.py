"""A published shop, and files that go into it."""

from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import pytest

from server import publication
from server.database.actor import Actor
from server.exchange.extract import give_out
from server.exchange.header import read_header
from server.exchange.intake import Options, Outcome, take_in
from server.exchange.plan import make_plan
from server.exchange.published import published_app
from server.manifest import load
from tests.database import Database

MANIFEST = Path(__file__).with_name("shop.yaml")
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Shop:
    """The app `shop` in the tenant `acme`, as its owner sees it."""

    def __init__(self, database: Database, tenant_id: Any, folder: Path) -> None:
        self._database = database
        self.tenant_id = tenant_id
        self._folder = folder

    async def take_in(
        self, entity: str, text: str | bytes, *, key: tuple[str, ...] = (), **given: Any
    ) -> Outcome:
        """Import `text` as a CSV file; `mapping` and the options of an import by their names."""
        file = self._folder / f"{entity}.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        mapping = given.pop("mapping", {})
        connection = await asyncpg.connect(self._database.worker_url)
        try:
            app = await self._app()
            target = app.entities_by_name[entity]
            plan = make_plan(app, target, self.tenant_id, read_header(file, mapping), key, await self._id())
            return await take_in(connection, plan, file, self._actor("import"), Options(**given))
        finally:
            await connection.close()

    async def give_out(self, entity: str, **given: Any) -> str:
        """Export an entity as text."""
        connection = await asyncpg.connect(self._database.worker_url)
        target = BytesIO()
        try:
            app = await self._app()
            await give_out(
                connection, app, app.entities_by_name[entity], self._actor("command"), target, **given
            )
        finally:
            await connection.close()
        return target.getvalue().decode()

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the administrator finds, whose eyes row-level security does not bind."""
        connection = await asyncpg.connect(self._database.administrator_url)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def _id(self) -> Any:
        return (await self.rows("select tenancy.new_id()"))[0][0]

    async def _app(self) -> Any:
        connection = await asyncpg.connect(self._database.administrator_url)
        try:
            return await published_app(connection, "shop")
        finally:
            await connection.close()

    def _actor(self, source: Any) -> Actor:
        return Actor(self.tenant_id, None, "shop__owner", source, "test")


OpenShop: TypeAlias = Callable[[str], Awaitable[Shop]]


@pytest.fixture
async def shop(database: Database, connection: Connection, tmp_path: Path) -> Shop:
    """The published shop without any record."""
    tenant_id = await connection.fetchval(
        "insert into tenancy.tenant (name, label) values ('acme', 'Acme') returning tenant_id"
    )
    app_id = await publication.store(connection, load(MANIFEST), tenant_id)
    await publication.publish(connection, app_id, "test")
    return Shop(database, tenant_id, tmp_path)


@pytest.fixture
def another_shop(database: Database, connection: Connection, tmp_path: Path) -> OpenShop:
    """Open the same shop in another tenant."""

    async def open_another(tenant: str) -> Shop:
        tenant_id = await connection.fetchval(
            "insert into tenancy.tenant (name, label) values ($1, $1) returning tenant_id", tenant
        )
        return Shop(database, tenant_id, tmp_path)

    return open_another
