"""What a person does with a browser."""

import re
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg
import httpx
from starlette.applications import Starlette

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

EMAIL = "ann@example.org"
PASSWORD = "correct horse battery"


@dataclass
class Visitor:
    """A browser and the application that it talks to."""

    app: Starlette
    client: httpx.AsyncClient

    async def sign_in(
        self,
        password: str = PASSWORD,
        email: str = EMAIL,
        next: str = "/",
        headers: dict[str, str] | None = None,
        **more: str,
    ) -> httpx.Response:
        """Open the sign-in page and send its form."""
        page = await self.client.get("/login")
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        form = {"email": email, "password": password, "next": next, "csrf": found[1] if found else "", **more}
        return await self.client.post("/login", data=form, headers=headers)

    async def csrf(self) -> str:
        """The token that the pages of the signed-in person carry."""
        return str((await self.client.get("/")).json()["csrf"])

    def from_address(self, address: str) -> "Visitor":
        """Another browser, elsewhere."""
        transport = httpx.ASGITransport(app=self.app, client=(address, 1234))
        return Visitor(self.app, httpx.AsyncClient(transport=transport, base_url=self.client.base_url))
