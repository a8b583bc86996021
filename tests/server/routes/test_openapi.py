"""The description of an app says what the caller may use, and nothing else."""

from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.server.routes.client import Client


async def described(shop: Client) -> dict[str, Any]:
    response = await shop.http.get("/api/shop")
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


async def test_the_description_is_valid_openapi_for_every_role(shop: Client) -> None:
    for role in ("_owner", "clerk", "reader", "seller"):
        shop.act_as(role)

        OpenAPIV31SpecValidator(await described(shop)).validate()


async def test_a_schema_says_type_choices_length_and_what_is_required(shop: Client) -> None:
    schemas = (await described(shop))["components"]["schemas"]

    customer, order = schemas["customer.new"], schemas["sales_order"]["properties"]
    assert customer["required"] == ["code", "name"]
    assert customer["properties"]["code"] == {"type": "string", "title": "Code", "maxLength": 5}
    assert customer["properties"]["tags"]["items"]["enum"] == ["vip", "new"]
    assert order["status"]["enum"] == ["open", "shipped", None]
    assert (order["freight"]["type"], order["freight"]["minimum"]) == (["number", "null"], 0)
    assert order["ordered_on"]["format"] == "date"
    assert order["customer_id"] == {"type": "string", "format": "uuid", "title": "Customer"}
    assert "tenant_id" not in order


async def test_formulas_and_stamps_can_only_be_read(shop: Client) -> None:
    schemas = (await described(shop))["components"]["schemas"]

    fixed = {name for name, each in schemas["sales_order"]["properties"].items() if each.get("readOnly")}
    assert fixed == {"is_late", "created_at", "created_by", "updated_at", "updated_by", "version"}
    assert not fixed & set(schemas["sales_order.new"]["properties"])


async def test_a_role_is_not_told_of_a_field_that_it_cannot_see(shop: Client) -> None:
    shop.act_as("clerk")

    document = await described(shop)

    assert "margin" not in str(document)
    assert document["components"]["schemas"]["sales_order"]["properties"]["freight"]["readOnly"]
    assert "freight" not in document["components"]["schemas"]["sales_order.change"]["properties"]


async def test_a_role_is_not_told_of_entities_and_verbs_that_it_has_no_right_to(shop: Client) -> None:
    shop.act_as("reader")

    document = await described(shop)

    assert set(document["paths"]) == {"/customer", "/customer/{id}"}
    assert all(set(path) == {"get"} for path in document["paths"].values())
    assert set(document["components"]["schemas"]) == {"customer", "error"}


async def test_a_stranger_and_an_unknown_app_get_no_description(shop: Client) -> None:
    assert (await shop.http.get("/api/nothing")).status_code == 404
    shop.principal = None
    assert (await shop.http.get("/api/shop")).status_code == 401
