"""A caller of the record API who needs no login."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from server.application import create_application
from server.identity.principal import Principal
from server.settings import Settings


class KnownCaller:
    """Takes every request for that of one principal."""

    def __init__(self, app: ASGIApp, client: "Client") -> None:
        self.app = app
        self.client = client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"]["principal"] = self.client.principal
        await self.app(scope, receive, send)


class Client:
    """Calls /api/shop. `act_as` changes who does, `principal = None` makes it a stranger."""

    def __init__(self, principal: Principal) -> None:
        self.principal: Principal | None = principal
        self.application: Starlette
        self.http: httpx.AsyncClient

    def act_as(self, role: str, *, tenant_id: UUID | None = None, user_id: UUID | None = None) -> None:
        """Act as a role of the shop, in another tenant or as another user if given."""
        assert self.principal
        self.principal = replace(
            self.principal,
            actors={"shop": f"shop_{role}"},
            tenant_id=tenant_id or self.principal.tenant_id,
            user_id=user_id or self.principal.user_id,
        )

    async def ask(
        self, method: str, address: str, *, prefer: str | None = None, **request: Any
    ) -> httpx.Response:
        """Send a request to an address below /api/shop/."""
        headers = {**request.pop("headers", {}), **({"Prefer": prefer} if prefer else {})}
        return await self.http.request(method, f"/api/shop/{address}", headers=headers, **request)

    async def get(self, address: str, **request: Any) -> Any:
        """The JSON of a list or a record."""
        response = await self.ask("GET", address, **request)
        assert response.status_code in (200, 206), response.text
        return response.json()

    async def add(self, entity: str, **values: Any) -> dict[str, Any]:
        """A new record, as the API shows it."""
        response = await self.ask("POST", entity, json=values, prefer="return=representation")
        assert response.status_code == 201, response.text
        record: dict[str, Any] = response.json()[0]
        return record


@asynccontextmanager
async def running(url: str, tenant_id: UUID, user_id: UUID) -> AsyncIterator[Client]:
    """The application on a database, and a client of it."""
    client = Client(
        Principal(
            user_id=user_id,
            tenant_id=tenant_id,
            tenant_name="demo",
            tenant_label="Demo",
            name="Ann",
            email="ann@example.org",
            roles=frozenset({"owner"}),
            actors={"shop": "shop__owner"},
        )
    )
    client.application = create_application(settings(url), [Middleware(KnownCaller, client=client)])
    transport = httpx.ASGITransport(client.application, raise_app_exceptions=False)
    async with (
        client.application.router.lifespan_context(client.application),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client.http,
    ):
        yield client


def settings(url: str) -> Settings:
    """Settings of a server on a database."""
    return Settings(
        home=Path("/nowhere"),
        database_url=None,
        server_database_url=url,
        worker_database_url=None,
        publisher_database_url=None,
        postgres_port=54329,
        secret_key="0123456789abcdef0123456789abcdef",
        host="127.0.0.1",
        port=8000,
        public_url="http://test",
        smtp_url=None,
        log="text",
    )
