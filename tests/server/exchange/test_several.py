"""A lookup to one of several entities in files."""

import json
from pathlib import Path

import pytest

from server import publication
from server.exchange.refusal import MappingError
from server.exchange.write import Counts
from server.manifest import load
from tests.acting import Connection
from tests.database import Database
from tests.notes import notes
from tests.server.exchange.conftest import Shop

NOTES = (
    "number,text,subject:customer.code,subject:supplier.code\n"
    "1,buys,ANN,\n"
    "2,sells,,SUE\n"
    "3,talks,,\n"
)  # fmt: skip


@pytest.fixture
async def shop(database: Database, connection: Connection, tmp_path: Path) -> Shop:
    tenant_id = await connection.fetchval(
        "insert into tenancy.tenant (name, label) values ('acme', 'Acme') returning tenant_id"
    )
    app_id = await publication.store(connection, load(json.dumps(notes()).encode()), tenant_id)
    await publication.publish(connection, app_id, "test")
    shop = Shop(database, tenant_id, tmp_path)
    await shop.take_in("customer", "code,name\nANN,Ann's\n")
    await shop.take_in("supplier", "code,name\nSUE,Sue's\n")
    return shop


async def test_the_kind_and_the_key_find_the_record(shop: Shop) -> None:
    outcome = await shop.take_in("note", NOTES)

    assert outcome.counts == Counts(inserted=3, updated=0, unchanged=0)
    assert await shop.rows(
        "select number, c.name, s.name from shop.note n"
        " left join shop.customer c on c.id = subject_customer_id"
        " left join shop.supplier s on s.id = subject_supplier_id order by number"
    ) == [(1, "Ann's", None), (2, None, "Sue's"), (3, None, None)]


async def test_an_export_goes_back_in_unchanged(shop: Shop) -> None:
    await shop.take_in("note", NOTES)

    text = await shop.give_out("note")
    again = await shop.take_in("note", text)

    assert text.splitlines()[0] == "id,number,text,subject:customer.code,subject:supplier.code"
    assert again.counts == Counts(inserted=0, updated=0, unchanged=3)


async def test_a_line_with_two_targets_is_rejected_with_both_columns(shop: Shop) -> None:
    outcome = await shop.take_in("note", f"{NOTES}4,both,ANN,SUE\n5,nobody,,SAM\n")

    assert outcome.rejected == 2
    assert [(each.line, each.column, each.reason) for each in outcome.rejects] == [
        (5, "subject:customer.code, subject:supplier.code", "Subject is one record at most"),
        (6, "subject:supplier.code", "there is no Supplier with this key"),
    ]


@pytest.mark.parametrize("path", ["subject", "subject.code", "subject:note.number"])
async def test_a_path_without_the_kind_is_explained(shop: Shop, path: str) -> None:
    with pytest.raises(MappingError, match="say which: subject:customer or subject:supplier"):
        await shop.take_in("note", f"number,{path}\n1,ANN\n")


async def test_an_export_is_narrowed_by_the_columns(shop: Shop) -> None:
    await shop.take_in("note", NOTES)

    text = await shop.give_out("note", where="subject_supplier_id is not null")

    assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["2"]
