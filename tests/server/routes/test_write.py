"""Writes: bulk, upsert, filters, locking, preferences."""

from tests.server.routes.client import Client
from tests.server.routes.sales import fill


async def test_an_array_is_created_in_one_request(shop: Client) -> None:
    response = await shop.ask(
        "POST",
        "product?select=name,price",
        json=[{"name": "b", "price": 1}, {"name": "a", "price": 2}],
        prefer="return=representation,count=exact",
    )

    assert response.status_code == 201
    assert response.json() == [{"name": "b", "price": 1}, {"name": "a", "price": 2}]
    assert response.headers["Content-Range"] == "*/2"


async def test_records_with_different_keys_are_refused_unless_defaults_are_wanted(shop: Client) -> None:
    customer = await shop.add("customer", code="A", name="A")
    orders = [
        {"number": 1, "customer_id": customer["id"], "status": "shipped"},
        {"number": 2, "customer_id": customer["id"]},
    ]

    refused = await shop.ask("POST", "sales_order", json=orders)
    accepted = await shop.ask("POST", "sales_order", json=orders, prefer="missing=default")

    assert refused.status_code == 400
    assert accepted.status_code == 201, accepted.text
    rows = await shop.get("sales_order?select=number,status&order=number")
    assert rows == [{"number": 1, "status": "shipped"}, {"number": 2, "status": "open"}]


async def test_csv_can_be_sent(shop: Client) -> None:
    response = await shop.ask(
        "POST", "product", content='name,price\n"a, b",1.5\nc,NULL\n', headers={"Content-Type": "text/csv"}
    )

    assert response.status_code == 201, response.text
    assert await shop.get("product?select=name,price&order=name") == [
        {"name": "a, b", "price": 1.5},
        {"name": "c", "price": None},
    ]


async def test_upsert_goes_by_a_key(shop: Client) -> None:
    await shop.add("customer", code="A", name="old", country="Peru")

    merged = await shop.ask(
        "POST",
        "customer?on_conflict=code",
        json=[{"code": "A", "name": "new"}, {"code": "B", "name": "b"}],
        prefer="resolution=merge-duplicates",
    )
    ignored = await shop.ask(
        "POST",
        "customer?on_conflict=code",
        json=[{"code": "A", "name": "newer"}],
        prefer="resolution=ignore-duplicates",
    )
    wrong = await shop.ask(
        "POST",
        "customer?on_conflict=name",
        json={"code": "A", "name": "x"},
        prefer="resolution=merge-duplicates",
    )

    assert merged.status_code == 201, merged.text
    assert ignored.status_code == 201
    assert wrong.status_code == 400
    assert await shop.get("customer?select=code,name,country&order=code") == [
        {"code": "A", "name": "new", "country": "Peru"},
        {"code": "B", "name": "b", "country": None},
    ]


async def test_upsert_without_a_key_goes_by_id_and_works_on_recycled_entities(shop: Client) -> None:
    sales = await fill(shop)
    [order] = await shop.get("sales_order?number=eq.1")

    by_id = await shop.ask(
        "POST",
        "sales_order",
        json={"id": order["id"], "number": 11, "customer_id": sales.alfki},
        prefer="resolution=merge-duplicates",
    )
    by_key = await shop.ask(
        "POST",
        "sales_order?on_conflict=number",
        json={"number": 11, "customer_id": sales.zorba},
        prefer="resolution=merge-duplicates",
    )

    assert by_id.status_code == 201, by_id.text
    assert by_key.status_code == 201, by_key.text
    [changed] = await shop.get("sales_order?number=eq.11")
    assert (changed["id"], changed["customer_id"]) == (order["id"], sales.zorba)


async def test_filters_choose_what_is_changed_and_deleted(shop: Client) -> None:
    await fill(shop)

    changed = await shop.ask(
        "PATCH",
        "sales_order?status=eq.open&select=number,freight&order=number",
        json={"freight": 1},
        prefer="return=representation",
    )
    deleted = await shop.ask("DELETE", "territory?name=in.(Boston,Salem)", prefer="count=exact")

    assert changed.json() == [{"number": 1, "freight": 1.00}, {"number": 3, "freight": 1.00}]
    assert (deleted.status_code, deleted.headers["Content-Range"]) == (204, "0-1/2")


async def test_a_change_of_everything_is_refused(shop: Client) -> None:
    await fill(shop)

    for method in ("PATCH", "DELETE"):
        response = await shop.ask(method, "territory", json={"name": "x"})
        assert response.status_code == 400
    assert len(await shop.get("territory")) == 2


async def test_a_limit_and_max_affected_bound_a_change(shop: Client) -> None:
    await fill(shop)

    limited = await shop.ask(
        "PATCH", "sales_order?order=number.desc&limit=1", json={"rush": True}, prefer="count=exact"
    )
    exceeded = await shop.ask("DELETE", "customer", prefer="handling=strict,max-affected=1")

    assert limited.headers["Content-Range"] == "0-0/1"
    assert [row["number"] for row in await shop.get("sales_order?rush=is.true")] == [3]
    assert exceeded.status_code in (400, 409)
    assert len(await shop.get("customer")) == 2


async def test_a_stale_version_is_refused_with_the_current_record(shop: Client) -> None:
    record = await shop.add("product", name="Chai")
    address = f"product/{record['id']}"
    await shop.ask("PATCH", address, json={"name": "Chai tea"})

    for method in ("PATCH", "DELETE"):
        stale = await shop.ask(method, address, json={"name": "x"}, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
        assert stale.headers["ETag"] == '"2"'
        assert stale.json()["current"]["name"] == "Chai tea"


async def test_an_unchanged_record_is_not_sent_again(shop: Client) -> None:
    record = await shop.add("product", name="Chai")

    response = await shop.ask("GET", f"product/{record['id']}", headers={"If-None-Match": '"1"'})

    assert response.status_code == 304


async def test_patch_of_one_answers_with_it(shop: Client) -> None:
    record = await shop.add("product", name="Chai", price=3)

    response = await shop.ask(
        "PATCH",
        f"product/{record['id']}?select=name,price",
        json={"price": None},
        prefer="return=representation",
    )
    nothing = await shop.ask("PATCH", f"product/{record['id']}", json={})

    assert (response.status_code, response.json()) == (200, {"name": "Chai", "price": None})
    assert (nothing.status_code, nothing.headers["ETag"]) == (204, '"2"')


async def test_a_rolled_back_request_changes_nothing(shop: Client) -> None:
    response = await shop.ask(
        "POST", "product", json={"name": "x"}, prefer="tx=rollback,return=representation"
    )

    assert response.status_code == 201
    assert response.json()[0]["name"] == "x"
    assert await shop.get("product") == []


async def test_what_is_not_there_cannot_be_changed(shop: Client) -> None:
    for address in ("product/00000000-0000-7000-8000-000000000000", "product/nonsense"):
        for method in ("GET", "PATCH", "DELETE"):
            response = await shop.ask(method, address, json={"name": "x"})
            assert response.status_code == 404, (method, address)


async def test_deleting_goes_to_the_bin_and_back(shop: Client) -> None:
    await fill(shop)
    [order] = await shop.get("sales_order?number=eq.2")
    address = f"sales_order/{order['id']}"

    deleted = await shop.ask("DELETE", address)
    again = await shop.ask("DELETE", address)
    in_bin = await shop.get("sales_order?select=number&deleted_at=not.is.null")
    lines = await shop.get("product?select=order_line(sales_order(number))")
    restored = await shop.ask("PATCH", address, json={"deleted_at": None})

    assert (deleted.status_code, again.status_code) == (204, 404)
    assert in_bin == [{"number": 2}]
    assert lines[0]["order_line"] in ([], [{"sales_order": None}])
    assert restored.status_code == 204, restored.text
    assert (await shop.get(address))["number"] == 2


async def test_deleting_many_goes_to_the_bin(shop: Client) -> None:
    await fill(shop)

    response = await shop.ask(
        "DELETE", "sales_order?status=eq.open&select=number&order=number", prefer="return=representation"
    )

    assert response.json() == [{"number": 1}, {"number": 3}]
    assert [row["number"] for row in await shop.get("sales_order")] == [2]


async def test_nobody_deletes_by_writing_deleted_at(shop: Client) -> None:
    await fill(shop)

    response = await shop.ask("PATCH", "sales_order?number=eq.1", json={"deleted_at": "2026-01-01"})

    assert response.status_code == 400


async def test_options_tell_the_methods(shop: Client) -> None:
    response = await shop.ask("OPTIONS", "product")

    assert response.status_code == 200
    assert "PATCH" in response.headers["Allow"]
