"""Create, read, change and delete by the record API."""

from tests.server.routes.client import Client


async def test_a_record_can_be_created_read_changed_and_deleted(shop: Client) -> None:
    created = await shop.ask("POST", "customer", json={"code": "ALFKI", "name": "Alfreds"})
    assert created.status_code == 201, created.text
    address = created.headers["Location"].removeprefix("/api/shop/")

    read = await shop.ask("GET", address)
    assert read.status_code == 200
    assert read.headers["ETag"] == '"1"'
    assert read.json()["name"] == "Alfreds"
    assert "tenant_id" not in read.json()

    changed = await shop.ask("PATCH", address, json={"country": "Germany"}, headers={"If-Match": '"1"'})
    assert changed.status_code == 204, changed.text
    assert changed.headers["ETag"] == '"2"'
    assert (await shop.get(address))["country"] == "Germany"

    deleted = await shop.ask("DELETE", address)
    assert deleted.status_code == 204
    assert (await shop.ask("GET", address)).status_code == 404
