import re
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from server.screens import notices, showcase, static


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    app = Starlette(routes=[*static.ROUTES, *notices.ROUTES, *showcase.ROUTES])
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_a_file_may_be_kept_for_ever_because_its_address_changes_with_it(client: AsyncClient) -> None:
    address = static.address("styles/base.css")

    response = await client.get(address)

    assert re.fullmatch(r"/static/[0-9a-f]{12}/styles/base\.css", address)
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"].startswith("text/css")
    assert response.text == (static.ROOT / "styles/base.css").read_text()


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("scripts/core.js", "text/javascript"),
        ("vendor/lucide/icons.svg", "image/svg+xml"),
        ("vendor/inter/inter-latin.woff2", "font/woff2"),
        ("vendor/inter/LICENSE", "text/plain"),
    ],
)
async def test_a_file_says_what_it_is(client: AsyncClient, path: str, media_type: str) -> None:
    response = await client.get(static.address(path))

    assert response.headers["content-type"].partition(";")[0] == media_type
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_text_travels_compressed_and_a_font_as_it_is(client: AsyncClient) -> None:
    text = await client.get(static.address("scripts/core.js"), headers={"accept-encoding": "gzip"})
    plain = await client.get(static.address("scripts/core.js"), headers={"accept-encoding": "identity"})
    font = await client.get(
        static.address("vendor/inter/inter-latin.woff2"), headers={"accept-encoding": "gzip"}
    )

    assert text.headers["content-encoding"] == "gzip"
    assert text.text == plain.text
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in font.headers


async def test_an_address_of_an_older_release_leads_to_the_current_one(client: AsyncClient) -> None:
    response = await client.get("/static/000000000000/styles/base.css")

    assert response.status_code == 307
    assert response.headers["location"] == static.address("styles/base.css")
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["nothing.css", "..%2fvendor.py", "%2e%2e/%2e%2e/vendor.py", "styles/"])
async def test_nothing_outside_the_tree_is_served(client: AsyncClient, path: str) -> None:
    response = await client.get(f"/static/{static.tree().version}/{path}")

    assert response.status_code == 404


async def test_every_module_and_font_that_a_file_names_is_there(client: AsyncClient) -> None:
    for name, file in static.tree().files.items():
        if name.endswith((".js", ".css")) and not name.startswith("vendor/"):
            folder = static.address(name).rpartition("/")[0]
            for target in re.findall(
                r"""(?:from|import|url\()\s*["']([./][^"']+)["']""", file.content.decode()
            ):
                response = await client.get(f"{folder}/{target}")
                assert response.status_code == 200, (name, target)


async def test_a_page_needs_one_style_sheet_that_begins_with_the_order_of_the_layers(
    client: AsyncClient,
) -> None:
    text = (await client.get(static.address(static.STYLES))).text

    assert text.index("@layer reset, tokens, base, layout, components, utilities;") < text.index("{")
    assert all(path.read_text() in text for path in (static.ROOT / "styles").glob("*.css"))


async def test_the_notices_name_every_part_with_its_licence(client: AsyncClient) -> None:
    text = (await client.get("/notices")).text

    for words in (
        "htmx.org@4.0.1",
        "0BSD",
        "OFL-1.1",
        "SIL OPEN FONT LICENSE",
        "lucide-static",
        "ISC",
        "Ms-PL",
    ):
        assert words in text


async def test_the_components_are_not_shown_in_production(client: AsyncClient) -> None:
    assert (await client.get("/_ui")).status_code == 404
