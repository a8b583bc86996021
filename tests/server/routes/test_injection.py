"""Words that try to be SQL are read literally or refused, wherever they stand."""

from urllib.parse import quote

from tests.server.routes.client import Client
from tests.server.routes.sales import fill

CORPUS = [
    "'; drop table shop.product; --",
    '"; select 1; --',
    "1) or (1=1",
    "$1",
    "$$x$$",
    "x'||pg_sleep(5)||'",
    "\\'; --",
    "(select email from identity.member)",
    'id"::text,(select 1)',
    "*",
    "%",
    "\u2019",
    "null",
    "tenant_id",
    "a" * 100,
]
POSITIONS = [
    "product?name=eq.{}",
    "product?name=in.({})",
    "product?name=like.{}",
    "product?{}=eq.1",
    "product?select={}",
    "product?select={}:name",
    "product?select=name::{}",
    "product?select={}(name)",
    "product?select=order_line!{}(id)",
    "product?order={}",
    "product?limit={}",
    "product?offset={}",
    "product?or=(name.eq.{},id.is.null)",
    "product?or={}",
    "product?on_conflict={}&columns={}",
    "sales_order?details->>{}=eq.{}",
    "sales_order?select=details->{}",
    "sales_order?status=fts({}).x",
    "product/{}",
]


async def test_words_that_look_like_sql_do_nothing(shop: Client) -> None:
    await fill(shop)

    for position in POSITIONS:
        for word in CORPUS:
            address = position.replace("{}", quote(word, safe=""))
            response = await shop.ask("GET", address)
            assert response.status_code in (200, 300, 400, 404), (position, word, response.text)
            assert "ann@example.org" not in response.text

    assert [row["name"] for row in await shop.get("product")] == ["Chai"]


async def test_names_and_values_of_a_body_do_nothing(shop: Client) -> None:
    for number, word in enumerate(CORPUS):
        refused = await shop.ask("POST", "product", json={word: 1})
        assert refused.status_code == 400, refused.text
        record = await shop.add("product", name=word, price=number)
        assert record["name"] == word


async def test_a_time_zone_that_is_none_is_refused(shop: Client) -> None:
    response = await shop.ask("GET", "product", prefer="timezone='; drop table x")

    assert response.status_code == 400
