"""Files that go in whole."""

import pytest

from server.exchange.write import Counts
from tests.server.exchange.conftest import Shop

CUSTOMERS = "code,name\nANN,Ann's\nBOB,Bob's\n"


async def test_importing_twice_changes_nothing(shop: Shop) -> None:
    first = await shop.take_in("customer", CUSTOMERS)
    second = await shop.take_in("customer", CUSTOMERS)

    assert first.counts == Counts(inserted=2, updated=0, unchanged=0)
    assert second.counts == Counts(inserted=0, updated=0, unchanged=2)
    assert await shop.rows("select code, name, version from shop.customer order by code") == [
        ("ANN", "Ann's", 1),
        ("BOB", "Bob's", 1),
    ]


async def test_a_line_with_a_known_key_changes_only_the_columns_of_the_file(shop: Shop) -> None:
    await shop.take_in("customer", "code,name,mail\nANN,Ann's,ann@example.com\n")

    outcome = await shop.take_in("customer", "code,name\nANN,Anna's\n")

    assert outcome.counts == Counts(inserted=0, updated=1, unchanged=0)
    assert await shop.rows("select name, mail, version from shop.customer") == [
        ("Anna's", "ann@example.com", 2)
    ]


async def test_an_unquoted_empty_value_is_null_and_a_quoted_one_is_not(shop: Shop) -> None:
    await shop.take_in("sample", 'label,day\n,2020-01-01\n"",2020-01-02\n')

    assert await shop.rows("select label from shop.sample order by day") == [(None,), ("",)]


async def test_a_column_that_is_left_out_takes_its_default_and_an_empty_one_does_not(shop: Shop) -> None:
    await shop.take_in("customer", "code,name,credit\nANN,Ann's,\n")
    await shop.take_in("customer", "code,name\nBOB,Bob's\n")

    assert await shop.rows("select credit from shop.customer order by code") == [(None,), (100,)]


async def test_every_type_is_read_in_its_written_form(shop: Shop) -> None:
    await shop.take_in(
        "sample",
        "whole,exact,share,flag,day,hour,moment,span,colour,tags,document,mark\n"
        "9007199254740993,12345678901234567890.0123456789,0.15,true,2026-03-31,17:30,2026-03-31T17:30+02:00,"
        'P1DT2H,red,"{a,""c d""}","{""k"": [1]}",01a2080d-eeea-7c39-ad0d-0485c31e32bf\n',
    )

    assert await shop.rows(
        "select whole, exact::text, share::text, flag, day::text, hour::text, moment::text, span::text,"
        " colour, tags, document::text, mark::text from shop.sample"
    ) == [
        (
            9007199254740993,
            "12345678901234567890.0123456789",
            "0.150000",
            True,
            "2026-03-31",
            "17:30:00",
            "2026-03-31 15:30:00+00",
            "1 day 02:00:00",
            "red",
            ["a", "c d"],
            '{"k": [1]}',
            "01a2080d-eeea-7c39-ad0d-0485c31e32bf",
        )
    ]


async def test_a_time_without_offset_is_in_the_zone_of_the_tenant(shop: Shop) -> None:
    await shop.take_in("sample", "moment\n2026-07-01T12:00\n", time_zone="Europe/Zurich")

    assert await shop.rows("select (moment at time zone 'UTC')::text from shop.sample") == [
        ("2026-07-01 10:00:00",)
    ]


async def test_a_lookup_is_found_by_its_key_or_its_id(shop: Shop) -> None:
    await shop.take_in("customer", CUSTOMERS)
    bob = (await shop.rows("select id from shop.customer where code = 'BOB'"))[0][0]

    await shop.take_in(
        "sale", "no,customer_id\n1,ANN\n", mapping={"no": "number", "customer_id": "customer.code"}
    )
    await shop.take_in("sale", f"number,customer\n2,{bob}\n")

    assert await shop.rows(
        "select s.number, c.code from shop.sale s join shop.customer c on c.id = s.customer_id order by 1"
    ) == [(1, "ANN"), (2, "BOB")]


async def test_a_key_that_holds_a_lookup_is_followed_to_the_end(shop: Shop) -> None:
    await shop.take_in("customer", CUSTOMERS)
    await shop.take_in("sale", "number,customer.code\n1,ANN\n2,ANN\n")
    await shop.take_in("line", "sale.number,position,note\n1,1,a\n2,1,b\n")

    outcome = await shop.take_in("claim", "number,line.sale.number,line.position\n7,2,1\n")

    assert outcome.counts.inserted == 1
    assert await shop.rows("select l.note from shop.claim c join shop.line l on l.id = c.line_id") == [("b",)]


async def test_lines_may_refer_to_lines_of_the_same_file_in_any_order(shop: Shop) -> None:
    text = "number,name,boss.number\n1,Ann,2\n2,Bob,3\n3,Cyd,\n"

    first = await shop.take_in("person", text)
    second = await shop.take_in("person", text)

    assert (first.counts.inserted, second.counts.unchanged) == (3, 3)
    assert await shop.rows(
        "select p.name, b.name from shop.person p left join shop.person b on b.id = p.boss_id order by 1"
    ) == [("Ann", "Bob"), ("Bob", "Cyd"), ("Cyd", None)]


async def test_a_many_to_many_relation_is_imported_like_a_table(shop: Shop) -> None:
    await shop.take_in("customer", CUSTOMERS)
    await shop.take_in("sale", "number,customer.code\n1,ANN\n")
    await shop.take_in("person", "number,name\n1,Ann\n")
    text = "person.number,sale.number\n1,1\n"

    first = await shop.take_in("person_sale", text)
    second = await shop.take_in("person_sale", text)

    assert (first.counts.inserted, second.counts.unchanged) == (1, 1)


async def test_the_id_may_be_given_and_finds_the_record_again(shop: Shop) -> None:
    text = "id,label\n01a2080d-eeea-7c39-ad0d-0485c31e32bf,{}\n"

    await shop.take_in("sample", text.format("one"))
    outcome = await shop.take_in("sample", text.format("two"))

    assert outcome.counts.updated == 1
    assert await shop.rows("select id::text, label from shop.sample") == [
        ("01a2080d-eeea-7c39-ad0d-0485c31e32bf", "two")
    ]


async def test_a_deleted_record_does_not_hold_its_key(shop: Shop) -> None:
    await shop.take_in("customer", "code,name\nANN,Ann's\n")
    await shop.rows("update shop.customer set deleted_at = now()")

    outcome = await shop.take_in("customer", "code,name\nANN,Anna's\n")

    assert outcome.counts.inserted == 1
    assert await shop.rows("select name from shop.customer where deleted_at is null") == [("Anna's",)]


async def test_a_dry_run_counts_and_writes_nothing(shop: Shop) -> None:
    outcome = await shop.take_in("customer", CUSTOMERS, dry_run=True)

    assert (outcome.counts.inserted, outcome.kept) == (2, False)
    assert await shop.rows("select * from shop.customer") == []


async def test_the_audit_log_says_that_an_import_wrote_the_records(shop: Shop) -> None:
    await shop.take_in("customer", CUSTOMERS)

    assert await shop.rows(
        "select source, request_id, count(*), count(distinct transaction_id) from audit.change group by 1, 2"
    ) == [("import", "test", 2, 1)]


@pytest.mark.parametrize("text", ["code,name\r\nANN,Ann's\r\n", "\ufeffcode,name\nANN,Ann's"])
async def test_line_ends_of_windows_and_a_byte_order_mark_do_no_harm(shop: Shop, text: str) -> None:
    await shop.take_in("customer", text)

    assert await shop.rows("select code, name from shop.customer") == [("ANN", "Ann's")]
