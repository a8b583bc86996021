"""Somebody at a browser without script: follows links and sends forms, and sees no faulty page."""

from dataclasses import dataclass
from typing import Any

from httpx import AsyncClient, Response

from tests.screens.reading import Node, form_values, read, record_form
from tests.templates.markup import faults


@dataclass
class Person:
    """Every page that is seen keeps the rules for pages."""

    client: AsyncClient
    status: int = 0

    async def sign_in(self, email: str, password: str) -> None:
        page = await self.see("/login")
        values = {**form_values(page.one("form")), "email": email, "password": password}
        response = await self.client.post("/login", data=values)
        assert response.status_code == 303

    async def see(self, address: str) -> Node:
        """The page at an address, redirects followed."""
        return self.page(await self.client.get(address, follow_redirects=True))

    async def send(self, form: Node, **changes: Any) -> Node:
        """Send a form with some inputs changed; the page that comes after it."""
        values = {**form_values(form), **changes}
        response = await self.client.post(form.attributes["action"], data=values, follow_redirects=True)
        return self.page(response)

    async def open(self, grid: str, title: str) -> Node:
        """The page of a record, found in its grid by searching for its title."""
        found = await self.see(f"/a/northwind/{grid}?q={title}")
        address = next(
            node.attributes["href"] for node in found.all("a", class_="grid__title") if node.text == title
        )
        return await self.see(address)

    async def save(self, page: Node, **changes: Any) -> Node:
        """Change inputs of a record's form and save."""
        return await self.send(record_form(page), **changes)

    def page(self, response: Response) -> Node:
        self.status = response.status_code
        if response.headers["content-type"].startswith("text/html"):
            whole = "<html" in response.text
            assert not whole or faults(response.text) == [], response.url
            assert "default-src 'none'" in response.headers["content-security-policy"]
        return read(response.text)
