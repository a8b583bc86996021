"""Refusals: which status, which field, and nobody's values."""

import asyncio
from uuid import uuid4

import pytest

from tests.acting import Connection
from tests.publishing import tenant
from tests.server.routes.client import Client
from tests.server.routes.sales import fill


async def test_all_broken_rules_are_listed_in_field_order_then_rules(shop: Client) -> None:
    response = await shop.ask(
        "POST",
        "sales_order",
        json={"freight": -1, "status": "lost", "shipped_on": "2026-01-01", "ordered_on": "2026-02-01"},
    )

    assert response.status_code == 422, response.text
    faults = [(fault["field"], fault["rule"]) for fault in response.json()["errors"]]
    assert faults == [
        ("number", "required"),
        ("customer_id", "required"),
        ("status", "choice"),
        ("freight", "min"),
        ("shipped_on", "shipped_after_ordered"),
    ]
    assert response.json()["errors"][-1]["message"] == "An order cannot ship before it was placed"
    assert (response.json()["details"], response.json()["hint"]) == (None, None)


async def test_types_are_judged_together_with_rules(shop: Client) -> None:
    response = await shop.ask(
        "POST",
        "sales_order",
        json={"number": "seven", "customer_id": "x", "ordered_on": "soon", "freight": -1},
    )

    assert response.status_code == 400
    assert [(fault["field"], fault["rule"]) for fault in response.json()["errors"]] == [
        ("number", "type"),
        ("customer_id", "type"),
        ("ordered_on", "type"),
        ("freight", "min"),
    ]


async def test_a_change_is_judged_as_the_record_would_be(shop: Client) -> None:
    await fill(shop)
    [order] = await shop.get("sales_order?number=eq.2")

    response = await shop.ask(
        "PATCH",
        f"sales_order/{order['id']}",
        json={"shipped_on": "2026-01-01", "freight": -1, "customer_id": None},
    )

    assert response.status_code == 422
    assert [(fault["field"], fault["rule"]) for fault in response.json()["errors"]] == [
        ("customer_id", "required"),
        ("freight", "min"),
        ("shipped_on", "shipped_after_ordered"),
    ]


async def test_the_faults_of_many_records_carry_their_place(shop: Client) -> None:
    response = await shop.ask("POST", "product", json=[{"name": "a"}, {"name": None}])

    assert response.json()["errors"] == [
        {"field": "name", "rule": "required", "message": "Name is required", "record": 1}
    ]


async def test_a_second_record_with_a_key_is_a_conflict(shop: Client) -> None:
    await shop.add("customer", code="ALFKI", name="secret name")

    response = await shop.ask("POST", "customer", json={"code": "ALFKI", "name": "b"})

    assert response.status_code == 409
    assert response.json()["code"] == "23505"
    assert [(fault["field"], fault["rule"]) for fault in response.json()["errors"]] == [("code", "unique")]
    assert "tenant" not in response.text
    assert "ALFKI" not in response.text


async def test_a_reference_to_nothing_and_a_restricted_delete_are_conflicts(shop: Client) -> None:
    sales = await fill(shop)

    dangling = await shop.ask("POST", "sales_order", json={"number": 9, "customer_id": str(uuid4())})
    restricted = await shop.ask("DELETE", f"customer/{sales.alfki}")

    assert dangling.status_code == 409
    assert dangling.json()["errors"][0]["field"] == "customer_id"
    assert restricted.status_code == 409, restricted.text
    assert "shop.sales_order" in restricted.json()["message"]


async def test_columns_that_nobody_writes(shop: Client) -> None:
    await fill(shop)

    for values, status, code in (
        ({"is_late": True}, 400, "428C9"),
        ({"version": 7}, 400, "428C9"),
        ({"created_by": str(uuid4())}, 400, "428C9"),
        ({"tenant_id": str(uuid4())}, 400, "42703"),
        ({"nonsense": 1}, 400, "42703"),
    ):
        for method, address in (("POST", "sales_order"), ("PATCH", "sales_order?number=eq.1")):
            response = await shop.ask(method, address, json=values)
            assert (response.status_code, response.json()["code"]) == (status, code), values


async def test_rights_of_columns_and_entities(shop: Client) -> None:
    await fill(shop)
    shop.act_as("clerk")
    read_only = await shop.ask("PATCH", "sales_order?number=eq.1", json={"freight": 1})
    hidden = await shop.ask("PATCH", "sales_order?number=eq.1", json={"margin": 1})
    allowed = await shop.ask("PATCH", "sales_order?number=eq.1", json={"rush": True})
    shop.act_as("reader")
    create = await shop.ask("POST", "customer", json={"code": "X", "name": "x"})
    delete = await shop.ask("DELETE", "customer?code=eq.ALFKI")
    other = await shop.ask("GET", "product")

    assert (read_only.status_code, hidden.status_code, allowed.status_code) == (403, 400, 204)
    assert (create.status_code, delete.status_code, other.status_code) == (403, 403, 403)


async def test_a_record_of_somebody_else_is_seen_but_not_changed(shop: Client) -> None:
    await fill(shop)
    [order] = await shop.get("sales_order?number=eq.1")
    shop.act_as("seller", user_id=uuid4())

    response = await shop.ask("PATCH", f"sales_order/{order['id']}", json={"rush": True})

    assert response.status_code == 403


async def test_another_tenant_sees_nothing(shop: Client, connection: Connection) -> None:
    sales = await fill(shop)
    shop.act_as("_owner", tenant_id=await tenant(connection, "other"))

    assert await shop.get("customer") == []
    assert (await shop.ask("GET", f"customer/{sales.alfki}")).status_code == 404
    assert (await shop.ask("PATCH", f"customer/{sales.alfki}", json={"name": "x"})).status_code == 404
    order = {"number": 1, "customer_id": sales.alfki}
    assert (await shop.ask("POST", "sales_order", json=order)).status_code == 409


async def test_strangers_and_unknown_addresses(shop: Client) -> None:
    unknown = await shop.ask("GET", "nonsense")
    app = await shop.http.get("/api/nonsense/customer")
    shop.principal = None
    stranger = await shop.ask("GET", "customer")

    assert (unknown.status_code, app.status_code, stranger.status_code) == (404, 404, 401)
    assert stranger.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b'"a"', b"\xff", b'{"name": NaN}', b"[" * 5000, b'{"name": "a\\u0000b"}']
)
async def test_a_body_that_is_no_record_is_refused(shop: Client, body: bytes) -> None:
    response = await shop.ask("POST", "product", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 400, response.text


async def test_a_body_of_another_type_is_refused(shop: Client) -> None:
    response = await shop.ask("POST", "product", content="x", headers={"Content-Type": "image/png"})

    assert response.status_code == 415


async def test_writers_that_meet_wait_for_each_other(shop: Client) -> None:
    record = await shop.add("product", name="x")

    answers = await asyncio.gather(
        *(shop.ask("PATCH", f"product/{record['id']}", json={"price": price}) for price in range(8))
    )

    assert {answer.status_code for answer in answers} == {204}
    assert (await shop.get(f"product/{record['id']}"))["version"] == 9


async def test_answers_carry_an_id_and_headers_for_safety(shop: Client) -> None:
    response = await shop.ask("GET", "product")

    assert len(response.headers["X-Request-Id"]) == 16
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-store"
